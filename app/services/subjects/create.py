"""Creating subjects: where they are, who may, and what they begin with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids, settings
from app.enums import ActivitySort, Level, RelationshipSort, SideRole, SubjectKind
from app.errors import Invalid, TooMany
from app.models.activity import ActivityIn
from app.models.dispute import DisputeIn
from app.models.fields import Strict
from app.models.opinion import OpinionIn
from app.models.project import ProjectIn
from app.models.relationship import RelationshipIn
from app.models.subject import Subject as SubjectTable
from app.models.survey import SurveyIn
from app.models.topic import TopicIn
from app.rules import relationships, routing, topics
from app.rules import subjects as rules
from app.rules.access import Actor
from app.rules.lives import LIVES
from app.rules.subjects import STAFF, Parts, SubjectPart
from app.services import idempotency, ledger, setup
from app.services.idempotency import IdempotencyKey
from app.services.setup import Catalogue, today
from app.services.subjects import recorded, speakers
from app.services.subjects.dispute_effects import sides_of_dispute
from app.services.subjects.encrypted_words import encrypt_words
from app.services.subjects.offer_effects import require_station
from app.services.subjects.offering import begin_offer, insert_offer, serving
from app.services.subjects.pairings import note_visit
from app.services.subjects.relationship_effects import first_due
from app.services.subjects.reserving import load_offer, on_behalf, project_for, require_reserver, reserve
from app.services.subjects.series import first_run
from app.services.subjects.sides import agree_at_once, insert_sides, sides_of
from app.services.subjects.surveys import insert_survey, require_organisation, survey_of
from app.services.subjects.venues import book
from app.services.subjects.view import SubjectView, load_subject, parts_of, post_of
from app.sql import Statement

_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 20  # by one resident
_DEFAULTS: Final[dict[str, Any]] = {
    name: field.get_default(call_default_factory=True)
    for name, field in SubjectTable.model_fields.items()
    if not field.is_required() and name != "id"
}
_SHARED: Final = ("place_id", "grid_id", "community_id", "street_id")  # by what comes from one
# What a new subject may come from.
_SOURCES: Final = {
    SubjectKind.OPINION: {SubjectKind.ACTIVITY, SubjectKind.SURVEY},
    SubjectKind.TOPIC: {SubjectKind.ACTIVITY, SubjectKind.TOPIC, SubjectKind.OPINION},
    SubjectKind.PROJECT: {SubjectKind.TOPIC, SubjectKind.OPINION, SubjectKind.ACTIVITY},
    SubjectKind.ACTIVITY: {SubjectKind.TOPIC},
    SubjectKind.SURVEY: {SubjectKind.TOPIC, SubjectKind.ACTIVITY},
    SubjectKind.OFFER: set(),
    SubjectKind.RELATIONSHIP: set(),
    SubjectKind.DISPUTE: set(),
}


async def create(actor: Actor, kind: SubjectKind, form: Strict, key: str | None) -> tuple[SubjectView, bool]:
    """Create a subject, once per key; also tell whether this is a repeat. Raises Invalid, Forbidden, TooMany, Conflict."""

    async def load(subject_id: UUID) -> SubjectView:
        return await load_subject(actor, kind, subject_id)

    async def write(bound: IdempotencyKey | None) -> UUID:
        if kind is SubjectKind.RESERVATION:
            return await _reserve(actor, form, bound)
        return await _create(actor, kind, form, bound)

    return await idempotency.create_once(actor, key, f"new {kind}", form, write, load)


@dataclass(slots=True)
class New:
    """A subject that is being made: from what, by whom, and its columns so far."""

    actor: Actor
    kind: SubjectKind
    form: Any
    catalogue: Catalogue
    now: datetime
    row: dict[str, Any]
    parts: Parts
    part: SubjectPart = SubjectPart.OUTSIDER
    heard: Sequence[dict[str, Any]] = ()  # the columns of the opinions that were said there

    async def insert(self, fetch: db.Fetch, row: dict[str, Any], key: IdempotencyKey | None = None) -> UUID:
        """Write a subject with its first event."""
        return await _insert(fetch, self.actor, row, self.parts, self.part, key)


async def _create(actor: Actor, kind: SubjectKind, form: Any, key: IdempotencyKey | None) -> UUID:
    catalogue, now = await setup.current_catalogue(), clock.now()
    row, parts = await _located(actor, kind, form.place_id, catalogue)
    new = New(actor, kind, form, catalogue, now, row, parts)
    await _find_parts(new)
    new.part = rules.require_creator(LIVES[kind], new.parts)
    row |= _BEGIN[kind](form, new.part, now)
    await _check(new)
    async with db.atomic() as fetch:
        await _before(fetch, new)
        subject_id = await new.insert(fetch, row, key)
        await _after(fetch, new)
    return subject_id


async def _find_parts(new: New) -> None:
    """Add the parts that somebody plays by being a side, of the new one or of a pairing with whom it visits."""
    actor, form, row = new.actor, new.form, new.row
    if LIVES[new.kind].sided:
        find = sides_of_dispute if new.kind is SubjectKind.DISPUTE else sides_of
        row["sides"] = await find(actor, form, row)
        new.parts = parts_of(actor, row | {"home_path": None}, new.catalogue)
    elif new.kind is SubjectKind.ACTIVITY and form.kind is ActivitySort.CARE and STAFF.isdisjoint(new.parts):
        new.parts = {**new.parts, **await recorded.helpers_parts(actor, form)}


async def _check(new: New) -> None:
    """Refuse what cannot be. Raises Invalid, Forbidden, TooMany."""
    kind, form, row = new.kind, new.form, new.row
    if kind is SubjectKind.OPINION:
        speakers.require_may_name(new.part, form.person_id, form.on_behalf_of, form.room)
        row |= await speakers.speaker_columns(form.on_behalf_of, "/on_behalf_of/phone")
        row["due_at"] = _fate_due(row, new.catalogue)
    await _check_people_and_source(kind, row)
    if kind is SubjectKind.ACTIVITY:
        new.heard = await recorded.heard_at(form, new.part)
        if form.series:
            row["series"] = await first_run(row, form.series)
    if new.part is SubjectPart.RESIDENT:
        await _check_rate(new.actor, new.now)
    if kind is SubjectKind.SURVEY:
        await require_organisation(form.organisation_id)
    if kind is SubjectKind.RELATIONSHIP:
        own = [side["id"] for side in rules.own_sides(new.actor, row)]
        agree_at_once(row["sides"], own, new.parts, form, new.now)
    if kind is SubjectKind.DISPUTE:
        for side in rules.own_sides(new.actor, row):
            row["sides"][row["sides"].index(side)]["agreed_at"] = new.now
        if new.part is SubjectPart.PARTY:
            await _check_rate(new.actor, new.now)


async def _before(fetch: db.Fetch, new: New) -> None:
    """Make and lock what a subject needs, in the transaction that writes it. Raises Invalid, Conflict."""
    kind, form, row = new.kind, new.form, new.row
    if kind in {SubjectKind.ACTIVITY, SubjectKind.OPINION, SubjectKind.RELATIONSHIP} and form.room:
        row["place_id"] = await recorded.room_of(fetch, form)
    if kind is SubjectKind.ACTIVITY and form.done is None:
        await book(fetch, row, row["starts_at"], row["ends_at"])
    if kind is SubjectKind.RELATIONSHIP:
        await _complete(fetch, row, new.now)


async def _after(fetch: db.Fetch, new: New) -> None:
    """Write what a subject has besides its row."""
    kind, form, row = new.kind, new.form, new.row
    if kind is SubjectKind.ACTIVITY and form.done is not None:
        await _write_done(fetch, new)
    if LIVES[kind].sided:
        await insert_sides(fetch, row["id"], row["sides"])
        said = {"reason": getattr(form, "reason", None), "text": form.text}
        await encrypt_words(fetch, row["id"], 1, said)
    if kind is SubjectKind.SURVEY:
        await insert_survey(fetch, row["id"], survey_of(form))
    if kind is SubjectKind.OFFER:
        await insert_offer(fetch, new.actor, row, new.parts, new.part, form)


async def _write_done(fetch: db.Fetch, new: New) -> None:
    """Close an activity that is over, with what was said there; whom it visited has been visited."""
    form, row = new.form, new.row
    await recorded.close_at_once(fetch, new.actor, row, new.parts, new.part, form.done)
    await note_visit(fetch, new.actor, row, new.part, new.parts.get(new.part))
    for columns in new.heard:
        opinion = _new(SubjectKind.OPINION, new.actor, {name: row[name] for name in _SHARED})
        opinion |= columns | {"source_id": row["id"], "due_at": _fate_due(opinion, new.catalogue)}
        await new.insert(fetch, opinion)


async def _reserve(actor: Actor, form: Any, key: IdempotencyKey | None) -> UUID:
    offer = await load_offer(actor, form.offer_id)
    part = require_reserver(offer)
    if part is SubjectPart.RESIDENT:
        await _check_rate(actor, clock.now())
    if form.place_id:
        await require_station(offer.subject, form.place_id)
    where = {name: offer.subject[name] for name in _SHARED}
    about = {"source_id": form.offer_id, **{name: offer.subject[name] for name in ("sort", "title")}}
    about |= on_behalf(form, part, offer.subject)
    if form.project_id:
        about["outcome_id"] = await project_for(form, part, offer.subject)
    row = _new(SubjectKind.RESERVATION, actor, where) | about
    async with db.atomic() as fetch:
        return await reserve(fetch, offer, row, form, part, key)


def _fate_due(opinion: dict[str, Any], catalogue: Catalogue) -> datetime:
    """Return until when an opinion is to have a fate, by its office's limit."""
    created_at: datetime = opinion["created_at"]
    return created_at + timedelta(
        days=catalogue.opinion_days((opinion["street_id"], opinion["community_id"]))
    )


