"""The tables of the rules as people read them: docs/lifecycle.md is printed from here."""

from collections.abc import Iterator
from typing import Final

from app.rules.access import Part
from app.rules.escalation import MOMENTS
from app.rules.lifecycle import BEFORE, MOVES, STAYS, Move
from app.rules.notices import OF_UNTAKEN, TOLD
from app.words import ACTION, EVENT, STATUS, UNTAKEN, Status

_HEAD: Final = """# The life of a ticket

Printed from `app/rules` by `make docs`; do not edit.

```mermaid
stateDiagram-v2
    [*] --> new: submit
"""
_TARGETS: Final = {STAYS: "the same", BEFORE: "the state before"}


def lifecycle() -> str:
    """Return the states, moves, moments and notices as Markdown."""
    return (
        "\n".join((_HEAD + "\n".join(_arrows()) + "\n```\n", *_states(), *_moves(), *_moments(), *_told()))
        + "\n"
    )


def _arrows() -> Iterator[str]:
    for source in Status:
        for move in MOVES.values():
            if source in move.sources and move.target not in _TARGETS:
                yield f"    {source} --> {move.target}: {move.action}"


def _states() -> Iterator[str]:
    yield "| state | 中文 |\n|---|---|"
    yield from (f"| `{status}` | {STATUS[status]} |" for status in Status)
    yield ""


def _moves() -> Iterator[str]:
    yield "| action | 中文 | from | to | who | event |\n|---|---|---|---|---|---|"
    yield from (_row(move) for move in MOVES.values())
    yield "\nA partner takes what is dispatched; each department called, in any of these states, its own part.\n"


def _row(move: Move) -> str:
    sources = "any" if move.sources == set(Status) else ", ".join(s for s in Status if s in move.sources)
    who = ", ".join(part for part in Part if part in move.parts)
    target = _TARGETS.get(move.target, move.target)
    return (
        f"| `{move.action}` | {ACTION[move.action]} | {sources} | {target} | {who} | `ticket.{move.event}` |"
    )


def _moments() -> Iterator[str]:
    yield "| clock | at | the timer does |\n|---|---|---|"
    yield from (
        f"| {clock} | {m.percent} % | {m.act} |" for clock, moments in MOMENTS.items() for m in moments
    )
    yield ""


def _told() -> Iterator[str]:
    yield "| event | 中文 | who is told |\n|---|---|---|"
    for event, audiences in TOLD.items():
        yield f"| `{event}` | {EVENT[event.removeprefix('ticket.')]} | {', '.join(audiences)} |"
    for percent, audiences in OF_UNTAKEN.items():
        yield f"| `ticket.reminded`, called {percent} % | {UNTAKEN} | {', '.join(audiences)} |"
