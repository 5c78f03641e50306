"""Creates a backup: one snapshot of the database, then the photos it refers to, while the server goes on writing."""

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
from app.services import encryption, photos
from app.services.backups import archive
from app.services.backups.archive import Manifest, Writer

Report = Callable[[str], None]  # gets one line of progress
# While a key is rotated the database needs both.
KEY_NAMES: Final = ("secret", "pii_key", "secret.previous", "pii_key.previous")
_REPORT_EVERY: Final = 1000  # photos

SELECT_TABLES: Final = """
SELECT c.relname AS name FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""


async def create_backup(
    path: Path, dsn: str, folder: Path | None, report: Report, *, with_keys: bool = False
) -> int:
    """Write a backup of the connected database at `dsn` to `path`; return how many photos could not be found.

    It holds everything acknowledged before the call. `folder`: the folder of the running server's programs.
    """
    with archive.create_file(path) as file:
        writer = Writer(file)
        manifest, photo_ids = await _dump(writer, path, dsn, folder, report)
        await _add_photos(writer, manifest, photo_ids, report)
        if with_keys:
            _add_keys(writer, manifest)
        writer.close(manifest)
        size = file.tell()
    report(f"备份完成：{path}（{size:,} 字节，{manifest.counts.get('ticket', 0)} 张工单）")
    report(_describe_keys(manifest))
    if manifest.missing:
        report(f"有 {len(manifest.missing)} 张照片在存储里找不到，备份里没有它们：{manifest.missing[0]} 等")
    return len(manifest.missing)


async def _dump(
    writer: Writer, path: Path, dsn: str, folder: Path | None, report: Report
) -> tuple[Manifest, list[UUID]]:
    async with db.snapshot() as view:
        server = int(await view.fetchval("SHOW server_version_num")) // 10000
        if await view.fetchval("SELECT to_regclass('alembic_version')") is None:
            raise Misconfigured("there is nothing to back up: this database holds no Loudeng")
        program = tools.find_tool("pg_dump", server, folder)
        manifest = await _manifest(view, server)
        photo_ids = [row["id"] for row in await view.fetch("SELECT id FROM photo ORDER BY id")]
        exported = await view.fetchval("SELECT pg_export_snapshot()")
        report(f"数据库：{manifest.counts.get('ticket', 0)} 张工单，{manifest.counts.get('event', 0)} 条记录")
        # In the folder of the backup, where there has to be room for it; /tmp may be too small.
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as draft:
            dump = Path(draft) / archive.DUMP_NAME
            options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={exported}")
            await asyncio.to_thread(tools.run_tool, program, dsn, [*options, f"--file={dump}"])
            with dump.open("rb") as source:
                writer.add(archive.DUMP_NAME, source, dump.stat().st_size)
    return manifest, photo_ids


async def _manifest(view: Any, server: int) -> Manifest:
    names = [row["name"] for row in await view.fetch(SELECT_TABLES)]
    return Manifest(
        revision=await view.fetchval("SELECT version_num FROM alembic_version"),
        taken_at=clock.now().isoformat(),
        server=server,
        counts={name: await view.fetchval(f'SELECT count(*) FROM "{name}"') for name in names},
        pii_check=pii_check(),
    )


def pii_check() -> str:
    """Return a value that is equal for instances with the same pii_key and reveals nothing about the key."""
    return encryption.blind_index("backup").hex()[:16]


async def _add_photos(writer: Writer, manifest: Manifest, photo_ids: list[UUID], report: Report) -> None:
    for n, photo_id in enumerate(photo_ids, 1):
        await _add_photo(writer, manifest, photo_id)
        if n % _REPORT_EVERY == 0 or n == len(photo_ids):
            report(f"照片：{n}/{len(photo_ids)}")


async def _add_photo(writer: Writer, manifest: Manifest, photo_id: UUID) -> None:
    """Add both sizes of a photo. One deleted since the snapshot is left out and does not count as missing."""
    try:
        contents = [(size, await _read_photo(photo_id, size)) for size in photos.PHOTO_SIZES]
    except NotFound:
        if await db.fetch("SELECT FROM photo WHERE id = $1", photo_id):
            manifest.missing.append(str(photo_id))
        return
    for size, content in contents:
        writer.add(photos.storage_key(photo_id, size), io.BytesIO(content), len(content))
    manifest.photos += 1


async def _read_photo(photo_id: UUID, size: photos.PhotoSize) -> bytes:
    chunks = await photos.photo_storage().fetch(photos.storage_key(photo_id, size))
    return b"".join([chunk async for chunk in chunks])


def _add_keys(writer: Writer, manifest: Manifest) -> None:
    for name in KEY_NAMES:
        file = settings.get().data_dir / f"{name}.key"
        if file.exists() and getattr(settings.get(), name.partition(".")[0]) is None:
            content = file.read_bytes()
            writer.add(f"{archive.KEYS_PREFIX}{name}.key", io.BytesIO(content), len(content))
            manifest.keys.append(name)


def _describe_keys(manifest: Manifest) -> str:
    if manifest.keys:
        return f"备份里有密钥（{'、'.join(manifest.keys)}），请像密码一样保管"
    return "备份里没有密钥：请另存数据目录里的 secret.key 和 pii_key.key（或 LOUDENG_SECRET、LOUDENG_PII_KEY），没有后者就读不出电话号码"
