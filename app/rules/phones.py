"""Phone numbers as people write them: one form to call, one to show, one to show to others."""

import re
import unicodedata
from dataclasses import dataclass

# Address books wrap numbers in marks nobody sees; people put everything else between the digits.
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_GAPS = re.compile(r"[\s\-\u2010-\u2015\u2212_.·()\[\]]+")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?0?(1[3-9]\d{9})", re.ASCII)
_ABROAD = re.compile(r"(?:\+|00)(?!86)([1-9]\d{7,14})", re.ASCII)
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
    """`e164` can be called and looked up; None for landlines and hotlines, whose `display` is contact text."""

    e164: str | None
    display: str


def normalise(text: str) -> Phone:
    """Read any usual writing of a number; ValueError with a sentence for the writer."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).lower()
    bare = _GAPS.sub("", text)
    if found := _MOBILE.fullmatch(bare):
        return Phone(f"+86{found[1]}", found[1])
    if found := _ABROAD.fullmatch(bare):
        return Phone(f"+{found[1]}", f"+{found[1]}")
    if _HOTLINE.fullmatch(bare):
        return Phone(None, f"{bare[:3]}-{bare[3:6]}-{bare[6:]}" if len(bare) == 10 else bare)
    return Phone(None, _landline(_GAPS.sub("-", text).strip("-")))


def _landline(text: str) -> str:
    found = _LANDLINE.fullmatch(text)
    if not found:
        raise ValueError(_NO_PHONE)
    extension = f"转{found['extension']}" if found["extension"] else ""
    return f"0{found['area']}-{found['local'].replace('-', '')}{extension}"


def masked(text: str) -> str:
    """Show a number to those who may not have it, from its E.164 form or its `display`: 138****5678, 023-******78.

    A hotline is everybody's and stays; what is no number at all is hidden whole.
    """
    try:
        phone = normalise(text)
    except ValueError:
        return "****"
    if phone.e164 is None:
        area, dash, local = phone.display.partition("转")[0].partition("-")
        own = dash and area.startswith("0") and len(local) >= 7
        return f"{area}-{'*' * (len(local) - 2)}{local[-2:]}" if own else phone.display
    if phone.e164.startswith("+86"):
        return f"{phone.display[:3]}****{phone.display[-4:]}"
    return f"{phone.e164[:4]}{'*' * (len(phone.e164) - 6)}{phone.e164[-2:]}"
