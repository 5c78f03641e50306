"""What WeChat's errcodes mean: a sentence for every user, a line for the operator."""

import re

import pytest

from app.rules import wechat_errors
from app.rules.wechat_errors import ERRORS, SENTENCES, UNSEEN_BY_PEOPLE, Kind, Use

# errcode → whose fault, the line in the log and on /ready
CASES = [
    (40013, Kind.SETUP, "appid or secret wrong (40013)"),
    (40125, Kind.SETUP, "secret wrong (40125)"),
    (40164, Kind.SETUP, "this server's IP address is not in the mini-program's allow-list (40164)"),
    (48001, Kind.SETUP, "the mini-program has no permission for this interface (48001)"),
    (-1, Kind.BUSY, "WeChat is busy (-1)"),
    (99999, Kind.BUSY, "unknown error (99999)"),
    (40029, Kind.CODE, "code invalid or expired, or of another mini-program than this appid's (40029)"),
    (40163, Kind.CODE, "code used before (40163)"),
    (42001, Kind.TOKEN, "access token expired (42001)"),
    (45009, Kind.QUOTA, "quota of the day used up (45009)"),
]


@pytest.mark.parametrize(("errcode", "kind", "line"), CASES)
def test_an_errcode_has_its_kind_and_its_line(errcode: int, kind: Kind, line: str) -> None:
    assert wechat_errors.meaning(errcode).kind is kind
    assert wechat_errors.operator_line(errcode) == line


@pytest.mark.parametrize("use", SENTENCES)
def test_every_kind_has_a_sentence_for_every_use(use: Use) -> None:
    assert SENTENCES[use].keys() == set(Kind) - UNSEEN_BY_PEOPLE
    assert all(re.search("[\u4e00-\u9fff]", sentence) for sentence in SENTENCES[use].values())


@pytest.mark.parametrize("use", SENTENCES)
def test_what_the_operator_has_to_set_up_is_not_said_to_be_busy(use: Use) -> None:
    assert "暂未开通" in SENTENCES[use][Kind.SETUP]
    assert "繁忙" not in SENTENCES[use][Kind.SETUP]


def test_every_line_says_something_of_its_own() -> None:
    lines = [wechat_errors.operator_line(errcode) for errcode in ERRORS]
    assert len(set(lines)) == len(lines)
