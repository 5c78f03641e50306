"""The command line."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app import db, log, settings
from app.errors import Misconfigured, Refusal

if TYPE_CHECKING:
    from app.services.erasing.register import Noted

_EPILOG: Final = """examples:
  python -m app serve                          database, API and worker
  LOUDENG_DEMO=1 python -m app serve           the same with the demo street
  python -m app template places places.xlsx
  python -m app import --dry-run places.xlsx grids.csv organisations.csv
  python -m app invite --role admin --place 人和街道
  python -m app verify-ledger
  python -m app backup /backups/2026-11-22.tar
  python -m app restore /backups/2026-11-22.tar --erasures /old/data/storage/erasures

Settings come from LOUDENG_* in the environment or .env; docs/settings.md lists them.
"""


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m app", description="楼灯 Loudeng", epilog=_EPILOG, formatter_class=raw
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="migrate, then run API and worker until Ctrl-C")
    only = serve.add_mutually_exclusive_group()
    only.add_argument("--api-only", action="store_true", help="no worker: timers run elsewhere")
    only.add_argument("--worker-only", action="store_true", help="no API: only timers and jobs")
    serve.add_argument("--workers", type=int, metavar="N", help="API processes (LOUDENG_WORKERS)")
    commands.add_parser("migrate", help="bring the schema up to date")
    commands.add_parser("demo", help="load the demo street")
    loading = commands.add_parser(
        "import", help="load places, grids, organisations, categories, calendar, posts"
    )
    loading.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="CSV or XLSX; the header says what it is"
    )
    loading.add_argument(
        "--dry-run", action="store_true", help="check everything, write nothing, say what would change"
    )
    template = commands.add_parser(
        "template", help="write a file to fill in and import, by its ending CSV or XLSX"
    )
    template.add_argument(
        "kind",
        choices=("places", "grids", "organisations", "categories", "calendar", "posts"),
        metavar="KIND",
        help="places, grids, organisations, categories, calendar, posts",
    )
    template.add_argument("file", type=Path, metavar="FILE")
    invite = commands.add_parser("invite", help="print a one-time invitation code, good for seven days")
    invite.add_argument(
        "--role", required=True, help="admin, street, community, head, deputy, duty, member, auditor, agent"
    )
    invite.add_argument(
        "--place", metavar="NAME", help="name, label or code of the street, community or grid"
    )
    invite.add_argument("--organisation", metavar="NAME", help="name or code, for --role agent")
    commands.add_parser(
        "verify-ledger", help="check every chain and seal; exit 1 names the first broken link"
    )
    backup = commands.add_parser("backup", help="write a consistent copy of everything while the server runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--with-keys", action="store_true", help="put the generated keys into it too")
    restore = commands.add_parser("restore", help="bring a backup back into an empty instance")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument(
        "--erasures",
        metavar="WHERE",
        help="who was erased since: a list, the folder of the old storage, or its s3://…",
    )
    commands.add_parser("erasures", help="print who was erased, by id, to be kept elsewhere")
    replaying = commands.add_parser(
        "replay-erasures", help="erase again whoever a restored database has brought back"
    )
    replaying.add_argument("where", nargs="?", metavar="WHERE", help="as for restore --erasures")
    commands.add_parser("openapi", help="print the API's schema")
    commands.add_parser("settings", help="print the table of settings, as Markdown")
    commands.add_parser("lifecycle", help="print states, moves, moments and notices, as Markdown")
    return parser


def main() -> int:
    """Run one command; return its exit status."""
    arguments = _parser().parse_args()
    if getattr(arguments, "workers", None) is not None:
        os.environ["LOUDENG_WORKERS"] = str(arguments.workers)
    try:
        level = settings.get().log_level
        log.configure(level if arguments.command == "serve" else "WARNING")  # a command speaks for itself
        return _COMMANDS[arguments.command](arguments)
    except (Misconfigured, Refusal) as error:
        sys.stderr.write(f"loudeng: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _serve(arguments: argparse.Namespace) -> int:
    from app.serve import serve  # noqa: PLC0415 - each command loads what it needs

    serve(api=not arguments.worker_only, work=not arguments.api_only)
    return 0


def _with_database(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    from app.serve import prepare  # noqa: PLC0415 - as above

    async def prepared(_: str, __: Path | None) -> int:
        await prepare()
        return await work()

    return _with_server(prepared)


def _with_server(work: Callable[[str, Path | None], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with the database as it is, its address, and where the embedded one's programs lie."""
    from app.serve import database  # noqa: PLC0415 - as above

    async def connected(dsn: str, folder: Path | None) -> int:
        db.connect(dsn)
        try:
            return await work(dsn, folder)
        finally:
            await db.disconnect()

    with database() as (dsn, cluster):
        return asyncio.run(connected(dsn, cluster.bin if cluster else None))


