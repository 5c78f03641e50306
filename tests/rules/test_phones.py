"""A number is the same number however it is written, and shows only its ends to others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import phones
from app.rules.phones import Phone

MOBILE = Phone("+8613812345678", "13812345678")


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "+8613812345678",
        "+86 138 1234 5678",
        "＋86－138－1234－5678",
        "008613812345678",
        "86 13812345678",
        "(+86)13812345678",
        "(+86)138 1234 5678",
        "\u202d138\u00a01234\u20115678\u202c",
        "138.1234.5678",
        "013812345678",
        "1\u200b3812345678",
    ],
)
def test_any_usual_writing_of_a_mobile_is_one_number(written: str) -> None:
    assert phones.normalise(written) == MOBILE


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+852 9123 4567", "+85291234567"),
        ("00853-66123456", "+85366123456"),
        ("+1 (415) 555-0123", "+14155550123"),
    ],
)
def test_numbers_from_abroad_are_kept(written: str, e164: str) -> None:
    assert phones.normalise(written) == Phone(e164, e164)


@pytest.mark.parametrize(
    ("written", "display"),
    [
        ("023-12345678", "023-12345678"),
        ("(023)1234 5678", "023-12345678"),
        ("02312345678", "023-12345678"),
        ("+86 23 1234 5678", "023-12345678"),
        ("0512-1234567", "0512-1234567"),
        ("010 6789 1234 转 801", "010-67891234转801"),
        ("010-67891234-801", "010-67891234转801"),
        ("023-12345", "023-12345"),
        ("12345", "12345"),
        ("96333", "96333"),
        ("119", "119"),
        ("10086", "10086"),
        ("95598", "95598"),
        ("400 123 4567", "400-123-4567"),
        ("4001234567", "400-123-4567"),
    ],
)
def test_landlines_and_hotlines_are_contact_text(written: str, display: str) -> None:
    assert phones.normalise(written) == Phone(None, display)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "1381234567",
        "138123456789",
        "12812345678",
        "abc",
        "+86 1234",
        "+123456789012345678",
        "67891234",
        "13812345678 13987654321",
        "138123four5678",
        "+0123456789",
        "١٣٨١٢٣٤٥٦٧٨",
        "++8613812345678",
        "灯",
    ],
)
def test_anything_else_is_refused_in_chinese(written: str) -> None:
    with pytest.raises(ValueError, match="请填写手机号"):
        phones.normalise(written)


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("023-12345678", "023-******78"),
        ("010-67891234转801", "010-******34"),
        ("0512-1234567", "0512-*****67"),
        ("+85291234567", "+852******67"),
        ("12345", "12345"),
        ("023-12345", "023-12345"),
        ("400-123-4567", "400-123-4567"),
        ("张三 1381234", "****"),
    ],
)
def test_others_see_only_the_ends(whole: str, shown: str) -> None:
    assert phones.mask(whole) == shown


@given(st.text())
def test_every_text_has_an_answer_and_it_is_stable(raw: str) -> None:
    try:
        phone = phones.normalise(raw)
    except ValueError:
        assert phones.mask(raw) == "****"
        return
    assert phones.normalise(phone.e164 or phone.display) == phone


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_the_middle_of_a_mobile_is_never_shown(number: str) -> None:
    assert phones.mask(number) == f"{number[:3]}****{number[-4:]}"