async def open_related(
    fetch: db.Fetch, view: SubjectView, kind: SubjectKind, part: SubjectPart, **columns: Any
) -> UUID:
    """Write another subject of the same place in the transaction of an act, and return its id."""
    row = _new(kind, view.actor, {name: view.subject[name] for name in _SHARED})
    row |= {"released": True, **_starting(kind), **columns}
    return await _insert(fetch, view.actor, row, view.parts, part, None)


def _new(kind: SubjectKind, actor: Actor, where: dict[str, Any]) -> dict[str, Any]:
    now = clock.now()
    return {
        **_DEFAULTS,
        **where,
        "id": ids.new(),
        "kind": kind,
        "status": LIVES[kind].first_status,
        "author_id": actor.person_id,
        "created_at": now,
        "updated_at": now,
    }


def _starting(kind: SubjectKind) -> dict[str, Any]:
    return {"threshold": topics.THRESHOLD} if kind is SubjectKind.TOPIC else {}


async def _located(
    actor: Actor, kind: SubjectKind, place_id: UUID, catalogue: Catalogue
) -> tuple[dict[str, Any], Parts]:
    """Return a new subject's first columns and the parts its author plays there. Raises Invalid for an unknown place."""
    where = await _units_of(kind, place_id, catalogue)
    row = _new(kind, actor, where | {"place_id": place_id})
    home = await db.execute_one(_HOME, person_id=actor.person_id)
    about = {"home_path": home and home["path"]}
    if kind is SubjectKind.OFFER:
        about["organisation_id"] = await serving(actor, place_id, catalogue)
    parts = parts_of(actor, row | about, catalogue)
    if kind is SubjectKind.OPINION and actor.key is None:  # anybody may say something about any place
        parts = {SubjectPart.RESIDENT: None, **parts}
    return row, parts


