"""Command: rebuild-figures."""

import argparse
from datetime import datetime

from app.commands.run import Commands, print_line, with_database
from app.enums import SHANGHAI
from app.errors import Invalid


def add(commands: Commands) -> None:
    rebuild = commands.add_parser(
        "rebuild-figures",
        help="fold the ledger into figures anew; needed only where what is stored was damaged",
    )
    rebuild.add_argument("--month", metavar="YYYY-MM", help="only the tickets of this month (default: all)")
    rebuild.set_defaults(run=_rebuild)


def _rebuild(arguments: argparse.Namespace) -> int:
    async def rebuild() -> int:
        from app.services import figures

        print_line(f"已重新整理 {await figures.rebuild(*_month(arguments.month))} 张工单")
        return 0

    return with_database(rebuild, uses_keys=False)


def _month(text: str | None) -> tuple[datetime, datetime]:
    """Return a month in Shanghai as [from, to), all time without one. Raises Invalid."""
    if text is None:
        return datetime(2000, 1, 1, tzinfo=SHANGHAI), datetime(2100, 1, 1, tzinfo=SHANGHAI)
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid("--month 要写成 2026-07 这样") from None
    return first, first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
