"""Acts about neighbours with the same trouble: merge, unmerge, and their votes on what was closed."""

from dataclasses import replace
from typing import Any, Final, cast

from app import db
from app.errors import Conflict, Invalid
from app.models import act as shapes
from app.models.said import Strict
from app.rules import access, lifecycle
from app.rules.facts import Facts
from app.services.ledger import Crowd, Pause
from app.services.scene import Effect, Scene, accepting_anew, resolving
from app.words import STATUS, Pausing, Status

_INTO: Final = """
SELECT t.*, m.no AS merged_into_no FROM ticket t LEFT JOIN ticket m ON m.id = t.merged_into_id WHERE t.id = $1
"""
_VOTED: Final = "SELECT still_there FROM vote WHERE ticket_id = $1 AND person_id = $2 AND at >= $3"


async def looked(scene: Scene, form: Strict) -> Scene:
    """Return the scene with what lies beside the ticket: the one it is to go into, the caller's vote since the closing."""
    if isinstance(form, shapes.MergeIn):
        row = await db.fetchrow(_INTO, form.into)
        return replace(scene, into=cast(Facts, dict(row)) if row else None)
    if isinstance(form, shapes.VoteIn) and scene.actor:
        closed = scene.ticket["closed_at"] or scene.now
        row = await db.fetchrow(_VOTED, scene.ticket["id"], scene.actor.person_id, closed)
        return replace(scene, voted=row["still_there"] if row else None)
    return scene


def merge(scene: Scene, form: shapes.MergeIn) -> Effect:
    """Put the ticket into another; its reporter and followers go along, its clocks stop."""
    ticket, into = scene.ticket, scene.into
    if form.into == ticket["id"]:
        raise Invalid.at("/into", "不能并入它自己")
    if into is None or ticket["community_id"] is None or into["community_id"] != ticket["community_id"]:
        raise Invalid.at("/into", "同一个社区里没有这张工单")
    _refuse_what_is_over(into)
    _refuse_new_eyes(scene, into)
    changes = {
        "status": Status.MERGED,
        "status_before": ticket["status"],
        "merged_into_id": into["id"],
        "merged_at": scene.now,
    }
    shown = {"merged_into_no": _extra(into)["no"]}
    seen = (ticket["followers"], into["version"])
    return Effect(changes, {"into": str(into["id"])}, crowd=Crowd.COMES, seen=seen, shown=shown)


def _refuse_what_is_over(into: Facts) -> None:
    if into["status"] == Status.MERGED:
        raise Conflict(f"这张工单已并入 {_extra(into)['merged_into_no']}，请直接并入那一张")
    if into["status"] not in lifecycle.OPEN:
        raise Conflict(f"这张工单现在是“{STATUS[Status(into['status'])]}”，只能并入还在办理的工单")


def _refuse_new_eyes(scene: Scene, into: Facts) -> None:
    """Refuse to show somebody's anonymous or private ticket to others; the other way round shows nothing."""
    ticket = scene.ticket
    public = scene.catalogue.categories[into["category"]].public
    newcomers = ticket["followers"] or ticket["reporter_id"] not in {None, into["reporter_id"]}
    if newcomers and not access.neighbourly(into, public=public):
        raise Invalid.at("/into", "那张工单是匿名的或涉及隐私，不能让别的报告人跟着看到；可以反过来并")


def _extra(ticket: Facts) -> dict[str, Any]:
    return cast(dict[str, Any], ticket)


def unmerge(scene: Scene, _: shapes.ActIn) -> Effect:
    """Bring the ticket back to the state before, as if the time it was merged had not been; a new one is to be accepted anew."""
    ticket, now = scene.ticket, scene.now
    began = ticket["merged_at"] or ticket["updated_at"]
    changes = {
        "status": ticket["status_before"],
        "status_before": None,
        "merged_into_id": None,
        "merged_at": None,
        "pauses": [*ticket["pauses"], began, now],
    }
    changes = resolving(scene, accepting_anew(scene, changes))
    pause = Pause(Pausing.MERGE, began, now, ended_at=now)
    return Effect(changes, {"from": str(ticket["merged_into_id"])}, opens=pause, crowd=Crowd.GOES)


def vote(scene: Scene, form: shapes.VoteIn) -> Effect:
    """Count a follower's word on a closed ticket, their last one; so many that dissent are told to who is above, once."""
    if scene.voted is form.still_there:
        raise Conflict("您已经这样反馈过了")
    dissent = scene.ticket["dissent"] + form.still_there - (scene.voted is True)
    changes: dict[str, Any] = {"dissent": dissent}
    data: dict[str, Any] = {"still_there": form.still_there}
    if dissent >= lifecycle.DISSENT_TOLD and not scene.ticket["dissent_told"]:
        changes["dissent_told"] = data["told"] = True
    return Effect(changes, data, vote=form.still_there)
