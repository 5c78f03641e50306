"""Posts: who holds which where; given by invitation, marked absent, ended, each with its audit entry in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, NotFound
from app.models.post import AbsenceIn, EndedOut, InvitedOut, PersonRef, PostIn, PostOut
from app.rules.access import Actor
from app.services import appointing, audit, catalogue, inviting
from app.services.appointing import Path
from app.services.catalogue import post_label
from app.services.inviting import HELD_AT
from app.services.notices import before
from app.services.once import once
from app.words import LEVEL, ROLE, Level, Role

_POST: Final = """
SELECT p.*, coalesce(u.label, o.name) AS unit, n.name AS holder
FROM post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
LEFT JOIN person n ON n.id = p.person_id
WHERE p.ended_at IS NULL
"""
_PAGE: Final = (
    _POST
    + """
AND p.id < $2 AND (u.path && $1::uuid[] AND u.path @> $4::uuid[] OR EXISTS (
    SELECT FROM service_area a JOIN place s ON s.id = a.place_id
    WHERE a.organisation_id = p.organisation_id AND s.path && $1::uuid[] AND s.path @> $4::uuid[]))
  AND ($5::text IS NULL OR p.role = $5) AND ($6::bool IS NULL OR (p.person_id IS NULL) = $6)
ORDER BY p.id DESC LIMIT $3
"""
)


@dataclass(frozen=True, slots=True)
class PostsWanted:
    """What the list is narrowed to: at or below a place, one role, held by nobody yet or by somebody."""

    place_id: UUID | None = None
    role: Role | None = None
    vacant: bool | None = None


async def page(
    actor: Actor, wanted: PostsWanted, limit: int, cursor: str | None
) -> tuple[list[PostOut], str | None]:
    """Return the posts within the places the caller runs, newest first: grids below and companies that serve there too."""
    within = [wanted.place_id] if wanted.place_id else []
    narrowed = (within, wanted.role, wanted.vacant)
    rows = await db.fetch(_PAGE, appointing.own_places(actor), before(cursor), limit + 1, *narrowed)
    items = [PostOut(**_shown(row)) for row in rows[:limit]]
    return items, str(items[-1].id) if len(rows) > limit else None


def _shown(row: Any) -> dict[str, Any]:
    role, names = Role(row["role"]), ("id", "place_id", "organisation_id", "created_at")
    return {name: row[name] for name in (*names, "absent_from", "absent_until", "invitation_until")} | {
        "role": role,
        "role_name": ROLE[role],
        "label": post_label(role, row["unit"]),
        "person": PersonRef(id=row["person_id"], name=row["holder"]) if row["person_id"] else None,
    }


@dataclass(frozen=True, slots=True)
class Site:
    """Where a post is held: the way to its place, or to every place its organisation serves."""

    label: str
    level: Level | None
    paths: Sequence[Path]


_SITE: Final = """
SELECT label, level, path FROM place WHERE id = $1 AND ended_at IS NULL
UNION ALL
SELECT o.name, NULL, s.path FROM organisation o JOIN service_area a ON a.organisation_id = o.id
    JOIN place s ON s.id = a.place_id WHERE o.id = $2
"""


async def _site(place_id: UUID | None, organisation_id: UUID | None) -> Site:
    rows = await db.fetch(_SITE, place_id, organisation_id)
    if not rows:
        raise NotFound
    level = Level(rows[0]["level"]) if rows[0]["level"] else None
    return Site(rows[0]["label"], level, [tuple(row["path"]) for row in rows])


async def invite(actor: Actor, form: PostIn, key: str | None) -> tuple[InvitedOut, bool]:
    """Make a vacant post with its invitation code, once per key: 404 outside the caller's place, 403 above their level."""
    appointing.own_places(actor)
    site = await _site(form.place_id, form.organisation_id)
    appointing.require_in_sight(actor, await catalogue.refresh(), site.paths)
    appointing.require_gives(actor, form.role, site.paths)
    if site.level and site.level not in HELD_AT[form.role]:
        levels = "、".join(LEVEL[level] for level in sorted(HELD_AT[form.role]))
        raise Invalid.at("/place_id", f"{ROLE[form.role]}要设在{levels}，“{site.label}”不是")

    post_id, replayed = await once(
        actor,
        key,
        "invite",
        form,
        lambda under: inviting.make(
            form.role, form.place_id, form.organisation_id, by=actor.person_id, key=under
        ),
    )
    row = await _read(post_id)
    return InvitedOut(**_shown(row), invitation_code=inviting.code_of(post_id)), replayed


