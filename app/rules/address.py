"""Parsing Chinese addresses as people write them: names, building, unit and the rest, from one line of text."""

import re
from dataclasses import dataclass, field
from typing import Final

from app.rules.address_spelling import normalise

MAX_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address: names, number of the building, number of the unit, and the `rest` below the unit.

    `below` is the text after the building, `within` the text after the names, both as written.
    """

    words: tuple[str, ...]
    building: str | None
    unit: str | None
    rest: str | None
    below: str | None = field(default=None, compare=False)
    within: str | None = field(default=None, compare=False)


_NUMBER: Final = r"(?<![A-Z0-9附])([A-Z]?\d{1,5}[A-Z]?|[A-Z])"
_UNIT: Final = re.compile(
    r"(?<![A-Z0-9])(\d{1,3}|[A-Z])(?:号?单元|门(?![口面店诊卫禁前外铺球厅锁框铃灯把窗板牌]))",
    re.ASCII | re.IGNORECASE,
)
_MARKED_BUILDING: Final = re.compile(
    _NUMBER + r"(?:号楼(?![下上顶道梯前后旁外])|号?[栋幢]楼?|座(?![椅位])|#楼?)", re.ASCII | re.IGNORECASE
)
_PLAIN_BUILDING: Final = re.compile(
    r"(?<!\d-)" + _NUMBER + r"(?:号(?!院|大院|小区|线)|(?=附\d))", re.ASCII | re.IGNORECASE
)
# 944旁边 and 944楼下 are said of a building; 3楼下水 is a floor, so 楼 counts after three digits.
_BARE_BUILDING: Final = re.compile(
    r"(?<![A-Z0-9附])(\d{1,5}[A-Z]?)(?=-|$|旁|隔壁|对面|门[口前外]|电梯|地下|[前后左右][面边侧]|(?<=\d{3})楼[下上顶道梯前后旁外])",
    re.ASCII | re.IGNORECASE,
)
_LOU_BUILDING: Final = re.compile(
    r"(?<!\d)(\d{1,3})楼$", re.ASCII
)  # 3楼2单元: 楼 means a building here, not a floor
# In 944号商铺3号 and 944号4-2-904号 the building is 944: what stands between is a part of it, or no name at all.
_BELOW_BUILDING: Final = re.compile(r"[铺店车附层楼室]|单元|门面|[左右旁][边侧]|隔壁|对面|[前后]面")
_NAME: Final = re.compile(r"[^\W\d_]{2}")
_SEVERAL: Final = re.compile(r"-?(?:\d{1,3}(?:号?单元)?[-,和与及至到])+", re.ASCII)  # 3、4单元
_ANNEX: Final = re.compile(r"附(\d{1,4})号?", re.ASCII)
_UNIT_BELOW: Final = re.compile(r"-?(?:附(\d{1,4})号?|(\d{1,2})(?:-|$|(?<=-\d)号$|(?<=-\d\d)号$))", re.ASCII)
_FLOOR_OR_ROOM: Final = re.compile(r"(?<!\d)(?:负?\d{1,3}[楼层]|\d{3,4}室).*$", re.ASCII)
_REMARK: Final = re.compile(r"([负\d楼层室号F-]{1,20})的.*", re.ASCII)
_WORD: Final = re.compile(r"[^-,]+?(?:街道|社区|小区|期|(?=[-,])|$)")


def parse(q: str) -> Address | None:
    """Parse an address; None if it contains nothing usable. Never raises."""
    text = normalise(q)
    unit = _UNIT.search(text)
    address = _with_unit(text, unit) if unit else _without_unit(text)
    return address if any((address.words, address.building, address.unit, address.rest)) else None


def readings(q: str) -> tuple[Address, ...]:
    """Return what a text may mean: as `parse` reads it, and with the unit before the building, as in 4单元944号."""
    address = parse(q)
    if address is None or address.building or address.unit is None or not address.rest:
        return (address,) if address else ()
    match = _find_building(address.rest)
    if match is None or (match.start() and not _is_name(address.rest[: match.start()])):
        return (address,)
    rest = _rest(address.rest[match.end() :])
    below = f"{address.unit}单元{rest or ''}"
    words = (*address.words, *_words(address.rest[: match.start()]))
    return address, Address(words, match[1].upper(), address.unit, rest, below, address.rest[match.start() :])


def number_of(name: str) -> str | None:
    """Return the number in the name of a building or unit: 944 of 944号, 4 of 4单元, 附1 of 附1号, A of A栋."""
    lou = _LOU_BUILDING.fullmatch(normalise(name))
    if lou:
        return lou[1]
    address = parse(name)
    if address is None or address.unit is None:
        return address.building if address else None
    return (address.building or "") + address.unit if address.unit.startswith("附") else address.unit


def _with_unit(text: str, unit: re.Match[str]) -> Address:
    head, number, rest = text[: unit.start()], unit[1].upper(), _rest(text[unit.end() :])
    match = _LOU_BUILDING.search(head) or _find_building(head)
    if match is None:
        return Address(_words(head), None, number, rest, None, _rest(text[unit.start() :]))
    between = head[match.end() :]
    if _SEVERAL.fullmatch(between):
        return _of_several(text, match)
    annex = _ANNEX.fullmatch(between)
    building = match[1].upper() + (f"附{annex[1]}" if annex else "")
    words = _words(head[: match.start()], "" if annex else between)
    return Address(words, building, number, rest, _rest(text[unit.start() :]), text[match.start() :])


def _of_several(text: str, building: re.Match[str]) -> Address:
    """Parse 944号3、4单元: which of the units is meant nobody can tell, so all of them are below the building."""
    below = _rest(text[building.end() :])
    return Address(
        _words(text[: building.start()]), building[1].upper(), None, below, below, text[building.start() :]
    )


def _without_unit(text: str) -> Address:
    match = _find_building(text)
    if match is None:
        return _without_building(text)
    words, tail, within = _words(text[: match.start()]), text[match.end() :], text[match.start() :]
    unit = _UNIT_BELOW.match(tail)
    if unit is None:
        return Address(words, match[1].upper(), None, _rest(tail), _rest(tail), within)
    number = unit[2].lstrip("0") or unit[2] if unit[2] else f"附{unit[1]}"
    return Address(words, match[1].upper(), number, _rest(tail[unit.end() :]), tail.strip("-,"), within)


def _without_building(text: str) -> Address:
    match = _ANNEX.search(text) or _FLOOR_OR_ROOM.search(text)
    if match is None:
        return Address(_words(text), None, None, None)
    words = _words(text[: match.start()])
    if match.re is _FLOOR_OR_ROOM:
        return Address(words, None, None, _rest(match[0]), None, _rest(match[0]))
    return Address(words, None, f"附{match[1]}", _rest(text[match.end() :]), None, text[match.start() :])


def _find_building(text: str) -> re.Match[str] | None:
    """Return the building: the last number with 栋 or 号楼, else the last 号 that follows a name, else a bare number."""
    marked = list(_MARKED_BUILDING.finditer(text))
    if marked:
        return marked[-1]
    chosen = None
    for match in _PLAIN_BUILDING.finditer(text):
        if chosen is None or _is_name(text[chosen.end() : match.start()]):
            chosen = match
    return chosen or _BARE_BUILDING.search(text)


def _is_name(between: str) -> bool:
    return _NAME.search(between) is not None and not _BELOW_BUILDING.search(between)


def _rest(text: str) -> str | None:
    """Return the text below the unit. A bare number is a floor, or with three digits or more a room."""
    remark = _REMARK.fullmatch(text)  # 3楼的灯不亮了
    text = (remark[1] if remark else text).strip("-,")
    if text.isascii() and text.isdigit():
        return text + ("楼" if len(text) < 3 else "室")
    return text or None


def _words(*texts: str) -> tuple[str, ...]:
    words = (word for text in texts for word in _WORD.findall(text) if any(sign.isalpha() for sign in word))
    return tuple(dict.fromkeys(words))[:MAX_WORDS]


def joined_numbers(reading: Address) -> str | None:
    """Return the first two of numbers joined by a hyphen: 12-1 is unit 1 of 12号楼, or the building 12-1号楼."""
    match = re.match(r"\d+-\d+", reading.within or "", re.ASCII)
    return match and match[0]


def marked_numbers(reading: Address) -> list[str]:
    """Return the numbers of buildings among the names: A of 双塔苑A座 in 双塔苑A座2栋."""
    return [match[1].upper() for word in reading.words for match in _MARKED_BUILDING.finditer(word)]
