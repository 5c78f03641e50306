"""Changing what an office has of its own: first what it would do, then all of it in one statement, then recomputed at once."""

import json
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import StaleSettings, WouldMakeOverdue
from app.models.setting import ConsequencesOut, SettledOut
from app.rules.access import Actor
from app.services import audit, recompute
from app.services.offices.reading import Standing, standing
from app.words import NOUN

Entries = list[dict[str, Any]]


async def put(
    actor: Actor, now: Standing, entries: Entries, version: int, *, preview: bool, confirm: bool
) -> SettledOut:
    """Replace an office's own entries; what is so already stays, whatever version the caller has seen.

    StaleSettings when somebody changed them since `version`; WouldMakeOverdue, with the figures, unless confirmed.
    """
    if entries == now.own:
        return _settled(
            ConsequencesOut(open=0, moved=0, overdue=0, tickets=[]), now.version, done=not preview
        )
    if version != now.version:
        raise StaleSettings(_stale(now), version=now.version)
    if preview or not confirm:
        would = (await recompute.foresee(now.office.id, now.saying(entries))).told()
        if preview:
            return _settled(would, now.version, done=False)
        if would.overdue:
            raise WouldMakeOverdue(
                f"有{would.overdue}件未办结的工单会立即超时；确认要改，请再提交一次并带上 confirm=true",
                would=would.model_dump(mode="json"),
            )
    job_id = await _write(actor, now, entries)
    done = await recompute.finish(job_id, now.office.id)
    return _settled(done.told(), now.version + 1, done=True)


def _settled(what: ConsequencesOut, version: int, *, done: bool) -> SettledOut:
    return SettledOut(**dict(what), version=version, done=done)


async def _write(actor: Actor, now: Standing, entries: Entries) -> UUID:
    """Write the entries, the setup's new version, the audit entry and the job that recomputes; return the job."""
    job_id, at = ids.new(), clock.now()
    changes = {
        "noun": now.noun,
        "version": now.version + 1,
        "added": [entry for entry in entries if entry not in now.own],
        "removed": [entry for entry in now.own if entry not in entries],
    }
    written = await db.fetch(
        _WRITE,
        *(now.office.id, now.noun, now.version, json.dumps(entries), at),
        *(job_id, recompute.JOB, at + recompute.GRACE, json.dumps({"place": str(now.office.id)})),
        *(ids.new(), actor.person_id, audit.came_from.get(), json.dumps(changes, ensure_ascii=False)),
    )
    if not written:
        raise StaleSettings(_stale(now), version=(await standing(now.office, now.noun)).version)
    return job_id


def _stale(now: Standing) -> str:
    return f"{now.office.label}的{NOUN[now.noun]}刚刚有人改过，请看最新内容再改"


_WRITE: Final = """
WITH kept AS (
    INSERT INTO setting (place_id, noun, version, own, changed_at) VALUES ($1, $2, $3 + 1, $4::jsonb, $5)
    ON CONFLICT (place_id, noun) DO UPDATE SET version = excluded.version, own = excluded.own, changed_at = excluded.changed_at
    WHERE setting.version = $3
    RETURNING place_id
), renewed AS (
    UPDATE setup SET version = version + 1 FROM kept
), left_to_do AS (
    INSERT INTO job (id, kind, due_at, payload, attempts) SELECT $6, $7, $8, $9::jsonb, 1 FROM kept
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $10, $5, 'setting_changed', $11, place_id, $12, $13::jsonb FROM kept RETURNING id
"""
