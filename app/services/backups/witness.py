"""The newest seal, written outside the database as well: one that went back to an older state cannot know what it lost."""

import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from prometheus_client import Gauge

from app import db, log
from app.errors import Misconfigured, NotFound
from app.services import photos

logger = log.get("backups")

KEY: Final = "seals/newest.json"
FORMER_KEY: Final = "seals/lost-{}.json"  # that of a rollback which was accepted
ROLLED_BACK: Final = Gauge("loudeng_ledger_rolled_back", "1: the database lacks seals that it once had.")


class Witness(NamedTuple):
    """A seal that the database had at a time."""

    seal_id: int
    hash: str
    at: datetime

    def to_json(self) -> str:
        """Return this as one line of JSON."""
        return json.dumps({"seal": self.seal_id, "hash": self.hash, "at": self.at.isoformat()})


async def keep_witness() -> None:
    """Write down the newest seal, unless the database lacks the one that is written down: that is logged, and kept."""
    stored = await _stored()
    lacks = stored is not None and await _lacks(stored)
    ROLLED_BACK.set(lacks)
    if stored and lacks:
        logger.error("ledger_rolled_back", seal=stored.seal_id, at=stored.at.isoformat())
        return
    row = await db.fetchrow("SELECT id, encode(hash, 'hex') AS hash, at FROM seal ORDER BY id DESC LIMIT 1")
    if row and (stored is None or row["id"] > stored.seal_id):
        await _write(KEY, Witness(row["id"], row["hash"], row["at"]))


async def find_rollback() -> Witness | None:
    """Return the seal that the database had and lacks now. Raises Misconfigured when what is written down is damaged."""
    stored = await _stored()
    return stored if stored and await _lacks(stored) else None


async def accept_rollback() -> Witness | None:
    """Go on from the state that the database has; return the seal it lacks, which stays on record."""
    lost = await find_rollback()
    if lost:
        await _write(FORMER_KEY.format(lost.seal_id), lost)
        await photos.photo_storage().remove(KEY)
        await keep_witness()
    return lost


async def _stored() -> Witness | None:
    try:
        chunks = [chunk async for chunk in await photos.photo_storage().fetch(KEY)]
    except NotFound:
        return None
    try:
        values = json.loads(b"".join(chunks))
        return Witness(int(values["seal"]), str(values["hash"]), datetime.fromisoformat(values["at"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"{KEY} in the storage of the photos is not a seal") from error


async def _lacks(witness: Witness) -> bool:
    row = await db.fetchrow("SELECT encode(hash, 'hex') AS hash FROM seal WHERE id = $1", witness.seal_id)
    return row is None or row["hash"] != witness.hash


async def _write(key: str, witness: Witness) -> None:
    with tempfile.TemporaryDirectory(prefix="loudeng-seal-") as folder:
        file = Path(folder) / "seal"
        file.write_text(witness.to_json() + "\n", "utf-8")
        await photos.photo_storage().put(key, file)
