"""Phone numbers: parse what people write, and mask numbers for those who may not see them."""

import re
import unicodedata
from dataclasses import dataclass

# Address books wrap numbers in invisible formatting characters; people write separators of all kinds.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212_.·()\[\]]+")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?0?(1[3-9]\d{9})", re.ASCII)
_FOREIGN = re.compile(r"(?:\+|00)(?!86)([1-9]\d{7,14})", re.ASCII)
_AREA = r"10|2\d|[3-9]\d\d"
_LANDLINE = re.compile(
    rf"(?:(?:\+|00)?86-?0?|0)(?P<area>{_AREA})-?"
    r"(?P<local>[1-9]\d{2,3}-?\d{4}|1\d{4}|9[56]\d{3,4})(?:(?:-|-?(?:转|#|ext)-?)(?P<extension>\d{1,6}))?",
    re.ASCII,
)
_HOTLINE = re.compile(r"11[0249]|12[0-2]|1[0-2]\d{3}|11[68]\d{3}|9[56]\d{3,6}|[48]00\d{7}", re.ASCII)
_NO_PHONE = "请填写手机号，或带区号的座机号，例如 13812345678、023-12345678"


@dataclass(frozen=True)
class Phone:
    """A phone number. `e164` is None for landlines and hotlines: their `display` is all there is, and is not looked up."""

    e164: str | None
    display: str


def normalise(text: str) -> Phone:
    """Parse a number in any usual notation. Raises ValueError with a Chinese sentence for the person who wrote it."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    digits = _SEPARATORS.sub("", text)
    if match := _MOBILE.fullmatch(digits):
        return Phone(f"+86{match[1]}", match[1])
    if match := _FOREIGN.fullmatch(digits):
        return Phone(f"+{match[1]}", f"+{match[1]}")
    if _HOTLINE.fullmatch(digits):
        return Phone(None, f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 else digits)
    return Phone(None, _landline(_SEPARATORS.sub("-", text).strip("-")))


def _landline(text: str) -> str:
    match = _LANDLINE.fullmatch(text)
    if not match:
        raise ValueError(_NO_PHONE)
    extension = f"转{match['extension']}" if match["extension"] else ""
    return f"0{match['area']}-{match['local'].replace('-', '')}{extension}"


def mask(text: str) -> str:
    """Mask a number given as E.164 or as `Phone.display`: 138****5678, 023-******78.

    Hotlines are public and stay as they are. Text that is not a number becomes `****`.
    """
    try:
        phone = normalise(text)
    except ValueError:
        return "****"
    if phone.e164 is None:
        area, dash, local = phone.display.partition("转")[0].partition("-")
        is_landline = dash and area.startswith("0") and len(local) >= 7
        return f"{area}-{'*' * (len(local) - 2)}{local[-2:]}" if is_landline else phone.display
    if phone.e164.startswith("+86"):
        return f"{phone.display[:3]}****{phone.display[-4:]}"
    return f"{phone.e164[:4]}{'*' * (len(phone.e164) - 6)}{phone.e164[-2:]}"
