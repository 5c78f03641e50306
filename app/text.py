"""Text that people enter: cleaned, checked as a name, and with numbers masked."""

import re
import unicodedata
from collections.abc import Callable

_BLANKS = (
    "\u2800\u3164\u115f\u1160\uffa0"  # braille blank and Hangul fillers: letters in Unicode, but invisible
)
_SPACES = "".join(chr(point) for point in range(0x3001) if chr(point).isspace()) + _BLANKS
_EMOJI = r"[\u2190-\u21ff\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]{0,2}"
_REMOVED = re.compile(
    rf"(?P<keep>{_EMOJI}(?:\u200d{_EMOJI})+"  # 👨‍👩‍👧 is one character, joined by zero-width joiners
    r"|\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)"  # and so is the flag of Scotland, by tag characters
    r"|[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# For documents: `clean` refuses a text that this does not match (and a few invisible ones more).
VISIBLE = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b-\x1f\x7f-\x9f]*$"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(
    rf"[\s{_BLANKS}\u034f\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e0fff]*"
)
# The middle dots of 托胡达汗·布皮 as keyboards, registers and fonts write them; full stops of initials; the joints of
# Tibetan, Armenian, Hebrew, Ethiopic and Mongolian; spaces, hyphens, apostrophes.
_NAME_SEPARATORS = frozenset(
    "·‧•・･ᐧ∙⋅⸱\u0387\ua78f"
    ".\uff0e\u0f0b\u0f0c\u0f0d\u055a\u05f3\u05f4\u1361\u1806\u1807"
    " \u00a0\u2009\u3000\u202f\u180e"
    "-\u2010\u2011\u2013\uff0d"
    "'`\u00b4\u2018\u2019\u2032\uff07"
)
_REMARK_SIGNS = frozenset("()[]（）［］【】、,，/／&＆#＃")  # 王阿姨（3楼）, 李四、王五
_MAX_COMBINING_MARKS = 30


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters; "" when nothing else is in it.

    Raises ValueError, with a sentence for the user, for control characters (except line breaks and tabs) and lone
    surrogates. Keeps everything a script needs: Mongolian selectors and narrow spaces, private use, emoji, Arabic
    letters, ideographic variants.
    """
    text = text.replace("\r\n", "\n")
    if _CONTROL.search(text):
        raise ValueError("文字里有无法保存的控制字符，请删除后再试")
    if _SURROGATE.search(text):
        raise ValueError("文字里有残缺的字符，请删除后再试")
    text = _REMOVED.sub(lambda match: match["keep"] or "", text)
    text = unicodedata.normalize("NFC", _limit_combining_marks(text)).strip(_SPACES)
    return "" if _INVISIBLE.fullmatch(text) else text


def _limit_combining_marks(text: str) -> str:
    """Limit runs of combining marks to what UAX #15 calls stream-safe: normalising 40,000 of them takes seconds."""
    if len(text) <= _MAX_COMBINING_MARKS:
        return text
    result, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MAX_COMBINING_MARKS:
            result.append(character)
    return "".join(result)


def is_name(text: str, *, with_remarks: bool = False) -> bool:
    """Tell whether cleaned `text` can be a person's name: 1 to 60 letters of any script and separators between them.

    With remarks it is what somebody else calls them: 王阿姨（3楼）, 李四、王五.
    """
    letters = [_is_letter(character) for character in text]
    fits = (
        letter
        or character in _NAME_SEPARATORS
        or unicodedata.category(character) in {"Mn", "Mc"}
        or (with_remarks and (character in _REMARK_SIGNS or character.isdecimal()))
        for character, letter in zip(text, letters, strict=True)
    )
    return len(text) <= 60 and any(letters) and all(fits)


def _is_letter(character: str) -> bool:
    if character in _BLANKS:
        return False
    # 〇 is a number in Unicode and occurs in Chinese names; Python 3.11 lacks the newest blocks of rare characters;
    # some registers use radicals or private-use characters in their place.
    is_rare = (
        character == "〇" or "\U00020000" <= character <= "\U0003fffd" or "\u2e80" <= character <= "\u2fd5"
    )
    return is_rare or unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lm", "Lo", "Co"}


