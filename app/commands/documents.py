"""Commands that print what the docs are generated from: openapi, settings, lifecycle."""

import argparse
import json
import sys

from app import settings
from app.commands.run import Commands


def add(commands: Commands) -> None:
    commands.add_parser("openapi", help="print the API's schema").set_defaults(run=_openapi)
    commands.add_parser("settings", help="print the table of settings, as Markdown").set_defaults(
        run=_settings
    )
    commands.add_parser(
        "lifecycle", help="print states, moves, moments and notices, as Markdown"
    ).set_defaults(run=_lifecycle)


def _openapi(_: argparse.Namespace) -> int:
    from app.main import create_app

    sys.stdout.write(json.dumps(create_app().openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    return 0


def _settings(_: argparse.Namespace) -> int:
    sys.stdout.write(settings.table())
    return 0


def _lifecycle(_: argparse.Namespace) -> int:
    from app.rules import markdown

    sys.stdout.write(markdown.lifecycle_page())
    return 0
