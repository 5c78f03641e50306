"""Whether every move of every kind has all it needs: looked at once, when the program starts."""

from collections.abc import Iterator

from app.enums import SubjectKind
from app.errors import Misconfigured
from app.models.act import ActIn
from app.rules.lives import LIVES
from app.rules.moves import SAME_STATUS
from app.rules.subjects import Life
from app.services.subjects.columns import OF_KIND
from app.services.subjects.effects import DECISIONS
from app.services.subjects.new import BEGINNINGS
from app.services.subjects.shapes import SHAPES


def require_complete() -> None:
    """Raise Misconfigured, which names everything that is missing."""
    if missing := [what for life in LIVES.values() for what in missing_of(life)]:
        raise Misconfigured("subjects are incomplete: " + "; ".join(missing))


def missing_of(life: Life) -> Iterator[str]:
    """Name what one kind lacks."""
    if life.kind not in OF_KIND:
        yield f"{life.kind}: no columns in services/subjects/columns.py OF_KIND"
    if life.kind not in {*BEGINNINGS, SubjectKind.RESERVATION}:
        yield f"{life.kind}: no beginning in services/subjects/new BEGINNINGS"
    for action, move in life.moves.items():
        where = f"{life.kind} {action}"
        if action not in DECISIONS[life.kind]:
            yield f"{where}: no function in services/subjects/effects.py DECISIONS"
        if move.event not in life.events:
            yield f"{where}: no Chinese of {move.event} in its events"
        if unknown := (move.sources | {move.target}) - {*life.statuses, SAME_STATUS}:
            yield f"{where}: unknown statuses {sorted(unknown)}"
        if issubclass(SHAPES[life.kind].bodies[action], ActIn) is not move.versioned:
            yield f"{where}: its row and {move.form} do not agree whether it is versioned"
    if untold := life.audiences.keys() - life.events.keys():
        yield f"{life.kind}: audiences of unknown events {sorted(untold)}"
