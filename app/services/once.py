"""A creating write that happens once under an Idempotency-Key, however often it is asked for."""

import hashlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from app.errors import Duplicate
from app.models.said import Strict
from app.rules.access import Actor
from app.services import ledger, tickets

# Keeps a key in the statement of the write; $1 to $4 are the key's.
REMEMBERED = """
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT $1, $2::text, $3::bytea, made.id, $4 FROM made WHERE $2::text IS NOT NULL
"""


async def once(
    actor: Actor,
    key: str | None,
    what: str,
    form: Strict,
    write: Callable[[ledger.Key | None], Awaitable[UUID]],
) -> tuple[UUID, bool]:
    """Write, or find what was written under this key before: its id, and whether this repeats it.

    Raises KeyReused for another body; Duplicate for what there is already, by whomever.
    """
    under = ledger.Key(actor.person_id, key, _digest(what, form)) if key else None
    if under and (before := await tickets.remembered(under)):
        return before, True
    try:
        return await write(under), False
    except Duplicate:  # a twin was faster, or it is none
        before = await tickets.remembered(under) if under else None
        if before is None:
            raise
        return before, True


def _digest(what: str, form: Strict) -> bytes:
    return hashlib.sha256(f"{what} {form.model_dump_json(exclude_unset=True)}".encode()).digest()
