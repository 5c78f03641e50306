"""What people write survives, what hides in it does not, and what is private can be hidden."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import text

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    "kept",
    [
        "楼道灯坏了\n三楼\t左手边",
        "托胡达汗·布皮",
        "\ue863\U00030729\U00031350",  # private use, and rare characters younger than Python's tables
        "葛\U000e0100",  # an ideographic variant
        "ᠮᠣᠩᠭᠣᠯ\u180b ᠬᠡᠯᠡ\u202fᠶᠢᠨ ᠠ\u180e",
        "ئۇيغۇر تىلى، қазақша, قازاقشا",
        FAMILY,
        "❤\ufe0f 👍🏽 👩🏽\u200d🔧 🏳\ufe0f\u200d🌈 👩\u200d❤\ufe0f\u200d👨",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
def test_every_script_is_kept(kept: str) -> None:
    assert text.clean(kept) == kept


@pytest.mark.parametrize("point", [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x061C])
def test_zero_width_signs_are_dropped(point: int) -> None:
    assert text.clean(f"电{chr(point)}梯") == "电梯"


@pytest.mark.parametrize("point", [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_direction_controls_are_dropped(point: int) -> None:
    assert text.clean(f"a{chr(point)}gpj.exe") == "agpj.exe"


def test_a_joiner_stays_only_between_two_emoji() -> None:
    assert text.clean("a\u200d👩") == "a👩"
    assert text.clean("👩\u200d好") == "👩好"
    assert text.clean("👩\u200d\u200d👩") == "👩👩"
    assert text.clean("\U000e0068\U000e0069灯") == "灯"  # tags outside a flag are hidden writing


@pytest.mark.parametrize("point", [0, 7, 8, 0x0B, 0x0D, 0x1B, 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF])
def test_controls_and_half_characters_are_refused_in_chinese(point: int) -> None:
    with pytest.raises(ValueError, match="请删除后再试"):
        text.clean(f"灯{chr(point)}坏")


def test_line_ends_of_windows_become_ordinary_ones() -> None:
    assert text.clean("一\r\n二") == "一\n二"


@pytest.mark.parametrize(
    "blank",
    [
        "",
        " ",
        "\u3000\u200b",
        "\u2800\u2800",
        "\u3164",
        "\u115f\u1160",
        "\uffa0",
        "\ufe0f",
        "\u180b\u180e",
        "\u034f",
        "\n\t\u00a0\u2003",
        "\u2028\u2029",
        "\U000e0041",
        "\U000e0100",
        "\u200d\u200d",
        "\u3164 \u180e \u2800",
    ],
)
def test_what_looks_blank_is_blank(blank: str) -> None:
    assert text.clean(blank) == ""


def test_outer_space_of_any_kind_goes() -> None:
    assert text.clean("\u3000\u2800\u3164 \n灯 坏了\u00a0\u202f\uffa0\t") == "灯 坏了"


def test_the_same_word_is_the_same_text() -> None:
    assert text.clean("cafe\u0301") == text.clean("café") == "café"
    assert text.clean("e\u200b\u0301") == "é"


@given(st.text())
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    try:
        once = text.clean(raw)
    except ValueError:
        return
    assert text.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@pytest.mark.parametrize(
    "hostile", ["\u0316\u0301", "\u200d", "👩\u200d", " ", "\u3000a", "1 ", "1-", "+", "京A"]
)
def test_long_hostile_text_takes_no_time(hostile: str) -> None:
    begun = time.process_time()
    text.mask(text.clean("a" + hostile * 50_000 + "b"))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "name",
    [
        "王",
        "欧阳娜娜",
        "托胡达汗·布皮",
        "买买提‧艾力",
        "阿不都•热合曼",
        "古丽・巴哈尔",
        "布皮ᐧ汗",
        "王〇一",
        "O'Brien",
        "Jean-Luc Picard",
        "José",
        "\U00020bb7野",
        "\ue863军",
        "\U00031350",
        "ئابدۇرېھىم",
        "ᠪᠠᠲᠤ\u180b",
        "⼀诺",
        "n\u0303",
        "བཀྲ་ཤིས་ཚེ་རིང་",
        "J. Smith",
        "St. John’s",
        "Smith–Jones",
        "D`Angelo",
        "Jose´ Marti´",
        "阿不都．热合曼",
        "צ׳רלס",
        "አበበ፡ቢቂላ",
        "अनिल कुमार",
        "สมชาย ใจดี",
        "王" * 60,
    ],
)
def test_a_name_may_be_written_like_this(name: str) -> None:
    assert text.is_name(name)


@pytest.mark.parametrize(
    "name", ["王阿姨（3楼）", "李四、王五", "张三(302室)", "老王/老李", "【物业】小陈", "１栋刘姐"]
)
def test_what_somebody_else_calls_a_person_may_have_a_remark(name: str) -> None:
    assert text.is_name(name, with_remarks=True)
    assert not text.is_name(name)


@pytest.mark.parametrize("name", ["", "（3）", "、", "138", "<b>王</b>", "a@b", "王😀", "王\n五", "王" * 61])
def test_a_remark_alone_is_no_name(name: str) -> None:
    assert not text.is_name(name, with_remarks=True)


@pytest.mark.parametrize(
    "name", ["", "·", "- '", "王3", "王３", "王①", "王😀", "<b>", "a@b", "王\n五", "王" * 61]
)
def test_a_name_is_not_written_like_this(name: str) -> None:
    assert not text.is_name(name)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("打13812345678找我", "打138****5678找我"),
        ("138 1234 5678", "138****5678"),
        ("138-1234-5678。", "138****5678。"),
        ("138 12345678", "138****5678"),
        ("1381 2345678", "138****5678"),
        ("1501 138 1234 5678", "1501 138****5678"),
        ("+86 1381 2345 678", "138****5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("＋86-13812345678", "138****5678"),
        ("+86(138)12345678", "138****5678"),
        ("138(1234)5678", "138****5678"),
        ("138 — 1234 — 5678", "138****5678"),
        ("138*1234*5678", "138****5678"),
        ("138，1234，5678", "138****5678"),
        ("138一1234一5678", "138****5678"),
        ("打一三八一二三四五六七八", "打一三八****五六七八"),
        ("幺三八零零幺二三四五六", "幺三八****三四五六"),
        ("008613812345678", "008********5678"),  # fifteen digits: taken for a card, hidden all the same
        ("8613812345678", "138****5678"),
        ("13812345678/13987654321", "138****5678/139****4321"),
        ("1381234567813987654321", "138***************4321"),
        ("110101199003071234", "110***********1234"),
        ("身份证11010119900307123x!", "身份证110***********123X!"),
        ("110101 19900307 1234", "110***********1234"),
        ("１１０１０１１９９００３０７１２３Ｘ", "110***********123X"),
        ("110101900307123", "110********7123"),
        ("6222021234567890123", "622************0123"),
        ("座机023-67891234", "座机023-******34"),
        ("(023)6789 1234", "023-******34"),
        ("０２３－６７８９１２３４", "023-******34"),
        ("05121234567", "0512-*****67"),
        ("+852 9123 4567", "+852******67"),
        ("电话:67891234", "电话:******34"),
        ("京A12345", "京A***45"),
        ("渝 a·d12345挡道", "渝A****45挡道"),
        ("京ＡＤ１２３４５", "京A****45"),
        ("京A1234学", "京A***4学"),
        ("粤Z1234港", "粤Z***4港"),
        ("川A1234警", "川A***4警"),
    ],
)
def test_numbers_of_people_are_hidden(written: str, shown: str) -> None:
    assert text.mask(written) == shown


@pytest.mark.parametrize(
    "open_",
    [
        "3栋2单元1501室",
        "2024-05-13 14:20",
        "找12345或96333",
        "水表1234567890123",
        "13号楼 1501 1502 901 都停水",
        "1501-1502-901",
        "１５０１　１５０２　９０１",
        "1501 901 1502",
        "川A栋12楼",
        "新WIFI5G",
        "138元",
        "1501，1502，901，130、1304、1305",
        "130栋1304、1305、1306",
        "二〇二六年一一月三〇日",
        "2024-05-13 至 2024-06-14",
        "400-123-4567",
        "订单20240513001",
    ],
)
def test_other_numbers_stay(open_: str) -> None:
    assert text.mask(open_) == open_


@given(st.text(alphabet="0123456789 -+()京A渝D学xX电话:"))
def test_nothing_is_left_to_hide(raw: str) -> None:
    assert not re.search(r"(?<!\d)(1[3-9]\d{9}|\d{15,})(?!\d)", text.mask(raw))


@given(st.text(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(alphabet="灯坏了,。!"))
def test_a_mobile_is_hidden_wherever_it_stands(before: str, number: str, after: str) -> None:
    assert number not in text.mask(f"{before}电{number}{after}")
