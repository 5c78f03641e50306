"""Lists of accounts and of their transfers, newest first, in the caller's scope."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import AccountSort, CircleKind
from app.errors import NotFound
from app.models.account import AccountOut, LapsingOut, TransferOut
from app.rules.access import Actor
from app.services import setup
from app.services.accounts.lapse import LAPSING, next_lapse
from app.services.accounts.scope import IN_SCOPE, scope_values
from app.services.accounts.serializers import serialize_account, serialize_transfer
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts to list."""

    circle: CircleKind | None = None
    sort: AccountSort | None = None
    offer_id: UUID | None = None
    mine: bool = False


# Until when the points were got whose owner has been told that they lapse.
_OF_ITS_YEAR: Final = "make_timestamptz(a.lapse_year + 1, 1, 1, 0, 0, 0, 'Asia/Shanghai')"
_ACCOUNT: Final = f"""
SELECT a.*, c.kind AS circle_kind, c.community_id, c.offer_id, p.label AS community, p.path AS community_path,
       o.title AS offer, n.name, l.label AS place,
       CASE WHEN a.lapse_on IS NOT NULL THEN {LAPSING.replace(":earned_before", _OF_ITS_YEAR)} END AS lapsing
FROM account a JOIN circle c ON c.id = a.circle_id JOIN place p ON p.id = c.community_id
LEFT JOIN subject o ON o.id = c.offer_id LEFT JOIN person n ON n.id = a.person_id LEFT JOIN place l ON l.id = a.place_id"""
_PAGE: Final = Statement(f"""{_ACCOUNT}
WHERE a.id < :before AND {IN_SCOPE} AND (NOT :mine::bool OR a.person_id = :person_id)
  AND (:circle::text IS NULL OR c.kind = :circle) AND (:sort::text IS NULL OR a.sort = :sort)
  AND (:offer_id::uuid IS NULL OR c.offer_id = :offer_id)
ORDER BY a.id DESC LIMIT :limit
""")
_ONE: Final = Statement(f"{_ACCOUNT} WHERE a.id = :account_id AND {IN_SCOPE}")


async def account_page(
    actor: Actor, wanted: AccountFilter, limit: int, cursor: str | None
) -> tuple[list[AccountOut], str | None]:
    """Return a page of accounts, the newest first and never by what they hold, and the next cursor."""
    rows = await db.execute(
        _PAGE,
        **scope_values(actor),
        before=cursor_before(cursor),
        circle=wanted.circle,
        sort=wanted.sort,
        offer_id=wanted.offer_id,
        mine=wanted.mine,
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit)
    catalogue, today = await setup.current_catalogue(), setup.today()
    lapses = [await _lapsing(row, actor, catalogue, today) for row in page]
    return [
        serialize_account(row, actor, lapsing) for row, lapsing in zip(page, lapses, strict=True)
    ], next_cursor


async def _lapsing(row: Any, actor: Actor, catalogue: Catalogue, today: date) -> LapsingOut | None:
    """Return what lapses next: as the owner was told, which their office sees, too; before that it is the owner's alone."""
    if row["lapse_on"]:
        return LapsingOut(on=row["lapse_on"], amount=row["lapsing"]) if row["lapsing"] else None
    return await next_lapse(row, catalogue, today) if row["person_id"] == actor.person_id else None


async def load_account(actor: Actor, account_id: UUID) -> Any:
    """Return an account in the caller's scope. Raises NotFound for any other, whether or not it exists."""
    row = await db.execute_one(_ONE, **scope_values(actor), account_id=account_id)
    if row is None:
        raise NotFound
    return row


# A transfer as the account `:account_id` sees it.
TRANSFERS: Final = """
SELECT t.*, t.to_id = a.id AS incoming, a.id AS account_id, b.sort AS other_sort, x.id IS NOT NULL AS is_reversed, r.text,
       coalesce(s.title, left(s.text, 30)) AS cause_title, q.role, q.title, u.level, u.path, u.label AS unit,
       p.path AS community_path, c.community_id
FROM account a JOIN circle c ON c.id = a.circle_id JOIN place p ON p.id = c.community_id
JOIN transfer t ON {its} JOIN account b ON b.id = CASE WHEN t.to_id = a.id THEN t.from_id ELSE t.to_id END
LEFT JOIN transfer x ON x.reverses_id = t.id LEFT JOIN remark r ON r.ticket_id = t.id AND r.seq = 1
LEFT JOIN subject s ON s.id = t.cause_id
LEFT JOIN event e ON e.ticket_id = t.cause_id AND e.seq = t.cause_seq AND e.at = t.cause_at
LEFT JOIN post q ON q.id = e.post_id LEFT JOIN place u ON u.id = q.place_id"""
_TRANSFERS: Final = Statement(
    TRANSFERS.format(its="a.id IN (t.from_id, t.to_id)")
    + " WHERE a.id = :account_id AND t.id < :before ORDER BY t.id DESC LIMIT :limit"
)


async def transfer_page(
    actor: Actor, account_id: UUID, limit: int, cursor: str | None
) -> tuple[list[TransferOut], str | None]:
    """Return a page of an account's transfers, newest first, and the next cursor. The account is in the caller's scope."""
    rows = await db.execute(_TRANSFERS, account_id=account_id, before=cursor_before(cursor), limit=limit + 1)
    page, next_cursor = page_of(rows, limit)
    catalogue = await setup.current_catalogue()
    return [serialize_transfer(row, actor, catalogue) for row in page], next_cursor
