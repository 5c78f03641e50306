"""Bringing a backup back into an empty instance: checked whole first, photos before the rows that name them."""

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
from app.services.backups.taking import TABLES, Say, pii_check

_ANYTHING: Final = "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1"


async def restore(path: Path, dsn: str, folder: Path | None, say: Say) -> None:
    """Restore the backup at `path` into the connected, empty database at `dsn` and the empty storage.

    The schema is as old as the backup afterwards: migrate it. Misconfigured, and nothing in the database, when
    the instance is not empty or the backup not whole.
    """
    await _refuse_unless_empty()
    manifest, names = await asyncio.to_thread(archive.check, path)
    _refuse_newer(manifest)
    _refuse_other_keys(path, manifest)
    await _refuse_other_photos(names)
    server = await db.fetchrow("SHOW server_version_num")
    assert server is not None
    major = int(server["server_version_num"]) // 10000
    if major < manifest.server:
        raise Misconfigured(f"the backup is of PostgreSQL {manifest.server}, this server is {major}")
    say(f"备份完好：{manifest.taken_at}，{manifest.counts.get('ticket', 0)} 张工单，{manifest.photos} 张照片")
    program = tools.find("pg_restore", major, folder)
    # Beside the data, where there is room for it.
    settings.get().data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore.", dir=settings.get().data_dir) as draft:
        await _unpack(path, Path(draft), say)
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        await asyncio.to_thread(tools.run, program, dsn, [*options, Path(draft) / archive.DUMP])
    await _compare(manifest)
    say("数据库已恢复，数目与备份一致")
    if pii_check() != manifest.pii_check:
        say(
            "注意：加密电话号码的密钥与备份时不同，恢复的电话号码读不出来；请换回原来的 pii_key.key 或 LOUDENG_PII_KEY"
        )


async def _refuse_unless_empty() -> None:
    if await db.fetch(_ANYTHING):
        raise Misconfigured("this instance is not empty; restore goes only into an empty one")


def _refuse_newer(manifest: Manifest) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(schema.config()).walk_revisions()}
    if manifest.revision not in known:
        raise Misconfigured(
            f"the backup has schema {manifest.revision}, which this program does not know: use a newer one"
        )


def _refuse_other_keys(path: Path, manifest: Manifest) -> None:
    if not manifest.keys:
        return
    for member, source in archive.members(path):
        file = _key_file(member.name)
        if file and file.exists() and file.read_bytes() != source.read():
            raise Misconfigured(f"{file} is there already and is another key than the backup's")


async def _refuse_other_photos(names: set[str]) -> None:
    """Let the photos of this backup stand, which a restore that was cut short has left."""
    async for key in photos.storage().keys("photos/"):
        if key not in names:
            raise Misconfigured("this instance is not empty: its storage holds photos of another one")


def _key_file(name: str) -> Path | None:
    return settings.get().data_dir / Path(name).name if name.startswith(archive.KEYS) else None


async def _unpack(path: Path, draft: Path, say: Say) -> None:
    count = 0
    for member, source in archive.members(path):
        if member.name == archive.MANIFEST:
            continue
        target = draft / "member"
        if member.name == archive.DUMP:
            target = draft / archive.DUMP
        _copy(source, target)
        if file := _key_file(member.name):
            target.replace(file)
        elif member.name != archive.DUMP:
            await photos.storage().put(member.name, target)
            count += 1
    say(f"照片：{count // len(photos.SIZES)} 张已放回")


def _copy(source: IO[bytes], target: Path) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


async def _compare(manifest: Manifest) -> None:
    names = [row["name"] for row in await db.fetch(TABLES)]
    for name in names:
        row = await db.fetchrow(f'SELECT count(*) AS n FROM "{name}"')
        if row is None or row["n"] != manifest.counts.get(name):
            raise Misconfigured(f"table {name} does not hold what the backup says it should")
    if set(names) != set(manifest.counts):
        raise Misconfigured("the restored database does not hold the tables the backup says it should")
