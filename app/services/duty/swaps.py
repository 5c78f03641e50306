"""Swapping a shift: whoever has it asks a colleague of the unit, who takes it with one tap or declines."""

from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.errors import Conflict, Invalid
from app.models.shift import ShiftOut, SwapIn
from app.rules import shifts as rules
from app.rules.access import Actor
from app.rules.routing import UnitPost
from app.services import audit, setup
from app.services.duty.shifts import ShiftRow, lock_posts, read_shift, require_free, tell
from app.sql import Statement


async def ask_to_swap(actor: Actor, shift: ShiftRow, form: SwapIn) -> ShiftOut:
    """Ask a colleague to take a shift, perhaps for one of theirs. Raises Invalid, Conflict."""
    catalogue = await setup.current_catalogue()
    unit = catalogue.units[shift["unit_id"]]
    posts = {post.id: post for post in unit.posts}
    asked = posts.get(form.post_id)
    if asked is None or form.post_id == shift["post_id"] or not rules.can_be_on_shift(unit, asked):
        raise Invalid.at("/post_id", "只能和同一个网格或社区的同事换班")
    async with db.atomic() as fetch:
        locked = await _lock(fetch, shift["id"], form.for_id)
        mine, other = locked.get(shift["id"]), locked.get(form.for_id) if form.for_id else None
        _require_ahead(mine)
        if form.for_id:
            if other is None or other["post_id"] != form.post_id:
                raise Invalid.at("/for_id", "对方没有这个班，请重新选择")
            _require_ahead(other)
        if await fetch(_PENDING.text, list(locked)):
            raise Conflict("这个班已经在换，请先等对方答复或撤回")
        values = {"shift_id": shift["id"], "post_id": form.post_id, "for_id": form.for_id}
        await fetch(_ASK.text, *_ASK.arguments({**values, **_entry(actor)}))
        await tell(
            fetch,
            unit,
            "shift.asked",
            shift["starts_at"],
            shift["ends_at"],
            posts.get(shift["post_id"]),
            asked,
            but=actor.person_id,
        )
    return await read_shift(actor, shift["id"])


async def accept_swap(actor: Actor, shift: ShiftRow) -> ShiftOut:
    """Take a shift that one was asked to take. Raises Conflict if it is not to be swapped any more, or at the same time as another."""
    catalogue = await setup.current_catalogue()
    unit = catalogue.units[shift["unit_id"]]
    posts = {post.id: post for post in unit.posts}
    async with db.atomic() as fetch:
        await lock_posts(fetch, [shift["post_id"], shift["swap_post_id"]])
        locked = await _lock(fetch, shift["id"], shift["swap_for_id"])
        mine = locked.get(shift["id"])
        _require_same(mine, shift)
        _require_ahead(mine)
        other = locked.get(shift["swap_for_id"]) if shift["swap_for_id"] else None
        if shift["swap_for_id"]:
            _require_ahead(other)
        taker, giver = shift["swap_post_id"], shift["post_id"]
        await require_free(
            fetch, taker, shift["starts_at"], shift["ends_at"], given_away=shift["swap_for_id"]
        )
        if other:
            await require_free(fetch, giver, other["starts_at"], other["ends_at"], given_away=shift["id"])
        values = {"shift_id": shift["id"], "for_id": shift["swap_for_id"], "taker": taker, "giver": giver}
        await fetch(_SWAP.text, *_SWAP.arguments({**values, **_entry(actor)}))
        both: list[UnitPost | None] = [posts.get(taker), posts.get(giver)]
        await tell(fetch, unit, "shift.swapped", shift["starts_at"], shift["ends_at"], *both)
        if other:
            await tell(
                fetch,
                unit,
                "shift.swapped",
                other["starts_at"],
                other["ends_at"],
                *reversed(both),
            )
    return await read_shift(actor, shift["id"])


async def end_swap(actor: Actor, shift: ShiftRow) -> ShiftOut:
    """Take back what one asked, or decline it; the other is told."""
    catalogue = await setup.current_catalogue()
    unit = catalogue.units[shift["unit_id"]]
    both = [post for post in unit.posts if post.id in {shift["post_id"], shift["swap_post_id"]}]
    async with db.atomic() as fetch:
        _require_same((await _lock(fetch, shift["id"], None)).get(shift["id"]), shift)
        await fetch(_END.text, *_END.arguments({"shift_id": shift["id"], **_entry(actor)}))
        await tell(
            fetch, unit, "shift.kept", shift["starts_at"], shift["ends_at"], *both, but=actor.person_id
        )
    return await read_shift(actor, shift["id"])


async def _lock(fetch: db.Fetch, *shift_ids: UUID | None) -> dict[UUID, ShiftRow]:
    rows = await fetch(_LOCK.text, [one for one in shift_ids if one])
    return {row["id"]: row for row in rows}


def _require_ahead(shift: ShiftRow | None) -> None:
    if shift is None:
        raise Conflict("这个班刚刚有了变化，请看最新情况再操作")
    if shift["starts_at"] <= clock.now():
        raise Conflict("这个班已经开始，不能再换")


def _require_same(now: ShiftRow | None, seen: ShiftRow) -> None:
    names = ("post_id", "swap_post_id", "swap_for_id")
    if now is None or any(now[name] != seen[name] for name in names):
        raise Conflict("这个班刚刚有了变化，请看最新情况再操作")


def _entry(actor: Actor) -> dict[str, Any]:
    return {"now": clock.now(), "actor_id": actor.person_id, **audit.entry_values()}


_LOCK: Final = Statement("SELECT * FROM shift WHERE id = ANY(:shift_ids::uuid[]) ORDER BY id FOR UPDATE")
_PENDING: Final = Statement("""
SELECT FROM shift WHERE (id = ANY(:shift_ids::uuid[]) OR swap_for_id = ANY(:shift_ids)) AND swap_post_id IS NOT NULL LIMIT 1
""")
_ASK: Final = Statement(f"""
WITH ask AS (
    UPDATE shift SET swap_post_id = :post_id, swap_for_id = :for_id WHERE id = :shift_id RETURNING post_id
)
{audit.insert_entry("shift_asked", subject="post_id", source="ask")}
""")
_SWAP: Final = Statement(f"""
WITH swap AS (
    UPDATE shift SET post_id = CASE WHEN id = :shift_id THEN :taker::uuid ELSE :giver::uuid END,
        swap_post_id = NULL, swap_for_id = NULL
    WHERE id IN (:shift_id, :for_id::uuid) RETURNING id, post_id
)
{audit.insert_entry("shift_swapped", subject="post_id", source="swap WHERE id = :shift_id")}
""")
_END: Final = Statement(f"""
WITH end_swap AS (
    UPDATE shift SET swap_post_id = NULL, swap_for_id = NULL WHERE id = :shift_id RETURNING post_id
)
{audit.insert_entry("shift_kept", subject="post_id", source="end_swap")}
""")
