"""What reservations move: things from a stock and back, points from whoever reserves and back; both in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.enums import AccountSort, CircleKind, TransferReason
from app.errors import Conflict
from app.rules.access import Part
from app.rules.offers import THINGS
from app.rules.subjects import SubjectPart
from app.services import accounts, ledger
from app.sql import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Who moves something, in which transaction."""

    fetch: db.Fetch
    now: datetime
    part: Part | SubjectPart = Part.TIMER
    person_id: UUID | None = None
    post_id: UUID | None = None

    async def run(self, statement: Statement, **values: Any) -> list[Any]:
        """Run a statement in the transaction."""
        return await self.fetch(statement.text, *statement.arguments(values))

    async def move(self, moves: "Sequence[Move]", reservation_id: UUID | None = None) -> None:
        """Write transfers. Raises Overdrawn if one has not so much."""
        transfers = [
            ledger.Transfer(
                id=ids.new(),
                circle_id=each.circle_id,
                from_id=each.from_id,
                to_id=each.to_id,
                amount=each.amount,
                reason=each.reason,
                at=self.now,
                part=self.part,
                person_id=self.person_id,
                post_id=self.post_id,
                reservation_id=reservation_id,
            )
            for each in moves
        ]
        await ledger.write_transfers(self.fetch, transfers)


@dataclass(frozen=True, slots=True)
class Move:
    """So much from one account to another."""

    reason: TransferReason
    circle_id: UUID
    from_id: UUID
    to_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Held:
    """From which accounts a reservation has taken what it holds."""

    stock_id: UUID | None = None
    points_id: UUID | None = None
    paid: int = 0


class NothingLeft(Exception):
    """No stock of the offer has so many."""


async def things_of(fetch: db.Fetch, offer: Mapping[str, Any]) -> UUID:
    """Return the circle of an offer's things."""
    return await accounts.things_circle(fetch, offer["id"], _office(offer))


def _office(offer: Mapping[str, Any]) -> UUID:
    office: UUID = offer["community_id"] or offer["street_id"] or offer["place_id"]
    return office


async def hold(
    mover: Mover, offer: Mapping[str, Any], reservation: Mapping[str, Any], place_id: UUID | None = None
) -> Held:
    """Move what is reserved, and its price, to what is held, from the stock at a place or from the one that has most.

    The offer is locked. Raises NothingLeft; Conflict where the points are too few, or only another place has some.
    """
    held, moves = Held(), list[Move]()
    if offer["sort"] in THINGS:
        circle = await things_of(mover.fetch, offer)
        stock = await _choose_stock(mover, circle, reservation["quantity"], place_id)
        to_id = await accounts.open_account(mover.fetch, circle, AccountSort.HELD)
        moves.append(Move(TransferReason.RESERVE, circle, stock, to_id, reservation["quantity"]))
        held = Held(stock)
    if offer["price"]:
        price = offer["price"] * reservation["quantity"]
        circle = await accounts.points_circle(mover.fetch, CircleKind(offer["points"]), _office(offer))
        own = await accounts.open_account(
            mover.fetch, circle, AccountSort.PERSON, person_id=reservation["author_id"]
        )
        (account,) = await mover.run(BALANCE, account_id=own)
        if account["balance"] < price:
            raise Conflict(f"积分不够：需要{price}分，现有{account['balance']}分")
        to_id = await accounts.open_account(mover.fetch, circle, AccountSort.HELD)
        moves.append(Move(TransferReason.RESERVE, circle, own, to_id, price))
        held = Held(held.stock_id, own, price)
    await mover.move(moves, reservation["id"])
    await mover.run(
        _UPDATE,
        subject_id=reservation["id"],
        stock_id=held.stock_id,
        points_id=held.points_id,
        paid=held.paid,
    )
    return held


async def require_stock(mover: Mover, offer: Mapping[str, Any], quantity: int, place_id: UUID | None) -> None:
    """Raise NothingLeft where no stock of an offer has so many; Conflict where only another place has."""
    if offer["sort"] in THINGS:
        await _choose_stock(mover, await things_of(mover.fetch, offer), quantity, place_id)


