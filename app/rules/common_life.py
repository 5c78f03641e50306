"""The tables of the common life's nouns as Markdown, for docs/lifecycle.md."""

from collections.abc import Iterator
from typing import Final

from app.enums import CareNeed, SubjectKind
from app.rules import disputes, points, relationships
from app.rules.lives import LIVES
from app.rules.moves import SAME_STATUS, Move
from app.rules.subjects import Life, SubjectPart


def section() -> Iterator[str]:
    """Yield the lines about every kind of subject."""
    yield "## The common life\n"
    yield (
        "Each noun has a table like the ticket's. `resident`: who lives where it is about; a subject of a whole community "
        "concerns the staff of its grids, too.\n"
    )
    for life in LIVES.values():
        yield from _life(life)
    yield from points.section()


def _life(life: Life) -> Iterator[str]:
    yield f"### {life.kind} {life.label}\n"
    yield "States: " + ", ".join(f"`{status}` {label}" for status, label in life.statuses.items()) + "."
    yield f"Created by: {_parts(life.creators)}.\n"
    yield "| action | 中文 | from | to | who | event | told |\n|---|---|---|---|---|---|---|"
    yield from (_row(life, move) for move in life.moves.values())
    if life.note:
        yield f"\n{life.note}"
    yield ""
    if life.kind in _NOTES:
        yield from (*_NOTES[life.kind](), "")


def _of_relationships() -> Iterator[str]:
    yield "| kind | sides |\n|---|---|"
    yield from (f"| `{sort}` | {', '.join(sides)} |" for sort, sides in relationships.SIDES.items())
    yield "\n| need | days from one visit to the next |\n|---|---|"
    yield from (f"| `{need}` | {relationships.days_between(need)} |" for need in CareNeed)
    yield (
        f"\nAfter a sudden change the next visit is due within {relationships.SUDDEN_HOURS} hours. After {relationships.MISSED_TIMES} "
        "visits in a row that have not come the office is told of the household. An agreement is over from its end on."
    )


def _of_disputes() -> Iterator[str]:
    yield (
        f"Seen by {_parts(disputes.INSIDERS)} only; staff of the community and street, and the auditor, see counts. Both parties are "
        f"reminded {disputes.COURT_REMINDER_DAYS} days before the last of the {disputes.COURT_DAYS} days in which they may go to the court."
    )


_NOTES: Final = {SubjectKind.RELATIONSHIP: _of_relationships, SubjectKind.DISPUTE: _of_disputes}


def _row(life: Life, move: Move[SubjectPart]) -> str:
    sources = ", ".join(status for status in life.statuses if status in move.sources)
    target = "the same" if move.target == SAME_STATUS else move.target
    told = ", ".join(sorted(life.audiences.get(move.event, ()))) or "nobody"
    event = f"`{life.kind}.{move.event}`"
    return (
        f"| `{move.action}` | {move.label} | {sources} | {target} | {_parts(move.parts)} | {event} | {told} |"
    )


def _parts(parts: frozenset[SubjectPart]) -> str:
    return ", ".join(part for part in SubjectPart if part in parts)
