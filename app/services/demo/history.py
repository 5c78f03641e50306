"""The demo street's past: reports of every day since the last quarter began, played by the rules and written in bulk.

The same day has the same reports whenever it is made, so a second run adds only what is missing.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from app import clock, db, ids, settings
from app.enums import SHANGHAI, Role, Status
from app.errors import Refusal
from app.models.ticket import TicketIn
from app.rules.access import Actor, Seat
from app.services import ledger, people, schema, setup
from app.services.demo.habits import Step, next_step
from app.services.setup import Catalogue
from app.services.tickets import Rehearsal

REPORTS_A_DAY: Final = 30
_RESIDENTS: Final = 200
_FOUND_BY_STAFF: Final = 0.08  # the share of reports that a grid makes of what it has seen itself
# How likely each hour of the day is.
_HOURS: Final = (1, 1, 1, 1, 1, 1, 3, 6, 9, 9, 8, 7, 6, 5, 6, 7, 7, 7, 8, 9, 8, 6, 4, 2)
_TEXTS: Final = Path(__file__).parents[2] / "demo_history.csv"
_MAX_STEPS: Final = 30


class Report(NamedTuple):
    """What people report, and what is said when it is done."""

    category: str
    weight: int
    report: str
    done: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Who and what the past is played with."""

    catalogue: Catalogue
    reports: Sequence[Report]
    places: Sequence[UUID]
    residents: Sequence[Actor]
    agents: Mapping[UUID, Actor]  # by organisation

    def head(self, unit_id: UUID | None) -> Actor | None:
        """Return who is responsible for a unit."""
        post = self.catalogue.responsible_post(unit_id)
        if post is None or post.person_id is None:
            return None
        return _actor(post.person_id, Seat(post.id, post.role, unit_id, None))


async def load_history() -> int:
    """Make the reports from the beginning of the last quarter to yesterday; return how many were new."""
    days = await _missing_days()
    stage = await _stage() if days else None
    return sum([await _load_day(stage, day) for day in days if stage])


async def load_a_day() -> bool:
    """Make the reports of the first day that lacks any, if there is one; tell whether there was."""
    days = await _missing_days()
    if days:
        await _load_day(await _stage(), days[0])
    return bool(days)


async def keep_history() -> bool:
    """Make a day's reports, where the settings ask for a past; tell whether there may be more. For the worker."""
    conf = settings.get()
    return conf.demo and conf.demo_history and await load_a_day()


async def _load_day(stage: Stage, day: date) -> int:
    lives = [await _play(stage, plan, clock.now()) for plan in _plan_day(day)]
    return await ledger.write_lives(lives)


async def _missing_days() -> list[date]:
    """Return the days since the last quarter began, up to yesterday, that lack a report; with partitions for them."""
    today = clock.now().astimezone(SHANGHAI).date()
    first = quarter_before(today)
    days = [first + timedelta(days=n) for n in range((today - first).days)]
    rows = await db.fetch(_THERE, [one for day in days for one in _ids_of(day)])
    there = {row["id"] for row in rows}
    missing = [day for day in days if not there.issuperset(_ids_of(day))]
    if missing:
        await schema.make_partitions(datetime.combine(first, time(), UTC))
    return missing


_THERE: Final = "SELECT id FROM ticket WHERE id = ANY ($1::uuid[])"


class Plan(NamedTuple):
    """A report that will be made; `chance` decides all else about it."""

    ticket_id: UUID
    at: datetime
    chance: Random


def _plan_day(day: date) -> list[Plan]:
    chance = Random(day.isoformat())  # noqa: S311 - the same every time
    count = REPORTS_A_DAY + chance.randint(-8, 8) - (8 if day.weekday() > 4 else 0)
    return [_plan(day, Random(f"{day}/{n}")) for n in range(count)]  # noqa: S311 - as above


@cache
def _ids_of(day: date) -> tuple[UUID, ...]:
    return tuple(plan.ticket_id for plan in _plan_day(day))


def _plan(day: date, chance: Random) -> Plan:
    (hour,) = chance.choices(range(24), _HOURS)
    moment = time(hour, chance.randrange(60), chance.randrange(60))
    at = datetime.combine(day, moment, SHANGHAI).astimezone(UTC)
    return Plan(_id(at, chance), at, chance)


