"""The filters of a list as SQL conditions.

Codes and days stand in the text of the statement: PostgreSQL then knows how common each is, and which partial index fits.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app import clock, ids
from app.enums import SHANGHAI
from app.errors import Invalid
from app.models.ticket import ENDED_AT, TicketFilters
from app.rules import deadlines
from app.rules.statuses import ENDED, OPEN, UNRESOLVED, sql_list
from app.services import figures
from app.services.setup import Catalogue

_CODES: Final = ("status", "category", "origin", "outcome", "verdict")
# Broad places have too many tickets to read before the first page: it is filled while the scope is scanned.
_BROAD_PLACES: Final = "EXISTS (SELECT FROM place p WHERE p.id = ticket.place_id AND p.path && ${n}::uuid[])"
_PLACES: Final = "place_id = ANY (ARRAY(SELECT p.id FROM place p WHERE p.path && ${n}::uuid[]))"
_IDS: Final = {
    "unit_id": "ARRAY[street_id, community_id, grid_id] && ${n}::uuid[]",
    "holder_id": f"holder_id = ANY (${{n}}::uuid[]) AND status IN {sql_list(OPEN)}",  # it ends with the ticket
    "organisation_id": "organisation_id = ANY (${n}::uuid[])",
}


def overdue(args: list[Any]) -> str:
    """Return the condition that a ticket is overdue; the current time is appended to `args`."""
    args.append(clock.now())
    return deadlines.overdue_sql(f"${len(args)}")


# Of a RelatedQuery alone. What somebody reported anonymously is nobody's.
_RELATED: Final = {
    "except_id": "id <> ${n}",
    "same_place_id": "place_id = ${n}",
    "reporter_id": "reporter_id = ${n} AND NOT anonymous",
    "split_from_id": "split_from_id = ${n}",
}
_FLAGS: Final[dict[str, Callable[[Catalogue, list[Any]], str]]] = {
    "danger": lambda catalogue, _: _in("category", catalogue.dangers()),
    "overdue": lambda _, args: overdue(args),
}
# An id begins with the time of creation: days are a range of the primary key, and of every index of a scope.
_DAYS: Final[dict[str, tuple[str, str]]] = {
    "created": ("id", ""),
    "due": (deadlines.next_due_sql(), f"status IN {sql_list(UNRESOLVED)}"),
    "ended": (ENDED_AT, f"status IN {sql_list(ENDED)}"),
}
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9000, 1, 1)  # ids have no earlier time


_NARROWING: Final = TicketFilters.model_fields.keys() - {"box", "q", "created_from", "created_to"}


def conditions(query: TicketFilters, catalogue: Catalogue, args: list[Any]) -> str:
    """Return the conditions of a list's filters, each with a leading AND; their values are appended to `args`."""
    found = [
        *(_in(column, getattr(query, column)) for column in _CODES if getattr(query, column)),
        *_places(query.place_id, catalogue, args),
        *(_any(_IDS[name], getattr(query, name), args) for name in _IDS if getattr(query, name)),
        *(_any(_RELATED[name], value, args) for name in _RELATED if (value := getattr(query, name, None))),
        *_flags(query, catalogue, args),
        *(condition for name in _DAYS for condition in _days(query, name)),
    ]
    return "".join(f" AND {condition}" for condition in found)


def has_any(query: TicketFilters) -> bool:
    """Tell whether a list is narrowed by more than its box and the days of creation."""
    return bool(query.model_dump(exclude_defaults=True, include=_NARROWING))


def bounds(query: TicketFilters) -> str:
    """Return what the filters say about the time of creation alone, each with a leading AND: where a walk begins and ends."""
    found = [*_days(query, "created")]
    if query.ended_to:  # nothing ends before it is created
        found.append(f"id < {_id_literal(_midnight(query.ended_to) + timedelta(days=1))}")
    return "".join(f" AND {condition}" for condition in found)


async def matching(query: TicketFilters, catalogue: Catalogue, args: list[Any]) -> str:
    """Return `conditions` and that of a figure's cell, which is looked up. Raises Invalid for a cell that is none."""
    where = conditions(query, catalogue, args)
    if query.cell is None:
        return where
    return where + (await figures.cell_filter(query.cell)).condition(args)


def require_sensible(query: TicketFilters, catalogue: Catalogue) -> None:
    """Raise Invalid for a category that the catalogue does not have, and for days in the wrong order."""
    if not catalogue.categories.keys() >= set(query.category):
        raise Invalid.at("/category", "没有这个问题类别")
    for name in _DAYS:
        first, last = getattr(query, f"{name}_from"), getattr(query, f"{name}_to")
        if first and last and first > last:
            raise Invalid.at(f"/{name}_to", "结束的日子不能早于开始的日子")


def day_after(day: date) -> UUID:
    """Return the id below which the tickets of a day are, and those of the days before."""
    return ids.floor(_midnight(day) + timedelta(days=1))


def day_begins(day: date) -> UUID:
    """Return the lowest id of the tickets of a day."""
    return ids.floor(_midnight(day))


def _in(column: str, codes: Collection[StrEnum | str]) -> str:
    if not codes:
        return "false"
    literals = ", ".join(
        "'" + code.replace("'", "''") + "'" for code in sorted({str(code) for code in codes})
    )
    return f"{column} IN ({literals})"


def _any(condition: str, value: Any, args: list[Any]) -> str:
    args.append(value)
    return condition.format(n=len(args))


def _places(places: list[UUID], catalogue: Catalogue, args: list[Any]) -> Iterable[str]:
    if places:
        broad = not catalogue.units.keys().isdisjoint(places)
        yield _any(_BROAD_PLACES if broad else _PLACES, places, args)


def _flags(query: TicketFilters, catalogue: Catalogue, args: list[Any]) -> Iterable[str]:
    for name, condition in _FLAGS.items():
        if (wanted := getattr(query, name)) is not None:
            yield condition(catalogue, args) if wanted else f"NOT {condition(catalogue, args)}"


def _days(query: TicketFilters, name: str) -> Iterable[str]:
    first, last = getattr(query, f"{name}_from"), getattr(query, f"{name}_to")
    expression, which = _DAYS[name]
    literal = _id_literal if name == "created" else _time_literal
    if (first or last) and which:
        yield which
    if first:
        yield f"{expression} >= {literal(_midnight(first))}"
    if last:
        yield f"{expression} < {literal(_midnight(last) + timedelta(days=1))}"


def _id_literal(moment: datetime) -> str:
    return f"'{ids.floor(moment)}'::uuid"


def _time_literal(moment: datetime) -> str:
    return f"'{moment.isoformat()}'::timestamptz"


def _midnight(day: date) -> datetime:
    day = min(max(day, _FIRST_DAY), _LAST_DAY)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
