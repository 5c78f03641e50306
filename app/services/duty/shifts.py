"""The roster: shifts are planned by a grid's head or an office above it, listed for colleagues, and cancelled."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids, words
from app.enums import Level, Role
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models.duty import UnitRef
from app.models.shift import OnShiftOut, ShiftIn, ShiftOut, SwapOut
from app.rules import shifts as rules
from app.rules.access import STAFF, Actor
from app.rules.routing import Unit, UnitPost
from app.services import audit, setup
from app.services.duty.cards import skill_out
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement

ShiftRow = Mapping[str, Any]


async def plan_shift(actor: Actor, form: ShiftIn) -> ShiftOut:
    """Put a post on shift. Raises Invalid for a post out of the actor's sight, Forbidden for one they do not plan for, Conflict."""
    catalogue, now = await setup.current_catalogue(), clock.now()
    unit, post = _post(catalogue, form.post_id)
    if unit is None or post is None or not sees(actor, unit):
        raise Invalid.at("/post_id", "这里没有这个岗位，请重新选择")
    if not plans(actor, unit):
        raise Forbidden("您不能排这里的值班")
    if not rules.can_be_on_shift(unit, post):
        raise Invalid.at("/post_id", "这个岗位没有人，或不参加值班，请重新选择")
    if wrong := rules.why_not_planned(form.starts_at, form.ends_at, now):
        raise Invalid.at(f"/{wrong[0]}", wrong[1])
    shift_id = ids.new()
    values = form.model_dump() | {"shift_id": shift_id, "unit_id": unit.id}
    async with db.atomic() as fetch:
        await lock_posts(fetch, [form.post_id])
        await require_free(fetch, form.post_id, form.starts_at, form.ends_at)
        await fetch(
            _PLAN.text,
            *_PLAN.arguments({**values, "now": now, "actor_id": actor.person_id, **audit.entry_values()}),
        )
        await tell(fetch, unit, "shift.set", form.starts_at, form.ends_at, post, but=actor.person_id)
    return await read_shift(actor, shift_id)


async def cancel_shift(actor: Actor, shift: ShiftRow) -> None:
    """Cancel a shift; whoever had it is told, and what was to be swapped with it stays as it was."""
    catalogue, now = await setup.current_catalogue(), clock.now()
    unit, post = catalogue.units[shift["unit_id"]], _post(catalogue, shift["post_id"])[1]
    values = {"shift_id": shift["id"], "now": now, "actor_id": actor.person_id, **audit.entry_values()}
    async with db.atomic() as fetch:
        if not await fetch(_CANCEL.text, *_CANCEL.arguments(values)):
            raise NotFound
        await tell(
            fetch, unit, "shift.cancelled", shift["starts_at"], shift["ends_at"], post, but=actor.person_id
        )


async def shift_page(
    actor: Actor,
    place_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    *,
    mine: bool,
    limit: int,
    cursor: str | None,
) -> tuple[list[ShiftOut], str | None]:
    """Return a page of the shifts of the actor's units and those below, of a period from now on, the last planned first.

    Raises NotFound for a place out of their sight, Invalid for a period that ends before it begins or is a year away.
    """
    catalogue, now = await setup.current_catalogue(), clock.now()
    if wrong := rules.why_not_listed(since or now, until, now):
        raise Invalid.at(f"/{wrong[0]}", wrong[1])
    units = [unit for unit in catalogue.units.values() if sees(actor, unit) and not unit.ended]
    if place_id:
        units = [unit for unit in units if place_id in unit.path]
        if not units:
            raise NotFound
    rows = await db.execute(
        _PAGE,
        unit_ids=[unit.id for unit in units],
        since=since or now,
        until=until,
        own=[seat.id for seat in actor.seats] if mine else None,
        before=cursor_before(cursor),
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit)
    return [serialize(row, actor, catalogue) for row in page], next_cursor


async def load_shift(actor: Actor, shift_id: UUID) -> ShiftRow:
    """Return a shift of the actor's units, or below. Raises NotFound for any other."""
    catalogue = await setup.current_catalogue()
    row: ShiftRow | None = await db.execute_one(_SELECT, shift_id=shift_id)
    unit = catalogue.units.get(row["unit_id"]) if row else None
    if row is None or unit is None or not sees(actor, unit):
        raise NotFound
    return row


async def read_shift(actor: Actor, shift_id: UUID) -> ShiftOut:
    """Return a shift as the actor sees it. Raises NotFound."""
    row = await load_shift(actor, shift_id)
    return serialize(row, actor, await setup.current_catalogue())


async def require_may(actor: Actor, shift: ShiftRow, action: str) -> None:
    """Raise Forbidden for what is never the actor's to do with a shift, Conflict for what is not possible now."""
    catalogue, own = await setup.current_catalogue(), {seat.id for seat in actor.seats}
    may_plan = plans(actor, catalogue.units[shift["unit_id"]])
    if action in rules.actions(shift, own, clock.now(), plans=may_plan):
        return
    if not rules.is_concerned(shift, own, action, plans=may_plan):
        raise Forbidden("这个班不归您换或取消")
    raise Conflict("这个班已经开始、已经在换或没有人要换，不能这样做")


def plans(actor: Actor, unit: Unit) -> bool:
    """Tell whether the actor makes the roster of a unit: its head or deputy, or the office of it or above it."""
    if any(seat.role in rules.PLANNERS.get(unit.level, ()) for seat in actor.seats_by_unit.get(unit.id, ())):
        return True
    offices = frozenset({Role.COMMUNITY, Role.STREET})
    return not set(actor.units(offices)).isdisjoint(unit.path)