async def _units_of(kind: SubjectKind, place_id: UUID, catalogue: Catalogue) -> dict[str, UUID | None]:
    """Return the units that answer for a place, or for a grid itself; households of a grid are not surveyed."""
    unit = catalogue.units.get(place_id)
    if unit and unit.level is Level.GRID and not unit.ended and kind is not SubjectKind.SURVEY:
        route = routing.route_to_grid(unit, catalogue.units, today())
    else:
        place = await setup.place_ref(catalogue, place_id)
        if place is None:
            raise Invalid.at("/place_id", "没有这个地点，请重新选择")
        route = routing.route(place.path, catalogue.covers, catalogue.units, today())
    return {"grid_id": route.grid_id, "community_id": route.community_id, "street_id": route.street_id}


_HOME: Final = Statement(
    "SELECT h.path FROM person n JOIN place h ON h.id = n.home_id WHERE n.id = :person_id"
)


async def _check_people_and_source(kind: SubjectKind, row: dict[str, Any]) -> None:
    if row["person_id"] is not None and not await db.execute(_PERSON, person_id=row["person_id"]):
        raise Invalid.at("/person_id", "没有这个人，请重新选择")
    if row["source_id"] is not None:
        source = await db.execute_one(_SOURCE, subject_id=row["source_id"])
        if source is None or source["kind"] not in _SOURCES[kind] or not _near(source, row):
            pointer = "/activity_id" if kind is SubjectKind.OPINION else "/source_id"
            raise Invalid.at(pointer, "本社区没有这一项，请重新选择")


