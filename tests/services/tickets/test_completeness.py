"""Half an action is one clear error when the program starts, and nothing falls silent unsaid."""

from typing import Any

import pytest

from app import serve
from app.enums import Status
from app.errors import Misconfigured
from app.labels import EVENT
from app.rules.access import Part
from app.rules.lifecycle import MOVES
from app.rules.moves import Move
from app.rules.notices import AUDIENCES, SILENT
from app.services.notices.sentences import SENTENCES
from app.services.tickets.completeness import require_complete
from app.services.tickets.effects import ACTIONS, DECISIONS
from tests.actions import BODIES, UNVERSIONED
from tests.lifecycle_model import UNVERSIONED as WALKED_UNVERSIONED
from tests.lifecycle_model import WALKED


def row(
    action: str = "fly", event: str = "flown", form: str = "FlyIn", *, versioned: bool = True
) -> Move[Part]:
    """Return a row of an action that the program knows nothing else of."""
    return Move(action, "飞", frozenset({Status.NEW}), "same", frozenset({Part.HEAD}), event, form, versioned)


def test_every_action_has_all_it_needs() -> None:
    require_complete()
    assert list(ACTIONS) == list(MOVES)


def test_a_row_alone_is_one_error_that_names_all_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MOVES, "fly", row())
    with pytest.raises(Misconfigured) as refused:
        serve.serve(api=True, work=True)
    assert str(refused.value) == (
        "actions are incomplete: "
        "fly: no shape FlyIn in models/act.py; "
        "fly: no function in services/tickets/effects.py DECISIONS; "
        "fly: no Chinese of flown in labels.py EVENT; "
        "fly: ticket.flown has to be either in AUDIENCES or in SILENT of rules/notices.py"
    )


@pytest.mark.parametrize(
    ("table", "name", "missing"),
    [
        (MOVES, "merge", "merge: no row in rules/lifecycle.py MOVES"),
        (DECISIONS, "merge", "merge: no function in services/tickets/effects.py DECISIONS"),
        (EVENT, "merged", "merge: no Chinese of merged in labels.py EVENT"),
        (AUDIENCES, "ticket.merged", "merge: ticket.merged has to be either in AUDIENCES or in SILENT"),
        (SENTENCES, "merged", "merge: no sentence of merged in services/notices/sentences.py"),
    ],
)
def test_each_thing_that_is_taken_away_is_named(
    table: dict[str, Any], name: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(table, name)
    with pytest.raises(Misconfigured, match=missing):
        require_complete()


@pytest.mark.parametrize(("form", "versioned"), [("UrgeIn", True), ("ActIn", False)])
def test_a_row_and_its_body_agree_on_the_version(
    form: str, versioned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOVES, "accept", row("accept", "accepted", form, versioned=versioned))
    with pytest.raises(Misconfigured, match=f"accept: its row and {form} in models/act.py do not agree"):
        require_complete()


def test_every_event_is_told_or_silent_by_name() -> None:
    """Those of the timer and of a new ticket included."""
    assert {type_.removeprefix("ticket.") for type_ in AUDIENCES.keys() | SILENT} == EVENT.keys()
    assert not AUDIENCES.keys() & SILENT


def test_every_event_has_its_sentence() -> None:
    assert SENTENCES.keys() == EVENT.keys()


def test_the_tests_try_every_action() -> None:
    """Each has a body in tests/actions.py and a place in the walk of tests/lifecycle_model.py."""
    assert BODIES.keys() == MOVES.keys()
    assert sorted(WALKED) == sorted(MOVES)
    assert (
        {action for action, move in MOVES.items() if not move.versioned} == UNVERSIONED == WALKED_UNVERSIONED
    )
