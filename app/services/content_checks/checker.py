"""The checker: asks WeChat about what waits, and hands to a person what WeChat cannot answer for."""

import asyncio
from datetime import timedelta
from typing import Final, TypedDict
from uuid import UUID

from app import clock, db
from app.enums import CheckKind, CheckReason, CheckState
from app.rules.wechat_errors import Kind
from app.services import wechat
from app.services.content_checks import new_checks, verdicts
from app.services.content_checks.photo_links import photo_link
from app.services.wechat import TextVerdict
from app.sql import Statement

CONCURRENT: Final = 10  # checks in one round, asked side by side
LEASE: Final = timedelta(seconds=60)  # after that the worker that was asking has died
BACKOFF: Final = (5, 15, 30, 60)  # seconds before another attempt; the last holds for all later ones


class CheckRow(TypedDict):
    """A claimed check. `openid` is its author's; `text` and `has_photo` are of now: both may have been erased."""

    id: UUID
    kind: str
    photo_id: UUID | None
    attempts: int
    origin: str
    openid: str | None
    text: str | None
    has_photo: bool


async def check_due() -> int:
    """Take pushed verdicts, hold what had none in time, ask about what is due; return how many that were.

    With several workers, each check is claimed by one of them.
    """
    taken = await verdicts.apply_stored() + await verdicts.hold_silent()
    claimed: list[CheckRow] = await db.execute(
        _CLAIM,
        now=clock.now(),
        lease=LEASE,
        longest=max(LEASE, timedelta(seconds=BACKOFF[-1])),
        limit=CONCURRENT,
    )
    await asyncio.gather(*(_check(check) for check in claimed))
    return taken + len(claimed)


# Due too far ahead: the clock has been set back.
_CLAIM: Final = Statement("""
WITH claim AS (
    UPDATE content_check SET due_at = :now::timestamptz + :lease::interval, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM content_check
        WHERE state = 'pending' AND (due_at <= :now OR due_at > :now::timestamptz + :longest::interval)
        ORDER BY created_at LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    RETURNING *
)
SELECT c.id, c.kind, c.photo_id, c.attempts, t.origin, p.openid, f.id IS NOT NULL AS has_photo,
       CASE c.kind WHEN 'note' THEN t.place_note ELSE r.text END AS text
FROM claim c JOIN ticket t ON t.id = c.ticket_id
LEFT JOIN event e ON e.ticket_id = c.ticket_id AND e.seq = c.seq AND e.at >= t.created_at
LEFT JOIN person p ON p.id = e.person_id
LEFT JOIN remark r ON r.ticket_id = c.ticket_id AND r.seq = c.seq
LEFT JOIN photo f ON f.id = c.photo_id
""")


async def _check(check: CheckRow) -> None:
    """Check one text or photo. An error of WeChat is no verdict: it is asked again."""
    try:
        if check["kind"] == CheckKind.PHOTO:
            await _check_photo(check)
        else:
            await _check_text(check)
    except wechat.NoAnswer:
        await _ask_again(check)
    except wechat.WeChatError as error:
        if error.kind in {Kind.UNSEEN, Kind.UNSUBSCRIBED}:  # not here lately, or not one of this mini-program
            await verdicts.settle(check["id"], CheckState.REVIEW, CheckReason.UNSEEN)
        else:
            await _ask_again(check)


async def _check_text(check: CheckRow) -> None:
    text, openid = check["text"], check["openid"]
    if text is None:
        await db.execute(_DELETE, check_id=check["id"])
    elif openid is None or not wechat.is_configured():
        await verdicts.settle(check["id"], *new_checks.by_words(text))
    else:
        found = [
            await wechat.check_text(openid, text[start : start + wechat.MAX_TEXT])
            for start in range(0, len(text), wechat.MAX_TEXT)
        ]
        await verdicts.judge(check["id"], max(found, key=_strictness))


def _strictness(verdict: TextVerdict) -> int:
    return verdicts.STRICTNESS.index(verdict.suggest)


async def _check_photo(check: CheckRow) -> None:
    openid = check["openid"]
    if check["photo_id"] is None or not check["has_photo"]:
        await db.execute(_DELETE, check_id=check["id"])
    elif openid is None or not wechat.is_configured():
        await verdicts.settle(check["id"], *new_checks.unasked_photo(check["origin"]))
    elif (link := photo_link(check["photo_id"])) is None:
        await verdicts.settle(check["id"], CheckState.REVIEW, CheckReason.UNREACHABLE)
    else:
        trace_id = await wechat.check_image(openid, link)
        await db.execute(_AWAIT_VERDICT, check_id=check["id"], trace_id=trace_id)


_DELETE: Final = Statement("DELETE FROM content_check WHERE id = :check_id")
_AWAIT_VERDICT: Final = Statement(
    "UPDATE content_check SET trace_id = :trace_id, due_at = NULL WHERE id = :check_id AND suggest IS NULL"
)


async def _ask_again(check: CheckRow) -> None:
    wait = timedelta(seconds=BACKOFF[min(check["attempts"], len(BACKOFF)) - 1])
    await db.execute(_SET_DUE, check_id=check["id"], due_at=clock.now() + wait)


_SET_DUE: Final = Statement(
    "UPDATE content_check SET due_at = :due_at WHERE id = :check_id AND state = 'pending'"
)
