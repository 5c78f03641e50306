"""Points of a year lapse on the office's day of the next; their owner is told 60 days before, and none lapses untold."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import AccountSort, TransferReason
from app.models.account import LapsingOut
from app.rules import points
from app.rules.access import Part
from app.rules.notices import POINTS_LAPSE, Group
from app.services import ledger, setup
from app.services.accounts.opening import open_account
from app.services.setup import Catalogue
from app.sql import Statement

_BATCH: Final = 200


async def lapse_points() -> int:
    """Tell owners, and let lapse what they were told of; return of how many accounts."""
    today = setup.today()
    return await _tell(today) + await _lapse(today)


async def _tell(today: date) -> int:
    catalogue, told = await setup.current_catalogue(), 0
    for circle in await db.execute(_SELECT_CIRCLES):
        day = catalogue.lapse_day(circle["path"])
        on = points.next_lapse(day, today) if day else None
        if on is None or today < on - timedelta(days=points.NOTICE_DAYS):
            continue
        rows = await db.execute(
            _TELL,
            circle_id=circle["id"],
            unit_id=circle["community_id"],
            on=max(on, today + timedelta(days=points.NOTICE_DAYS)),
            earned_before=points.year_end(on.year - 1),
            year=on.year - 1,
            ids=[ids.new() for _ in range(_BATCH)],
            limit=_BATCH,
            type=POINTS_LAPSE,
            mine=Group.MINE,
            now=clock.now(),
        )
        told += len(rows)
    return told


async def next_lapse(account: Any, catalogue: Catalogue, today: date) -> LapsingOut | None:
    """Return what lapses next of the points of somebody who has not been told yet; `account` has its circle's community and path."""
    day = catalogue.lapse_day(account["community_path"])
    if day is None or account["offer_id"] is not None:
        return None
    on = points.next_lapse(day, today)
    if account["lapse_year"] == on.year - 1:  # this year's are gone; those of the next go next
        on = points.next_lapse(day, on + timedelta(days=1))
    values = {"account_id": account["id"], "earned_before": points.year_end(on.year - 1)}
    (row,) = await db.execute(_SELECT_AMOUNT, **values)
    return LapsingOut(on=on, amount=row["amount"]) if row["amount"] > 0 else None


async def _lapse(today: date) -> int:
    due = await db.execute(_SELECT_DUE, today=today, limit=_BATCH)
    for row in due:
        async with db.atomic() as fetch:
            await _lapse_one(fetch, row["id"], today)
    return len(due)


async def _lapse_one(fetch: db.Fetch, account_id: UUID, today: date) -> None:
    locked = await fetch(_LOCK.text, *_LOCK.arguments({"account_id": account_id, "today": today}))
    if not locked:
        return  # another process was faster
    values: Mapping[str, Any] = {
        "account_id": account_id,
        "earned_before": points.year_end(locked[0]["lapse_year"]),
    }
    (account,) = await fetch(_SELECT_AMOUNT.text, *_SELECT_AMOUNT.arguments(values))
    if account["amount"] > 0:
        circle_id = account["circle_id"]
        transfer = ledger.Transfer(
            id=ids.new(),
            circle_id=circle_id,
            from_id=account_id,
            to_id=await open_account(fetch, circle_id, AccountSort.ISSUE),
            amount=account["amount"],
            reason=TransferReason.LAPSE,
            at=clock.now(),
            part=Part.TIMER,
        )
        await ledger.write_transfers(fetch, [transfer])
    await fetch(_DONE.text, account_id)


async def points_left(place_id: UUID, year: int) -> dict[str, int]:
    """Return how many accounts at a community, or a street, have something left of a year's points, and how much in all."""
    row = await db.execute_one(_LEFT, place_id=place_id, earned_before=points.year_end(year))
    assert row, "a sum has a row"
    return {"year": year, "accounts": row["accounts"], "points": row["points"]}


# What is left of what an account got before a moment: what was spent or taken back since is of the oldest.
LAPSING: Final = """greatest(0, least(a.balance, (
    SELECT coalesce(sum(CASE WHEN t.reason = 'award' THEN CASE WHEN t.cause_at < :earned_before AND t.reverses_id IS NULL
               AND NOT EXISTS (SELECT FROM transfer r WHERE r.reverses_id = t.id) THEN t.amount ELSE 0 END
           WHEN t.to_id = a.id THEN t.amount ELSE -t.amount END), 0)
    FROM transfer t WHERE a.id IN (t.from_id, t.to_id))))::bigint"""
_LEFT: Final = Statement(f"""
SELECT count(*)::int AS accounts, coalesce(sum(amount), 0)::bigint AS points FROM (
    SELECT {LAPSING} AS amount FROM account a JOIN circle c ON c.id = a.circle_id JOIN place p ON p.id = c.community_id
    WHERE a.sort = 'person' AND a.balance > 0 AND c.offer_id IS NULL AND :place_id::uuid = ANY(p.path)
) x WHERE amount > 0
""")
_SELECT_CIRCLES: Final = Statement("""
SELECT c.id, c.community_id, p.path FROM circle c JOIN place p ON p.id = c.community_id WHERE c.offer_id IS NULL
""")
_TELL: Final = Statement(f"""
WITH lapsing AS MATERIALIZED (
    SELECT a.id, a.person_id, {LAPSING} AS amount FROM account a
    WHERE a.circle_id = :circle_id AND a.sort = 'person' AND a.person_id IS NOT NULL AND a.balance > 0
      AND a.lapse_on IS NULL AND a.lapse_year IS DISTINCT FROM :year
), due AS (
    SELECT *, row_number() OVER () AS n FROM lapsing WHERE amount > 0 LIMIT :limit
), mark_account AS (
    UPDATE account a SET lapse_on = :on::date, lapse_year = :year::int FROM due d
    WHERE a.id = d.id AND a.lapse_on IS NULL RETURNING a.id, a.person_id, d.amount, d.n
), insert_notice AS (
    INSERT INTO notice (id, person_id, unit_id, type, data, created_at, visible_at)
    SELECT t.id, m.person_id, :unit_id::uuid, :type::text, jsonb_build_object('amount', m.amount, 'on', :on), :now::timestamptz, :now
    FROM mark_account m JOIN unnest(:ids::uuid[]) WITH ORDINALITY t(id, n) USING (n)
    JOIN person n ON n.id = m.person_id AND NOT :mine::text = ANY (n.muted)
)
SELECT id FROM mark_account
""")
_SELECT_DUE: Final = Statement(
    "SELECT id FROM account WHERE lapse_on <= :today ORDER BY lapse_on, id LIMIT :limit"
)
_LOCK: Final = Statement("""
SELECT lapse_year FROM account WHERE id = :account_id AND lapse_on <= :today FOR NO KEY UPDATE
""")
_SELECT_AMOUNT: Final = Statement(
    f"SELECT a.circle_id, {LAPSING} AS amount FROM account a WHERE a.id = :account_id"
)
_DONE: Final = Statement("UPDATE account SET lapse_on = NULL WHERE id = :account_id")
