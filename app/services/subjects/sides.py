"""The sides of a new relationship: who they are, whether they belong together, and who has agreed already."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.enums import WITH_MEMBERS, RelationshipSort, SideRole
from app.errors import Forbidden, Invalid
from app.models.relationship import RelationshipIn
from app.rules.access import STAFF, Actor
from app.rules.relationships import SIDES
from app.rules.subjects import HEADS, Parts
from app.sql import Statement

Side = dict[str, Any]
_COLUMNS: Final = ("person_id", "post_id", "place_id", "organisation_id")


def new_side(role: SideRole, **who: UUID | None) -> Side:
    """Return a side that has not agreed yet, as `rules.subjects.own_sides` reads it and `insert_sides` writes it."""
    named = {name: str(who[name]) if who.get(name) else None for name in _COLUMNS}
    return {"id": str(ids.new()), "role": role, "sealed": None, "agreed_at": None, "left_at": None, **named}


async def sides_of(actor: Actor, form: RelationshipIn, row: dict[str, Any]) -> list[Side]:
    """Return the two sides of a new relationship at a place. Raises Invalid for one that is not of its community."""
    first, second = SIDES[form.kind]
    if form.kind is RelationshipSort.PAIRING:
        assert form.post_id, "checked by the shape"
        await require_helper(form.post_id, row)
        return [new_side(first, post_id=form.post_id), new_side(second, person_id=form.person_id)]
    organisation = await _organisation(form, row) if form.organisation_id else None
    if form.kind is RelationshipSort.PARTNER:
        return [new_side(first, organisation_id=organisation), new_side(second, place_id=form.place_id)]
    person_id = await _person(actor, form)
    if form.kind is RelationshipSort.MEMBER:
        return [new_side(first, person_id=person_id), new_side(second, organisation_id=organisation)]
    return [new_side(first, person_id=person_id), new_side(second, place_id=form.place_id)]


async def require_helper(post_id: UUID, row: Any) -> None:
    """Raise Invalid unless the post is one of staff of the same community, or of its street, and somebody holds it."""
    found = await db.execute(
        _POST,
        post_id=post_id,
        roles=sorted(STAFF),
        units=[unit for unit in (row["grid_id"], row["community_id"], row["street_id"]) if unit],
        community_id=row["community_id"],
    )
    if not found:
        raise Invalid.at("/post_id", "本社区没有这个岗位，或岗位上没有人，请重新选择帮扶人")


_POST: Final = Statement("""
SELECT FROM post p JOIN place u ON u.id = p.place_id
WHERE p.id = :post_id AND p.ended_at IS NULL AND p.person_id IS NOT NULL AND p.role = ANY(:roles::text[])
  AND (u.id = ANY(:units::uuid[]) OR :community_id::uuid = ANY(u.path))
""")


async def _organisation(form: RelationshipIn, row: dict[str, Any]) -> UUID:
    found = await db.execute_one(
        _ORGANISATION,
        organisation_id=form.organisation_id,
        street_id=row["street_id"],
        community_id=row["community_id"],
    )
    if found is None or (form.kind is RelationshipSort.MEMBER and found["kind"] not in WITH_MEMBERS):
        raise Invalid.at("/organisation_id", "本社区没有这个单位，请重新选择")
    row["title"] = found["name"]
    organisation_id: UUID = found["id"]
    return organisation_id


_ORGANISATION: Final = Statement("""
SELECT o.id, o.name, o.kind FROM organisation o WHERE o.id = :organisation_id AND EXISTS (
    SELECT FROM service_area a JOIN place p ON p.id = a.place_id WHERE a.organisation_id = o.id
    AND (p.id = :street_id OR coalesce(:community_id::uuid, :street_id) = ANY(p.path)))
""")


async def _person(actor: Actor, form: RelationshipIn) -> UUID:
    if form.person_id is None:
        return actor.person_id
    if not await person_exists(form.person_id):
        raise Invalid.at("/person_id", "没有这个人，请重新选择")
    return form.person_id


async def person_exists(person_id: UUID) -> bool:
    """Tell whether there is a person, and not a company's system, with that id."""
    return bool(await db.execute(_PERSON, person_id=person_id))


_PERSON: Final = Statement(
    "SELECT FROM person WHERE id = :person_id AND erased_at IS NULL AND organisation_id IS NULL"
)


def agree_at_once(
    sides: list[Side], own: list[str], parts: Parts, form: RelationshipIn, now: datetime
) -> None:
    """Mark the sides that agree by proposing it. Raises Forbidden for a household's word that the office did not hear."""
    by_office = not HEADS.isdisjoint(parts)
    if form.agreed and not by_office:
        raise Forbidden("住户口头同意，要由网格长或社区记下")
    for side in sides:
        heard = side["role"] == SideRole.HOUSEHOLD and form.agreed
        if side["id"] in own or heard or (side["role"] == SideRole.COMMUNITY and by_office):
            side["agreed_at"] = now


async def insert_sides(fetch: db.Fetch, subject_id: UUID, sides: list[Side]) -> None:
    """Write sides in the transaction that writes their subject, or an act on it."""
    names = ("id", "role", *_COLUMNS, "sealed", "agreed_at")
    columns = {name: [side[name] for side in sides] for name in names}
    await fetch(_INSERT.text, *_INSERT.arguments({"subject_id": subject_id, **columns}))


_INSERT: Final = Statement("""
INSERT INTO side (id, subject_id, role, person_id, post_id, place_id, organisation_id, sealed, agreed_at)
SELECT t.id, :subject_id, t.role, t.person_id, t.post_id, t.place_id, t.organisation_id, t.sealed, t.agreed_at
FROM unnest(:id::uuid[], :role::text[], :person_id::uuid[], :post_id::uuid[], :place_id::uuid[], :organisation_id::uuid[],
            :sealed::bytea[], :agreed_at::timestamptz[])
     t(id, role, person_id, post_id, place_id, organisation_id, sealed, agreed_at)
""")


async def mark_sides(
    fetch: db.Fetch,
    side_ids: list[str],
    *,
    agreed_at: datetime | None = None,
    left_at: datetime | None = None,
) -> None:
    """Write that sides have agreed, or have left."""
    values = {"side_ids": side_ids, "agreed_at": agreed_at, "left_at": left_at}
    await fetch(_MARK.text, *_MARK.arguments(values))


_MARK: Final = Statement("""
UPDATE side SET agreed_at = coalesce(agreed_at, :agreed_at::timestamptz), left_at = coalesce(left_at, :left_at::timestamptz)
WHERE id = ANY(:side_ids::uuid[])
""")
