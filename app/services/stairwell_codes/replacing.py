"""Replacing a code that is lost or abused: the old one ends for ever, and says so to whoever scans it."""

from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, NotFound
from app.models.stairwell_code import CodeOut, ReplaceCodeIn
from app.rules.access import Actor
from app.services import audit, posts, setup
from app.sql import Statement

_SCENE_LENGTH: Final = 12


async def require_may_replace(actor: Actor, place_id: UUID) -> None:
    """Raise NotFound outside the actor's sight, Forbidden where they do not run the community, street or above."""
    posts.own_places(actor)
    row = await db.execute_one(_SELECT_PATH, place_id=place_id)
    if row is None:
        raise NotFound
    posts.require_visible(actor, await setup.current_catalogue(), [row["path"]])
    posts.require_all_within(actor, [row["path"]])


_SELECT_PATH: Final = Statement("SELECT path FROM place WHERE id = :place_id AND ended_at IS NULL")


async def replace_code(actor: Actor, place_id: UUID, form: ReplaceCodeIn) -> CodeOut:
    """Give a place another code instead of the form's; one that was replaced before changes nothing more.

    Raises Conflict for a code that is not this place's.
    """
    replaced = await db.execute_one(
        _REPLACE,
        place_id=place_id,
        scene=form.scene,
        reason=form.reason,
        new_scene=ids.code(_SCENE_LENGTH),
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    row = replaced or await db.execute_one(_SELECT_REPLACED, place_id=place_id, scene=form.scene)
    if row is None:
        raise Conflict("这不是这个地点现在的楼道码，请重新扫码确认")
    return CodeOut(place_id=place_id, scene=row["scene"])


_ENTRY: Final = audit.insert_entry(
    "code_replaced",
    subject="id",
    source="update_place",
    data="jsonb_strip_nulls(jsonb_build_object('reason', :reason::text))",
)
# One statement: the old code is never both valid and ended, nor neither.
_REPLACE: Final = Statement(f"""
WITH update_place AS (
    UPDATE place SET scene = :new_scene WHERE id = :place_id AND scene = :scene AND ended_at IS NULL RETURNING id, scene
), insert_former AS (
    INSERT INTO former_scene (scene, place_id, ended_at) SELECT :scene, id, :now FROM update_place
), delete_image AS (
    DELETE FROM wechat_code USING update_place WHERE wechat_code.scene = :scene
), insert_audit AS ({_ENTRY})
SELECT scene FROM update_place
""")
_SELECT_REPLACED: Final = Statement("""
SELECT p.scene FROM place p JOIN former_scene f ON f.place_id = p.id WHERE p.id = :place_id AND f.scene = :scene
""")
