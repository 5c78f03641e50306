"""Whether every action of the table has all it needs: looked at once, when the program starts."""

from collections.abc import Iterator

from app.errors import Misconfigured
from app.labels import EVENT
from app.models import act as shapes
from app.rules.access import Part
from app.rules.lifecycle import MOVES
from app.rules.moves import Move
from app.rules.notices import AUDIENCES, SILENT
from app.services.notices import SENTENCES
from app.services.tickets.effects import DECISIONS


def require_complete() -> None:
    """Raise Misconfigured, which names everything that is missing, unless each row of MOVES has what it needs."""
    missing = [f"{move.action}: {what}" for move in MOVES.values() for what in _missing(move)]
    missing += [f"{action}: no row in rules/lifecycle.py MOVES" for action in DECISIONS.keys() - MOVES.keys()]
    if missing:
        raise Misconfigured("actions are incomplete: " + "; ".join(missing))


def _missing(move: Move[Part]) -> Iterator[str]:
    shape = getattr(shapes, move.form, None)
    if shape is None:
        yield f"no shape {move.form} in models/act.py"
    elif issubclass(shape, shapes.ActIn) is not move.versioned:
        yield f"its row and {move.form} in models/act.py do not agree whether it is versioned"
    if move.action not in DECISIONS:
        yield "no function in services/tickets/effects.py DECISIONS"
    yield from _missing_of_event(move.event)


def _missing_of_event(event: str) -> Iterator[str]:
    type_ = f"ticket.{event}"
    if event not in EVENT:
        yield f"no Chinese of {event} in labels.py EVENT"
    if (type_ in AUDIENCES) is (type_ in SILENT):
        yield f"{type_} has to be either in AUDIENCES or in SILENT of rules/notices.py"
    if type_ in AUDIENCES and event not in SENTENCES:
        yield f"no sentence of {event} in services/notices/sentences.py SENTENCES"
