"""Taking a transfer back: another one, the other way round, by the office of its circle. Nothing is ever changed."""

from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import Role, TransferReason
from app.errors import Conflict, Forbidden, NotFound, Overdrawn
from app.models.account import ReverseIn, TransferOut
from app.rules import accounts as rules
from app.rules.access import Actor, Seat
from app.rules.subjects import SubjectPart
from app.services import idempotency, ledger, setup
from app.services.accounts.lists import TRANSFERS
from app.services.accounts.scope import IN_SCOPE, OFFICES, scope_values
from app.services.accounts.serializers import is_office, serialize_transfer
from app.sql import Statement

_PARTS: Final = {Role.COMMUNITY: SubjectPart.COMMUNITY, Role.STREET: SubjectPart.STREET}
# As the account sees it that is the caller's own, or else where it went.
_ONE: Final = Statement(
    TRANSFERS.format(its="a.id IN (t.from_id, t.to_id)")
    + f" WHERE t.id = :transfer_id AND {IN_SCOPE} ORDER BY a.person_id = :person_id DESC NULLS LAST, a.id = t.to_id DESC LIMIT 1"
)


async def load_transfer(actor: Actor, transfer_id: UUID) -> Any:
    """Return a transfer of an account in the caller's scope. Raises NotFound for any other, whether or not it exists."""
    row = await db.execute_one(_ONE, **scope_values(actor), transfer_id=transfer_id)
    if row is None:
        raise NotFound
    return row


def require_office(actor: Actor, transfer: Any) -> None:
    """Raise Forbidden for whoever is not of the office of a transfer's circle."""
    if not is_office(actor, transfer):
        raise Forbidden("只有本社区和街道的工作人员可以冲正")


async def reverse(actor: Actor, transfer: Any, form: ReverseIn, key: str | None) -> tuple[TransferOut, bool]:
    """Reverse a transfer, once, and return the reversal; also tell whether this is a repeat.

    Raises Conflict for what is reversed or a reversal, or moves with a reservation, and where the balance has been spent.
    """

    async def write(bound: idempotency.IdempotencyKey | None) -> UUID:
        return await _write(actor, transfer, form, bound)

    async def load(transfer_id: UUID) -> TransferOut:
        return serialize_transfer(
            await load_transfer(actor, transfer_id), actor, await setup.current_catalogue()
        )

    return await idempotency.create_once(actor, key, f"reverse {transfer['id']}", form, write, load)


async def _write(
    actor: Actor, transfer: Any, form: ReverseIn, key: idempotency.IdempotencyKey | None
) -> UUID:
    if reason := rules.refusal_of_reversal(transfer):
        raise Conflict(reason)
    seat = _seat(actor, transfer)
    reversal = ledger.Transfer(
        id=ids.new(),
        circle_id=transfer["circle_id"],
        from_id=transfer["to_id"],
        to_id=transfer["from_id"],
        amount=transfer["amount"],
        reason=TransferReason(transfer["reason"]),
        at=clock.now(),
        part=_PARTS[seat.role],
        person_id=actor.person_id,
        post_id=seat.id,
        reverses_id=transfer["id"],
        text=form.text,
    )
    try:
        written = await ledger.write_transfers(db.fetch, [reversal], key)
    except Overdrawn:
        raise Overdrawn("这一笔已经用掉了一部分，余额不够冲正") from None
    if not written:  # since it was read, somebody else was faster
        raise Conflict(rules.refusal_of_reversal({**transfer, "is_reversed": True}))
    return reversal.id


def _seat(actor: Actor, transfer: Any) -> Seat:
    path = transfer["community_path"]
    return next(seat for seat in actor.seats if seat.role in OFFICES and seat.unit_id in path)
