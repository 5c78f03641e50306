"""What people write: made clean, judged as a name, masked for those who may not see numbers."""

import re
import unicodedata
from collections.abc import Callable

_BLANKS = "\u2800\u3164\u115f\u1160\uffa0"  # braille blank and Hangul fillers: letters to Unicode, nothing to the eye
_SPACES = "".join(chr(point) for point in range(0x3001) if chr(point).isspace()) + _BLANKS
_EMOJI = r"[\u2190-\u21ff\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]{0,2}"
_DROPPED = re.compile(
    rf"(?P<keep>{_EMOJI}(?:\u200d{_EMOJI})+"  # 👨‍👩‍👧 is one sign, held together by joiners
    r"|\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)"  # and so is the flag of Scotland, by tags
    r"|[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_UNSEEN = re.compile(
    rf"[\s{_BLANKS}\u034f\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e0fff]*"
)
# The middle dots of 托胡达汗·布皮 as keyboards, registers and fonts write them; spaces, hyphens, apostrophes.
_JOINTS = frozenset(
    "·‧•・･ᐧ∙⋅⸱\u0387\ua78f" + " \u00a0\u3000\u202f\u180e" + "-\u2010\u2011\uff0d" + "'\u2018\u2019\uff07"
)
_MARKS_IN_A_ROW = 30


def clean(text: str) -> str:
    """Return `text` in NFC without what cannot be seen, "" when nothing can; ValueError with a sentence for the writer.

    Refused are control characters (but for line breaks and tabs) and halves of characters. Kept is everything a
    script needs: Mongolian selectors and narrow spaces, private use, emoji, Arabic letters, ideographic variants.
    """
    text = text.replace("\r\n", "\n")
    if _CONTROL.search(text):
        raise ValueError("文字里有无法保存的控制字符，请删除后再试")
    if _SURROGATE.search(text):
        raise ValueError("文字里有残缺的字符，请删除后再试")
    text = _DROPPED.sub(lambda found: found["keep"] or "", text)
    text = unicodedata.normalize("NFC", _calm(text)).strip(_SPACES)
    return "" if _UNSEEN.fullmatch(text) else text


def _calm(text: str) -> str:
    """Cut heaps of combining marks to what UAX #15 calls stream-safe: 40,000 of them take seconds to normalise."""
    if len(text) <= _MARKS_IN_A_ROW:
        return text
    kept, row = [], 0
    for sign in text:
        row = row + 1 if unicodedata.combining(sign) else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(sign)
    return "".join(kept)


def is_name(text: str) -> bool:
    """Say whether cleaned `text` can be a person's name: 1 to 60 characters, letters of any script and their joints."""
    letters = [_is_letter(sign) for sign in text]
    fits = (
        letter or sign in _JOINTS or unicodedata.category(sign) in {"Mn", "Mc"}
        for sign, letter in zip(text, letters, strict=True)
    )
    return len(text) <= 60 and any(letters) and all(fits)


def _is_letter(sign: str) -> bool:
    if sign in _BLANKS:
        return False
    # 〇 is a number to Unicode and a name in China; Python 3.11 does not know the youngest planes of rare
    # characters; some registers hold radicals or private-use characters in their place.
    rare = sign == "〇" or "\U00020000" <= sign <= "\U0003fffd" or "\u2e80" <= sign <= "\u2fd5"
    return rare or unicodedata.category(sign) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Co"}


# Between the digits of a number people leave spaces, dashes and dots of every width.
_GAP = r"[ \t\u00a0\u2000-\u200a\u3000\-\u2010-\u2015\u2212\uff0d_.·]{0,2}"
_0, _1, _2, _86 = "[0０]", "[1１]", "[2２]", rf"[8８]{_GAP}[6６]{_GAP}"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_AZ = "A-ZＡ-Ｚ"


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def _stars(text: str, head: int, tail: int) -> str:
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def _long(found: re.Match[str]) -> str:
    last = "" if found[0][-1].isdecimal() else "X"
    return _stars(_digits(found[0]) + last, 3, 4)


def _plate(found: re.Match[str]) -> str:
    plate = unicodedata.normalize("NFKC", found["place"] + found["letter"] + found["serial"]).upper()
    return _stars(plate, 2, 2)


# In this order: a longer number must not be taken for the shorter one it contains.
_MASKS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    # Identity cards, old ones and bank cards too. An order number of this length loses its middle: the safe side.
    (re.compile(r"(?<!\d)\d{14,}[\dXxＸｘ](?!\d)"), _long),
    (
        re.compile(
            rf"(?<!\d)\d{{6}}{_GAP}[12１２]\d{{3}}{_GAP}\d\d{_GAP}\d\d{_GAP}\d{{3}}{_GAP}[\dXxＸｘ](?!\d)"
        ),
        _long,
    ),
    (
        re.compile(
            rf"(?<!\d)(?:(?:[+＋]|{_0}{{2}})?{_GAP}{_86})?{_0}?{_1}{_GAP}[3-9３-９](?:{_GAP}\d){{9}}(?!\d)"
        ),
        lambda found: _stars(_digits(found[0])[-11:], 3, 4),
    ),
    (
        re.compile(
            rf"(?<!\d)[(（]?(?P<area>{_0}(?:{_1}{_0}|{_2}\d|[3-9３-９]\d\d))[)）]?{_GAP}(?P<local>\d{{3,4}}{_GAP}\d{{4}})(?!\d)"
        ),
        lambda found: f"{_digits(found['area'])}-{_stars(_digits(found['local']), 0, 2)}",
    ),
    (
        re.compile(rf"(?<!\d)[+＋](?:{_GAP}\d){{8,15}}(?!\d)"),
        lambda found: "+" + _stars(_digits(found[0]), 3, 2),
    ),
    (
        re.compile(
            rf"(?P<label>(?:电话|座机|固话|[Tt][Ee][Ll])[^\d\n]{{0,4}})(?P<local>[2-9２-９]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
        ),
        lambda found: found["label"] + _stars(_digits(found["local"]), 0, 2),
    ),
    (
        re.compile(  # two digits at least, or 新WIFI5G would be one
            rf"(?P<place>[{_PROVINCE}])[ ·•・]?(?P<letter>[{_AZ}])[ ·•・.\-]?(?=(?:[{_AZ}]{{0,4}}\d){{2}})"
            rf"(?P<serial>[{_AZ}\d]{{4,5}}[{_AZ}\d挂学警港澳])(?![{_AZ}\d])",
            re.IGNORECASE,
        ),
        _plate,
    ),
]


def mask(text: str) -> str:
    """Hide phone numbers, identity numbers and car plates inside free text: 138****5678, 110***********1234, 京A***45."""
    for pattern, hide in _MASKS:
        text = pattern.sub(hide, text)
    return text
