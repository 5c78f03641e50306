"""Changing an office's settings: the impact is shown first; the change recomputes open tickets before it returns.

Titles, weights, the limit of opinions and the day of points have no impact on tickets: they are written, and open opinions follow theirs.
"""

import json
from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.enums import SettingKind
from app.errors import StaleSettings, WouldMakeOverdue
from app.labels import SETTING_KIND
from app.models.setting import ImpactOut, SettingChangeOut
from app.rules.access import Actor
from app.services import audit, setup, subjects
from app.services.settings.state import CurrentState, Entries, read_settings
from app.services.tickets import clocks
from app.sql import Statement

_NO_IMPACT: Final = ImpactOut(open=0, moved=0, overdue=0, tickets=[])


async def change_settings(
    actor: Actor, state: CurrentState, entries: Entries, version: int, *, preview: bool, confirm: bool
) -> SettingChangeOut:
    """Replace an office's own entries. If they are the same as before, nothing happens, whatever `version` is.

    Raises StaleSettings if `version` is not the current one; WouldMakeOverdue, with the impact, if tickets become
    overdue at once and `confirm` is not set.
    """
    if entries == state.own:
        return _to_out(_NO_IMPACT, state.version, done=not preview)
    if version != state.version:
        raise StaleSettings(_stale_message(state), version=state.version)
    categories = _changed_categories(state, entries)
    if preview or not confirm:
        expected = await clocks.foresee_impact(state.office.id, state.catalogue_with(entries), categories)
        impact_out = expected.to_out()
        if preview:
            return _to_out(impact_out, state.version, done=False)
        if impact_out.overdue:
            raise WouldMakeOverdue(
                f"有{impact_out.overdue}件未办结的工单会立即超时；确认要改，请再提交一次并带上 confirm=true",
                would=impact_out.model_dump(mode="json"),
            )
    job_id = await _write(actor, state, entries)
    impact = await clocks.finish_recompute(job_id, state.office.id, categories)
    return _to_out(impact.to_out(), state.version + 1, done=True)


async def change_without_impact(actor: Actor, state: CurrentState, entries: Entries, version: int) -> None:
    """Replace an office's own titles, weights or limit of opinions. If they are the same as before, nothing happens, whatever `version` is.

    Raises StaleSettings if `version` is not the current one.
    """
    if entries == state.own:
        return
    if version != state.version:
        raise StaleSettings(_stale_message(state), version=state.version)
    await _write(actor, state, entries, recompute=False)


def _changed_categories(state: CurrentState, entries: Entries) -> list[str] | None:
    """Return the categories whose figures change; None where days or hours change, which concern all."""
    if state.kind is not SettingKind.CATEGORIES:
        return None
    changed = [entry for entry in (*state.own, *entries) if entry not in state.own or entry not in entries]
    return sorted({entry["code"] for entry in changed})


def _to_out(impact: ImpactOut, version: int, *, done: bool) -> SettingChangeOut:
    return SettingChangeOut(**dict(impact), version=version, done=done)


async def _write(actor: Actor, state: CurrentState, entries: Entries, *, recompute: bool = True) -> UUID:
    """Write the entries, the setup's new version, the audit entry and the job that recomputes, if it is to be; return the
    job's id.

    Raises StaleSettings if the entries changed since the state was read.
    """
    job_id, now = ids.new(), clock.now()
    changes = {
        "noun": state.kind,
        "version": state.version + 1,
        "added": [entry for entry in entries if entry not in state.own],
        "removed": [entry for entry in state.own if entry not in entries],
    }
    written = await db.execute_one(
        _REPLACE_SETTING,
        now=now,
        actor_id=actor.person_id,
        place_id=state.office.id,
        kind=state.kind,
        version=state.version,
        entries=json.dumps(entries),
        job_id=job_id,
        job_kind=clocks.RECOMPUTE_JOB,
        job_due_at=now + clocks.RECOMPUTE_GRACE,
        job_payload=json.dumps({"place": str(state.office.id)}),
        recompute=recompute,
        opinion_days=_opinion_days(state, entries),
        **audit.entry_values(),
        audit_data=json.dumps(changes, ensure_ascii=False),
    )
    if not written:
        current = await read_settings(state.office, state.kind)
        raise StaleSettings(_stale_message(state), version=current.version)
    return job_id


def _opinion_days(state: CurrentState, entries: Entries) -> int | None:
    """Return the limit of opinions after a change of it."""
    if state.kind is not SettingKind.OPINIONS:
        return None
    return state.catalogue_with(entries).opinion_days(state.office.path)


def _stale_message(state: CurrentState) -> str:
    return f"{state.office.label}的{SETTING_KIND[state.kind]}刚刚有人改过，请看最新内容再改"


_REPLACE_SETTING: Final = Statement(f"""
WITH upsert_setting AS (
    INSERT INTO setting (place_id, noun, version, own, changed_at)
    VALUES (:place_id, :kind, :version + 1, :entries::jsonb, :now)
    ON CONFLICT (place_id, noun) DO UPDATE
    SET version = excluded.version, own = excluded.own, changed_at = excluded.changed_at
    WHERE setting.version = :version
    RETURNING place_id
), bump_version AS (
    {setup.bump_version("FROM upsert_setting")}
), move_opinions AS (
    {subjects.MOVE_OPINIONS}
), take_back_reminders AS (
    {subjects.TAKE_BACK_REMINDERS}
), take_back_rings AS (
    {subjects.TAKE_BACK_RINGS}
), insert_job AS (
    INSERT INTO job (id, kind, due_at, payload, attempts)
    SELECT :job_id, :job_kind, :job_due_at, :job_payload::jsonb, 1 FROM upsert_setting WHERE :recompute::bool
)
{audit.insert_entry("setting_changed", subject="place_id", source="upsert_setting", data=":audit_data::jsonb")} RETURNING id
""")
