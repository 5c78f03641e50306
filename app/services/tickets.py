"""The one door to a ticket: load it in scope, ask the rules, let an act write itself, by hand or by the timer."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from app import clock, db, settings
from app.errors import Conflict, Duplicate, Invalid, KeyReused, NotFound, Refusal, StaleVersion, WrongState
from app.models.said import Strict
from app.rules import access, concerns, escalation, lifecycle
from app.rules.access import Actor, Part, Parts
from app.rules.facts import Facts, changed
from app.services import auth, calling, catalogue, ledger, merging, moving
from app.services.acts import ACTS
from app.services.catalogue import Catalogue
from app.services.scene import Effect, Scene

KEY_LIVES: Final = timedelta(hours=24)
GONE: Final[Parts] = {Part.GONE: None}
# A comment slipping in between is tried again, a lively thread's too; a change of version is the caller's to see.
ATTEMPTS: Final = 25


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as somebody in scope sees it now."""

    ticket: Facts
    parts: Parts
    actor: Actor
    catalogue: Catalogue
    replayed: bool = False


# Beside a ticket's own columns; the follower is looked up only where there are any.
SHOWN: Final = """r.name AS reporter_name, r.phone_masked AS reporter_phone,
       CASE WHEN t.merged_into_id IS NOT NULL THEN (SELECT m.no FROM ticket m WHERE m.id = t.merged_into_id) END
           AS merged_into_no,
       t.followers > 0 AND EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = {person}) AS follows"""
_LOAD: Final = f"""
SELECT t.*, {SHOWN.format(person="$4")}, s.version AS setup_version,
       EXISTS (SELECT FROM login l JOIN person p ON p.id = l.person_id
               WHERE l.id = $2 AND l.revoked_at IS NULL AND p.stamp = $3) AS live
FROM setup s LEFT JOIN ticket t ON t.id = $1 LEFT JOIN person r ON r.id = t.reporter_id
"""


async def load(actor: Actor, ticket_id: UUID) -> Seen:
    """Return a ticket in the caller's scope; NotFound outside it, as for one that does not exist."""
    return await _read(actor, ticket_id)


async def _read(actor: Actor, ticket_id: UUID, parts: Parts | None = None) -> Seen:
    row = await db.fetchrow(_LOAD, ticket_id, actor.login_id, actor.stamp, actor.person_id)
    assert row is not None, "setup has its one row from the first migration"
    if not row["live"]:
        actor = await auth.read(actor.login_id)
    known = await catalogue.current(row["setup_version"])
    ticket = cast(Facts, dict(row))
    parts = (parts or parts_of(actor, ticket)) if row["id"] else {}
    if not parts:
        raise NotFound
    await catalogue.spots(known, [ticket["place_id"]])
    return Seen(ticket, parts, actor, known)


def parts_of(actor: Actor, ticket: Facts) -> Parts:
    """Return the parts somebody plays in a ticket that was read for them."""
    return access.parts(actor, ticket, follows=ticket.get("follows", False))


async def act(seen: Seen, action: str, form: Strict, key: str | None) -> Seen:
    """Do one act: 403, then 409 for a stale version, then 409 for the state; return the ticket after it."""
    written = ledger.Key(seen.actor.person_id, key, _digest(seen.ticket["id"], action, form)) if key else None
    try:
        return await _act(seen, action, form, written)
    except Refusal as refusal:
        replay = await replayed(written, seen) if written else None
        if replay is None and isinstance(refusal, Duplicate):  # the key was old, and is forgotten now
            return await _act(seen, action, form, written)
        if replay is None:
            raise
        return replay


async def _act(seen: Seen, action: str, form: Strict, key: ledger.Key | None) -> Seen:
    for _ in range(ATTEMPTS):
        scene = await merging.looked(_scene(seen, action, form), form)
        await catalogue.spots(seen.catalogue, [getattr(form, "place_id", None)])
        effect = ACTS[action].effect(scene, form)
        await _check_photos(seen.actor, effect)
        done = change(scene, action, effect, key)
        if await ledger.record([done]):
            after = changed(seen.ticket, done.changes | effect.shown | {"seq": done.entry.seq})
            return Seen(after, parts_of(seen.actor, after) or GONE, seen.actor, seen.catalogue)
        seen = await load(seen.actor, seen.ticket["id"])
    raise Conflict("操作的人太多，请再试一次")


def allowed(seen: Seen) -> list[str]:
    """Return what the caller may do now: the buttons of the mini-program."""
    return lifecycle.allowed(seen.ticket, seen.parts, clock.now(), ACTS, settings.get().sla_scale)


def moment_of(ticket: Facts) -> datetime:
    """Return the present, never before the ticket's last change: history does not run backwards with the clock."""
    return max(clock.now(), ticket["updated_at"])


