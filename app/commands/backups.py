"""Commands: backup, restore, and the erasures that a backup does not know of."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.commands.keys import KEY_LOSS
from app.commands.ledger import print_accepted_rollback, print_verdict
from app.commands.run import Commands, print_line, with_database, with_server
from app.errors import Misconfigured

if TYPE_CHECKING:
    from app.services.privacy.erasing import Tombstone


def add(commands: Commands) -> None:
    backup = commands.add_parser("backup", help="write a consistent copy of everything while the server runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--with-keys", action="store_true", help="include the generated keys")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="restore a backup into an empty instance")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument(
        "--erasures",
        metavar="WHERE",
        help="the erasures since the backup: a printed list, the old storage folder, or its s3://…",
    )
    restore.set_defaults(run=_restore)
    erasures = commands.add_parser(
        "erasures", help="print the ids of erased people, to be kept outside the database"
    )
    erasures.set_defaults(run=_erasures)
    replay = commands.add_parser(
        "replay-erasures", help="erase again the people that a restored database contains again"
    )
    replay.add_argument("where", nargs="?", metavar="WHERE", help="as for restore --erasures")
    replay.set_defaults(run=_replay_erasures)


def _backup(arguments: argparse.Namespace) -> int:
    conf = settings.get()
    if not conf.database_url and not conf.data_dir.exists():
        raise Misconfigured(f"there is nothing to back up: {conf.data_dir} does not exist")

    async def backup(dsn: str, folder: Path | None) -> int:
        from app.services import backups

        missing = await backups.create_backup(
            arguments.file, dsn, folder, print_line, with_keys=arguments.with_keys
        )
        return 1 if missing else 0

    return with_server(backup)


def _restore(arguments: argparse.Namespace) -> int:
    if not arguments.file.is_file():
        raise Misconfigured(f"there is no file {arguments.file}")

    async def restore(dsn: str, folder: Path | None) -> int:
        from app.serve import prepare
        from app.services import backups, photos

        tombstones = await _read_tombstones(arguments.erasures)
        await backups.restore_backup(arguments.file, dsn, folder, print_line)
        await prepare(uses_keys=False)
        await _keys_after_restore()
        await photos.accept_storage()
        await _replay(tombstones)
        await print_accepted_rollback()
        return await print_verdict()

    return with_server(restore)


async def _keys_after_restore() -> None:
    from app.services import key_checks

    for name in await key_checks.keys_after_restore():
        print_line(f"注意：这里的 {name} 与备份时的不同：{KEY_LOSS[name]}")


async def _read_tombstones(where: str | None) -> "list[Tombstone]":
    from app.services.privacy import erasing

    return await erasing.load_tombstones(where) if where else []


async def _replay(tombstones: "list[Tombstone]") -> None:
    from app.services.privacy import erasing

    count = await erasing.replay_erasures([*tombstones, *await erasing.stored_tombstones()])
    print_line(f"备份之后注销的用户：已重新注销 {count} 人")


def _replay_erasures(arguments: argparse.Namespace) -> int:
    async def replay() -> int:
        await _replay(await _read_tombstones(arguments.where))
        return 0

    return with_database(replay, uses_keys=False)


def _erasures(_: argparse.Namespace) -> int:
    async def print_tombstones() -> int:
        from app.services.privacy import erasing

        for tombstone in await erasing.database_tombstones():
            print_line(tombstone.to_json())
        return 0

    return with_database(print_tombstones, uses_keys=False)
