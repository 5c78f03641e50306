"""The sender: hands due subscribe messages to WeChat, and waits while WeChat is away."""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

from app.enums import Status, SubjectKind
from app.labels import STATUS
from app.rules import subscribe_messages
from app.rules.facts import Facts
from app.rules.lives import LIVES
from app.rules.subscribe_messages import Template
from app.rules.wechat_errors import Kind
from app.services import notices, setup, wechat
from app.services.subscriptions import queue
from app.services.subscriptions.queue import MessageRow, Settled
from app.services.subscriptions.templates import templates

CONCURRENT: Final = 20  # messages in one round, sent side by side
AWAY_SECONDS: Final = (
    2,
    5,
    15,
    30,
)  # between looks whether WeChat is back; the last holds for all later ones

# What the next attempt may mend. Everything else that WeChat refuses stays refused.
_AGAIN: Final = frozenset({Kind.BUSY, Kind.TOO_OFTEN, Kind.TOKEN, Kind.SETUP, Kind.QUOTA})


class Sender:
    """The messages of one worker. With several workers, each message is claimed by one of them."""

    def __init__(self) -> None:
        self.failures = 0  # looks in a row that found WeChat away
        self.look_at = 0.0  # monotonic

    async def round(self) -> int:
        """Send what is due, CONCURRENT messages at most; return how many were claimed."""
        if not templates() or not wechat.is_configured() or time.monotonic() < self.look_at:
            return 0
        if self.failures and not await self._is_back():
            return 0
        claimed = await queue.claim(CONCURRENT)
        if not claimed:
            return 0
        catalogue = await setup.current_catalogue()
        known = {template.id: template for template in templates().values()}
        results = await asyncio.gather(*(_send(message, known, catalogue) for message in claimed))
        settled = [result for result in results if isinstance(result, Settled)]
        again = [message for message, result in zip(claimed, results, strict=True) if result is None]
        if settled:
            await queue.settle(settled)
        if again:
            await queue.put_back(again, known)
        away = bool(again) or any(one.outcome == "unknown" for one in settled)
        self._note(away=away)
        return len(claimed)

    async def _is_back(self) -> bool:
        """Ask WeChat something harmless, so that no message is lost to a server that hangs."""
        back = await wechat.is_reachable()
        self._note(away=not back)
        return back

    def _note(self, *, away: bool) -> None:
        self.failures = self.failures + 1 if away else 0
        wait = AWAY_SECONDS[min(self.failures, len(AWAY_SECONDS)) - 1] if away else 0
        self.look_at = time.monotonic() + wait


async def _send(
    message: MessageRow, known: Mapping[str, Template], catalogue: setup.Catalogue
) -> Settled | None:
    """Send one message; return what became of it, None where WeChat has not taken it and may yet."""
    template = known.get(message["template_id"])
    if template is None or not _may_know(message, catalogue):
        return Settled(message["id"], "gone")
    values = _values(message, catalogue)
    fields, page = subscribe_messages.fill(template, values), subscribe_messages.page(template, values)
    try:
        msgid = await wechat.send_message(message["openid"], template.id, fields, page)
    except wechat.NoAnswer as error:
        # Never twice: WeChat may have shown it. The notice is in the program all the same.
        return Settled(message["id"], "unknown") if error.sent else None
    except wechat.WeChatError as error:
        if error.kind in _AGAIN:
            return None
        unsubscribed = error.kind is Kind.UNSUBSCRIBED
        return Settled(message["id"], "unsubscribed" if unsubscribed else "refused", str(error.errcode))
    return Settled(message["id"], "sent", msgid)


def _may_know(message: MessageRow, catalogue: setup.Catalogue) -> bool:
    """Tell whether the person may still hear of the ticket or subject: asked again, since it may have turned private or moved on."""
    if message["subject_id"]:
        return bool(message["shown"])
    if message["is_reporter"] or message["has_part"]:
        return True
    return message["is_near"] and catalogue.is_visible_to_neighbours(cast(Facts, message))


def _values(message: MessageRow, catalogue: setup.Catalogue) -> dict[str, str | datetime | None]:
    if message["subject_kind"]:
        return _subject_values(message, SubjectKind(message["subject_kind"]))
    holder = catalogue.units.get(message["holder_id"]) if message["holder_id"] else None
    text = notices.sentence(
        message["type"],
        place=message["place"],
        category=message["category_name"] or "",
        mine=message["is_reporter"],
    )
    return {
        "id": str(message["ticket_id"]),
        "no": message["no"],
        "category": message["category_name"],
        "place": message["place"] or message["category_name"],
        "status": STATUS[Status(message["status"])],
        "at": message["created_at"],
        "due": message["due"],
        "holder": holder.label if holder else None,
        "text": text,
    }


def _subject_values(message: MessageRow, kind: SubjectKind) -> dict[str, str | datetime | None]:
    """Return what may be filled in of a subject; `due` is when a meeting begins, or until when a survey can be answered."""
    life = LIVES[kind]
    title = message["subject_title"]
    return {
        "id": str(message["subject_id"]),
        "no": None,
        "category": life.label,
        "place": message["place"],
        "status": life.statuses[message["status"]],
        "at": message["created_at"],
        "due": message["due"],
        "holder": message["place"],
        "text": notices.subject_sentence(message["type"], kind, title, mine=bool(message["is_speaker"])),
    }
