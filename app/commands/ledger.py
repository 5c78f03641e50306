"""Command: verify-ledger."""

import argparse

from app.commands.run import Commands, print_line, with_database


def add(commands: Commands) -> None:
    commands.add_parser(
        "verify-ledger", help="check every chain and seal; exit 1 names the first broken link"
    ).set_defaults(run=_verify)


def _verify(_: argparse.Namespace) -> int:
    return with_database(print_verdict, uses_keys=False)


async def print_verdict() -> int:
    from app.services import ledger

    verdict = await ledger.verify_ledger()
    counts = f"{verdict.tickets} 张工单，{verdict.events} 条记录，{verdict.seals} 次封存，{verdict.subjects} 项共治事项，{verdict.accounts} 个账户"
    print_line(f"账本有误：{verdict.broken}" if verdict.broken else f"账本完好：{counts}")
    return 1 if verdict.broken else 0
