"""Sets of statuses: they fit together, partial indexes use them as they are, and no statement has a copy."""

import re
from pathlib import Path

import pytest

from app import db
from app.enums import Status
from app.models.ticket import Ticket
from app.rules.statuses import ENDED, IN_PROGRESS, OPEN, UNRESOLVED, sql_list

SERVICES = Path(__file__).parents[2] / "app" / "services"
# Which set each partial index of `ticket` is about. A set that changes needs a migration of these.
INDEXES = {
    "ticket_inbox": OPEN,
    "ticket_unassigned": OPEN,
    "ticket_similar": OPEN,
    "ticket_called": OPEN,
    "ticket_contact": ENDED,
    "ticket_community_open": OPEN,
    "ticket_street_open": OPEN,
    "ticket_ended": ENDED,
}
_STATUS = "|".join(Status)
_LITERAL_LIST = re.compile(rf"'(?:{_STATUS})'\s*(?:::text)?\s*,\s*'(?:{_STATUS})'")


def test_every_status_is_open_or_ended() -> None:
    assert set(Status) == OPEN | ENDED
    assert not OPEN & ENDED
    assert IN_PROGRESS < UNRESOLVED < OPEN


def test_a_list_for_sql_is_in_the_order_of_the_statuses() -> None:
    assert sql_list({Status.WAITING, Status.NEW}) == "('new', 'waiting')"
    assert sql_list({Status.CLOSED}) == "('closed')"


@pytest.mark.usefixtures("database")
async def test_partial_indexes_in_the_database_are_about_the_sets() -> None:
    rows = await db.fetch(
        "SELECT c.relname AS name, pg_get_expr(i.indpred, i.indrelid) AS condition FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'ticket'::regclass AND i.indpred IS NOT NULL"
    )
    assert _statuses_of({row["name"]: row["condition"] for row in rows}) == INDEXES


def test_partial_indexes_in_the_code_are_about_the_sets() -> None:
    indexes = Ticket.__table__.indexes  # type: ignore[attr-defined]  # SQLModel's stub hides it
    conditions = {index.name: index.dialect_options["postgresql"]["where"] for index in indexes}
    compiled = {name: str(condition) for name, condition in conditions.items() if condition is not None}
    assert _statuses_of(compiled) == INDEXES


def _statuses_of(conditions: dict[str, str]) -> dict[str, set[str]]:
    found = {name: set(re.findall(rf"'({_STATUS})'", condition)) for name, condition in conditions.items()}
    return {name: statuses for name, statuses in found.items() if statuses}


def test_no_statement_of_the_services_has_a_list_of_statuses_of_its_own() -> None:
    """They are written by `sql_list`, so that a set is said in one place."""
    copies = [
        f"{path.relative_to(SERVICES)}: {match[0]}"
        for path in sorted(SERVICES.rglob("*.py"))
        for match in _LITERAL_LIST.finditer(path.read_text(encoding="utf-8"))
    ]
    assert copies == []


@pytest.mark.parametrize(
    "text",
    [
        "status IN ('new', 'accepted')",
        "t.status NOT IN ('closed','rejected', 'merged')",
        "status = ANY (ARRAY['closed'::text, 'merged'::text])",
        "IN (\n  'new',\n  'waiting'\n)",
    ],
)
def test_a_copy_would_be_found(text: str) -> None:
    assert _LITERAL_LIST.search(text)


def test_one_status_alone_is_no_list() -> None:
    assert not _LITERAL_LIST.search("status = 'new' AND origin NOT IN ('staff', 'partner')")
