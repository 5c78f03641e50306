"""Opening circles and accounts, each when it is first needed; whoever comes second gets the same one."""

from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import AccountSort, CircleKind
from app.sql import Statement


async def points_circle(fetch: db.Fetch, kind: CircleKind, community_id: UUID) -> UUID:
    """Return the circle of a community's points of that kind."""
    return await _insert_or_find(fetch, _POINTS, kind=kind, community_id=community_id)


async def things_circle(fetch: db.Fetch, offer_id: UUID, community_id: UUID) -> UUID:
    """Return the circle of an offer's things."""
    return await _insert_or_find(fetch, _THINGS, offer_id=offer_id, community_id=community_id)


async def open_account(
    fetch: db.Fetch,
    circle_id: UUID,
    sort: AccountSort,
    *,
    person_id: UUID | None = None,
    place_id: UUID | None = None,
) -> UUID:
    """Return an account of a circle: of a person, a stock at a place, or one of the circle's own."""
    return await _insert_or_find(
        fetch, _ACCOUNT, circle_id=circle_id, sort=sort, person_id=person_id, place_id=place_id
    )


async def _insert_or_find(fetch: db.Fetch, statements: tuple[Statement, Statement], **values: Any) -> UUID:
    find, insert = statements
    rows = await fetch(find.text, *find.arguments(values))
    if not rows:
        new = {**values, "id": ids.new(), "now": clock.now()}
        await fetch(insert.text, *insert.arguments(new))
        rows = await fetch(find.text, *find.arguments(values))
    identifier: UUID = rows[0]["id"]
    return identifier


_POINTS: Final = (
    Statement(
        "SELECT id FROM circle WHERE kind = :kind AND community_id = :community_id AND offer_id IS NULL"
    ),
    Statement("""
INSERT INTO circle (id, kind, community_id, created_at) VALUES (:id, :kind, :community_id, :now) ON CONFLICT DO NOTHING
"""),
)
_THINGS: Final = (
    Statement("SELECT id FROM circle WHERE offer_id = :offer_id AND community_id = :community_id"),
    Statement(f"""
INSERT INTO circle (id, kind, community_id, offer_id, created_at)
VALUES (:id, '{CircleKind.THINGS}', :community_id, :offer_id, :now) ON CONFLICT DO NOTHING
"""),
)
_ACCOUNT: Final = (
    Statement("""
SELECT id FROM account WHERE circle_id = :circle_id AND sort = :sort AND (sort NOT IN ('person', 'stock')
    OR sort = 'person' AND person_id = :person_id::uuid OR sort = 'stock' AND place_id = :place_id::uuid)
"""),
    Statement("""
INSERT INTO account (id, circle_id, sort, person_id, place_id, created_at)
VALUES (:id, :circle_id, :sort, :person_id, :place_id, :now) ON CONFLICT DO NOTHING
"""),
)
