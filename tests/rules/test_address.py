"""An address is understood as people write it, and nothing they write can hurt."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.address import Address, number_of, parse


@pytest.mark.parametrize(
    ("q", "building", "unit", "rest"),
    [
        ("944号4单元3楼", "944", "4", "3楼"),
        ("９４４号4单元", "944", "4", None),
        (" 944 号 4 单元 3 楼 ", "944", "4", "3楼"),
        ("944-4-3", "944", "4", "3楼"),
        ("944-4-301", "944", "4", "301室"),
        ("944 4 301", "944", "4", "301室"),
        ("944—4—301", "944", "4", "301室"),
        ("944一4一301", "944", "4", "301室"),
        ("944#4-301", "944", "4", "301室"),
        ("944号4-301", "944", "4", "301室"),
        ("944号4单元301", "944", "4", "301室"),
        ("944号4单元3-1", "944", "4", "3-1"),
        ("944号楼4单元301室", "944", "4", "301室"),
        ("944幢4门", "944", "4", None),
        ("944棟4門", "944", "4", None),
        ("944栋", "944", None, None),
        ("944", "944", None, None),
        ("944号301", "944", None, "301室"),
        ("944-301", "944", None, "301室"),
        ("944号附1号", "944", "附1", None),
        ("944号附一号4单元", "944附1", "4", None),
        ("九百四十四号四单元三楼", "944", "4", "3楼"),
        ("九四四号", "944", None, None),
        ("十二号楼", "12", None, None),
        ("廿三栋", "23", None, None),
        ("944号第四单元", "944", "4", None),
        ("a座1201", "A", None, "1201室"),
        ("3楼2单元", "3", "2", None),
        ("4单元", None, "4", None),
        ("944号4单元3楼的灯不亮了", "944", "4", "3楼"),
    ],
)
def test_buildings_and_units_are_read_in_every_usual_writing(
    q: str, building: str | None, unit: str | None, rest: str | None
) -> None:
    assert parse(q) == Address((), building, unit, rest)


@pytest.mark.parametrize(
    ("q", "words", "building", "unit"),
    [
        ("万寿山", ("万寿山",), None, None),
        ("三元里小区五栋", ("三元里小区",), "5", None),
        ("人和家园944号", ("人和家园",), "944", None),
        ("人和 家园", ("人和", "家园"), None, None),
        ("人和街道万寿山社区人和家园944号", ("人和街道", "万寿山社区", "人和家园"), "944", None),
        ("944号(人和家园)4单元", ("人和家园",), "944", "4"),
        ("人和大道12号人和家园944号4单元", ("人和大道12号人和家园",), "944", "4"),
        ("944号12号楼4单元", ("944号",), "12", "4"),
        ("5号院3号楼2单元", ("5号院",), "3", "2"),
        ("第四网格", ("第四网格",), None, None),
        ("人和家园4单元", ("人和家园",), None, "4"),
    ],
)
def test_names_stand_beside_the_building(
    q: str, words: tuple[str, ...], building: str | None, unit: str | None
) -> None:
    assert parse(q) == Address(words, building, unit, None)


@pytest.mark.parametrize("below", ["楼下", "门口", "门禁坏了", "楼道灯", "商铺3号", "旁边的垃圾桶"])
def test_what_lies_beside_a_building_is_no_unit_of_it(below: str) -> None:
    assert parse(f"944号{below}") == Address((), "944", None, below)


@pytest.mark.parametrize("q", ["", " ", "...", "\x00", "\u200b", ",，"])
def test_nothing_said_is_nothing_found(q: str) -> None:
    assert parse(q) is None


@pytest.mark.parametrize(
    ("q", "below", "within"),
    [
        ("人和家园944号9单元3楼", "9单元3楼", "944号9单元3楼"),
        ("人和家园944-4-3", "4-3", "944-4-3"),
        ("人和家园1栋", None, "1栋"),
    ],
)
def test_what_was_written_stays_for_a_place_that_is_not_in_the_tree(
    q: str, below: str | None, within: str
) -> None:
    address = parse(q)
    assert address
    assert (address.below, address.within) == (below, within)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("944号", "944"),
        ("４单元", "4"),
        ("一单元", "1"),
        ("附1号", "附1"),
        ("944号附1号", "944附1"),
        ("A栋", "A"),
        ("3楼", "3"),
        ("2门", "2"),
        ("人和大道944号", "944"),
        ("综合楼", None),
        ("", None),
    ],
)
def test_a_name_is_counted_by_the_same_rules(name: str, number: str | None) -> None:
    assert number_of(name) == number


SIGNS = st.text(alphabet="0149号楼栋幢单元附门室座的十百廿一三AZ#-, 　人和院社区街道\x00\u200b", max_size=300)


@given(st.one_of(st.text(max_size=300), SIGNS))
def test_no_text_is_too_strange(q: str) -> None:
    address = parse(q)
    number_of(q)
    if address:
        assert any((address.words, address.building, address.unit, address.rest))
        assert all(address.words)


@pytest.mark.alone
@pytest.mark.parametrize("sign", ["9", "号", "9号", "一", "-", "9-", "人", " ", "\u0301", "﷽", "3楼", "附1"])
def test_ten_thousand_characters_take_no_longer_than_a_hundred(sign: str) -> None:
    start = time.perf_counter()
    for _ in range(20):
        parse(sign * 10_000)
    assert time.perf_counter() - start < 1
