"""Setting up companies and departments and the places they serve, each change with its audit entry in one statement."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, NotFound
from app.models.organisation import (
    OrganisationChangeIn,
    OrganisationFullOut,
    OrganisationIn,
    OrganisationOut,
    OrganisationSeenOut,
)
from app.rules.access import Actor
from app.services import appointing, audit, catalogue, ledger
from app.services.appointing import Path
from app.services.once import REMEMBERED, once
from app.services.tickets import Seen
from app.words import KIND, Kind

CODE_LENGTH: Final = 12
ATTEMPTS: Final = 10


async def add(actor: Actor, form: OrganisationIn, key: str | None) -> tuple[OrganisationFullOut, bool]:
    """Set up an organisation that serves places of one's own, once per key; Duplicate for a code there is."""
    await _require_own(actor, form.place_ids)
    made, replayed = await once(actor, key, "organisation", form, lambda under: _insert(actor, form, under))
    return await read(made), replayed


async def _insert(actor: Actor, form: OrganisationIn, key: ledger.Key | None) -> UUID:
    organisation_id = ids.new()
    said = (form.code or ids.code(CODE_LENGTH), form.name, form.kind, form.skills, form.place_ids)
    under = (actor.person_id, key and key.key, key and key.digest, clock.now())
    await db.fetch(_INSERT, *under, organisation_id, *said, ids.new(), audit.came_from.get())
    return organisation_id


_INSERT: Final = f"""
WITH made AS (
    INSERT INTO organisation (id, code, name, kind, skills) VALUES ($5, $6, $7, $8, $9) RETURNING id
), serves AS (
    INSERT INTO service_area (organisation_id, place_id) SELECT made.id, unnest($10::uuid[]) FROM made
), renewed AS (
    UPDATE setup SET version = version + 1 FROM made
), remembered AS ({REMEMBERED})
INSERT INTO audit (id, at, type, person_id, subject_id, address)
SELECT $11, $4, 'organisation_added', $1, id, $12 FROM made
"""


async def scope(actor: Actor, organisation_id: UUID) -> None:
    """Refuse an organisation that serves nothing of one's own or around it (404), then one that serves others too (403)."""
    appointing.require_all_within(actor, await sight(actor, organisation_id))


async def sight(actor: Actor, organisation_id: UUID) -> list[Path]:
    """Return the paths of the places it serves; refuse one that serves nothing of one's own or around it (404)."""
    appointing.own_places(actor)
    paths = await _paths(organisation_id=organisation_id)
    if not paths:
        raise NotFound
    appointing.require_in_sight(actor, await catalogue.refresh(), paths)
    return paths


async def seen(actor: Actor, organisation_id: UUID) -> OrganisationSeenOut:
    """Return an organisation in sight, and whether one may change it."""
    whole, paths = await read(organisation_id), await _paths(organisation_id=organisation_id)
    changeable = all(appointing.is_within(actor, [path]) for path in paths)
    return OrganisationSeenOut(**whole.model_dump(), changeable=changeable)


def around(ticket: Seen, category: str | None) -> list[OrganisationOut]:
    """Return who serves a ticket's place; for the company it is dispatched to the others, and no more than who they are."""
    found = ticket.catalogue.serving(ticket.catalogue.path(ticket.ticket), category)
    if ticket.actor.is_staff:
        return found
    own = ticket.actor.organisation_ids
    return [each.model_copy(update={"default": False}) for each in found if each.id not in own]


async def change(actor: Actor, organisation_id: UUID, form: OrganisationChangeIn) -> OrganisationFullOut:
    """Change what is given; the places it serves are replaced as a whole."""
    if form.place_ids is not None:
        await _require_own(actor, form.place_ids)
    said = (form.name, form.kind, form.skills, form.place_ids)
    if any(value is not None for value in said):
        await _change(actor, (organisation_id, *said))
    return await read(organisation_id)


async def _change(actor: Actor, said: Sequence[Any]) -> None:
    for _ in range(ATTEMPTS):
        version = (await catalogue.refresh()).version
        by = (clock.now(), ids.new(), actor.person_id, audit.came_from.get())
        if await db.fetch(_CHANGE, *said, version, *by):
            return
    raise Conflict("有人正在修改设置，请稍后再试")


# Written only when nobody changed the setup meanwhile: two who replace its places at once must not leave both sets.
_CHANGE: Final = """
WITH renewed AS (
    UPDATE setup SET version = version + 1 WHERE version = $6 RETURNING version
), changed AS (
    UPDATE organisation SET name = coalesce($2, name), kind = coalesce($3, kind), skills = coalesce($4, skills)
    FROM renewed WHERE organisation.id = $1 RETURNING organisation.id, organisation.name
), renamed AS (
    UPDATE person SET name = changed.name FROM changed WHERE person.organisation_id = changed.id
), gone AS (
    DELETE FROM service_area a USING changed WHERE a.organisation_id = changed.id AND a.place_id <> ALL ($5::uuid[])
), serves AS (
    INSERT INTO service_area (organisation_id, place_id) SELECT changed.id, unnest($5::uuid[]) FROM changed
    ON CONFLICT DO NOTHING
)
INSERT INTO audit (id, at, type, person_id, subject_id, address)
SELECT $8, $7, 'organisation_changed', $9, id, $10 FROM changed RETURNING id
"""


async def _require_own(actor: Actor, place_ids: Sequence[UUID]) -> None:
    """Refuse places that are not there or not in sight (404), not one's own (403), or no address (422)."""
    appointing.own_places(actor)
    paths = await _paths(place_ids=place_ids)
    if len(paths) != len(place_ids):
        raise NotFound
    known = await catalogue.refresh()
    for path in paths:
        appointing.require_in_sight(actor, known, [path])
    appointing.require_all_within(actor, paths)
    await catalogue.spots(known, place_ids)
    if not all(place_id in known.spots for place_id in place_ids):
        raise Invalid.at("/place_ids", "服务范围要选地址，不能选网格")


async def _paths(
    *, place_ids: Sequence[UUID] | None = None, organisation_id: UUID | None = None
) -> list[Path]:
    rows = await db.fetch(_PATHS, place_ids, organisation_id)
    return [tuple(row["path"]) for row in rows]


_PATHS: Final = """
SELECT path FROM place WHERE id = ANY($1::uuid[])
UNION ALL
SELECT p.path FROM service_area a JOIN place p ON p.id = a.place_id WHERE a.organisation_id = $2
"""


async def read(organisation_id: UUID) -> OrganisationFullOut:
    """Return an organisation with all that was set up."""
    row = await db.fetchrow(_READ, organisation_id)
    assert row is not None, "organisations are never deleted"
    kind = Kind(row["kind"])
    return OrganisationFullOut(
        **{name: row[name] for name in ("id", "name", "code", "skills", "place_ids")},
        kind=kind,
        kind_name=KIND[kind],
    )


_READ: Final = """
SELECT o.*, ARRAY(SELECT place_id FROM service_area a WHERE a.organisation_id = o.id ORDER BY place_id) AS place_ids
FROM organisation o WHERE o.id = $1
"""
