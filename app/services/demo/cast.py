"""Who acts in the demo street's common life: its personas, and neighbours who live around 944号."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final
from uuid import UUID

from app import db, ids
from app.enums import Role
from app.models.person import MeIn
from app.rules.access import Actor, Seat
from app.services import people
from app.services.demo.street import PERSONAS
from app.sql import Statement

_SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
# By where they live, a unit and the number on the door; each is a household of its own.
NEIGHBOURS: Final = (
    ("王秀兰", "wss-944-1", "201"),
    ("李国强", "wss-944-1", "502"),
    ("张桂芳", "wss-944-2", "301"),
    ("刘建军", "wss-944-2", "602"),
    ("陈淑珍", "wss-944-3", "101"),
    ("杨志明", "wss-944-5", "402"),
    ("黄玉梅", "wss-944-6", "203"),
    ("周德福", "wss-946-1", "301"),
    ("吴小燕", "wss-946-2", "501"),
    ("徐文华", "wss-948-1", "102"),
    ("孙丽萍", "wss-948-2", "403"),
    ("马永年", "wss-950-1", "202"),
    ("朱晓东", "wss-950-3", "601"),
    ("胡翠英", "wss-952-1", "302"),
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The people by the name of their persona, the neighbours, and the ids of places and organisations by code."""

    personas: Mapping[str, Actor]
    neighbours: Sequence[Actor]
    codes: Mapping[str, UUID]


async def load_cast() -> Cast | None:
    """Return who acts, the neighbours made where they are missing; None if a persona has left the street."""
    rows = await db.execute(_PERSONAS, personas=list(PERSONAS))
    seats: dict[str, list[Seat]] = {row["demo"]: [] for row in rows}
    people_by_name = {row["demo"]: row["person_id"] for row in rows}
    for row in rows:
        if row["id"]:
            seats[row["demo"]].append(
                Seat(row["id"], Role(row["role"]), row["place_id"], row["organisation_id"])
            )
    if any(len(seats.get(name, ())) < (persona.role is not None) for name, persona in PERSONAS.items()):
        return None
    actors = {name: _actor(people_by_name[name], *held) for name, held in seats.items()}
    codes = {row["code"]: row["id"] for row in await db.execute(_CODES)}
    return Cast(actors, await _neighbours(codes), codes) if actors.keys() == PERSONAS.keys() else None


_PERSONAS: Final = Statement("""
SELECT n.demo, n.id AS person_id, p.id, p.role, p.place_id, p.organisation_id
FROM person n LEFT JOIN post p ON p.person_id = n.id AND p.ended_at IS NULL
WHERE n.demo = ANY(:personas::text[]) AND n.erased_at IS NULL ORDER BY p.id
""")
_CODES: Final = Statement(
    "SELECT code, id FROM place WHERE code <> '' UNION ALL SELECT code, id FROM organisation"
)


async def _neighbours(codes: Mapping[str, UUID]) -> list[Actor]:
    """Return the neighbours. Nobody signs in as one of them."""
    actors = [_actor(_id(number)) for number in range(len(NEIGHBOURS))]
    made = await db.execute(
        _INSERT_NEIGHBOURS,
        person_ids=[actor.person_id for actor in actors],
        names=[name for name, _, _ in NEIGHBOURS],
        since=_SINCE,
        consent_version=people.consent().version,
    )
    new = {row["id"] for row in made}
    for actor, (_, home, room) in zip(actors, NEIGHBOURS, strict=True):
        if actor.person_id in new:
            await people.change_profile(actor, MeIn(home_id=codes[home], room=room))
    return actors


_INSERT_NEIGHBOURS: Final = Statement("""
INSERT INTO person (id, created_at, name, consent_version, consent_at)
SELECT n.id, :since::timestamptz, n.name, :consent_version, :since
FROM unnest(:person_ids::uuid[], :names::text[]) n(id, name) ON CONFLICT DO NOTHING RETURNING id
""")


def _id(number: int) -> UUID:
    """Return the id of a neighbour, the same every time."""
    chance = Random(f"neighbour {number}")  # noqa: S311 - as above
    return UUID(int=ids.floor(_SINCE).int | 0b10 << 62 | chance.getrandbits(62))


def _actor(person_id: UUID, *seats: Seat) -> Actor:
    return Actor(person_id, person_id, 0, seats)
