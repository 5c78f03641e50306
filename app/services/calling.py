"""Acts about departments called to a ticket (吹哨报到): call up, take, report, release; their limits; how they are shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.errors import Invalid
from app.models import act as shapes
from app.rules import calling, escalation, lifecycle
from app.rules.access import Part
from app.rules.calling import Called
from app.rules.escalation import MOMENTS, Due
from app.rules.facts import Facts
from app.services.catalogue import Catalogue
from app.services.scene import Effect, Scene
from app.words import ACTION

_WAIT_FOR_ALL: Final = frozenset({"resolve", "merge"})


def missing(action: str, ticket: Facts, known: Catalogue) -> str | None:
    """Return, for an act that waits for every report, the sentence that names the departments still missing."""
    if action not in _WAIT_FOR_ALL or not ticket["awaited_ids"]:
        return None
    names = "、".join(sorted(known.organisations[one].name for one in ticket["awaited_ids"]))
    return f"还在等{names}报到，不能“{ACTION[action]}”"


def call_up(scene: Scene, form: shapes.CallUpIn) -> Effect:
    """Call departments to the ticket; each has its own acknowledge clock from now."""
    if wrong := list(_wrong(scene, form.organisation_ids)):
        raise Invalid(wrong[0]["detail"], errors=wrong)
    minutes = scene.catalogue.category(scene.ticket).acknowledge_minutes
    fresh = [
        _timed(Called(one, scene.now, minutes, scene.now), scene.clocks) for one in form.organisation_ids
    ]
    data = {"organisations": [str(one) for one in form.organisation_ids]}
    return Effect(calling.put(scene.ticket, fresh), data, form.text)


def _wrong(scene: Scene, organisation_ids: list[UUID]) -> Iterator[dict[str, str]]:
    """Yield what is wrong with each organisation that cannot be called."""
    serving = {company.id for company in scene.catalogue.serving(scene.place_path)}
    for n, one in enumerate(organisation_ids):
        if one in organisation_ids[:n]:
            detail = "这个单位重复了"
        elif one not in serving:
            detail = "这个单位不服务工单所在的地点"
        elif one in scene.ticket["awaited_ids"]:
            detail = "已经向这个单位吹哨，还在等它报到"
        elif one == scene.ticket["organisation_id"]:
            detail = "工单已经派给这个单位，不用再吹哨"
        else:
            continue
        yield {"pointer": f"/organisation_ids/{n}", "detail": detail}


def _timed(part: Called, clocks: escalation.Clocks) -> Called:
    return replace(part, due=escalation.due_of(part, 100, clocks))


def take(scene: Scene, _: shapes.ActIn) -> Effect:
    """Take what is dispatched to one's organisation, or else its part of a call: its acknowledge clock stops."""
    if lifecycle.takes(scene.ticket, scene.parts) is Part.PARTNER:
        return Effect({"acknowledged_at": scene.now, "acknowledge_due": None}, part=Part.PARTNER)
    part = calling.taken(_own(scene), scene.now)
    return Effect(calling.put(scene.ticket, [part]), part=Part.CALLED)


def report(scene: Scene, form: shapes.ReportIn) -> Effect:
    """Say what one's organisation has done: its part is done. Who has not taken it takes it by that."""
    part = replace(calling.taken(_own(scene), scene.now), reported_at=scene.now)
    return Effect(calling.put(scene.ticket, [part]), text=form.text, photo_ids=form.photo_ids)


def _own(scene: Scene) -> Called:
    seat = scene.parts[Part.CALLED]
    part = calling.of(scene.ticket, seat.organisation_id if seat else None)
    assert part is not None, "whose part is over is not called any more"
    return part


def release(scene: Scene, form: shapes.ReleaseIn) -> Effect:
    """End the part of an organisation that is not needed after all."""
    part = calling.of(scene.ticket, form.organisation_id)
    if part is None:
        raise Invalid.at("/organisation_id", "没有在等这个单位报到")
    ended = calling.put(scene.ticket, [replace(part, released_at=scene.now)])
    return Effect(ended, {"organisation": str(form.organisation_id)}, form.reason)


def reminded(ticket: Facts, due: Due) -> dict[str, Any]:
    """Return the changes by which a moment of a department's clock is done."""
    part = calling.of(ticket, due.organisation_id)
    assert part is not None, "only a part that runs has moments"
    return calling.put(ticket, [replace(part, step=due.step + 1)])


def anew(ticket: Facts, minutes: int, clocks: escalation.Clocks) -> dict[str, Any]:
    """Return the changes that give departments who have not taken their part another limit; none without such."""
    timed = [_timed(replace(part, minutes=minutes), clocks) for part in calling.timed(ticket)]
    return calling.put(ticket, timed) if timed else {}


def still_done(ticket: Facts, now: datetime, clocks: escalation.Clocks) -> dict[str, Any]:
    """Return the changes by which moments that a new limit puts ahead come again; none without departments timed."""
    timed = [replace(part, step=_step(part, now, clocks)) for part in calling.timed(ticket)]
    return calling.put(ticket, timed) if timed else {}


def _step(part: Called, now: datetime, clocks: escalation.Clocks) -> int:
    done = MOMENTS["called"][: part.step]
    return sum(escalation.due_of(part, moment.percent, clocks) <= now for moment in done)


def shown(ticket: Facts, known: Catalogue, now: datetime, *, wholly: bool) -> list[dict[str, Any]]:
    """Return the parts as CalledOut has them; residents see, of those not released, who has reported and who is late."""
    if not wholly:
        return [_outside(part, known, now) for part in calling.read(ticket) if part.released_at is None]
    return [
        {
            **_outside(part, known, now),
            "organisation": {"id": part.organisation_id, "name": _name(part, known)},
            "called_at": part.called_at,
            "due": part.due,
            "acknowledged_at": part.acknowledged_at,
            "released_at": part.released_at,
        }
        for part in calling.read(ticket)
    ]


def _outside(part: Called, known: Catalogue, now: datetime) -> dict[str, Any]:
    late = part.is_late(now)
    return {"organisation": {"name": _name(part, known)}, "reported_at": part.reported_at, "late": late}


def _name(part: Called, known: Catalogue) -> str:
    return known.organisations[part.organisation_id].name
