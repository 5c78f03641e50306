"""Taking a backup: one snapshot of the database, then the photos it refers to; the server goes on writing meanwhile."""

import asyncio
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app import clock, db, settings
from app.errors import Misconfigured, NotFound
from app.pg import tools
from app.services import photos, vault
from app.services.backups import archive
from app.services.backups.archive import Manifest, Writer

Say = Callable[[str], None]
KEYS: Final = ("secret", "pii_key")
_STEP: Final = 1000  # photos between two lines of progress

TABLES: Final = """
SELECT c.relname AS name FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


async def take(path: Path, dsn: str, folder: Path | None, say: Say, *, with_keys: bool = False) -> int:
    """Write a backup of the connected database at `dsn` to `path`; return how many photos could not be found.

    Everything acknowledged before this begins is in it. `folder`: where the running server's programs lie.
    """
    with archive.written(path) as file:
        writer = Writer(file)
        manifest, wanted = await _dump(writer, path, dsn, folder, say)
        await _add_photos(writer, manifest, wanted, say)
        if with_keys:
            _add_keys(writer, manifest)
        writer.close(manifest)
        size = file.tell()
    say(f"备份完成：{path}（{size:,} 字节，{manifest.counts.get('ticket', 0)} 张工单）")
    say(_about_keys(manifest))
    if manifest.missing:
        say(f"有 {len(manifest.missing)} 张照片在存储里找不到，备份里没有它们：{manifest.missing[0]} 等")
    return len(manifest.missing)


async def _dump(
    writer: Writer, path: Path, dsn: str, folder: Path | None, say: Say
) -> tuple[Manifest, list[UUID]]:
    async with db.snapshot() as view:
        server = int(await view.fetchval("SHOW server_version_num")) // 10000
        if await view.fetchval("SELECT to_regclass('alembic_version')") is None:
            raise Misconfigured("there is nothing to back up: this database holds no Loudeng")
        program = tools.find("pg_dump", server, folder)
        manifest = await _manifest(view, server)
        wanted = [row["id"] for row in await view.fetch("SELECT id FROM photo ORDER BY id")]
        exported = await view.fetchval("SELECT pg_export_snapshot()")
        say(f"数据库：{manifest.counts.get('ticket', 0)} 张工单，{manifest.counts.get('event', 0)} 条记录")
        # Beside the backup: where it goes there has to be room, in /tmp there may be none.
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as draft:
            dump = Path(draft) / archive.DUMP
            options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={exported}")
            await asyncio.to_thread(tools.run, program, dsn, [*options, f"--file={dump}"])
            with dump.open("rb") as source:
                writer.add(archive.DUMP, source, dump.stat().st_size)
    return manifest, wanted


async def _manifest(view: Any, server: int) -> Manifest:
    names = [row["name"] for row in await view.fetch(TABLES)]
    return Manifest(
        revision=await view.fetchval("SELECT version_num FROM alembic_version"),
        taken_at=clock.now().isoformat(),
        server=server,
        counts={name: await view.fetchval(f'SELECT count(*) FROM "{name}"') for name in names},
        pii_check=pii_check(),
    )


def pii_check() -> str:
    """Return what tells whether two instances encrypt phone numbers with the same key, and nothing of the key."""
    return vault.index("backup").hex()[:16]


async def _add_photos(writer: Writer, manifest: Manifest, wanted: list[UUID], say: Say) -> None:
    for n, photo_id in enumerate(wanted, 1):
        await _add_photo(writer, manifest, photo_id)
        if n % _STEP == 0 or n == len(wanted):
            say(f"照片：{n}/{len(wanted)}")


async def _add_photo(writer: Writer, manifest: Manifest, photo_id: UUID) -> None:
    """Add both sizes of a photo. One that was swept or erased since the snapshot is rightly gone."""
    try:
        both = [(size, await _whole(photo_id, size)) for size in photos.SIZES]
    except NotFound:
        if await db.fetch("SELECT FROM photo WHERE id = $1", photo_id):
            manifest.missing.append(str(photo_id))
        return
    for size, content in both:
        writer.add(photos.key_of(photo_id, size), io.BytesIO(content), len(content))
    manifest.photos += 1


async def _whole(photo_id: UUID, size: photos.Size) -> bytes:
    chunks = await photos.storage().fetch(photos.key_of(photo_id, size))
    return b"".join([chunk async for chunk in chunks])


def _add_keys(writer: Writer, manifest: Manifest) -> None:
    for name in KEYS:
        file = settings.get().data_dir / f"{name}.key"
        if file.exists() and getattr(settings.get(), name) is None:
            content = file.read_bytes()
            writer.add(f"{archive.KEYS}{name}.key", io.BytesIO(content), len(content))
            manifest.keys.append(name)


def _about_keys(manifest: Manifest) -> str:
    if manifest.keys:
        return f"备份里有密钥（{'、'.join(manifest.keys)}），请像密码一样保管"
    return "备份里没有密钥：请另存数据目录里的 secret.key 和 pii_key.key（或 LOUDENG_SECRET、LOUDENG_PII_KEY），没有后者就读不出电话号码"
