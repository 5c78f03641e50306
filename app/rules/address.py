"""Chinese addresses as people write them: names, building, unit and what lies below, from one line of text."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 100  # characters; nobody writes a longer address, and every pattern below is bounded by it
MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says; `below`: all after the building as written; `within`: all after the names as written."""

    words: tuple[str, ...]
    building: str | None
    unit: str | None
    rest: str | None
    below: str | None = field(default=None, compare=False)
    within: str | None = field(default=None, compare=False)


_SIMPLE: Final = str.maketrans("號棟樓單門層‐‑‒–—―−", "号栋楼单门层-------")
_DIGITS: Final = {
    sign: value for value, signs in enumerate(("〇零", *"一二三四五六七八九")) for sign in signs
} | {"两": 2}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}

_NUMBER: Final = r"(?<![A-Z0-9附])([A-Z]?\d{1,5}[A-Z]?|[A-Z])"
# 三 is a number in 三单元 and part of a name in 三元里: only what is counted is counted.
_NUMERAL: Final = re.compile(r"[〇零一二三四五六七八九两十百千廿卅]+(?=号|栋|幢|座|楼|层|单元|门|室|#)")
_UNIT: Final = re.compile(
    r"(?<![A-Z0-9])(\d{1,3}|[A-Z])(?:号?单元|门(?![口面店诊卫禁前外铺球厅锁框铃灯把窗板牌]))",
    re.ASCII | re.IGNORECASE,
)
_MARKED: Final = re.compile(
    _NUMBER + r"(?:号楼(?![下上顶道梯前后旁外])|号?[栋幢]楼?|座(?![椅位])|#楼?)", re.ASCII | re.IGNORECASE
)
_PLAIN: Final = re.compile(_NUMBER + r"(?:号(?!院|大院|小区|线)|(?=附\d))", re.ASCII | re.IGNORECASE)
_BARE: Final = re.compile(r"(?<![A-Z0-9附])(\d{1,5}[A-Z]?)(?=-|$)", re.ASCII | re.IGNORECASE)
_FLOORED: Final = re.compile(r"(?<!\d)(\d{1,3})楼$", re.ASCII)  # 3楼2单元: here a 楼 is a building
_SHOP: Final = re.compile(r"[铺店车附层楼室]|门面")  # 944号商铺3号 is no building 3
_ANNEX: Final = re.compile(r"附(\d{1,4})号?", re.ASCII)
_BELOW: Final = re.compile(r"-?(?:附(\d{1,4})号?|(\d{1,2})(?:-|$))", re.ASCII)
_LOOSE: Final = re.compile(r"(?<!\d)(?:负?\d{1,3}[楼层]|\d{3,4}室).*$", re.ASCII)
_REMARK: Final = re.compile(r"([负\d楼层室号F-]{1,20})的.*", re.ASCII)
_WORD: Final = re.compile(r"[^-,]+?(?:街道|社区|小区|(?=[-,])|$)")


def parse(q: str) -> Address | None:
    """Read an address; None when it says nothing. Never raises, whatever is written."""
    text = _plain(q)
    counted = _UNIT.search(text)
    address = _with_unit(text, counted) if counted else _without_unit(text)
    return address if any((address.words, address.building, address.unit, address.rest)) else None


def number_of(name: str) -> str | None:
    """Return what is counted in the name of a building or unit: 944 of 944号, 4 of 4单元, 附1 of 附1号, A of A栋."""
    floored = _FLOORED.fullmatch(_plain(name))
    if floored:
        return floored[1]
    address = parse(name)
    if address is None or address.unit is None:
        return address.building if address else None
    return (address.building or "") + address.unit if address.unit.startswith("附") else address.unit


def _with_unit(text: str, counted: re.Match[str]) -> Address:
    head, unit, rest = text[: counted.start()], counted[1].upper(), _rest(text[counted.end() :])
    found = _FLOORED.search(head) or _building(head)
    if found is None:
        return Address(_words(head), None, unit, rest, None, _rest(text[counted.start() :]))
    between = head[found.end() :]
    annex = _ANNEX.fullmatch(between)
    building = found[1].upper() + (f"附{annex[1]}" if annex else "")
    words = _words(head[: found.start()], "" if annex else between)
    return Address(words, building, unit, rest, _rest(text[counted.start() :]), text[found.start() :])


def _without_unit(text: str) -> Address:
    found = _building(text)
    if found is None:
        return _without_building(text)
    words, tail, within = _words(text[: found.start()]), text[found.end() :], text[found.start() :]
    unit = _BELOW.match(tail)
    if unit is None:
        return Address(words, found[1].upper(), None, _rest(tail), _rest(tail), within)
    name = unit[2] or f"附{unit[1]}"
    return Address(words, found[1].upper(), name, _rest(tail[unit.end() :]), tail.strip("-,"), within)


def _without_building(text: str) -> Address:
    found = _ANNEX.search(text) or _LOOSE.search(text)
    if found is None:
        return Address(_words(text), None, None, None)
    words = _words(text[: found.start()])
    if found.re is _LOOSE:
        return Address(words, None, None, _rest(found[0]), None, _rest(found[0]))
    return Address(words, None, f"附{found[1]}", _rest(text[found.end() :]), None, text[found.start() :])


def _building(text: str) -> re.Match[str] | None:
    """Find the building: the last one called 栋 or 号楼, else the last 号 that follows a name, else a bare number."""
    marked = list(_MARKED.finditer(text))
    if marked:
        return marked[-1]
    chosen = None
    for match in _PLAIN.finditer(text):
        if chosen is None or _is_name(text[chosen.end() : match.start()]):
            chosen = match
    return chosen or _BARE.search(text)


def _is_name(between: str) -> bool:
    return len(between) > 1 and not _SHOP.search(between)


def _rest(text: str) -> str | None:
    """Return what lies below the unit; a bare number is a floor, or a room when it is long."""
    remark = _REMARK.fullmatch(text)  # 3楼的灯不亮了
    text = (remark[1] if remark else text).strip("-,")
    if text.isascii() and text.isdigit():
        return text + ("楼" if len(text) < 3 else "室")
    return text or None


def _words(*texts: str) -> tuple[str, ...]:
    words = (word for text in texts for word in _WORD.findall(text) if any(sign.isalnum() for sign in word))
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def _plain(q: str) -> str:
    """Write the text one way: half-width, digits for numerals, `-` between numbers, `,` between words."""
    text = unicodedata.normalize("NFKC", q[:LONGEST])[:LONGEST].translate(_SIMPLE)
    text = "".join(
        sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )
    text = re.sub(r"\s+(?=[号栋幢座楼层单门室#附-])|(?<=-)\s+", "", text)
    text = re.sub(r"(?<=[0-9])[\s/._~、,一]+(?=[0-9])", "-", text)
    text = re.sub(r"(?<=[0-9])\s+|\s+(?=[0-9])", "", text)
    text = re.sub(r"[\s,;:!?。、|/()\[\]]+", ",", text).strip(",")
    return re.sub(r"第(?=[0-9])", "", _NUMERAL.sub(lambda numeral: _value(numeral[0]), text))


def _value(numeral: str) -> str:
    """Return the digits of a Chinese numeral: 四, 十二, 廿三, 九百四十四, and 九四四 as over the telephone."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if not any(sign in _SCALES for sign in numeral):
        return "".join(str(_DIGITS[sign]) for sign in numeral)
    total, digit = 0, 0
    for sign in numeral:
        if sign in _SCALES:
            total, digit = total + (digit or 1) * _SCALES[sign], 0
        else:
            digit = _DIGITS[sign]
    return str(total + digit)
