"""A subject as one actor sees it: loaded in their scope, with the parts they play."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import ActivitySort, SubjectKind
from app.errors import NotFound
from app.rules import routing
from app.rules import subjects as rules
from app.rules.access import Actor, Seat
from app.rules.lives import LIVES
from app.rules.subjects import Life, Parts, Subject
from app.services import setup
from app.services.setup import Catalogue
from app.services.subjects.columns import OF_ALL, OF_KIND
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class SubjectView:
    """A subject as an actor in its scope sees it. `subject`: its columns, and what the caller is to it."""

    life: Life
    subject: Subject
    parts: Parts
    actor: Actor
    catalogue: Catalogue
    replayed: bool = False  # this answers a repeat of an earlier request
    links: "Mapping[UUID, SubjectView]" = field(
        default_factory=dict
    )  # what it came from or led to, if the caller sees it


_SELECT: Final = {
    kind: Statement(f"{columns.select()} WHERE s.id = :subject_id AND s.kind = :kind")
    for kind, columns in OF_KIND.items()
}
_LINKED: Final = Statement(f"{OF_ALL.select()} WHERE s.id = ANY(:subject_ids::uuid[])")
_LOCK: Final = Statement("SELECT FROM subject WHERE id = :subject_id FOR UPDATE")


async def load_subject(actor: Actor, kind: SubjectKind, subject_id: UUID) -> SubjectView:
    """Return a subject in the caller's scope. Raises NotFound for any other, whether or not it exists."""
    rows = await db.execute(_SELECT[kind], **_key(actor, kind, subject_id))
    view = view_of(actor, kind, rows[0] if rows else None, await setup.current_catalogue())
    return (await linked([view]))[0]


async def require_reads(actor: Actor, kind: SubjectKind, subject_id: UUID) -> None:
    """Raise NotFound unless somebody reads what is written of a subject, and sees its photos."""
    if not rules.reads_words((await load_subject(actor, kind, subject_id)).parts):
        raise NotFound


async def load_after_act(actor: Actor, kind: SubjectKind, subject_id: UUID) -> SubjectView:
    """Return a subject as who has just acted on it sees it: whose act took them out of it sees that it is done, no words."""
    with suppress(NotFound):
        return await load_subject(actor, kind, subject_id)
    (row,) = await db.execute(_SELECT[kind], **_key(actor, kind, subject_id))
    subject = rules.as_of(LIVES[kind], _with_sides(actor, dict(row)), clock.now())
    parts: Parts = {rules.SubjectPart.OUTSIDER: None}
    return SubjectView(LIVES[kind], subject, parts, actor, await setup.current_catalogue())


async def linked(views: Sequence[SubjectView]) -> list[SubjectView]:
    """Return the views of one caller with what each came from and led to, as far as the caller sees that."""
    named = {view.subject[name] for view in views for name in ("source_id", "outcome_id")} - {None}
    if not named:
        return list(views)
    actor, catalogue = views[0].actor, views[0].catalogue
    found: dict[UUID, SubjectView] = {}
    for row in await db.execute(_LINKED, person_id=actor.person_id, subject_ids=list(named)):
        with suppress(NotFound):
            found[row["id"]] = view_of(actor, SubjectKind(row["kind"]), row, catalogue)
    return [replace(view, links=found) for view in views]


async def lock_subject(fetch: db.Fetch, view: SubjectView) -> SubjectView:
    """Lock a subject until the end of the transaction and return it as it is now. Raises NotFound.

    The catalogue is the view's: nothing inside a transaction may wait for another connection.
    """
    actor, kind, subject_id = view.actor, view.life.kind, view.subject["id"]
    statement = _SELECT[kind]
    await fetch(_LOCK.text, subject_id)
    rows = await fetch(statement.text, *statement.arguments(_key(actor, kind, subject_id)))
    return view_of(actor, kind, rows[0] if rows else None, view.catalogue)


def _key(actor: Actor, kind: SubjectKind, subject_id: UUID) -> dict[str, Any]:
    return {"person_id": actor.person_id, "subject_id": subject_id, "kind": kind}


def view_of(actor: Actor, kind: SubjectKind, row: Any, catalogue: Catalogue) -> SubjectView:
    """Return the view of a row that was read with `columns`. Raises NotFound out of the caller's scope."""
    life = LIVES[kind]
    subject = rules.as_of(life, _with_sides(actor, dict(row)), clock.now()) if row else {}
    parts = rules.visible_parts(life, subject, parts_of(actor, subject, catalogue)) if row else {}
    if not parts:
        raise NotFound
    return SubjectView(life, subject, parts, actor, catalogue)


def _with_sides(actor: Actor, subject: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a subject with which of its sides the caller is."""
    sides = subject["sides"] or []
    for side in sides:
        side["path"] = [UUID(node) for node in side["path"] or ()]
    subject["own_sides"] = rules.own_sides(actor, subject)
    return subject


def post_of(actor: Actor, seat: Seat | None) -> UUID | None:
    """Return the post that somebody acts from; an API key has a seat, but no post."""
    return seat.id if seat and actor.key is None else None


def parts_of(actor: Actor, subject: Subject, catalogue: Catalogue) -> Parts:
    """Return the parts an actor plays in a subject, whether or not they see it."""
    lives_there = rules.lives_at(_around_home(subject, catalogue), subject["place_id"])
    in_that_room = subject["place_id"] == subject.get("household_id")
    if subject["sort"] == ActivitySort.CARE:
        in_that_room = in_that_room and subject.get("admitted", False)
    of_units = communities(actor, catalogue)
    return rules.find_parts(actor, subject, of_units, lives_there=lives_there, in_that_room=in_that_room)


def _around_home(subject: Subject, catalogue: Catalogue) -> list[UUID]:
    """Return the places a caller's home lies in: those of its path, and its grid. Households of a grid are not surveyed."""
    path = list(subject["home_path"] or ())
    grid_id = None if subject["kind"] == SubjectKind.SURVEY else routing.covering_grid(path, catalogue.covers)
    return [*path, grid_id] if grid_id else path


def communities(actor: Actor, catalogue: Catalogue) -> dict[UUID, UUID | None]:
    """Return the community of each unit where the actor has a post, None for a street."""
    units = (catalogue.units.get(seat.unit_id) for seat in actor.seats if seat.unit_id)
    return {unit.id: unit.path[1] if len(unit.path) > 1 else None for unit in units if unit}
