"""How well a place fits an address: how much of the text its names explain, and how much of them is not in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.rules.address import Address
from app.rules.address_spelling import canonical

_TOKEN: Final = re.compile(r"[A-Z]?\d+[A-Z]?|(?<![A-Z])[A-Z](?![A-Z])", re.ASCII)
_SIGN: Final = re.compile(r"[0-9A-Z]")
_SECTION: Final = re.compile(r"\w{2}\d+(?:期|区|组|弄)")  # 人和苑2期 is a name, not the number 2
_SUFFIX: Final = re.compile(r"(?<=..)(?:小区|社区|街道|村)$")  # 翠云小区 is 翠云
# What people write between the name of an estate and a number, or after it, without meaning another estate.
_HARMLESS: Final = re.compile(
    r"(?:小区|大院|[号栋幢座楼]|单元|院?[内里]|[东南西北正后大侧]?门口?|旁边?|附近|的|-)*"
)
_ESTATE: Final = re.compile(r"[^\W\d_]{2}(?:苑|家园|小区|社区|街道|公寓|山庄|新村)")
_JOINED: Final = re.compile(r"\d+-\d+", re.ASCII)
_PART: Final = re.compile(r"\d+(?:期|区|组|弄)|(?<![A-Z])[A-Z]区", re.ASCII)  # of an estate
_EXPLAINED: Final = "\0"


@dataclass(frozen=True, slots=True)
class Match:
    """`equal`: the text is the place's label; `explained`, `surplus`: characters of the text, and of names not in it.

    `fits`: something of the place's own name is in the text.
    `sure`: the place's own name is in the text, and nothing before its number is left that may mean another place.
    """

    equal: bool
    explained: int
    surplus: int
    fits: bool
    sure: bool

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Return the sorting key, best first."""
        return not self.equal, -self.explained, self.surplus


def match(q: str, reading: Address, label: str, names: Sequence[str]) -> Match:
    """Compare a text with a place, by its label and the names from the street down to itself."""
    whole = text = canonical(q)
    words = [canonical(word) for word in reading.words]
    missing = dict[str, int | None]()
    longest_first = sorted(dict.fromkeys(map(canonical, names)), key=len, reverse=True)
    for explain in (_explain_whole, _explain_part):  # 人和家园 before the 人和 of 人和街道
        for name in longest_first:
            if missing.get(name) is None:
                text, missing[name] = explain(name, text, words)
    own = missing[canonical(names[-1])]
    return Match(
        equal=whole in {canonical(label), canonical("".join(names))},
        explained=text.count(_EXPLAINED),
        surplus=sum(filter(None, missing.values())),
        fits=own is not None,
        sure=own == 0 and _is_known(whole, text, reading, words),
    )


def _is_known(whole: str, text: str, reading: Address, words: Sequence[str]) -> bool:
    """Tell whether the name nearest to the number belongs to the place: `text` is `whole` with what is explained."""
    number = canonical(reading.within) if reading.within else ""
    at = whole.rfind(number) if number else len(whole)
    if at < 0 or (number and text[at] != _EXPLAINED) or _ESTATE.search(text) or _PART.search(text):
        return False
    before = text[:at]
    if _HARMLESS.fullmatch(before[before.rfind(_EXPLAINED) + 1 :]) is None:
        return False
    start = whole.rfind(words[-1]) if words else -1
    return start < 0 or _EXPLAINED in text[start : start + len(words[-1])]


def _explain_whole(name: str, text: str, _words: Sequence[str]) -> tuple[str, int | None]:
    """Return the text with a name crossed out, and how much of the name is missing; None for all of it."""
    start = _find(name, text)
    return (_cross_out(text, start, len(name)), 0) if start >= 0 else (text, None)


def _explain_part(name: str, text: str, words: Sequence[str]) -> tuple[str, int | None]:
    """Do the same for a name without its suffix, its numbers, or the longest word that is a part of it."""
    short = _SUFFIX.sub("", name)
    if short != name and _find(short, text) >= 0:
        return _explain_whole(short, text, words)
    tokens = _TOKEN.findall(name)
    if tokens and not _SECTION.search(name):
        return _explain_numbers(tokens, _JOINED.findall(name), text)
    rest = name
    for word in sorted(words, key=len, reverse=True):  # 二期 and 人和苑 of 人和苑二期
        start = _find(word, text) if word in rest else -1
        if start >= 0:
            text, rest = _cross_out(text, start, len(word)), rest.replace(word, "", 1)
    return text, None if rest == name else len(rest)


def _explain_numbers(tokens: Sequence[str], joined: Sequence[str], text: str) -> tuple[str, int | None]:
    """Explain number by number: 944号 and 944栋 are both 944; 12号楼1单元 is not all of 12-1号楼."""
    missing = [token for token in (*tokens, *joined) if _find(token, text) < 0]
    for token in tokens:
        start = _find(token, text)
        text = _cross_out(text, start, len(token)) if start >= 0 else text
    return text, None if len(missing) == len(tokens) + len(joined) else len("".join(missing))


def _find(spelling: str, text: str) -> int:
    """Return where a name is in the text, -1 if nowhere. 1栋 is not in 11栋, nor 4单元 in B4单元."""
    start = text.find(spelling) if spelling else -1
    while start >= 0:
        end = start + len(spelling)
        joined_before = _SIGN.match(spelling) and _SIGN.match(text[max(start - 1, 0) : start])
        joined_after = _SIGN.match(spelling[-1]) and _SIGN.match(text[end : end + 1])
        if not joined_before and not joined_after:
            return start
        start = text.find(spelling, start + 1)
    return -1


def _cross_out(text: str, start: int, length: int) -> str:
    return text[:start] + _EXPLAINED * length + text[start + length :]