def _near(source: Any, row: dict[str, Any]) -> bool:
    """Tell whether a source is of the same community, or of the street above it."""
    return source["street_id"] == row["street_id"] and source["community_id"] in {None, row["community_id"]}


_PERSON: Final = Statement("SELECT FROM person WHERE id = :person_id AND erased_at IS NULL")
_SOURCE: Final = Statement("SELECT kind, community_id, street_id FROM subject WHERE id = :subject_id")


async def _check_rate(actor: Actor, now: datetime) -> None:
    if settings.get().rate_limits == "off":
        return
    rows = await db.execute(_RECENT, person_id=actor.person_id, since=now - _AN_HOUR, limit=_MOST_AN_HOUR)
    if len(rows) >= _MOST_AN_HOUR:
        raise TooMany(
            f"一小时内最多提{_MOST_AN_HOUR}条，请稍后再提", retry_after=int(_AN_HOUR.total_seconds())
        )


_RECENT: Final = Statement("""
SELECT FROM subject WHERE author_id = :person_id AND created_at > :since ORDER BY id DESC LIMIT :limit
""")


async def _insert(
    fetch: db.Fetch,
    actor: Actor,
    row: dict[str, Any],
    parts: Parts,
    part: SubjectPart,
    key: IdempotencyKey | None,
) -> UUID:
    row["post_id"] = post_of(actor, parts.get(part))
    entry = ledger.Entry(
        ticket_id=row["id"],
        seq=1,
        at=row["created_at"],
        type=f"{row['kind']}.raised",
        part=part,
        person_id=actor.person_id,
        post_id=row["post_id"],
        data=_data(row),
        text=row["text"] or row["title"],
        subject=row["kind"],
    )
    await ledger.open_subject(fetch, row, entry, key)
    subject_id: UUID = row["id"]
    return subject_id


def _data(row: dict[str, Any]) -> dict[str, Any]:
    """Return the codes and ids that a new subject begins with, as its first event keeps them."""
    names = ("place_id", "grid_id", "community_id", "street_id", "person_id", "source_id", "sort", "series")
    times = ("starts_at", "ends_at", "due_at")
    data = {name: str(row[name]) for name in names if row[name] is not None}
    return data | {name: row[name].isoformat() for name in times if row[name] is not None}


