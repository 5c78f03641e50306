"""The one form in which addresses are compared: half-width, simplified, digits for numerals, signs between them."""

import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = (
    100  # characters; real addresses are shorter, and it bounds the time of every pattern below
)

_TO_SIMPLIFIED: Final = str.maketrans("號棟樓單門層‐‑‒–—―−", "号栋楼单门层-------")
_DIGITS: Final = {
    sign: value
    for value, signs in enumerate(
        ("〇零", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for sign in signs
} | {"两": 2}
_SCALES: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERALS: Final = "".join((*_DIGITS, *_SCALES, "廿卅"))

# 三 is a number in 三单元 but part of a name in 三元里: only numerals before a counter are numbers.
_COUNTER: Final = "(?:号|栋|幢|座|楼|层|单元|门|室|#)"
_BETWEEN: Final = "[-、和与及至到]"  # 三、四单元, 三至四单元, 十二之一号楼
_NUMERAL: Final = re.compile(rf"[{_NUMERALS}]+(?={_COUNTER}|{_BETWEEN}[0-9{_NUMERALS}]+{_COUNTER})")
_AFTER_DIGIT: Final = rf"(?<=[0-9])(?={_NUMERAL.pattern})"
# Parts of an estate are numbered too, but stay part of its name: 二期 is 2期.
_SECTION: Final = re.compile(rf"[{_NUMERALS}]+(?=期|区|组|弄)")
_NUMBERED_SECTION: Final = re.compile(r"(?<!\d)[1-9]\d?(?=期|区|组|弄)", re.ASCII)
_SEPARATORS: Final = re.compile(r"[\s,;:!?。、|/()\[\]\"'“”‘’「」『』《》【】]+")
# 第 of 第4单元, and the zeros of 04单元.
_USELESS: Final = re.compile(
    rf"第(?=[0-9])|第(?=[{_NUMERALS}]+(?:期|区|组|弄))|(?<![0-9])0+(?=[0-9]+(?:{_COUNTER}|-))"
)
_ROMAN: Final = str.maketrans(dict(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ", "一二三四五六七八九十" * 2, strict=True)))
# What stands before an address, and how it is written in English: Unit 4, Building 944.
_BEFORE_NUMERALS: Final = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), written)
    for pattern, written in (
        (r"^(?:我们?家?住?在|我?家?住在?(?![宅建房])|家在|位于|地址[是为]?)", ""),
        (r"\b(?:building|bldg|block)\.?\s*(\d{1,5}[A-Z]?)\b", r"\1号"),
        (r"\bunit\.?\s*(\d{1,3}|[A-Z])\b", r"\1单元"),
        (r"\bfloor\.?\s*(\d{1,3})\b|\b(\d{1,3})(?:st|nd|rd|th)\s*floor\b", r"\1\2楼"),
        (r"\broom\.?\s*(\d{1,4})\b", r"\1室"),
    )
)
_SPACES: Final = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"\s+(?=[号栋幢座楼层单门室#附-])|(?<=-)\s+|(?<=单)\s+(?=元)", ""),
        (rf"(?<=[0-9{_NUMERALS}])之(?=[0-9{_NUMERALS}])", "-"),
        (r"(?<=[0-9])[\s/._~、。,一]+(?=[0-9])", "-"),
        (_AFTER_DIGIT, "-"),  # 944四单元: two numbers
        (rf"(?<=[0-9])\s+(?={_NUMERAL.pattern})", "-"),
        (r"(?<=[0-9])\s+|\s+(?=[0-9])", ""),
    )
)
_CHINESE: Final = "零一二三四五六七八九"


def spellings(word: str) -> list[str]:
    """Return a name with its sections numbered as written, in digits and in Chinese: 2期 and 二期."""
    digits = _SECTION.sub(lambda numeral: _value(numeral[0]), word)
    chinese = _NUMBERED_SECTION.sub(lambda number: _numeral(int(number[0])), digits)
    return list(dict.fromkeys((word, digits, chinese)))


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _CHINESE[tens]) + ("十" if tens else "") + (_CHINESE[ones] if ones else "")


def canonical(q: str) -> str:
    """Return a text in the form in which names are compared: `parse`'s, in capitals, sections numbered by digits."""
    return _SECTION.sub(lambda numeral: _value(numeral[0]), normalise(q)).replace(",", "").upper()


def normalise(q: str) -> str:
    """Return the text in one form: half-width, digits for numerals, `-` between numbers, `,` between words."""
    text = _plain_signs(q)
    for pattern, written in (*_BEFORE_NUMERALS, *_SPACES):
        text = pattern.sub(written, text)
    text = _NUMERAL.sub(lambda numeral: _value(numeral[0]), text)
    text = _SEPARATORS.sub(",", text).strip(",")
    return _USELESS.sub("", text)


def _plain_signs(q: str) -> str:
    """Return the text in half-width, simplified signs, none of them invisible."""
    text = unicodedata.normalize("NFKC", q[:MAX_LENGTH].translate(_ROMAN))[:MAX_LENGTH].translate(
        _TO_SIMPLIFIED
    )
    return "".join(
        sign for sign in text if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )


def _value(numeral: str) -> str:
    """Return a Chinese numeral as digits: 四, 十二, 廿三, 九百四十四, and 九四四, spoken digit by digit."""
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
