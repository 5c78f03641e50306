"""Paying points for events of the ledger: a job for each event, which pays once however often it runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import AccountSort, CircleKind, Role, TransferReason
from app.models.job import JobRow
from app.rules import points
from app.rules.access import GRID_ROLES, Part
from app.services import ledger
from app.services.accounts.opening import open_account, points_circle
from app.sql import Statement

AWARD_JOB: Final = "award"
_MEMBERS: Final = sorted({*GRID_ROLES, Role.COMMUNITY})


async def pay_awards(jobs: Sequence[JobRow]) -> None:
    """Pay what the events of jobs are worth; each job is deleted in the transaction of what it pays."""
    for job in jobs:
        async with db.atomic() as fetch:
            for event in await _run(fetch, _SELECT_EVENT, subject_id=job["ticket_id"], seq=job["seq"]):
                await _pay(fetch, event)
            await _run(fetch, _DELETE_JOB, job_id=job["id"])


async def _run(fetch: db.Fetch, statement: Statement, **values: Any) -> list[Any]:
    return await fetch(statement.text, *statement.arguments(values))


async def _pay(fetch: db.Fetch, event: Any) -> None:
    found = points.award_for(event["type"], event["sort"], event["data"].get("hours"))
    if found is None or event["community_id"] is None:
        return
    rule, amount = found
    people = await _run(
        fetch,
        _SELECT_PEOPLE,
        people=[UUID(person) for person in event["data"]["people"]],
        community_id=event["community_id"],
        roles=_MEMBERS,
    )
    accounts = [(await _account(fetch, event["community_id"], person), person) for person in people]
    paid = await _paid_before(fetch, [account["id"] for account, _ in accounts], rule, event["at"])
    cause = ledger.Cause(subject_id=event["subject_id"], seq=event["seq"], at=event["at"], rule=rule)
    transfers = [
        ledger.Transfer(
            id=ids.new(),
            circle_id=account["circle_id"],
            from_id=account["issue_id"],
            to_id=account["id"],
            amount=left,
            reason=TransferReason.AWARD,
            at=clock.now(),
            part=Part.TIMER,
            cause=cause,
        )
        for account, _ in accounts
        if (left := points.still_allowed(rule, amount, paid.get(account["id"], 0)))
    ]
    await ledger.write_transfers(fetch, transfers)


async def _account(fetch: db.Fetch, community_id: UUID, person: Any) -> dict[str, UUID]:
    kind = CircleKind.MEMBERS if person["is_member"] else CircleKind.RESIDENTS
    circle_id = await points_circle(fetch, kind, community_id)
    return {
        "circle_id": circle_id,
        "issue_id": await open_account(fetch, circle_id, AccountSort.ISSUE),
        "id": await open_account(fetch, circle_id, AccountSort.PERSON, person_id=person["id"]),
    }


async def _paid_before(
    fetch: db.Fetch, account_ids: Sequence[UUID], rule: str, at: datetime
) -> dict[UUID, int]:
    """Return what each account got by a rule in the month of a moment, and keep it from getting more meanwhile."""
    await _run(fetch, _LOCK, account_ids=list(account_ids))
    first, next_first = points.month_of(at)
    rows = await _run(
        fetch, _SELECT_PAID, account_ids=list(account_ids), rule=rule, first=first, next_first=next_first
    )
    return {row["to_id"]: row["paid"] for row in rows}


_SELECT_EVENT: Final = Statement("""
SELECT e.ticket_id AS subject_id, e.seq, e.at, e.type, e.data, s.sort, s.community_id
FROM subject s JOIN event e ON e.ticket_id = s.id AND e.seq = :seq AND e.at >= s.created_at WHERE s.id = :subject_id
""")
# In the order of their ids, as accounts are opened: of two jobs with the same people neither waits for the other for ever.
_SELECT_PEOPLE: Final = Statement("""
SELECT n.id, EXISTS (SELECT FROM post p JOIN place u ON u.id = p.place_id WHERE p.person_id = n.id AND p.ended_at IS NULL
    AND p.role = ANY(:roles::text[]) AND :community_id::uuid = ANY(u.path)) AS is_member
FROM person n WHERE n.id = ANY(:people::uuid[]) AND n.erased_at IS NULL ORDER BY n.id
""")
_LOCK: Final = Statement(
    "SELECT FROM account WHERE id = ANY(:account_ids::uuid[]) ORDER BY id FOR NO KEY UPDATE"
)
_SELECT_PAID: Final = Statement("""
SELECT t.to_id, sum(t.amount)::bigint AS paid FROM transfer t
WHERE t.to_id = ANY(:account_ids::uuid[]) AND t.rule = :rule AND t.cause_at >= :first AND t.cause_at < :next_first
  AND t.reverses_id IS NULL AND NOT EXISTS (SELECT FROM transfer r WHERE r.reverses_id = t.id)
GROUP BY t.to_id
""")
_DELETE_JOB: Final = Statement("DELETE FROM job WHERE id = :job_id")
