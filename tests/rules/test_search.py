"""Text is found by pairs of neighbouring signs, in any width and case, and numbers of people are not."""

import pytest

from app.rules import search


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("灯不亮", "'灯不':1A '不亮':1A '亮':1A"),
        ("灯，不亮", "'灯':1A '不亮':1A '亮':1A"),
        ("９４４号", "'94':1A '44':1A '4号':1A '号':1A"),
        ("WiFi", "'wi':1A 'if':1A 'fi':1A 'i':1A"),
        ("𠮷家", "'𠮷家':1A '家':1A"),
        ("电话13812345678", "'电话':1A '话1':1A '13':1A '38':1A '8':1A '56':1A '67':1A '78':1A"),
        ("' \\ : & 。", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_is_its_pairs_and_the_end_of_each_run(said: str | None, found: str) -> None:
    assert search.tsvector_literal(said, "A") == found


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("楼道灯", "'楼道' & '道灯'"),
        ("944号 灯", "'94' & '44' & '4号' & '灯':*"),
        ("灯", "'灯':*"),
        (" 261122-1001 ", "'261122-1001'"),
        ("２６１１２２-1001", "'261122-1001'"),
        ("#261130-1094", "'261130-1094'"),
        ("＃261130－1094", "'261130-1094'"),
        ("工单261130-1094", "'261130-1094'"),
        ("工单编号：261130-1094", "'261130-1094'"),
        ("No.261130-1094", "'261130-1094'"),
        ("2611301094", "'261130-1094'"),
        ("261130—1094", "'261130-1094'"),
        ("261130 - 1094", "'261130-1094'"),
        ("261130 1094", "'261130-1094'"),
        ("第261130-1094号", "'261130-1094'"),
        ("261130-1094号工单", "'261130-1094'"),
        ("第2611301094号单 电梯", "'261130-1094' & '电梯'"),
        ("261130 10945", "'26' & '61' & '11' & '13' & '30' & '10' & '09' & '94' & '45'"),
        ("261130-1094 电梯", "'261130-1094' & '电梯'"),
        ("电梯261130-1094", "'261130-1094' & '电梯'"),
        ("269930-1094", "'26' & '69' & '99' & '93' & '30' & '10' & '09' & '94'"),
        ("' | !:*", ""),
        ("13812345678", "'13' & '38' & '56' & '67' & '78'"),
    ],
)
def test_a_search_asks_for_every_pair(said: str, asked: str) -> None:
    assert search.tsquery_literal(search.search_terms(said)) == asked


@pytest.mark.parametrize(
    ("said", "rest", "digits"),
    [
        ("1094", "", ["1094"]),
        ("#1094", "", ["1094"]),
        ("工单1094", "", ["1094"]),
        ("１０９４ 电梯", "电梯", ["1094"]),
        ("1502室", "1502室", []),
        ("261130-1094", "261130-1094", []),
        ("10945", "10945", []),
    ],
)
def test_four_digits_may_be_the_end_of_a_number(said: str, rest: str, digits: list[str]) -> None:
    query, found = search.split_last_digits(said)
    assert (query.strip(), found) == (rest, digits)