def quarter_before(day: date) -> date:
    """Return the first day of the quarter before that of a day."""
    month = (day.month - 1) // 3 * 3 + 1
    return date(day.year, month - 3, 1) if month > 3 else date(day.year - 1, 10, 1)


async def _stage() -> Stage:
    catalogue = await setup.current_catalogue()
    with _TEXTS.open(encoding="utf-8", newline="") as file:
        reports = [
            Report(row["category"], int(row["weight"]), row["report"], row["done"])
            for row in csv.DictReader(file)
        ]
    places = await db.fetch("SELECT id FROM place WHERE level = 'unit' ORDER BY code")
    posts = await db.fetch(_AGENTS)
    agents = {
        post["organisation_id"]: _actor(
            post["person_id"], Seat(post["id"], Role.AGENT, None, post["organisation_id"])
        )
        for post in posts
    }
    return Stage(catalogue, reports, [place["id"] for place in places], await _residents(), agents)


_AGENTS: Final = """
SELECT id, organisation_id, person_id FROM post
WHERE organisation_id IS NOT NULL AND person_id IS NOT NULL AND ended_at IS NULL ORDER BY id DESC
"""
_INSERT_PEOPLE: Final = """
INSERT INTO person (id, created_at, consent_version, consent_at)
SELECT id, $2, $3, $2 FROM unnest($1::uuid[]) AS p(id) ON CONFLICT DO NOTHING
"""


async def _residents() -> list[Actor]:
    """Return residents without a name, made once: they report, and nobody signs in as one of them."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    person_ids = [_id(since, Random(n)) for n in range(_RESIDENTS)]  # noqa: S311 - the same every time
    await db.fetch(_INSERT_PEOPLE, person_ids, since, people.consent().version)
    return [_actor(person_id) for person_id in person_ids]


def _id(at: datetime, chance: Random) -> UUID:
    return UUID(int=ids.floor(at).int | 0b10 << 62 | chance.getrandbits(62))


def _actor(person_id: UUID, *seats: Seat) -> Actor:
    return Actor(person_id, person_id, 0, seats)


async def _play(stage: Stage, plan: Plan, now: datetime) -> ledger.Life:
    chance, at = plan.chance, plan.at
    (report,) = chance.choices(stage.reports, [report.weight for report in stage.reports])
    form = TicketIn(category=report.category, place_id=chance.choice(stage.places), description=report.report)
    resident, found = chance.choice(stage.residents), chance.random() < _FOUND_BY_STAFF
    life = await Rehearsal.submitted(resident, form, stage.catalogue, plan.ticket_id, at)
    finder = stage.head(life.row["grid_id"])
    if found and finder:
        life = await Rehearsal.submitted(finder, form, stage.catalogue, plan.ticket_id, at)
    _live(stage, life, report, chance, now)
    for entry in life.entries:
        entry.salt = chance.randbytes(16)
    return ledger.Life(life.row, at.astimezone(SHANGHAI).strftime("%y%m%d-"), life.entries)


def _live(stage: Stage, life: Rehearsal, report: Report, chance: Random, now: datetime) -> None:
    """Play what people do to a ticket, and the timer in between, until it ends or today comes."""
    companies = [
        company.id
        for company in life.catalogue.serving(life.place.path if life.place else (), report.category)
        if company.default and company.id in stage.agents
    ]
    for _ in range(_MAX_STEPS):
        step = next_step(life.ticket, companies, report.done, chance)
        actor = _who(stage, life, step) if step else None
        if step is None or actor is None or step.at > now:
            break
        seq = life.row["seq"]
        life.run_timer(step.at)
        if life.row["seq"] > seq and life.row["status"] == Status.CLOSED:
            break
        try:
            life.act(actor, step.action, step.body, max(step.at, life.row["updated_at"]))
        except Refusal:  # the timer has moved it to somebody else meanwhile: they go on
            continue
    life.run_timer(now)


def _who(stage: Stage, life: Rehearsal, step: Step) -> Actor | None:
    row = life.row
    if step.by == "reporter":
        return next((one for one in stage.residents if one.person_id == row["reporter_id"]), None)
    if step.by == "partner":
        return stage.agents.get(row["organisation_id"])
    return stage.head(row["holder_id"] or row["community_id"])
