"""The global hash chain: each seal covers a batch of event hashes and the seal before it."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

SEAL_GENESIS: Final = bytes(32)
# CTEs of a statement that follows up events, so that they are sealed together with what comes of them.
INSERT_SEAL: Final = """insert_seal AS (
    SELECT append_seal(:seal_batch, :now) AS id
), insert_sealed_head AS (
    INSERT INTO sealed_head (ticket_id, seq, hash, seal_id)
    SELECT h.ticket_id, h.seq, h.hash, s.id
    FROM unnest(:head_ticket_id::uuid[], :head_seq::int[], :head_hash::bytea[]) h(ticket_id, seq, hash), insert_seal s
)"""


def seal_values(heads: Sequence[tuple[UUID, int, bytes]]) -> dict[str, Any]:
    """Return the parameters that `INSERT_SEAL` needs besides `now`, for event hashes (ticket id, seq, hash)."""
    columns = {
        f"head_{name}": [head[n] for head in heads] for n, name in enumerate(("ticket_id", "seq", "hash"))
    }
    return {"seal_batch": seal_batch(heads), **columns}


def seal_batch(heads: Iterable[tuple[UUID, int, bytes]]) -> bytes:
    """Return what a seal covers of a batch of event hashes (ticket id, seq, hash), besides the seal before it."""
    return b"".join(ticket_id.bytes + seq.to_bytes(4, "big") + link for ticket_id, seq, link in heads)


def seal_link(before: bytes, heads: Iterable[tuple[UUID, int, bytes]]) -> bytes:
    """Return the seal of a batch of event hashes, given the seal before it; `append_seal` in the database does the same."""
    return hashlib.sha256(before + seal_batch(heads)).digest()
