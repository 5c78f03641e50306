"""The global hash chain: each seal covers a batch of event hashes and the seal before it."""

import hashlib
from collections.abc import Iterable
from typing import Final
from uuid import UUID

SEAL_GENESIS: Final = bytes(32)


def seal_batch(heads: Iterable[tuple[UUID, int, bytes]]) -> bytes:
    """Return what a seal covers of a batch of event hashes (ticket id, seq, hash), besides the seal before it."""
    return b"".join(ticket_id.bytes + seq.to_bytes(4, "big") + link for ticket_id, seq, link in heads)


def seal_link(before: bytes, heads: Iterable[tuple[UUID, int, bytes]]) -> bytes:
    """Return the seal of a batch of event hashes, given the seal before it; `append_seal` in the database does the same."""
    return hashlib.sha256(before + seal_batch(heads)).digest()