async def _choose_stock(mover: Mover, circle: UUID, quantity: int, place_id: UUID | None) -> UUID:
    stocks = await mover.run(_STOCKS, circle_id=circle, quantity=quantity, place_id=place_id)
    if not stocks:
        raise NothingLeft
    if place_id and stocks[0]["place_id"] != place_id:
        raise Conflict(f"这里没有了，{stocks[0]['label']}还有{stocks[0]['balance']}件")
    stock: UUID = stocks[0]["id"]
    return stock


async def put_back(mover: Mover, reservation: Mapping[str, Any]) -> None:
    """Return what a reservation holds to where it came from."""
    await _from_held(mover, reservation, TransferReason.RELEASE, AccountSort.STOCK, AccountSort.PERSON)


async def hand_over(mover: Mover, reservation: Mapping[str, Any], *, lent: bool) -> None:
    """Move what a reservation holds to what is lent or given; its price is paid."""
    reason, sort = (
        (TransferReason.LEND, AccountSort.OUT) if lent else (TransferReason.GIVE, AccountSort.GIVEN)
    )
    await _from_held(mover, reservation, reason, sort, AccountSort.ISSUE)


async def _from_held(
    mover: Mover,
    reservation: Mapping[str, Any],
    reason: TransferReason,
    things_to: AccountSort,
    points_to: AccountSort,
) -> None:
    moves = []
    if stock_id := reservation["stock_id"]:
        circle = await _circle_of(mover, stock_id)
        from_id = await accounts.open_account(mover.fetch, circle, AccountSort.HELD)
        returned = things_to is AccountSort.STOCK
        to_id = stock_id if returned else await accounts.open_account(mover.fetch, circle, things_to)
        moves.append(Move(reason, circle, from_id, to_id, reservation["quantity"]))
    if points_id := reservation["points_id"]:
        circle = await _circle_of(mover, points_id)
        from_id = await accounts.open_account(mover.fetch, circle, AccountSort.HELD)
        returned = points_to is AccountSort.PERSON
        to_id = points_id if returned else await accounts.open_account(mover.fetch, circle, points_to)
        why = TransferReason.RELEASE if returned else TransferReason.PAY
        moves.append(Move(why, circle, from_id, to_id, reservation["paid"]))
    await mover.move(moves, reservation["id"])


async def bring_back(mover: Mover, reservation: Mapping[str, Any], place_id: UUID | None) -> None:
    """Move what was lent to the stock at a place, or to the one it was taken from."""
    circle = await _circle_of(mover, reservation["stock_id"])
    to_id = reservation["stock_id"]
    if place_id:
        to_id = await accounts.open_account(mover.fetch, circle, AccountSort.STOCK, place_id=place_id)
    out = await accounts.open_account(mover.fetch, circle, AccountSort.OUT)
    await mover.move(
        [Move(TransferReason.BACK, circle, out, to_id, reservation["quantity"])], reservation["id"]
    )


async def lose(mover: Mover, reservation: Mapping[str, Any]) -> None:
    """Write off what was lent."""
    circle = await _circle_of(mover, reservation["stock_id"])
    out = await accounts.open_account(mover.fetch, circle, AccountSort.OUT)
    lost = await accounts.open_account(mover.fetch, circle, AccountSort.LOST)
    await mover.move(
        [Move(TransferReason.WRITE_OFF, circle, out, lost, reservation["quantity"])], reservation["id"]
    )


async def _circle_of(mover: Mover, account_id: UUID) -> UUID:
    (account,) = await mover.run(BALANCE, account_id=account_id)
    circle: UUID = account["circle_id"]
    return circle


BALANCE: Final = Statement("SELECT balance, circle_id FROM account WHERE id = :account_id")
_STOCKS: Final = Statement("""
SELECT a.id, a.place_id, a.balance, p.label FROM account a JOIN place p ON p.id = a.place_id
LEFT JOIN place w ON w.id = :place_id::uuid
WHERE a.circle_id = :circle_id AND a.sort = 'stock' AND a.balance >= :quantity
ORDER BY a.place_id IS NOT DISTINCT FROM w.id DESC, (p.lat - w.lat) ^ 2 + (cos(radians(w.lat)) * (p.lng - w.lng)) ^ 2, a.balance DESC, a.id LIMIT 1
""")
_UPDATE: Final = Statement("""
UPDATE reservation SET stock_id = :stock_id, points_id = :points_id, paid = :paid WHERE subject_id = :subject_id
""")
