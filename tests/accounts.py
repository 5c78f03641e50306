"""Accounts, as tests fill them: points are paid by the ledger only, so that tests write transfers as its callers do."""

from typing import Any
from uuid import UUID

from app import clock, db, ids
from app.enums import AccountSort, CircleKind, TransferReason
from app.rules.access import Part
from app.services import accounts, ledger
from app.services.ledger import verify
from tests import world
from tests.world import Person


async def circle(kind: CircleKind = CircleKind.RESIDENTS, community: str = "wss") -> UUID:
    """Return the circle of a community's points."""
    return await accounts.points_circle(db.fetch, kind, UUID(str(await world.id_of_code(community))))


async def account(circle_id: UUID, sort: AccountSort, person_id: str | None = None) -> UUID:
    """Return an account of a circle."""
    return await accounts.open_account(
        db.fetch, circle_id, sort, person_id=UUID(person_id) if person_id else None
    )


async def move(
    circle_id: UUID, from_id: UUID, to_id: UUID, amount: int, reason: str = "award", **more: Any
) -> UUID | None:
    """Write a transfer; return its id, None where nothing was written."""
    transfer = ledger.Transfer(
        id=ids.new(),
        circle_id=circle_id,
        from_id=from_id,
        to_id=to_id,
        amount=amount,
        reason=TransferReason(reason),
        at=clock.now(),
        part=Part.TIMER,
        **more,
    )
    return next(iter(await ledger.write_transfers(db.fetch, [transfer])), None)


async def pay(person: Person, amount: int, kind: CircleKind = CircleKind.RESIDENTS) -> str:
    """Pay somebody points; return the id of the transfer."""
    within = await circle(kind)
    issue = await account(within, AccountSort.ISSUE)
    own = await account(within, AccountSort.PERSON, (await person.get("/me"))["id"])
    return str(await move(within, issue, own, amount))


async def own(person: Person) -> str:
    """Return the id of somebody's account."""
    page = await person.get("/accounts", mine=True)
    return str(page["items"][0]["id"])


async def balance(person: Person) -> int:
    """Return what somebody has in all circles together."""
    page = await person.get("/accounts", mine=True)
    return sum(account["balance"] for account in page["items"])


async def broken() -> str | None:
    """Return what verifying the ledger says is broken."""
    return (await verify.verify_ledger()).broken
