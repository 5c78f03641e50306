"""Restores a backup into an empty instance: checks all of it first, and stores photos before the rows that refer to them."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO, Final

from alembic.script import ScriptDirectory

from app import db, settings
from app.errors import Misconfigured
from app.pg import tools
from app.services import photos, schema
from app.services.backups import archive
from app.services.backups.archive import Manifest
from app.services.backups.create import SELECT_TABLES, Report

_SELECT_ANY_TABLE: Final = "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1"


async def restore_backup(path: Path, dsn: str, folder: Path | None, report: Report) -> None:
    """Restore the backup at `path` into the connected, empty database at `dsn` and the empty storage.

    Afterwards the schema is as old as the backup: migrate it. Raises Misconfigured, with nothing written to the
    database, when the instance is not empty or the backup is damaged.
    """
    await _require_empty()
    manifest, names = await asyncio.to_thread(archive.check, path)
    _require_known_schema(manifest)
    _require_same_keys(path, manifest)
    await _require_own_photos(names)
    server = await db.fetchrow("SHOW server_version_num")
    assert server is not None
    major = int(server["server_version_num"]) // 10000
    if major < manifest.server:
        raise Misconfigured(f"the backup is of PostgreSQL {manifest.server}, this server is {major}")
    report(
        f"备份完好：{manifest.taken_at}，{manifest.counts.get('ticket', 0)} 张工单，{manifest.photos} 张照片"
    )
    program = tools.find_tool("pg_restore", major, folder)
    # In the data directory, where there is room for it.
    settings.get().data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore.", dir=settings.get().data_dir) as draft:
        await _extract(path, Path(draft), report)
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        await asyncio.to_thread(tools.run_tool, program, dsn, [*options, Path(draft) / archive.DUMP_NAME])
    await _compare(manifest)
    report("数据库已恢复，数目与备份一致")


async def _require_empty() -> None:
    if await db.fetch(_SELECT_ANY_TABLE):
        raise Misconfigured("this instance is not empty; restore goes only into an empty one")


def _require_known_schema(manifest: Manifest) -> None:
    revisions = {script.revision for script in ScriptDirectory.from_config(schema.config()).walk_revisions()}
    if manifest.revision not in revisions:
        raise Misconfigured(
            f"the backup has schema {manifest.revision}, which this program does not know: use a newer one"
        )


def _require_same_keys(path: Path, manifest: Manifest) -> None:
    if not manifest.keys:
        return
    for member, source in archive.members(path):
        file = _key_file(member.name)
        if file and file.exists() and file.read_bytes() != source.read():
            raise Misconfigured(f"{file} is there already and is another key than the backup's")


async def _require_own_photos(names: set[str]) -> None:
    """Raise Misconfigured for photos of another instance; an interrupted restore may have left some of this backup."""
    async for key in photos.photo_storage().keys("photos/"):
        if key not in names:
            raise Misconfigured("this instance is not empty: its storage holds photos of another one")


def _key_file(name: str) -> Path | None:
    return settings.get().data_dir / Path(name).name if name.startswith(archive.KEYS_PREFIX) else None


async def _extract(path: Path, draft: Path, report: Report) -> None:
    count = 0
    for member, source in archive.members(path):
        if member.name == archive.MANIFEST_NAME:
            continue
        target = draft / "member"
        if member.name == archive.DUMP_NAME:
            target = draft / archive.DUMP_NAME
        _copy(source, target)
        if file := _key_file(member.name):
            target.replace(file)
        elif member.name != archive.DUMP_NAME:
            await photos.photo_storage().put(member.name, target)
            count += 1
    report(f"照片：{count // len(photos.PHOTO_SIZES)} 张已放回")


def _copy(source: IO[bytes], target: Path) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


async def _compare(manifest: Manifest) -> None:
    """Raise Misconfigured unless the tables have the row counts of the manifest."""
    names = [row["name"] for row in await db.fetch(SELECT_TABLES)]
    for name in names:
        row = await db.fetchrow(f'SELECT count(*) AS n FROM "{name}"')
        if row is None or row["n"] != manifest.counts.get(name):
            raise Misconfigured(f"table {name} does not hold what the backup says it should")
    if set(names) != set(manifest.counts):
        raise Misconfigured("the restored database does not hold the tables the backup says it should")
