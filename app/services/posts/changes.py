"""Change posts: create them by invitation, set absences, end them."""

from typing import Final
from uuid import UUID

from app import clock, db, words
from app.enums import Role
from app.errors import Conflict, Invalid
from app.labels import LEVEL, ROLE
from app.models.post import AbsenceIn, EndedOut, InvitedOut, PostIn, PostOut
from app.rules.access import Actor
from app.services import audit, setup
from app.services.idempotency import create_once
from app.services.posts import invitations, permissions, posts
from app.services.posts.invitations import ROLE_LEVELS
from app.services.posts.stand_ins import tell_stand_ins
from app.sql import Statement


async def invite_to_post(actor: Actor, form: PostIn, key: str | None) -> tuple[InvitedOut, bool]:
    """Create a vacant post with its invitation code, once per key; also return whether this is a repeat.

    Raises NotFound outside the actor's places, Forbidden for a role they may not assign, Invalid for a place of the wrong
    level.
    """
    permissions.own_places(actor)
    site = await posts.load_site(place_id=form.place_id, organisation_id=form.organisation_id)
    permissions.require_visible(actor, await setup.current_catalogue(), site.paths)
    permissions.require_may_appoint(actor, form.role, site.paths)
    if site.level and site.level not in ROLE_LEVELS[form.role]:
        levels = words.join((words.say(LEVEL[level]) for level in sorted(ROLE_LEVELS[form.role])), "、")
        raise Invalid.at("/place_id", f"{ROLE[form.role]}要设在{levels}，“{site.label}”不是")

    return await create_once(
        actor,
        key,
        "invite",
        form,
        lambda bound_key: invitations.create_vacant_post(
            form.role,
            place_id=form.place_id,
            organisation_id=form.organisation_id,
            actor_id=actor.person_id,
            key=bound_key,
        ),
        _load_invited,
    )


async def _load_invited(post_id: UUID) -> InvitedOut:
    post = await posts.read_post(post_id)
    return InvitedOut(**post.model_dump(), invitation_code=await invitations.repeated_code(post_id))


async def mark_absent(actor: Actor, post_id: UUID, form: AbsenceIn) -> PostOut:
    """Set the days on which the holder is away: the next in line answers from the next request on."""
    await posts.require_may_change_post(actor, post_id)
    await db.execute(
        _END_ABSENCE if form.absent_from is None else _SET_ABSENCE,
        post_id=post_id,
        absent_from=form.absent_from,
        absent_until=form.absent_until,
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    await tell_stand_ins()
    return await posts.read_post(post_id)


def _absence_statement(audit_type: str) -> Statement:
    return Statement(f"""
WITH update_post AS (
    UPDATE post SET absent_from = :absent_from, absent_until = :absent_until
    WHERE id = :post_id AND ended_at IS NULL RETURNING id
), bump_version AS (
    {setup.bump_version("FROM update_post")}
)
{audit.insert_entry(audit_type, subject="id", source="update_post")}
""")


_SET_ABSENCE: Final = _absence_statement("absence_set")
_END_ABSENCE: Final = _absence_statement("absence_ended")


async def end_post(actor: Actor, post_id: UUID) -> EndedOut:
    """End a post, with effect from the holder's next request on.

    Raises NotFound and Forbidden as `require_may_change_post` does, and Conflict for the last admin of a place.
    """
    post, site = await posts.load_visible_post(actor, post_id)
    permissions.require_may_appoint(actor, Role(post.role), site.paths)
    now = clock.now()
    ended = await db.execute_one(
        _END,
        post_id=post_id,
        path=list(site.paths[0]),
        actor_id=actor.person_id,
        now=now,
        **audit.entry_values(),
    )
    if ended is None:
        await posts.load_post(post_id)  # raises NotFound if somebody else ended it meanwhile
        raise Conflict("这是最后一位管理员，请先邀请另一位管理员并等对方接受")
    await tell_stand_ins()
    return EndedOut(id=post_id, ended_at=now)


_AUDIT_END: Final = audit.insert_entry(
    "post_ended",
    subject="id",
    source="end_post",
    data="jsonb_build_object('role', role, 'person', person_id)",
)
# Locks all admins in the order of their ids first: of two who end each other at once, one must remain.
_END: Final = Statement(f"""
WITH lock_admins AS MATERIALIZED (
    SELECT id FROM post
    WHERE role = 'admin' AND person_id IS NOT NULL AND ended_at IS NULL AND place_id = ANY(:path::uuid[])
    ORDER BY id FOR UPDATE
), end_post AS (
    UPDATE post SET ended_at = :now, invitation_digest = NULL, invitation_until = NULL
    WHERE id = :post_id AND ended_at IS NULL
      AND (role <> 'admin' OR person_id IS NULL OR EXISTS (SELECT FROM lock_admins a WHERE a.id <> :post_id))
    RETURNING id, role, person_id
), update_person AS (
    UPDATE person SET stamp = stamp + 1 FROM end_post e WHERE person.id = e.person_id
), bump_version AS (
    {setup.bump_version("FROM end_post")}
), insert_audit AS ({_AUDIT_END})
SELECT id FROM end_post
""")