def _migrate(_: argparse.Namespace) -> int:
    async def done() -> int:
        return 0

    return _with_database(done)


def _demo(_: argparse.Namespace) -> int:
    async def load() -> int:
        from app.services import demo, people  # noqa: PLC0415 - as above

        await demo.load(people.consent().version)
        return 0

    return _with_database(load)


def _import(arguments: argparse.Namespace) -> int:
    async def load() -> int:
        from app.services import imports  # noqa: PLC0415 - as above

        report = await imports.load(arguments.files, dry=arguments.dry_run)
        for line in imports.told(report, dry=arguments.dry_run):
            _say(line)
        return 0 if report.ok else 1

    return _with_database(load)


def _template(arguments: argparse.Namespace) -> int:
    from app.services.imports import templates  # noqa: PLC0415 - as above

    templates.write(arguments.kind, arguments.file)
    return 0


def _invite(arguments: argparse.Namespace) -> int:
    async def invite() -> int:
        from app.services import inviting  # noqa: PLC0415 - as above

        invitation = await inviting.invite_by_name(arguments.role, arguments.place, arguments.organisation)
        sys.stdout.write(f"{invitation.label} 的邀请码（7天内有效，只能用一次）：{invitation.code}\n")
        return 0

    return _with_database(invite)


def _verify(_: argparse.Namespace) -> int:
    return _with_database(_verdict)


async def _verdict() -> int:
    from app.services import verifying  # noqa: PLC0415 - as above

    verdict = await verifying.verify()
    said = f"{verdict.tickets} 张工单，{verdict.events} 条记录，{verdict.seals} 次封存"
    sys.stdout.write(f"账本有误：{verdict.broken}\n" if verdict.broken else f"账本完好：{said}\n")
    return 1 if verdict.broken else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _backup(arguments: argparse.Namespace) -> int:
    conf = settings.get()
    if not conf.database_url and not conf.data_dir.exists():
        raise Misconfigured(f"there is nothing to back up: {conf.data_dir} does not exist")

    async def backup(dsn: str, folder: Path | None) -> int:
        from app.services import backups  # noqa: PLC0415 - as above

        missing = await backups.take(arguments.file, dsn, folder, _say, with_keys=arguments.with_keys)
        return 1 if missing else 0

    return _with_server(backup)


def _restore(arguments: argparse.Namespace) -> int:
    if not arguments.file.is_file():
        raise Misconfigured(f"there is no file {arguments.file}")

    async def restore(dsn: str, folder: Path | None) -> int:
        from app.serve import prepare  # noqa: PLC0415 - as above
        from app.services import backups  # noqa: PLC0415 - as above

        noted = await _noted(arguments.erasures)
        await backups.restore(arguments.file, dsn, folder, _say)
        await prepare()
        await _replay(noted)
        return await _verdict()

    return _with_server(restore)


async def _noted(where: str | None) -> "list[Noted]":
    from app.services import erasing  # noqa: PLC0415 - as above

    return await erasing.told(where) if where else []


async def _replay(noted: "list[Noted]") -> None:
    from app.services import erasing  # noqa: PLC0415 - as above

    count = await erasing.replay([*noted, *await erasing.noted()])
    _say(f"备份之后注销的用户：已重新注销 {count} 人")


def _replay_erasures(arguments: argparse.Namespace) -> int:
    async def replay() -> int:
        await _replay(await _noted(arguments.where))
        return 0

    return _with_database(replay)


def _erasures(_: argparse.Namespace) -> int:
    async def tell() -> int:
        from app.services import erasing  # noqa: PLC0415 - as above

        for one in await erasing.written():
            _say(one.line())
        return 0

    return _with_database(tell)


def _openapi(_: argparse.Namespace) -> int:
    from app.main import create_app  # noqa: PLC0415 - as above

    sys.stdout.write(json.dumps(create_app().openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return 0


def _settings(_: argparse.Namespace) -> int:
    sys.stdout.write(settings.table())
    return 0


def _lifecycle(_: argparse.Namespace) -> int:
    from app.rules import printed  # noqa: PLC0415 - as above

    sys.stdout.write(printed.lifecycle())
    return 0


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace], int]]] = {
    "serve": _serve,
    "migrate": _migrate,
    "demo": _demo,
    "import": _import,
    "template": _template,
    "invite": _invite,
    "verify-ledger": _verify,
    "backup": _backup,
    "restore": _restore,
    "erasures": _erasures,
    "replay-erasures": _replay_erasures,
    "openapi": _openapi,
    "settings": _settings,
    "lifecycle": _lifecycle,
}

if __name__ == "__main__":
    sys.exit(main())