def _begin_opinion(form: OpinionIn, _: SubjectPart, __: datetime) -> dict[str, Any]:
    about = {"sort": form.kind, "text": form.text, "person_id": form.person_id}
    return about | {"source_id": form.activity_id}


def _begin_topic(form: TopicIn, part: SubjectPart, _: datetime) -> dict[str, Any]:
    """Begin a topic. Residents see what a resident wrote once the office has released it."""
    about = {"title": form.title, "text": form.text, "source_id": form.source_id}
    return about | {"released": part in STAFF, **_starting(SubjectKind.TOPIC)}


def _begin_project(form: ProjectIn, _: SubjectPart, now: datetime) -> dict[str, Any]:
    if form.due_at <= now:
        raise Invalid.at("/due_at", "完成日期要晚于现在")
    about = {"title": form.title, "text": form.text, "source_id": form.source_id}
    return about | {"due_at": form.due_at, "released": True}


def _begin_activity(form: ActivityIn, _: SubjectPart, now: datetime) -> dict[str, Any]:
    if form.done is not None:
        recorded.require_over(form, now)
    elif form.ends_at <= now:
        raise Invalid.at("/ends_at", "活动时间已经过了")
    names = ("title", "text", "source_id", "starts_at", "ends_at", "venue", "capacity")
    return {name: getattr(form, name) for name in names} | {"sort": form.kind}


def _begin_relationship(form: RelationshipIn, _: SubjectPart, now: datetime) -> dict[str, Any]:
    """Begin a relationship. What is written of it is encrypted, not kept in its columns."""
    if form.ends_at is not None and form.ends_at <= now:
        raise Invalid.at("/ends_at", "终止的时间要晚于现在")
    is_pairing = form.kind is RelationshipSort.PAIRING
    cadence = relationships.days_between(form.need) if is_pairing else None
    return {"sort": form.kind, "ends_at": form.ends_at, "cadence_days": cadence}


def _begin_dispute(form: DisputeIn, _: SubjectPart, __: datetime) -> dict[str, Any]:
    return {"sort": form.kind}


async def _complete(fetch: db.Fetch, row: dict[str, Any], now: datetime) -> None:
    """Give a relationship its household and its name, and begin it if nobody's word is missing."""
    for side in row["sides"]:
        if side["role"] == SideRole.HOUSEHOLD:
            side["place_id"] = str(row["place_id"])
    if row["title"] is None:
        (place,) = await fetch(_LABEL.text, row["place_id"])
        row["title"] = place["label"]
    if all(side["agreed_at"] for side in row["sides"]):
        row |= {"status": "active", "starts_at": now, "due_at": first_due(row["cadence_days"], now)}


_LABEL: Final = Statement("SELECT label FROM place WHERE id = :place_id")


def _begin_survey(form: SurveyIn, _: SubjectPart, now: datetime) -> dict[str, Any]:
    if form.ends_at <= now:
        raise Invalid.at("/ends_at", "截止时间要晚于现在")
    names = ("title", "text", "source_id", "ends_at")
    return {name: getattr(form, name) for name in names} | {"sort": form.kind}


_BEGIN: Final[dict[SubjectKind, Callable[[Any, SubjectPart, datetime], dict[str, Any]]]] = {
    SubjectKind.OPINION: _begin_opinion,
    SubjectKind.TOPIC: _begin_topic,
    SubjectKind.PROJECT: _begin_project,
    SubjectKind.ACTIVITY: _begin_activity,
    SubjectKind.SURVEY: _begin_survey,
    SubjectKind.OFFER: lambda form, part, _: begin_offer(form, part),
    SubjectKind.RELATIONSHIP: _begin_relationship,
    SubjectKind.DISPUTE: _begin_dispute,
}
