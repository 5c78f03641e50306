"""Which storage has the photos of this database: a second machine with a directory of its own would not find them."""

import secrets
from pathlib import Path
from typing import Final

from app import db, settings
from app.errors import Misconfigured

BUCKET: Final = "bucket"
_FILE: Final = ".storage-id"  # hidden: no key, so no backup has it


async def require_storage() -> None:
    """Compare the storage of this process with the one the database knows, which at first is this one.

    Raises Misconfigured for a directory that is another one. A bucket is always taken: its name is in the settings of
    every machine.
    """
    if settings.get().database_url is None:  # the database is beside the photos
        return
    known = await _known()
    if known is None or settings.get().storage_url:
        await accept_storage()
    elif known != _read():
        where = "in a bucket" if known == BUCKET else "in the directory of another machine"
        raise Misconfigured(
            f"the photos of this database are kept {where}, not in {_directory()}: set LOUDENG_STORAGE_URL, or share "
            "the directory; if the photos are here, run 'python -m app accept-storage'"
        )


async def accept_storage() -> None:
    """Make the storage of this process the database's."""
    own = BUCKET if settings.get().storage_url else _read() or _create()
    if own != await _known():
        await db.fetch("UPDATE setup SET storage = $1", own)


async def _known() -> str | None:
    row = await db.fetchrow("SELECT storage FROM setup")
    return row and row["storage"]


def _directory() -> Path:
    return settings.get().data_dir / "storage"


def _read() -> str | None:
    file = _directory() / _FILE
    return file.read_text().strip() if file.exists() else None


def _create() -> str:
    _directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    own = secrets.token_hex(8)
    (_directory() / _FILE).write_text(f"{own}\n")
    return own
