"""What a relationship begins with: its two sides, and who of them has agreed already."""

from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import RelationshipSort, SideRole
from app.errors import Invalid
from app.rules import relationships
from app.rules import subjects as rules
from app.services.subjects.encrypted_words import encrypt_words
from app.services.subjects.new.beginning import Beginning, New
from app.services.subjects.new.opinions import find_room
from app.services.subjects.relationship_effects import first_due
from app.services.subjects.sides import agree_at_once, insert_sides, sides_of
from app.services.subjects.view import parts_of
from app.sql import Statement


async def _find_parts(new: New) -> None:
    new.row["sides"] = await sides_of(new.actor, new.form, new.row)
    new.parts = parts_of(new.actor, new.row | {"home_path": None}, new.catalogue)


def _columns(new: New) -> dict[str, Any]:
    """Return its columns; what is written of it is encrypted, not kept there."""
    form = new.form
    if form.ends_at is not None and form.ends_at <= new.now:
        raise Invalid.at("/ends_at", "终止的时间要晚于现在")
    is_pairing = form.kind is RelationshipSort.PAIRING
    cadence = relationships.days_between(form.need) if is_pairing else None
    return {"sort": form.kind, "ends_at": form.ends_at, "cadence_days": cadence}


async def _check(new: New) -> None:
    own = [side["id"] for side in rules.own_sides(new.actor, new.row)]
    agree_at_once(new.row["sides"], own, new.parts, new.form, new.now)


async def _before(fetch: db.Fetch, new: New) -> None:
    """Give it its household and its name, and begin it if nobody's word is missing."""
    await find_room(fetch, new)
    row = new.row
    for side in row["sides"]:
        if side["role"] == SideRole.HOUSEHOLD:
            side["place_id"] = str(row["place_id"])
            if side["person_id"] and not await fetch(_LIVES.text, UUID(side["person_id"]), row["place_id"]):
                raise Invalid.at("/person_id", "这个人没有登记住在这一户，请核对")
    if row["title"] is None:
        (place,) = await fetch(_LABEL.text, row["place_id"])
        row["title"] = place["label"]
    if all(side["agreed_at"] for side in row["sides"]):
        row |= {"status": "active", "starts_at": new.now, "due_at": first_due(row["cadence_days"], new.now)}


async def _after(fetch: db.Fetch, new: New) -> None:
    await insert_sides(fetch, new.row["id"], new.row["sides"])
    await encrypt_words(fetch, new.row["id"], 1, {"reason": new.form.reason, "text": new.form.text})


_LIVES: Final = Statement(
    "SELECT FROM person WHERE id = :person_id AND household_id = :place_id AND erased_at IS NULL"
)
_LABEL: Final = Statement("SELECT label FROM place WHERE id = :place_id")

RELATIONSHIP: Final = Beginning(
    find_parts=_find_parts, columns=_columns, check=_check, before=_before, after=_after
)
