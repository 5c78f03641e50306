"""A subject as one actor sees it: loaded in their scope, with the parts they play."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import SubjectKind
from app.errors import NotFound
from app.rules import routing
from app.rules import subjects as rules
from app.rules.access import Actor, Seat
from app.rules.lives import LIVES
from app.rules.subjects import Life, Parts, Subject
from app.services import setup
from app.services.setup import Catalogue
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


# Columns besides those of the table. `:person_id` is the caller.
COLUMNS: Final = """s.*, l.label AS place_label, l.level AS place_level, p.role AS author_role, p.title AS author_title,
       u.level AS author_level, u.path AS author_path, u.label AS author_unit,
       EXISTS (SELECT FROM supporter x WHERE x.subject_id = s.id AND x.person_id = :person_id) AS supports,
       (SELECT x.status FROM attendance x WHERE x.subject_id = s.id AND x.person_id = :person_id) AS attends,
       (SELECT count(*) FROM subject x WHERE x.kind = 'opinion' AND (x.outcome_id = s.id OR x.source_id = s.id)) AS opinions,
       (SELECT count(*) FROM subject x WHERE x.kind = 'project' AND x.source_id = s.id) AS projects,
       (SELECT count(*) FROM subject x WHERE x.series = coalesce(s.series, s.id))::int AS later_runs,
       o.kind AS outcome_kind, o.title AS outcome_title, o.status AS outcome_status,
       t.no AS ticket_no, t.status AS ticket_status, h.path AS home_path,
       v.questions, v.group_by, v.rule, coalesce(v.organisation_id, f.organisation_id) AS organisation_id, v.households, v.area AS survey_area, b.answered, b.paper,
       g.name AS organisation_name, n.household_id, r.area AS household_area,
       EXISTS (SELECT FROM turnout x WHERE x.survey_id = s.id AND x.person_id = :person_id) AS answered_by_me,
       EXISTS (SELECT FROM turnout x WHERE x.survey_id = s.id AND x.household_id = n.household_id) AS answered_by_household,
       f.price, f.points, f.days, f.needs_grant, w.quantity, w.code, w.paid, w.stock_id, w.points_id, i.name AS author_name,
       e.sort AS offer_sort, y.place_id AS station_id, z.label AS station,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.place_id, 'label', q.label, 'left', a.balance) ORDER BY a.balance DESC, a.id), '[]')
        FROM circle c JOIN account a ON a.circle_id = c.id AND a.sort = 'stock' JOIN place q ON q.id = a.place_id
        WHERE c.offer_id = s.id) AS stocks,
       CASE s.kind WHEN 'offer' THEN (SELECT count(*) FROM subject x WHERE x.source_id = s.id AND x.status = 'waiting') END AS queue,
       CASE WHEN s.kind = 'reservation' AND s.status = 'waiting' THEN (SELECT count(*) FROM subject x
           WHERE x.source_id = s.source_id AND x.kind = 'reservation' AND x.status = 'waiting' AND x.id <= s.id) END AS turn,
       (SELECT x.kind FROM subject x WHERE x.id = s.source_id) AS source_kind,
       (SELECT x.id FROM subject x WHERE x.source_id = s.id AND x.kind = 'survey' ORDER BY x.id DESC LIMIT 1) AS next_id,
       CASE WHEN s.kind IN ('relationship', 'dispute') THEN (
           SELECT coalesce(jsonb_agg(to_jsonb(x) || jsonb_build_object(
               'label', coalesce(xo.name, xl.label, xn.name), 'post_role', xp.role, 'title', xp.title, 'level', xu.level,
               'path', xu.path, 'unit', xu.label) ORDER BY x.id), '[]'::jsonb)
           FROM side x LEFT JOIN organisation xo ON xo.id = x.organisation_id LEFT JOIN place xl ON xl.id = x.place_id
           LEFT JOIN person xn ON xn.id = x.person_id LEFT JOIN post xp ON xp.id = x.post_id
           LEFT JOIN place xu ON xu.id = xp.place_id WHERE x.subject_id = s.id) END AS sides,
       CASE WHEN s.kind = 'relationship' AND s.sort = 'pairing' THEN (
           SELECT coalesce(jsonb_agg(jsonb_build_object('person_id', x.id, 'name', x.name) ORDER BY x.id), '[]'::jsonb)
           FROM person x WHERE x.household_id = s.place_id AND x.erased_at IS NULL AND NOT EXISTS (
               SELECT FROM side y WHERE y.subject_id = s.id AND y.person_id = x.id AND y.left_at IS NULL)) END AS to_admit,
       (SELECT x.sealed FROM encrypted_text x WHERE x.subject_id = s.id AND x.seq = 1) AS sealed,
       CASE WHEN s.kind = 'dispute' THEN (
           SELECT x.sealed FROM encrypted_text x JOIN event e ON e.ticket_id = x.subject_id AND e.seq = x.seq AND e.at >= s.created_at
           WHERE x.subject_id = s.id AND e.type = 'dispute.settled') END AS settled_sealed"""
JOINS: Final = """JOIN place l ON l.id = s.place_id LEFT JOIN post p ON p.id = s.post_id
LEFT JOIN place u ON u.id = p.place_id LEFT JOIN subject o ON o.id = s.outcome_id LEFT JOIN ticket t ON t.id = s.ticket_id
LEFT JOIN person n ON n.id = :person_id LEFT JOIN place h ON h.id = n.home_id
LEFT JOIN place r ON r.id = n.household_id LEFT JOIN survey v ON v.subject_id = s.id
LEFT JOIN ballot_box b ON b.survey_id = s.id LEFT JOIN subject e ON e.id = s.source_id AND e.kind = 'offer'
LEFT JOIN offer f ON f.subject_id IN (s.id, e.id) LEFT JOIN reservation w ON w.subject_id = s.id
LEFT JOIN account y ON y.id = w.stock_id LEFT JOIN place z ON z.id = y.place_id LEFT JOIN person i ON i.id = s.author_id
LEFT JOIN organisation g ON g.id = coalesce(v.organisation_id, f.organisation_id)"""
_LOAD: Final = f"""
SELECT {COLUMNS} FROM subject s {JOINS} WHERE s.id = :subject_id AND s.kind = :kind"""
_SELECT: Final = Statement(_LOAD)
_LINKED: Final = Statement(f"SELECT {COLUMNS} FROM subject s {JOINS} WHERE s.id = ANY(:subject_ids::uuid[])")
_LOCK: Final = Statement("SELECT FROM subject WHERE id = :subject_id FOR UPDATE")


async def load_subject(actor: Actor, kind: SubjectKind, subject_id: UUID) -> SubjectView:
    """Return a subject in the caller's scope. Raises NotFound for any other, whether or not it exists."""
    rows = await db.execute(_SELECT, **_key(actor, kind, subject_id))
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
    (row,) = await db.execute(_SELECT, **_key(actor, kind, subject_id))
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
    await fetch(_LOCK.text, subject_id)
    rows = await fetch(_SELECT.text, *_SELECT.arguments(_key(actor, kind, subject_id)))
    return view_of(actor, kind, rows[0] if rows else None, view.catalogue)


def _key(actor: Actor, kind: SubjectKind, subject_id: UUID) -> dict[str, Any]:
    return {"person_id": actor.person_id, "subject_id": subject_id, "kind": kind}


def view_of(actor: Actor, kind: SubjectKind, row: Any, catalogue: Catalogue) -> SubjectView:
    """Return the view of a row that was read with COLUMNS. Raises NotFound out of the caller's scope."""
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