def sees(actor: Actor, unit: Unit) -> bool:
    """Tell whether the actor works in a unit or above it."""
    return unit.level is not Level.STREET and not set(actor.units(STAFF)).isdisjoint(unit.path)


def _post(catalogue: Catalogue, post_id: UUID) -> tuple[Unit | None, UnitPost | None]:
    for unit in catalogue.units.values():
        for post in unit.posts:
            if post.id == post_id:
                return unit, post
    return None, None


def serialize(row: ShiftRow, actor: Actor, catalogue: Catalogue) -> ShiftOut:
    """Return a shift as the actor sees it."""
    unit, own = catalogue.units[row["unit_id"]], {seat.id for seat in actor.seats}
    asked = row["swap_post_id"]
    return ShiftOut(
        id=row["id"],
        unit=UnitRef(id=unit.id, level=unit.level, label=unit.label),
        post=OnShiftOut(**named(catalogue, unit, row["post_id"])),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        skill=skill_out(row["skill"]) if row["skill"] else None,
        mine=row["post_id"] in own,
        swap=SwapOut(**named(catalogue, unit, asked), for_id=row["swap_for_id"]) if asked else None,
        actions=rules.actions(row, own, clock.now(), plans=plans(actor, unit)),
    )


def named(catalogue: Catalogue, unit: Unit, post_id: UUID) -> dict[str, Any]:
    """Return a post of a roster as colleagues see it."""
    post = next((one for one in unit.posts if one.id == post_id), None)
    title = catalogue.unit_role_name(post.role, unit.id, post.title) if post else ""
    return {
        "post_id": post_id,
        "title": words.say(title) if title else "",
        "name": post.name if post else None,
    }


async def lock_posts(fetch: db.Fetch, post_ids: list[UUID]) -> None:
    """Keep the rosters of posts as they are until the transaction ends."""
    await fetch(_LOCK.text, post_ids)


async def require_free(
    fetch: db.Fetch, post_id: UUID, starts_at: datetime, ends_at: datetime, *, given_away: UUID | None = None
) -> None:
    """Raise Conflict if a post has a shift at that time, other than one it gives away. Ends and begins may meet."""
    values = {"post_id": post_id, "starts_at": starts_at, "ends_at": ends_at, "given_away": given_away}
    if await fetch(_TAKEN.text, *_TAKEN.arguments(values)):
        raise Conflict("这个岗位在这段时间已经有班，请换个时间")


async def tell(
    fetch: db.Fetch,
    unit: Unit,
    type_: str,
    starts_at: datetime,
    ends_at: datetime,
    *posts: UnitPost | None,
    but: UUID | None = None,
) -> None:
    """Tell the holders of posts of a shift, but not `but`, who did it. The first post is the one the sentence names."""
    told = {post.person_id for post in posts if post and post.person_id} - {but}
    role = posts[0].role if posts[0] else Role.DUTY
    data = {"role": role, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    values = {
        "notice_ids": [ids.new() for _ in told],
        "person_ids": list(told),
        "unit_id": unit.id,
        "type": type_,
        "now": clock.now(),
        "data": json.dumps(data),
    }
    await fetch(_TELL.text, *_TELL.arguments(values))


async def clear_shifts(ended_before: datetime, limit: int) -> int:
    """Delete a batch of shifts that ended long ago; return how many."""
    return len(await db.execute(_CLEAR, ended_before=ended_before, limit=limit))


_SELECT: Final = Statement("SELECT * FROM shift WHERE id = :shift_id")
_LOCK: Final = Statement("SELECT FROM post WHERE id = ANY(:post_ids::uuid[]) ORDER BY id FOR NO KEY UPDATE")
_TAKEN: Final = Statement("""
SELECT FROM shift WHERE post_id = :post_id AND starts_at < :ends_at AND ends_at > :starts_at
    AND id IS DISTINCT FROM :given_away::uuid LIMIT 1
""")
_PAGE: Final = Statement("""
SELECT * FROM shift WHERE unit_id = ANY(:unit_ids::uuid[]) AND ends_at > :since AND id < :before
    AND (:until::timestamptz IS NULL OR starts_at < :until)
    AND (:own::uuid[] IS NULL OR post_id = ANY(:own) OR swap_post_id = ANY(:own)) ORDER BY id DESC LIMIT :limit
""")
_PLAN: Final = Statement(f"""
WITH insert_shift AS (
    INSERT INTO shift (id, unit_id, post_id, starts_at, ends_at, skill)
    VALUES (:shift_id, :unit_id, :post_id, :starts_at, :ends_at, :skill) RETURNING post_id
)
{audit.insert_entry("shift_set", subject="post_id", source="insert_shift")}
""")
_CANCEL: Final = Statement(f"""
WITH delete_shift AS (
    DELETE FROM shift WHERE id = :shift_id AND ends_at > :now RETURNING post_id
), end_swap AS (
    UPDATE shift SET swap_post_id = NULL, swap_for_id = NULL WHERE swap_for_id = :shift_id
)
{audit.insert_entry("shift_cancelled", subject="post_id", source="delete_shift")} RETURNING id
""")
_TELL: Final = Statement("""
INSERT INTO notice (id, person_id, unit_id, type, created_at, visible_at, data)
SELECT n.id, n.person_id, :unit_id, :type, :now::timestamptz, :now, :data::jsonb
FROM unnest(:notice_ids::uuid[], :person_ids::uuid[]) n(id, person_id)
""")
_CLEAR: Final = Statement("""
DELETE FROM shift WHERE id IN (SELECT id FROM shift WHERE ends_at < :ended_before LIMIT :limit) RETURNING id
""")
