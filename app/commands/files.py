"""Commands: import, template."""

import argparse
from pathlib import Path

from app.commands.run import Commands, print_line, with_database


def add(commands: Commands) -> None:
    import_ = commands.add_parser(
        "import", help="load places, grids, organisations, categories, calendar, posts"
    )
    import_.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="CSV or XLSX; its header tells what it holds"
    )
    import_.add_argument(
        "--dry-run", action="store_true", help="check everything, write nothing, print what would change"
    )
    import_.set_defaults(run=_import)
    template = commands.add_parser(
        "template", help="write an empty file to fill in and import, CSV or XLSX by its extension"
    )
    template.add_argument(
        "kind",
        choices=("places", "grids", "organisations", "categories", "calendar", "posts"),
        metavar="KIND",
        help="places, grids, organisations, categories, calendar, posts",
    )
    template.add_argument("file", type=Path, metavar="FILE")
    template.set_defaults(run=_template)


def _import(arguments: argparse.Namespace) -> int:
    async def load() -> int:
        from app.services import imports

        report = await imports.load_files(arguments.files, dry=arguments.dry_run)
        for line in imports.format_report(report, dry=arguments.dry_run):
            print_line(line)
        return 0 if report.ok else 1

    return with_database(load)


def _template(arguments: argparse.Namespace) -> int:
    from app.services import imports

    imports.write_template(arguments.kind, arguments.file)
    return 0