async def _read(post_id: UUID) -> Any:
    row = await db.fetchrow(f"{_POST} AND p.id = $1", post_id)
    if row is None:
        raise NotFound
    return row


async def _in_scope(actor: Actor, post_id: UUID) -> tuple[Any, Site]:
    """Return a post within the caller's place, or their own; NotFound for any other, as for one that does not exist."""
    row = await _read(post_id)
    site = await _site(row["place_id"], row["organisation_id"])
    if row["person_id"] != actor.person_id and not appointing.is_within(actor, site.paths):
        raise NotFound
    return row, site


async def scope(actor: Actor, post_id: UUID) -> None:
    """Refuse who has nothing to do with a post (404), then who may do nothing about it (403)."""
    row, site = await _in_scope(actor, post_id)
    if row["person_id"] != actor.person_id:
        appointing.require_gives(actor, Role(row["role"]), site.paths)


async def mark_absent(actor: Actor, post_id: UUID, form: AbsenceIn) -> PostOut:
    """Set the days somebody is away: the next in line answers from the next request on. The holder may too."""
    await scope(actor, post_id)
    await db.fetch(
        _ABSENT, post_id, form.absent_from, form.absent_until, clock.now(), ids.new(), *_who(actor)
    )
    return PostOut(**_shown(await _read(post_id)))


_ABSENT: Final = """
WITH changed AS (
    UPDATE post SET absent_from = $2, absent_until = $3 WHERE id = $1 AND ended_at IS NULL RETURNING id
), renewed AS (
    UPDATE setup SET version = version + 1 FROM changed
)
INSERT INTO audit (id, at, type, person_id, subject_id, address)
SELECT $5, $4, CASE WHEN $2::date IS NULL THEN 'absence_ended' ELSE 'absence_set' END, $6, id, $7 FROM changed
"""


async def end(actor: Actor, post_id: UUID) -> EndedOut:
    """End a post, from the holder's next request on; Conflict for the last admin of a place."""
    row, site = await _in_scope(actor, post_id)
    appointing.require_gives(actor, Role(row["role"]), site.paths)
    now = clock.now()
    ended = await db.fetchrow(_END, post_id, now, ids.new(), *_who(actor), list(site.paths[0]))
    if ended is None:
        await _read(post_id)  # somebody else was faster: it is not there any more
        raise Conflict("这是最后一位管理员，请先邀请另一位管理员并等对方接受")
    return EndedOut(id=post_id, ended_at=now)


def _who(actor: Actor) -> tuple[UUID, str | None]:
    return actor.person_id, audit.came_from.get()


# Admins are locked in one order before one of them goes, so that of two who end each other one stays.
_END: Final = """
WITH admins AS MATERIALIZED (
    SELECT id FROM post WHERE role = 'admin' AND person_id IS NOT NULL AND ended_at IS NULL AND place_id = ANY($6::uuid[])
    ORDER BY id FOR UPDATE
), ended AS (
    UPDATE post SET ended_at = $2, invitation_digest = NULL, invitation_until = NULL
    WHERE id = $1 AND ended_at IS NULL
      AND (role <> 'admin' OR person_id IS NULL OR EXISTS (SELECT FROM admins WHERE admins.id <> $1))
    RETURNING id, role, person_id
), stamped AS (
    UPDATE person SET stamp = stamp + 1 FROM ended WHERE person.id = ended.person_id
), renewed AS (
    UPDATE setup SET version = version + 1 FROM ended
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $3, $2, 'post_ended', $4, id, $5, jsonb_build_object('role', role, 'person', person_id) FROM ended
)
SELECT id FROM ended
"""
