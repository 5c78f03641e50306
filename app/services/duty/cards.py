"""Posts as their public cards have them: what residents may see of each, and which number to call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db, words
from app.enums import Role, Skill
from app.labels import SKILL
from app.models.duty import CallOut, SeatCardOut
from app.models.post import SkillOut
from app.rules import phones
from app.rules.access import STAFF, Actor
from app.rules.routing import Unit
from app.rules.titles import NamedPost
from app.services import encryption
from app.services.setup import Catalogue
from app.sql import Statement

_COLUMNS: Final = """
p.id, p.role, p.title, p.skills, p.phone, p.hours, p.shows_name, n.name, u.id AS place_id, u.level, u.path, u.label,
CASE WHEN p.shows_own_phone AND n.phone_verified THEN n.phone_sealed END AS own_phone
"""
_FROM: Final = (
    "post p JOIN place u ON u.id = p.place_id JOIN person n ON n.id = p.person_id WHERE p.ended_at IS NULL"
)
_POSTS: Final = Statement(f"SELECT {_COLUMNS} FROM {_FROM} AND p.id = ANY(:post_ids::uuid[])")
# Stewards of the unit first, then of the building and the estate.
_STEWARDS: Final = Statement(f"""
SELECT {_COLUMNS} FROM {_FROM} AND p.role = 'steward' AND p.place_id = ANY(:path::uuid[])
ORDER BY cardinality(u.path) DESC, p.id LIMIT 50
""")


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes cards for one caller."""

    catalogue: Catalogue
    actor: Actor

    async def of_posts(self, post_ids: Iterable[UUID]) -> Mapping[UUID, SeatCardOut]:
        """Return the cards of held posts of units, by id."""
        rows = await db.execute(_POSTS, post_ids=list(post_ids))
        return {row["id"]: self._card(row, self._call(row)) for row in rows}

    async def of_stewards(self, path: Iterable[UUID]) -> list[SeatCardOut]:
        """Return the cards of the stewards of a place and of what it lies in. They have no hotline: nobody has to answer."""
        rows = await db.execute(_STEWARDS, path=list(path))
        return [self._card(row, _own_number(row)) for row in rows]

    def hotline(self, unit: Unit) -> CallOut | None:
        """Return the number for the public of a unit, or of the nearest one above it."""
        found = self.catalogue.reachable_unit(unit.path)
        return (
            CallOut(phone=found.phone, whose="hotline", label=found.label) if found and found.phone else None
        )

    def _call(self, row: Any) -> CallOut | None:
        return _own_number(row) or self.hotline(self.catalogue.units[row["place_id"]])

    def _card(self, row: Any, call: CallOut | None) -> SeatCardOut:
        named = NamedPost.of(row["role"], row["level"], row["path"], row["title"])
        return SeatCardOut(
            role=named.role,
            title=words.say(self.catalogue.role_name(named)),
            label=row["label"],
            name=row["name"] if row["shows_name"] or self._is_colleague(named) else None,
            skills=[skill_out(code) for code in row["skills"]],
            hours=row["hours"],
            call=call,
        )

    def _is_colleague(self, post: NamedPost) -> bool:
        """Tell whether the caller works in the unit of a post, below or above it."""
        own = {seat.unit_id for seat in self.actor.seats if seat.role in STAFF and seat.unit_id}
        paths = [self.catalogue.units[unit_id].path for unit_id in own if unit_id in self.catalogue.units]
        path = post.path or ()
        if post.role is Role.STEWARD:
            return not own.isdisjoint(path)
        return not own.isdisjoint(path) or any(path and path[-1] in above for above in paths)


def skill_out(code: str) -> SkillOut:
    """Return a skill, named in the language of the request."""
    skill = Skill(code)
    return SkillOut(code=skill, name=words.say(SKILL[skill]))


def _own_number(row: Any) -> CallOut | None:
    """Return the number of a post itself: the one its holder shows of their own, else the post's."""
    own = row["own_phone"] and encryption.decrypt_if_readable(row["own_phone"])
    if own:
        return CallOut(phone=phones.normalise(own).display, whose="holder", label=row["label"])
    return CallOut(phone=row["phone"], whose="post", label=row["label"]) if row["phone"] else None
