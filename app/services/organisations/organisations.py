"""Organisations and the places they serve: add, read, change, and who may do so."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.enums import OrganisationKind
from app.errors import Conflict, Invalid, NotFound
from app.labels import ORGANISATION_KIND
from app.models.organisation import (
    OrganisationChangeIn,
    OrganisationFullOut,
    OrganisationIn,
    OrganisationOut,
    OrganisationSeenOut,
)
from app.rules.access import Actor
from app.services import audit, idempotency, posts, setup, tickets
from app.services.idempotency import create_once
from app.services.posts import PlacePath
from app.services.tickets import TicketView
from app.sql import Statement

CODE_LENGTH: Final = 12
MAX_TRIES: Final = 10  # of an update that loses against other changes of the setup


async def add_organisation(
    actor: Actor, form: OrganisationIn, key: str | None
) -> tuple[OrganisationFullOut, bool]:
    """Add an organisation, once per key; also return whether this is a repeat.

    Raises Duplicate for a code that is taken, and what `_require_manageable` raises for its places.
    """
    await _require_manageable(actor, form.place_ids)
    return await create_once(
        actor, key, "organisation", form, lambda bound_key: _insert(actor, form, bound_key), _load
    )


async def _insert(actor: Actor, form: OrganisationIn, key: idempotency.IdempotencyKey | None) -> UUID:
    organisation_id = ids.new()
    await db.execute(
        _INSERT,
        actor_id=actor.person_id,
        now=clock.now(),
        organisation_id=organisation_id,
        code=form.code or ids.code(CODE_LENGTH),
        name=form.name,
        kind=form.kind,
        skills=form.skills,
        place_ids=form.place_ids,
        **idempotency.key_values(key),
        **audit.entry_values(),
    )
    return organisation_id


_INSERT: Final = Statement(f"""
WITH insert_organisation AS (
    INSERT INTO organisation (id, code, name, kind, skills)
    VALUES (:organisation_id, :code, :name, :kind, :skills) RETURNING id
), insert_service_area AS (
    INSERT INTO service_area (organisation_id, place_id) SELECT o.id, unnest(:place_ids::uuid[]) FROM insert_organisation o
), bump_version AS (
    {setup.bump_version("FROM insert_organisation")}
), insert_key AS ({idempotency.insert_key("insert_organisation")})
{audit.insert_entry("organisation_added", subject="id", source="insert_organisation")}
""")


async def require_may_change_organisation(actor: Actor, organisation_id: UUID) -> None:
    """Raise NotFound for an organisation the actor does not see, Forbidden for one that also serves other places."""
    posts.require_all_within(actor, await require_visible_organisation(actor, organisation_id))


async def require_visible_organisation(actor: Actor, organisation_id: UUID) -> list[PlacePath]:
    """Return the paths of the places an organisation serves.

    Raises Forbidden for an actor who manages no place, NotFound unless it serves a place the actor manages or one above.
    """
    posts.own_places(actor)
    paths = await _service_paths(organisation_id)
    if not paths:
        raise NotFound
    posts.require_visible(actor, await setup.current_catalogue(), paths)
    return paths


async def require_visible_place(actor: Actor, place_id: UUID) -> None:
    """Raise NotFound for a place that does not exist, or neither lies within a place the actor manages nor above one."""
    rows = await db.execute(_PLACE_PATHS, place_ids=[place_id])
    if not rows:
        raise NotFound
    posts.require_visible(actor, await setup.current_catalogue(), [tuple(row["path"]) for row in rows])


async def places_served_below(place_id: UUID) -> list[UUID]:
    """Return the places at and below a place that an organisation is set up to serve."""
    return [row["id"] for row in await db.execute(_SERVED_BELOW, place_id=place_id)]


async def read_organisation(actor: Actor, organisation_id: UUID) -> OrganisationSeenOut:
    """Return an organisation, and whether the actor may change it. The caller has checked that it is visible."""
    organisation, paths = await _load(organisation_id), await _service_paths(organisation_id)
    changeable = all(posts.is_within(actor, [path]) for path in paths)
    return OrganisationSeenOut(**organisation.model_dump(), changeable=changeable)


async def organisations_serving_ticket(
    ticket_view: TicketView, category: str | None
) -> list[OrganisationOut]:
    """Return the organisations that serve a ticket's place, the category's default first.

    The default is whom the last one that handed it back proposed instead, else the category's; nobody who refused it.
    For the organisation it is dispatched to: the others, without the mark of the default.
    """
    actor = ticket_view.actor
    organisations = ticket_view.catalogue.serving(ticket_view.path, category)
    if actor.is_staff:
        refusals = await tickets.refusals_of(ticket_view)
        suggested = refusals.proposed or next((each.id for each in organisations if each.default), None)
        return [
            each.model_copy(
                update={"default": each.id == suggested and each.id not in refusals.organisations}
            )
            for each in organisations
        ]
    return [
        organisation.model_copy(update={"default": False})
        for organisation in organisations
        if organisation.id not in actor.seats_by_organisation
    ]


async def change_organisation(
    actor: Actor, organisation_id: UUID, form: OrganisationChangeIn
) -> OrganisationFullOut:
    """Change the fields that are set in `form`; `place_ids` replaces all places it serves.

    Raises what `_require_manageable` raises for new places, Conflict if others keep changing the setup.
    """
    if form.place_ids is not None:
        await _require_manageable(actor, form.place_ids)
    if any(value is not None for value in (form.name, form.kind, form.skills, form.place_ids)):
        await _update(actor, organisation_id, form)
    return await _load(organisation_id)


async def _update(actor: Actor, organisation_id: UUID, form: OrganisationChangeIn) -> None:
    for _ in range(MAX_TRIES):
        updated = await db.execute(
            _UPDATE,
            organisation_id=organisation_id,
            name=form.name,
            kind=form.kind,
            skills=form.skills,
            place_ids=form.place_ids,
            version=(await setup.current_catalogue()).version,
            actor_id=actor.person_id,
            now=clock.now(),
            **audit.entry_values(),
        )
        if updated:
            return
    raise Conflict("有人正在修改设置，请稍后再试")


# Updates only if the setup's version is unchanged: two who replace the places at once could otherwise leave both sets.
_UPDATE: Final = Statement(f"""
WITH bump_version AS (
    {setup.bump_version()} WHERE version = :version RETURNING version
), update_organisation AS (
    UPDATE organisation SET name = coalesce(:name, name), kind = coalesce(:kind, kind), skills = coalesce(:skills, skills)
    FROM bump_version WHERE organisation.id = :organisation_id RETURNING organisation.id, organisation.name
), update_person AS (
    UPDATE person SET name = o.name FROM update_organisation o WHERE person.organisation_id = o.id
), delete_service_area AS (
    DELETE FROM service_area a USING update_organisation o
    WHERE a.organisation_id = o.id AND a.place_id <> ALL (:place_ids::uuid[])
), insert_service_area AS (
    INSERT INTO service_area (organisation_id, place_id) SELECT o.id, unnest(:place_ids::uuid[]) FROM update_organisation o
    ON CONFLICT DO NOTHING
)
{audit.insert_entry("organisation_changed", subject="id", source="update_organisation")} RETURNING id
""")


async def _require_manageable(actor: Actor, place_ids: Sequence[UUID]) -> None:
    """Raise NotFound for places that do not exist or are not visible, Forbidden for others' places, Invalid for grids."""
    posts.own_places(actor)
    rows = await db.execute(_PLACE_PATHS, place_ids=place_ids)
    paths: list[PlacePath] = [tuple(row["path"]) for row in rows]
    if len(paths) != len(place_ids):
        raise NotFound
    catalogue = await setup.current_catalogue()
    for path in paths:
        posts.require_visible(actor, catalogue, [path])
    posts.require_all_within(actor, paths)
    places = await setup.place_refs(catalogue, place_ids)
    if not all(place_id in places for place_id in place_ids):
        raise Invalid.at("/place_ids", "服务范围要选地址，不能选网格")


