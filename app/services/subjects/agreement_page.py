"""The page of an agreement, with the fields of 人民调解法 29 and places for signatures, fingerprints and the seal."""

import base64
import hashlib
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from app.enums import SideRole
from app.errors import Conflict
from app.rules.disputes import sides
from app.services.subjects.dispute_out import agreement_of
from app.services.subjects.view import SubjectView

_FILE: Final = Path(__file__).parents[2] / "agreement.html"


@cache
def _template() -> Template:
    return Template(_FILE.read_text("utf-8"))


def _policy() -> str:
    style = _FILE.read_text("utf-8").partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; frame-ancestors 'none'"


POLICY: Final = _policy()


def agreement_page(view: SubjectView) -> str:
    """Return the page of a dispute's agreement. Raises Conflict while there is none."""
    agreement = agreement_of(view)
    if agreement is None:
        raise Conflict("还没有达成协议，或协议已按期限删除")
    parties = len(sides(view.subject, SideRole.PARTY))
    (studio,) = sides(view.subject, SideRole.STUDIO)
    line = "<li><span>当事人（签名、盖章或按指印）：</span><span>　　年　　月　　日</span></li>"
    said = {
        name: escape(getattr(agreement, name)) for name in ("parties", "facts", "terms", "manner", "period")
    }
    return _template().substitute(
        **said,
        form=escape(agreement.form_name),
        studio=escape(studio["label"] or ""),
        effective=_day(agreement.effective_on),
        court=_day(agreement.court_until),
        signatures=line * parties,
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