def _scene(seen: Seen, action: str, form: Strict) -> Scene:
    ticket, parts, now = seen.ticket, seen.parts, moment_of(seen.ticket)
    lifecycle.may(action, parts)
    if lifecycle.MOVES[action].versioned and getattr(form, "version") != ticket["version"]:  # noqa: B009 - every versioned form has it
        raise StaleVersion(version=ticket["version"], allowed=allowed(seen))
    if missing := calling.missing(action, ticket, seen.catalogue):
        raise WrongState(missing, allowed=allowed(seen))
    lifecycle.require(action, ticket, parts, now, ACTS, settings.get().sla_scale)
    part = lifecycle.acting(action, parts)
    known = seen.catalogue
    return Scene(ticket, parts, part, parts[part], seen.actor, now, known, known.path(ticket))


def change(scene: Scene, action: str, effect: Effect, key: ledger.Key | None = None) -> ledger.Act:
    """Return the act an effect amounts to: the version, the next moment of the clocks and the event added."""
    ticket, changes = scene.ticket, effect.changes
    if sheltered := moving.sheltered(scene, changes):
        changes |= sheltered
        effect.data |= moving.whither(sheltered)
    after = changed(ticket, changes)
    changes["updated_at"] = scene.now
    changes["version"] = ticket["version"] + any(
        changes[name] != dict(ticket)[name] for name in ledger.VERSIONED & changes.keys()
    )
    if action != "comment" or "status" in changes:
        due = escalation.upcoming(after, scene.now, scene.catalogue.clocks(after))
        changes["timer_at"] = due and due.at
    if scene.part not in {Part.REPORTER, Part.FOLLOWER, Part.TIMER} and not ticket["contacted_at"]:
        changes["contacted_at"] = scene.now
    part = effect.part or scene.part
    seat = scene.parts[part]
    entry = ledger.Entry(
        ticket["id"],
        ticket["seq"] + 1,
        scene.now,
        f"ticket.{effect.event or lifecycle.MOVES[action].event}",
        part,
        scene.actor.person_id if scene.actor else None,
        seat.id if seat else None,
        seat.organisation_id if seat else None,
        effect.data,
        effect.text,
        effect.internal,
        effect.photo_ids,
        concerns.standing(ticket, changed(ticket, changes)) if scene.catalogue.listeners else {},
    )
    return ledger.Act(
        entry,
        changes,
        ticket["version"],
        key,
        effect.opens,
        effect.ends,
        effect.crowd,
        effect.seen,
        effect.vote,
    )


async def _check_photos(actor: Actor, effect: Effect) -> None:
    """Refuse photos that are not the caller's own, or already belong somewhere."""
    photos = list(effect.photo_ids)
    if not photos:
        return
    rows = await db.fetch(
        "SELECT id FROM photo WHERE id = ANY($1::uuid[]) AND uploader_id = $2 AND ticket_id IS NULL",
        photos,
        actor.person_id,
    )
    if len(rows) != len(photos):
        raise Invalid.at("/photo_ids", "照片没有上传成功，或已经用过，请重新拍照")


def _digest(ticket_id: UUID | None, action: str, form: Strict) -> bytes:
    said = f"{ticket_id} {action} {form.model_dump_json(exclude_unset=True)}"
    return hashlib.sha256(said.encode()).digest()


async def replayed(key: ledger.Key, seen: Seen) -> Seen | None:
    """Return the ticket again when this very act was already done under this key; KeyReused for another body."""
    if await remembered(key) is None:
        return None
    return replace(await _read(seen.actor, seen.ticket["id"], seen.parts), replayed=True)


async def remembered(key: ledger.Key) -> UUID | None:
    """Return what was written under a key in the last 24 hours; an older key is forgotten."""
    row = await db.fetchrow(
        "SELECT digest, ref_id, created_at FROM idempotency WHERE actor_id = $1 AND key = $2",
        key.actor_id,
        key.key,
    )
    if row is None:
        return None
    if row["created_at"] < clock.now() - KEY_LIVES:
        await db.fetch("DELETE FROM idempotency WHERE actor_id = $1 AND key = $2", key.actor_id, key.key)
        return None
    if row["digest"] != key.digest:
        raise KeyReused
    ref: UUID = row["ref_id"]
    return ref


async def seen_before(actor: Actor, key: str, ticket_id: UUID) -> Seen | None:
    """Return a ticket that left the caller's hands by an act done under `key`: masked, nothing left to do."""
    row = await db.fetchrow(
        "SELECT FROM idempotency WHERE actor_id = $1 AND key = $2 AND ref_id = $3 AND created_at >= $4",
        actor.person_id,
        key,
        ticket_id,
        clock.now() - KEY_LIVES,
    )
    return None if row is None else await _read(actor, ticket_id, GONE)


def sees_internal(seen: Seen) -> bool:
    """Tell whether the caller reads the handlers' internal words."""
    return not access.SEES_INTERNAL.isdisjoint(seen.parts)
