"""The tables of the rules as Markdown: docs/lifecycle.md."""

from collections.abc import Iterator
from typing import Final

from app.enums import Status
from app.labels import CALL_NOT_ACKNOWLEDGED, EVENT, STATUS
from app.rules import common_life
from app.rules.access import Part
from app.rules.escalation import MOMENTS
from app.rules.lifecycle import CONSEQUENCES, MOVES, UNDO_PERIOD
from app.rules.moves import PREVIOUS_STATUS, SAME_STATUS, Move
from app.rules.notices import AUDIENCES, UNTAKEN_AUDIENCES, Audience

_HEAD: Final = """# The life of a ticket

Printed from `app/rules` by `make docs`; do not edit.

```mermaid
stateDiagram-v2
    [*] --> new: submit
"""
_TARGETS: Final = {SAME_STATUS: "the same", PREVIOUS_STATUS: "the state before"}


def lifecycle_page() -> str:
    """Return the states, moves, moments and notices as Markdown."""
    return (
        "\n".join(
            (
                _HEAD + "\n".join(_arrows()) + "\n```\n",
                *_states(),
                *_moves(),
                *_consequences(),
                *_moments(),
                *_notices(),
                "",
                *common_life.section(),
            )
        )
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
    yield "\n`take`: a partner takes what is dispatched to it; each called department takes its own call, in any of these states.\n"
    undoable = ", ".join(f"`{move.action}`" for move in MOVES.values() if move.undoable)
    yield (
        f"`undo`: {undoable}, by the post that did it, within {UNDO_PERIOD.total_seconds():.0f} seconds of the server's clock and "
        "only while nothing else has happened. State, holder and clocks are as if it had not been done.\n"
    )


def _row(move: Move[Part]) -> str:
    sources = "any" if move.sources == set(Status) else ", ".join(s for s in Status if s in move.sources)
    who = ", ".join(part for part in Part if part in move.parts)
    target = _TARGETS.get(move.target, move.target)
    return f"| `{move.action}` | {move.label} | {sources} | {target} | {who} | `ticket.{move.event}` |"


def _consequences() -> Iterator[str]:
    yield "| when | in the same transaction |\n|---|---|"
    yield from (f"| {when} | {then} |" for when, then in CONSEQUENCES)
    yield ""


def _moments() -> Iterator[str]:
    yield "| clock | at | the timer does |\n|---|---|---|"
    yield from (
        f"| {clock} | {m.percent} % | {m.act} |" for clock, moments in MOMENTS.items() for m in moments
    )
    yield ""


def _notices() -> Iterator[str]:
    yield "| event | 中文 | who is notified |\n|---|---|---|"
    for event, audiences in AUDIENCES.items():
        yield f"| `{event}` | {EVENT[event.removeprefix('ticket.')]} | {', '.join(audiences)} |"
    yield f"| any, when a ticket turns private | {EVENT['made_private']} | {Audience.LET_GO} |"
    for percent, audiences in UNTAKEN_AUDIENCES.items():
        yield f"| `ticket.reminded`, called {percent} % | {CALL_NOT_ACKNOWLEDGED} | {', '.join(audiences)} |"
