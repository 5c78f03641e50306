"""Words that a person has to look at are found however they are written, and nothing else is."""

import pytest

from app.rules.banned_words import has_banned, normalise, parse

CASES = [
    ("加微信", True),
    ("想贷款请加 微-信，马上到账", True),
    ("加\u200b微\u3000信", True),
    ("ＷＥＩ号同微信", True),
    ("wei 号 同…微信", True),
    ("微信交物业费", False),
    ("加了三次", False),
    ("", False),
    ("\u3000 \U0001f600", False),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_a_word_is_found_however_it_is_written(text: str, found: bool) -> None:
    assert has_banned(text, parse(["加微信", "Wei号同微信"])) is found


def test_a_list_has_one_word_a_line_and_comments() -> None:
    assert parse(["# 说明", "", "加微信 # 广告", "  ", "---"]) == {"加微信"}


def test_rare_characters_stay() -> None:
    assert normalise("𠮷野家·ئۇيغۇر") == "𠮷野家ئۇيغۇر"
