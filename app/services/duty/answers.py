"""Who answers for a place now, and the card of its grid. The roster comes first; absences and succession are those that
tickets are routed by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import SHANGHAI, Level, Role, Skill
from app.errors import Invalid, NotFound
from app.models.duty import DutyCardOut, DutyOut, UnitRef
from app.rules import routing, shifts
from app.rules.access import Actor
from app.rules.routing import SUCCESSION, Unit, UnitPost
from app.rules.shifts import OnShift
from app.services import setup
from app.services.duty.cards import CardMaker, skill_out
from app.services.setup import Catalogue
from app.sql import Statement

_AHEAD: Final = timedelta(days=366)
_BACK: Final = timedelta(days=1)  # a clock that is wrong by some hours asks about now


@dataclass(frozen=True, slots=True)
class _Site:
    """A place and the units that answer for it, the narrowest first; there is at least one."""

    path: Sequence[UUID]
    units: Sequence[Unit]


async def who_is_on_duty(actor: Actor, place_id: UUID, at: datetime | None, skill: Skill | None) -> DutyOut:
    """Return who answers for a place, now or at a moment. Raises NotFound, and Invalid for a moment too far away."""
    at = _moment(at)
    catalogue = await setup.current_catalogue()
    site = await _site(catalogue, place_id)
    return DutyOut(**await _answers(CardMaker(catalogue, actor), site, at, skill))


async def duty_card(actor: Actor, place_id: UUID) -> DutyCardOut:
    """Return the card of the grid of a place, or of its community where it has no grid. Raises NotFound."""
    catalogue = await setup.current_catalogue()
    site, cards = await _site(catalogue, place_id), CardMaker(catalogue, actor)
    order = (*SUCCESSION[site.units[0].level], Role.MEMBER)
    posts = [post for post in site.units[0].posts if post.person_id and post.role in order]
    posts.sort(key=lambda post: order.index(post.role))
    by_id = await cards.of_posts(post.id for post in posts)
    community = next((unit for unit in site.units if unit.level is Level.COMMUNITY), None)
    return DutyCardOut(
        **await _answers(cards, site, clock.now(), None),
        community=_ref(community) if community else None,
        posts=[by_id[post.id] for post in posts if post.id in by_id],
        stewards=await cards.of_stewards(site.path),
    )


def _moment(at: datetime | None) -> datetime:
    now = clock.now()
    if at is None:
        return now
    if not now - _BACK <= at <= now + _AHEAD:
        raise Invalid.at("/at", "只能查从今天起一年以内的值班")
    return at


async def _site(catalogue: Catalogue, place_id: UUID) -> _Site:
    unit = catalogue.units.get(place_id)
    place = None if unit else await setup.place_ref(catalogue, place_id)
    path = unit.path if unit and not unit.ended else place.path if place else ()
    units = routing.answering_units(path, catalogue.covers, catalogue.units)
    if not units:
        raise NotFound
    return _Site(path, units)


async def _answers(cards: CardMaker, site: _Site, at: datetime, skill: Skill | None) -> dict[str, Any]:
    """Return the fields of DutyOut."""
    found = _who_answers(site, await _on_shift(site, at), _day(at), skill)
    answers = (await cards.of_posts([found[1].id])).get(found[1].id) if found else None
    return {
        "unit": _ref(site.units[0]),
        "at": at,
        "skill": skill_out(skill) if skill else None,
        "answers": answers,
        "call": answers.call if answers else cards.hotline(site.units[0]),
    }


def _who_answers(
    site: _Site, on_shift: Sequence[OnShift], day: date, skill: str | None
) -> tuple[Unit, UnitPost] | None:
    """Return who answers in the narrowest unit where somebody does: by the roster, else as they are available."""
    for unit in site.units:
        if post := shifts.who_answers_on_shift(unit, on_shift, day, skill):
            return unit, post
        if found := routing.who_answers([unit], day, skill):
            return found
    return None


async def _on_shift(site: _Site, at: datetime) -> list[OnShift]:
    rows = await db.execute(_ON_SHIFT, unit_ids=[unit.id for unit in site.units], at=at)
    return [OnShift(**row) for row in rows]


_ON_SHIFT: Final = Statement("""
SELECT unit_id, post_id, skill FROM shift WHERE unit_id = ANY(:unit_ids::uuid[]) AND starts_at <= :at AND ends_at > :at
ORDER BY id
""")


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _ref(unit: Unit) -> UnitRef:
    return UnitRef(id=unit.id, level=unit.level, label=unit.label)