async def _service_paths(organisation_id: UUID) -> list[PlacePath]:
    rows = await db.execute(_SERVICE_PATHS, organisation_id=organisation_id)
    return [tuple(row["path"]) for row in rows]


_PLACE_PATHS: Final = Statement("SELECT path FROM place WHERE id = ANY(:place_ids::uuid[])")
_SERVED_BELOW: Final = Statement("""
SELECT DISTINCT p.id FROM service_area a JOIN place p ON p.id = a.place_id WHERE p.path @> ARRAY[:place_id::uuid]
""")
_SERVICE_PATHS: Final = Statement("""
SELECT p.path FROM service_area a JOIN place p ON p.id = a.place_id WHERE a.organisation_id = :organisation_id
""")


async def _load(organisation_id: UUID) -> OrganisationFullOut:
    row = await db.execute_one(_LOAD, organisation_id=organisation_id)
    if row is None:
        raise NotFound
    kind = OrganisationKind(row["kind"])
    return OrganisationFullOut(
        id=row["id"],
        name=row["name"],
        code=row["code"],
        skills=row["skills"],
        place_ids=row["place_ids"],
        kind=kind,
        kind_name=ORGANISATION_KIND[kind],
    )


_LOAD: Final = Statement("""
SELECT o.id, o.name, o.code, o.kind, o.skills,
       ARRAY(SELECT place_id FROM service_area a WHERE a.organisation_id = o.id ORDER BY place_id) AS place_ids
FROM organisation o WHERE o.id = :organisation_id
""")
