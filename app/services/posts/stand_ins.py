"""Tell people that they stand in for the head of a unit, or no longer do: after an absence, a leave, an appointment.

Who stands in follows from posts and dates alone, so each of their changes is found by comparing it with who was told.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids, process_state
from app.enums import Level
from app.rules.notices import RELIEVED, STANDING_IN, UNSTAFFED
from app.rules.routing import SUCCESSION, StandIn
from app.rules.statuses import UNRESOLVED, sql_list
from app.services import setup
from app.services.setup import Catalogue
from app.sql import Statement

_compared: tuple[int, date] | None = None  # the version of the setup and the day that were compared last


@process_state.on_forget
def _forget() -> None:
    global _compared  # noqa: PLW0603 - one per process
    _compared = None


async def tell_stand_ins() -> None:
    """Compare who stands in today with who was told, and tell whom it concerns. Repeating it changes nothing.

    Does nothing while neither the setup nor the day has changed.
    """
    global _compared  # noqa: PLW0603 - as above
    catalogue = await setup.current_catalogue()
    state = catalogue.version, setup.today()
    if state == _compared:
        return
    told = {row["unit_id"]: _Told(**row) for row in await db.execute(_SELECT)}
    current = _stand_ins(catalogue)
    changed = [one for unit_id, one in current.items() if told.get(unit_id) != _told(one)]
    ended = [unit_id for unit_id in told if unit_id not in current]
    if changed or ended:
        await _write(catalogue, changed, ended, told)
    _compared = state


class _Told(NamedTuple):
    unit_id: UUID
    post_id: UUID | None
    until: date | None


_SELECT: Final = Statement("SELECT unit_id, post_id, until FROM stand_in")


def _told(stand_in: StandIn) -> _Told:
    return _Told(stand_in.unit.id, stand_in.post.id if stand_in.post else None, stand_in.until)


def _stand_ins(catalogue: Catalogue) -> dict[UUID, StandIn]:
    """Return who stands in today, by grid; somebody else in a community or street is no stand-in but a colleague."""
    grids = (unit for unit in catalogue.units.values() if unit.level is Level.GRID and not unit.ended)
    return {unit.id: found for unit in grids if (found := catalogue.stand_in(unit.id))}


class _Notice(NamedTuple):
    """A notice to insert once the change of its unit is written."""

    notice_id: UUID
    person_id: UUID
    unit_id: UUID
    type: str
    role: str
    away: bool
    until: date | None


async def _write(
    catalogue: Catalogue, changed: Sequence[StandIn], ended: Sequence[UUID], told: Mapping[UUID, _Told]
) -> None:
    rows = [_told(one) for one in changed]
    notices = [notice for one in changed if (notice := _notice(catalogue, one))]
    left = [told[unit_id] for unit_id in (*ended, *(row.unit_id for row in rows)) if unit_id in told]
    notices += [notice for one in left if (notice := _relieved(catalogue, one))]
    await db.execute(
        _WRITE,
        now=clock.now(),
        ended=list(ended),
        **_columns("told_", _Told._fields, rows),
        **_columns("", _Notice._fields, notices),
    )


def _notice(catalogue: Catalogue, stand_in: StandIn) -> _Notice | None:
    """Return the notice to whoever stands in, or to the community of a grid where nobody does."""
    post, type_ = stand_in.post, STANDING_IN
    if post is None:
        above = stand_in.unit.path[-2]
        post, type_ = catalogue.responsible_post(above), UNSTAFFED
    if post is None or post.person_id is None:
        return None
    away = stand_in.absent is not None
    return _Notice(ids.new(), post.person_id, stand_in.unit.id, type_, stand_in.role, away, stand_in.until)


def _relieved(catalogue: Catalogue, told: _Told) -> _Notice | None:
    """Return the notice to whoever stood in until somebody before them in the succession came back."""
    unit = catalogue.units[told.unit_id]
    before = next((post for post in unit.posts if post.id == told.post_id), None)
    now = catalogue.responsible_post(unit.id)
    if before is None or before.person_id is None or now is None or unit.ended:
        return None
    succession = SUCCESSION[unit.level]
    if succession.index(now.role) >= succession.index(before.role):
        return None
    return _Notice(ids.new(), before.person_id, unit.id, RELIEVED, now.role, away=False, until=None)


def _columns(prefix: str, names: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    rows = list(rows)
    return {f"{prefix}{name}": [row[n] for row in rows] for n, name in enumerate(names)}


# A notice goes with the change it is about: of several processes that compare at once, one tells. The tickets are
# those that are still to be resolved; where nobody stands in and there are none, nobody has to do anything.
_WRITE: Final = Statement(f"""
WITH tell AS (
    INSERT INTO stand_in (unit_id, post_id, until, told_at)
    SELECT t.unit_id, t.post_id, t.until, :now
    FROM unnest(:told_unit_id::uuid[], :told_post_id::uuid[], :told_until::date[]) AS t(unit_id, post_id, until)
    ON CONFLICT (unit_id) DO UPDATE SET post_id = EXCLUDED.post_id, until = EXCLUDED.until, told_at = EXCLUDED.told_at
    WHERE (stand_in.post_id, stand_in.until) IS DISTINCT FROM (EXCLUDED.post_id, EXCLUDED.until)
    RETURNING unit_id
), relieve AS (
    DELETE FROM stand_in WHERE unit_id = ANY(:ended::uuid[]) RETURNING unit_id
), changed AS (
    SELECT unit_id FROM tell UNION ALL SELECT unit_id FROM relieve
)
INSERT INTO notice (id, person_id, unit_id, type, created_at, visible_at, data)
SELECT n.id, n.person_id, n.unit_id, n.type, :now, :now,
       jsonb_build_object('role', n.role, 'away', n.away, 'until', n.until, 'tickets', held.tickets)
FROM unnest(:notice_id::uuid[], :person_id::uuid[], :unit_id::uuid[], :type::text[], :role::text[], :away::bool[],
            :until::date[]) AS n(id, person_id, unit_id, type, role, away, until)
JOIN changed USING (unit_id)
CROSS JOIN LATERAL (
    SELECT count(*) AS tickets FROM ticket t
    WHERE t.holder_id = n.unit_id AND t.status IN {sql_list(UNRESOLVED)}
) held
WHERE n.type <> '{UNSTAFFED}' OR held.tickets > 0
""")
