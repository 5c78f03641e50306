"""The page of an agreement, with the fields of 人民调解法 29 and places for signatures, fingerprints and the seal."""

from html import escape
from typing import Final

from app.enums import SideRole
from app.errors import Conflict
from app.html_page import HtmlPage, chinese_day
from app.rules.disputes import sides
from app.services.subjects.dispute_out import agreement_of
from app.services.subjects.view import SubjectView

_PAGE: Final = HtmlPage("agreement.html")
POLICY: Final = _PAGE.policy


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
    return _PAGE.template.substitute(
        **said,
        form=escape(agreement.form_name),
        studio=escape(studio["label"] or ""),
        effective=chinese_day(agreement.effective_on),
        court=chinese_day(agreement.court_until),
        signatures=line * parties,
    )
