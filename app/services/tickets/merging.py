"""Actions on duplicate reports: merge, unmerge, and the followers' votes on a closed ticket."""

from typing import Any, cast

from app.enums import PauseKind, Status
from app.errors import Conflict, Invalid
from app.labels import STATUS
from app.models import act as shapes
from app.rules import lifecycle
from app.rules.facts import Facts
from app.rules.statuses import OPEN
from app.services.ledger import ActionResult, FollowerChange, MergeGuard, Pause
from app.services.tickets.context import ActionContext, with_accept_limit, with_resolve_due


def merge(context: ActionContext, form: shapes.MergeIn) -> ActionResult:
    """Merge the ticket into another. Its reporter and followers follow that one from now on; its clocks stop."""
    ticket, into = context.ticket, context.merge_target
    if form.into == ticket["id"]:
        raise Invalid.at("/into", "不能并入它自己")
    if into is None or ticket["community_id"] is None or into["community_id"] != ticket["community_id"]:
        raise Invalid.at("/into", "同一个社区里没有这张工单")
    _check_target_open(into)
    _check_target_visible(context, into)
    changes = {
        "status": Status.MERGED,
        "status_before": ticket["status"],
        "merged_into_id": into["id"],
        "merged_at": context.now,
    }
    return ActionResult(
        changes,
        {"into": str(into["id"])},
        follower_change=FollowerChange.JOIN,
        merge_guard=MergeGuard(ticket["followers"], into["version"]),
        extra_fields={"merged_into_no": _row(into)["no"]},
    )


def _check_target_open(into: Facts) -> None:
    if into["status"] == Status.MERGED:
        raise Conflict(f"这张工单已并入 {_row(into)['merged_into_no']}，请直接并入那一张")
    if into["status"] not in OPEN:
        raise Conflict(f"这张工单现在是“{STATUS[Status(into['status'])]}”，只能并入还在办理的工单")


def _check_target_visible(context: ActionContext, into: Facts) -> None:
    """Refuse a merge that would show an anonymous or private ticket to other people."""
    ticket = context.ticket
    newcomers = ticket["followers"] or ticket["reporter_id"] not in {None, into["reporter_id"]}
    if newcomers and not context.catalogue.is_visible_to_neighbours(into):
        raise Invalid.at("/into", "那张工单是匿名的或涉及隐私，不能让别的报告人跟着看到；可以反过来并")


def _row(ticket: Facts) -> dict[str, Any]:
    return cast(dict[str, Any], ticket)


def unmerge(context: ActionContext, _: shapes.ActIn | None) -> ActionResult:
    """Restore the status from before the merge. The time in between does not count towards the resolve limit.

    A ticket that is new again gets the whole accept limit.
    """
    ticket, now = context.ticket, context.now
    began_at = ticket["merged_at"] or ticket["updated_at"]
    changes = {
        "status": ticket["status_before"],
        "status_before": None,
        "merged_into_id": None,
        "merged_at": None,
        "pauses": [*ticket["pauses"], began_at, now],
    }
    changes = with_resolve_due(context, with_accept_limit(context, changes))
    pause = Pause(PauseKind.MERGE, began_at, now, ended_at=now)
    return ActionResult(
        changes,
        {"from": str(ticket["merged_into_id"])},
        opened_pause=pause,
        follower_change=FollowerChange.LEAVE,
    )


def vote(context: ActionContext, form: shapes.VoteIn) -> ActionResult:
    """Record a follower's vote on a closed ticket; it replaces their earlier one.

    When the dissenting votes reach the threshold, the event notifies the level above, once per closing.
    """
    if context.last_vote is form.still_there:
        raise Conflict("您已经这样反馈过了")
    dissent = context.ticket["dissent"] + form.still_there - (context.last_vote is True)
    changes: dict[str, Any] = {"dissent": dissent}
    data: dict[str, Any] = {"still_there": form.still_there}
    if dissent >= lifecycle.DISSENT_THRESHOLD and not context.ticket["dissent_told"]:
        changes["dissent_told"] = data["told"] = True
    return ActionResult(changes, data, vote=form.still_there)
