"""Creating subjects: where they are, who may, and that what they name is there. What a kind begins with is in `new`."""

from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import Level, SubjectKind
from app.errors import Invalid
from app.rules import routing
from app.rules import subjects as rules
from app.rules.access import Actor
from app.rules.lives import LIVES
from app.rules.subjects import SubjectPart
from app.services import idempotency, setup
from app.services.idempotency import IdempotencyKey
from app.services.setup import Catalogue, today
from app.services.subjects.new import (
    BEGINNINGS,
    SHARED,
    Beginning,
    New,
    insert_subject,
    new_row,
    require_within_rate,
    reserve,
)
from app.services.subjects.view import SubjectView, load_subject, parts_of
from app.sql import Statement


async def create(actor: Actor, kind: SubjectKind, form: Any, key: str | None) -> tuple[SubjectView, bool]:
    """Create a subject, once per key; also tell whether this is a repeat. Raises Invalid, Forbidden, TooMany, Conflict."""

    async def load(subject_id: UUID) -> SubjectView:
        return await load_subject(actor, kind, subject_id)

    async def write(bound: IdempotencyKey | None) -> UUID:
        if kind is SubjectKind.RESERVATION:
            return await reserve(actor, form, bound)
        return await _create(actor, kind, form, bound)

    return await idempotency.create_once(actor, key, f"new {kind}", form, write, load)


async def _create(actor: Actor, kind: SubjectKind, form: Any, key: IdempotencyKey | None) -> UUID:
    beginning = BEGINNINGS[kind]
    new = await _located(actor, kind, form)
    await beginning.find_parts(new)
    new.part = rules.require_creator(LIVES[kind], new.parts)
    new.row |= beginning.columns(new)
    await beginning.check(new)
    await _check_people_and_source(beginning, new)
    await require_within_rate(actor, new.part, new.now)
    async with db.atomic() as fetch:
        await beginning.before(fetch, new)
        subject_id = await new.insert(fetch, new.row, key)
        await beginning.after(fetch, new)
    return subject_id


async def open_related(
    fetch: db.Fetch, view: SubjectView, kind: SubjectKind, part: SubjectPart, **columns: Any
) -> UUID:
    """Write another subject of the same place in the transaction of an act, and return its id."""
    row = new_row(kind, view.actor, {name: view.subject[name] for name in SHARED})
    row |= {"released": True, **BEGINNINGS[kind].always, **columns}
    return await insert_subject(fetch, view.actor, row, view.parts, part)


async def _located(actor: Actor, kind: SubjectKind, form: Any) -> New:
    """Return a new subject with the parts its author plays there. Raises Invalid for an unknown place."""
    catalogue, now = await setup.current_catalogue(), clock.now()
    where = await _units_of(form.place_id, catalogue, at_grid=BEGINNINGS[kind].at_grid)
    row = new_row(kind, actor, where | {"place_id": form.place_id})
    home = await db.execute_one(_HOME, person_id=actor.person_id)
    home_path = home and home["path"]
    return New(
        actor=actor,
        kind=kind,
        form=form,
        catalogue=catalogue,
        now=now,
        row=row,
        home_path=home_path,
        parts=parts_of(actor, row | {"home_path": home_path}, catalogue),
    )


async def _units_of(place_id: UUID, catalogue: Catalogue, *, at_grid: bool) -> dict[str, UUID | None]:
    """Return the units that answer for a place, or for a grid itself where that can be the place."""
    unit = catalogue.units.get(place_id)
    if unit and unit.level is Level.GRID and not unit.ended and at_grid:
        route = routing.route_to_grid(unit, catalogue.units, today())
    else:
        place = await setup.place_ref(catalogue, place_id)
        if place is None:
            raise Invalid.at("/place_id", "没有这个地点，请重新选择")
        route = routing.route(place.path, catalogue.covers, catalogue.units, today())
    return {"grid_id": route.grid_id, "community_id": route.community_id, "street_id": route.street_id}


async def _check_people_and_source(beginning: Beginning, new: New) -> None:
    row = new.row
    if row["person_id"] is not None and not await db.execute(_PERSON, person_id=row["person_id"]):
        raise Invalid.at("/person_id", "没有这个人，请重新选择")
    if row["source_id"] is not None:
        source = await db.execute_one(_SOURCE, subject_id=row["source_id"])
        if source is None or source["kind"] not in beginning.sources or not _near(source, row):
            pointer = "/activity_id" if new.kind is SubjectKind.OPINION else "/source_id"
            raise Invalid.at(pointer, "本社区没有这一项，请重新选择")


def _near(source: Any, row: dict[str, Any]) -> bool:
    """Tell whether a source is of the same community, or of the street above it."""
    return source["street_id"] == row["street_id"] and source["community_id"] in {None, row["community_id"]}


_HOME: Final = Statement(
    "SELECT h.path FROM person n JOIN place h ON h.id = n.home_id WHERE n.id = :person_id"
)
_PERSON: Final = Statement("SELECT FROM person WHERE id = :person_id AND erased_at IS NULL")
_SOURCE: Final = Statement("SELECT kind, community_id, street_id FROM subject WHERE id = :subject_id")
