"""Performing an act on a subject: lock it, check the rules, decide, write, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from app import clock, db
from app.errors import NotFound, StaleVersion, WrongState
from app.models.fields import Strict
from app.rules import subjects as rules
from app.services import idempotency, ledger
from app.services.idempotency import IdempotencyKey
from app.services.subjects.create import open_related
from app.services.subjects.effect import Act, Effect
from app.services.subjects.effects import DECISIONS
from app.services.subjects.encrypted_words import encrypt_words
from app.services.subjects.photos import require_photos
from app.services.subjects.series import runs_to_act_on
from app.services.subjects.view import SubjectView, load_after_act, load_subject, lock_subject, post_of


async def perform(view: SubjectView, action: str, form: Strict, key: str | None) -> SubjectView:
    """Perform an action and return the subject after it. A repeat of `key` returns it marked as replayed.

    Raises NotFound, Forbidden, StaleVersion, WrongState, in this order; and what the action itself refuses.
    """
    actor, kind, subject_id = view.actor, view.life.kind, view.subject["id"]
    bound = idempotency.key_of(actor, key, f"{subject_id} {action}", form)

    async def replay(_: UUID) -> SubjectView:
        return replace(await load_subject(actor, kind, subject_id), replayed=True)

    async def write() -> SubjectView:
        async with db.atomic() as fetch:
            await _write_all(fetch, view, action, form, bound)
        return await load_after_act(actor, kind, subject_id)

    return await idempotency.once(bound, write, replay, look_first=False)


async def _write_all(
    fetch: db.Fetch, view: SubjectView, action: str, form: Strict, key: IdempotencyKey | None
) -> None:
    """Act on the subject, or on all runs of a course where the act is possible. Raises WrongState if it is on none."""
    named = await runs_to_act_on(fetch, view, form)
    if named == [view.subject["id"]]:
        await _write(fetch, await lock_subject(fetch, view), action, form, key)
        return
    refusal: WrongState | None = None
    done = 0
    for run_id in named:
        try:
            run = replace(view, subject={**view.subject, "id": run_id})
            await _write(fetch, await lock_subject(fetch, run), action, form, None if done else key)
            done += 1
        except NotFound:  # a run of elsewhere is none of the caller's
            continue
        except WrongState as refused:
            refusal = refused
    if not done:
        raise refusal or WrongState("这门课程没有还能报名的场次")


async def _write(
    fetch: db.Fetch, view: SubjectView, action: str, form: Strict, key: IdempotencyKey | None
) -> None:
    life, subject, now = view.life, view.subject, max(clock.now(), view.subject["updated_at"])
    rules.require_permission(life, action, view.parts)
    if life.moves[action].versioned and getattr(form, "version") != subject["version"]:  # noqa: B009 - every versioned form has it
        raise StaleVersion(
            f"这项{life.label}刚刚有了变化，请看最新情况再操作",
            version=subject["version"],
            allowed=rules.allowed_actions(life, subject, view.parts, now),
        )
    rules.require_possible(life, action, subject, view.parts, now)
    part = rules.acting_part(life, action, view.parts)
    act = Act(fetch, view, now, partial(open_related, fetch, view, part=part))
    photo_ids = getattr(form, "photo_ids", ())
    await require_photos(fetch, view.actor.person_id, photo_ids)
    effect = await DECISIONS[life.kind][action](act, form)
    entry = _entry(view, action, effect, act, photo_ids)
    await ledger.record_on_subject(fetch, entry, _changes(view, action, effect, act), key)
    await encrypt_words(fetch, subject["id"], entry.seq, effect.encrypted)


def _entry(
    view: SubjectView, action: str, effect: Effect, act: Act, photo_ids: Sequence[UUID]
) -> ledger.Entry:
    life, subject = view.life, view.subject
    part = rules.acting_part(life, action, view.parts)
    seat = view.parts[part]
    return ledger.Entry(
        ticket_id=subject["id"],
        seq=subject["seq"] + 1,
        at=act.now,
        type=f"{life.kind}.{effect.event or life.moves[action].event}",
        part=part,
        person_id=view.actor.person_id,
        post_id=post_of(view.actor, seat),
        data=effect.data,
        text=effect.text,
        photo_ids=photo_ids,
        subject=life.kind,
    )


def _changes(view: SubjectView, action: str, effect: Effect, act: Act) -> dict[str, object]:
    """Return the columns an act changes, with the new status, version and end."""
    life, subject = view.life, view.subject
    changes = {"status": rules.status_after(life, action, subject)} | effect.changes
    if life.moves[action].versioned or changes["status"] != subject["status"]:
        changes["version"] = subject["version"] + 1
    if changes["status"] in life.ended and subject["ended_at"] is None:
        changes["ended_at"] = act.now
    return changes
