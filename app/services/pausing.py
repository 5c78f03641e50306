"""Acts that stop the resolve clock or let it go on: wait, ask, resume, answer, and an appeal's time spent rejected."""

from datetime import datetime
from typing import Any

from app.errors import Invalid
from app.models import act as shapes
from app.rules import escalation, lifecycle
from app.rules.access import Part
from app.services.ledger import Pause
from app.services.scene import Effect, Scene, accepting_anew, resolving, taken, up
from app.words import SHANGHAI, Pausing, Status


def wait(scene: Scene, form: shapes.WaitIn) -> Effect:
    return _pause(scene, Pausing.WAIT, form.reason, form.until)


def ask(scene: Scene, form: shapes.AskIn) -> Effect:
    effect = _pause(scene, Pausing.ASK, lifecycle.QUESTION, form.until)
    effect.text = form.text
    return effect


def resume(scene: Scene, _: shapes.ActIn | None) -> Effect:
    changes, at = went_on(scene)
    return Effect(changes, ends=at)


def answer(scene: Scene, form: shapes.AnswerIn | shapes.CommentIn) -> Effect:
    changes, at = went_on(scene)
    return Effect(changes, text=form.text, photo_ids=form.photo_ids, event="answered", ends=at)


def appeal(scene: Scene, form: shapes.AppealIn) -> Effect:
    """Bring a rejected ticket back a level up, as if the time it was rejected had not been."""
    ticket, now = scene.ticket, scene.now
    began = ticket["rejected_at"] or ticket["updated_at"]
    changes = {
        **up(scene),
        "status": Status.NEW,
        "appeals": ticket["appeals"] + 1,
        "rejected_at": None,
        "appeal_until": None,
        "pauses": [*ticket["pauses"], began, now],
    }
    data = {"level": changes["level"], "unit": str(changes["holder_id"])}
    changes = resolving(scene, accepting_anew(scene, changes))
    return Effect(changes, data, form.text, opens=Pause(Pausing.APPEAL, began, now, ended_at=now))


def went_on(scene: Scene) -> tuple[dict[str, Any], datetime]:
    """Return the changes that end the open pause, and when it ended: never later than it was meant to."""
    ticket = scene.ticket
    assert ticket["paused_until"] is not None, "only what waits goes on"
    at = min(scene.now, ticket["paused_until"])
    changes = {
        "status": ticket["status_before"],
        "status_before": None,
        "pauses": [*ticket["pauses"][:-1], at],
        "paused_until": None,
        "paused_for": None,
    }
    return resolving(scene, changes), at


def _pause(scene: Scene, kind: Pausing, reason: str, until: datetime) -> Effect:
    part = _entitled(scene, until)
    ticket = scene.ticket
    changes = {
        **taken(scene),
        "status": Status.WAITING,
        "status_before": ticket["status"],
        "waits": ticket["waits"] + 1,
        "pauses": [*ticket["pauses"], scene.now, until],
        "paused_until": until,
        "paused_for": reason,
    }
    return Effect(
        resolving(scene, changes),
        {"reason": reason, "until": until.isoformat()},
        part=part,
        opens=Pause(kind, scene.now, until, reason),
    )


def _entitled(scene: Scene, until: datetime) -> Part:
    """Return the part that may pause so long; Invalid where none of the caller's may."""
    if not scene.now < until <= scene.now + lifecycle.LONGEST_PAUSE:
        raise Invalid.at("/until", "请填写一年以内的将来时间")
    latest = escalation.within(lifecycle.PAUSE_WORKDAYS, scene.now, scene.clocks)
    above = lifecycle.superior(scene.parts)
    if until <= latest and not scene.ticket["waits"]:
        return scene.part
    if above is None:
        day = f"{latest.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Invalid.at("/until", f"最多挂起{lifecycle.PAUSE_WORKDAYS}个工作日（{day}以前），更久请上级决定")
    return above
