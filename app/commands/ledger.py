"""Command: verify-ledger."""

import argparse

from app.commands.run import Commands, print_line, with_database
from app.enums import SHANGHAI

_HELP = """examples:
  python -m app verify-ledger                    also names a database that went back to an older state
  python -m app verify-ledger --accept-rollback  go on from that state; what is lost stays on record in the storage
"""


def add(commands: Commands) -> None:
    verify = commands.add_parser(
        "verify-ledger",
        help="check every chain and seal; exit 1 names the first broken link",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument(
        "--accept-rollback", action="store_true", help="go on although the newest records are lost"
    )
    verify.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    async def verify() -> int:
        if arguments.accept_rollback:
            await print_accepted_rollback()
        return await print_verdict()

    return with_database(verify, uses_keys=False)


async def print_accepted_rollback() -> None:
    """Go on from an older state of the database, and say what it lacks."""
    from app.services import backups

    if lost := await backups.accept_rollback():
        until = lost.at.astimezone(SHANGHAI)
        print_line(
            f"注意：数据库里没有第 {lost.seal_id} 次封存（{until:%Y-%m-%d %H:%M:%S}）：最近的记录已丢失"
        )


async def print_verdict() -> int:
    from app.services import backups, ledger

    verdict = await ledger.verify_ledger()
    lost = await backups.find_rollback()
    if lost and not verdict.broken:
        until = lost.at.astimezone(SHANGHAI)
        verdict.broken = f"数据库回到了旧的状态：第 {lost.seal_id} 次封存（{until:%Y-%m-%d %H:%M:%S}）曾经有过，现在没有，或是另一次"
    counts = f"{verdict.tickets} 张工单，{verdict.events} 条记录，{verdict.seals} 次封存，{verdict.subjects} 项共治事项，{verdict.accounts} 个账户"
    print_line(f"账本有误：{verdict.broken}" if verdict.broken else f"账本完好：{counts}")
    return 1 if verdict.broken else 0