# People write spaces, dashes and dots of every width between the digits of a number.
_GAP = r"[ \t\u00a0\u2000-\u200a\u3000\-\u2010-\u2015\u2212\uff0d_.·]{0,2}"
_ANY_GAP = r"[ \t\u00a0\u3000()（）*＊,，~一\-\u2010-\u2015\u2212\uff0d_.·]"
_SPELT = "[〇零一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖]"  # 一三八…, as numbers are dictated
# 1501 1502 901 are rooms: nobody begins a mobile number with a group of four and goes on with three and four digits.
_ROOMS = rf"\d{{4}}(?=\D)(?:{_GAP}\d{{4}}(?=\D){_GAP}\d{{3}}|{_GAP}\d{{3}}(?=\D){_GAP}\d{{4}})(?!\d)"
_0, _1, _2, _86 = "[0０]", "[1１]", "[2２]", rf"[8８]{_GAP}[6６]{_GAP}"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_AZ = "A-ZＡ-Ｚ"


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def _mask_middle(text: str, head: int, tail: int) -> str:
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def _mask_long_number(match: re.Match[str]) -> str:
    last = "" if match[0][-1].isdecimal() else "X"
    return _mask_middle(_digits(match[0]) + last, 3, 4)


def _mask_plate(match: re.Match[str]) -> str:
    plate = unicodedata.normalize("NFKC", match["place"] + match["letter"] + match["serial"]).upper()
    return _mask_middle(plate, 2, 2)


# In this order: a longer number must not be masked as a shorter one that it contains.
_MASKS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    # Identity cards, old and new, and bank cards. An order number of this length is masked too, to be safe.
    (re.compile(r"(?<!\d)\d{14,}[\dXxＸｘ](?!\d)"), _mask_long_number),
    (
        re.compile(
            rf"(?<!\d)\d{{6}}{_GAP}[12１２]\d{{3}}{_GAP}\d\d{_GAP}\d\d{_GAP}\d{{3}}{_GAP}[\dXxＸｘ](?!\d)"
        ),
        _mask_long_number,
    ),
    (
        re.compile(
            rf"(?<!\d)(?!{_ROOMS})(?:(?:[+＋]|{_0}{{2}})?{_GAP}{_86})?{_0}?{_1}{_GAP}[3-9３-９](?:{_GAP}\d){{9}}(?!\d)"
        ),
        lambda match: _mask_middle(_digits(match[0])[-11:], 3, 4),
    ),
    # 138(1234)5678: signs of any kind count only between groups of three, four and four.
    (
        re.compile(
            rf"(?<!\d)(?:[+＋]?{_86})?[(（]?{_1}[3-9３-９]\d{_ANY_GAP}{{1,3}}\d{{4}}{_ANY_GAP}{{0,3}}\d{{4}}(?!\d)"
        ),
        lambda match: _mask_middle(_digits(match[0])[-11:], 3, 4),
    ),
    (
        re.compile(rf"(?<!{_SPELT})[一幺壹][三四五六七八九]{_SPELT}{{9}}(?!{_SPELT})"),
        lambda match: _mask_middle(match[0], 3, 4),
    ),
    (
        re.compile(
            rf"(?<!\d)[(（]?(?P<area>{_0}(?:{_1}{_0}|{_2}\d|[3-9３-９]\d\d))[)）]?{_GAP}(?P<local>\d{{3,4}}{_GAP}\d{{4}})(?!\d)"
        ),
        lambda match: f"{_digits(match['area'])}-{_mask_middle(_digits(match['local']), 0, 2)}",
    ),
    (
        re.compile(rf"(?<!\d)[+＋](?:{_GAP}\d){{8,15}}(?!\d)"),
        lambda match: "+" + _mask_middle(_digits(match[0]), 3, 2),
    ),
    (
        re.compile(
            rf"(?P<label>(?:电话|座机|固话|[Tt][Ee][Ll])[^\d\n]{{0,4}})(?P<local>[2-9２-９]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
        ),
        lambda match: match["label"] + _mask_middle(_digits(match["local"]), 0, 2),
    ),
    (
        re.compile(  # two digits at least, or 新WIFI5G would be one
            rf"(?P<place>[{_PROVINCE}])[ ·•・]?(?P<letter>[{_AZ}])[ ·•・.\-]?(?=(?:[{_AZ}]{{0,4}}\d){{2}})"
            rf"(?P<serial>[{_AZ}\d]{{4,5}}[{_AZ}\d挂学警港澳])(?![{_AZ}\d])",
            re.IGNORECASE,
        ),
        _mask_plate,
    ),
]


def mask(text: str) -> str:
    """Hide phone numbers, identity numbers and car plates inside free text: 138****5678, 110***********1234, 京A***45."""
    for pattern, hide in _MASKS:
        text = pattern.sub(hide, text)
    return text


# A cell that begins so would be a formula, in Excel or in what reads the file after it.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\x00-\x20]")


def plain_cell(value: str) -> str:
    """Return what `safe_cell` has made a cell of: without the apostrophe before what looks like a formula."""
    return value[1:] if value.startswith("'") and _FORMULA.match(value[1:]) else value


def safe_cell(value: object) -> object:
    """Return a cell that no program takes for a formula: a text that looks like one begins with an apostrophe."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
