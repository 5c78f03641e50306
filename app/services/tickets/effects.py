"""What each action changes: one function per action, collected in `DECISIONS`. Permissions are checked before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app import ids
from app.enums import Outcome, Status, Verdict
from app.errors import Forbidden, Invalid, TooMany
from app.models import act as shapes
from app.models.fields import Strict
from app.rules import escalation, lifecycle, sla
from app.rules.access import SEES_INTERNAL, Part
from app.rules.facts import with_changes
from app.services.tickets import departments, limits, merging, pausing, transfers, undo
from app.services.tickets.context import (
    ActionContext,
    ActionResult,
    acknowledgement,
    one_level_up,
    with_accept_limit,
    with_resolve_due,
)


def _withdraw(context: ActionContext, _: shapes.ActIn) -> ActionResult:
    return ActionResult({"status": Status.CLOSED, "outcome": Outcome.WITHDRAWN, "closed_at": context.now})


def _edit(context: ActionContext, form: shapes.EditIn) -> ActionResult:
    fields = form.model_fields_set & {"description", "photo_ids"}
    changes = {name: getattr(form, name) or ([] if name == "photo_ids" else None) for name in fields}
    after = with_changes(context.ticket, changes)
    if not (after["description"] or after["photo_ids"]):
        raise Invalid.at("/description", "请写一句话，或拍一张照片")
    attached = context.ticket["photo_ids"]
    return ActionResult(
        changes, text=form.description, photo_ids=[p for p in after["photo_ids"] if p not in attached]
    )


def _accept(context: ActionContext, _: shapes.ActIn) -> ActionResult:
    return ActionResult({"status": Status.ACCEPTED, "accepted_at": context.now})


def _reject(context: ActionContext, form: shapes.RejectIn) -> ActionResult:
    appeal_until = escalation.workday_deadline(lifecycle.APPEAL_WORKDAYS, context.now, context.clocks)
    changes = {"status": Status.REJECTED, "rejected_at": context.now, "appeal_until": appeal_until}
    return ActionResult(changes, {"reason": form.reason}, form.text)


def _dispatch(context: ActionContext, form: shapes.DispatchIn) -> ActionResult:
    serving = context.catalogue.serving(context.place_path, context.ticket["category"])
    organisation = next((company for company in serving if company.id == form.organisation_id), None)
    if organisation is None:
        raise Invalid.at("/organisation_id", "这个单位不服务工单所在的地点")
    if organisation.id in context.ticket["awaited_ids"]:
        raise Invalid.at("/organisation_id", "已经向这个单位吹哨，等它报到或解除吹哨后再派")
    part = context.part
    if part is Part.MEMBER and not organisation.default:
        part = next((wider for wider in (Part.HEAD, Part.ABOVE) if wider in context.parts), part)
    if part is Part.MEMBER and not organisation.default:
        raise Forbidden("网格员只能派给这个类别的默认单位，请让网格长派遣")
    changes = {
        "status": Status.DISPATCHED,
        "accepted_at": context.ticket["accepted_at"] or context.now,
        "organisation_id": organisation.id,
        "dispatched_at": context.now,
        "acknowledged_at": None,
        "acknowledge_step": 0,
        "claim": None,
    }
    due = escalation.due_at(with_changes(context.ticket, changes), "acknowledge", 100, context.clocks)
    return ActionResult(
        changes | {"acknowledge_due": due}, {"organisation": str(organisation.id)}, form.note, part=part
    )


# The changes that take a ticket back from its partner.
_WITHOUT_PARTNER: Final[Mapping[str, Any]] = {
    "status": Status.ACCEPTED,
    "organisation_id": None,
    "dispatched_at": None,
    "acknowledged_at": None,
    "acknowledge_due": None,
    "claim": None,
}


def _hand_back(context: ActionContext, form: shapes.HandBackIn) -> ActionResult:
    if context.ticket["acknowledged_at"] and not (form.text or form.photo_ids):
        raise Invalid.at("/text", "已经接单的工单要退回，请写明情况或附照片")
    count = context.ticket["hand_backs"] + 1
    changes = {**_WITHOUT_PARTNER, "hand_backs": count}
    if count >= lifecycle.MAX_HAND_BACKS and context.ticket["level"] == 1:
        changes |= one_level_up(context)
    data = {"reason": form.reason, "organisation": str(context.ticket["organisation_id"])}
    if proposed := form.proposed_organisation_id:
        serving_ids = {company.id for company in context.catalogue.serving(context.place_path)}
        if proposed not in serving_ids - {context.ticket["organisation_id"]}:
            raise Invalid.at("/proposed_organisation_id", "只能建议另一家服务这个地点的单位")
        data["proposed"] = str(proposed)
    return ActionResult(changes, data, form.text, form.photo_ids)


def _split(context: ActionContext, form: shapes.SplitIn) -> ActionResult:
    """Return the event on the old ticket, with the id that the new one will have."""
    if form.category is not None and form.category not in context.catalogue.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    return ActionResult(data={"into": str(ids.new())})


def _recall(context: ActionContext, _: shapes.ActIn | None) -> ActionResult:
    return ActionResult(dict(_WITHOUT_PARTNER), {"organisation": str(context.ticket["organisation_id"])})


def _resolve(context: ActionContext, form: shapes.ResolveIn) -> ActionResult:
    category = context.catalogue.category(context.ticket)
    done = form.outcome in {Outcome.FIXED, Outcome.PARTIAL}
    if category.photo_on_resolve and done and not form.photo_ids:
        raise Invalid.at("/photo_ids", "这类问题办结要附一张现场照片")
    by, data = context.label, {"outcome": form.outcome}
    changes, ended_at = (
        pausing.end_pause(context) if context.ticket["status"] == Status.WAITING else ({}, None)
    )
    changes |= acknowledgement(context)
    if context.part is Part.PARTNER and category.verify_claim:
        changes["claim"] = {"outcome": form.outcome, "by": by, "at": context.now.isoformat()}
        return ActionResult(
            changes, data, form.text, form.photo_ids, event="claimed", pause_ended_at=ended_at
        )
    changes |= {
        "status": Status.RESOLVED,
        "resolved_at": context.now,
        "outcome": form.outcome,
        "resolution_text": form.text,
        "resolution_photo_ids": form.photo_ids,
        "resolved_by": by,
        "handler_ids": [
            *context.ticket["handler_ids"],
            *([context.actor.person_id] if context.actor else []),
        ],
        "claim": None,
    }
    return ActionResult(changes, data, form.text, form.photo_ids, pause_ended_at=ended_at)


def _confirm(context: ActionContext, form: shapes.ConfirmIn) -> ActionResult:
    changes = {
        "status": Status.CLOSED,
        "closed_at": context.now,
        "verdict": form.verdict,
        "rating": form.rating,
    }
    return ActionResult(changes, {"verdict": form.verdict, "rating": form.rating}, form.text)


def _settle(context: ActionContext, form: shapes.SettleIn | None) -> ActionResult:
    changes = {"status": Status.CLOSED, "closed_at": context.now, "verdict": Verdict.SILENT}
    return ActionResult(changes, {"verdict": Verdict.SILENT}, form.text if form else None)


def _reopen(context: ActionContext, form: shapes.ReopenIn) -> ActionResult:
    category = context.catalogue.category(context.ticket)
    limit = sla.reopened_limit(
        sla.Limit(category.resolve_minutes, context.clocks.resolve), context.clocks.calendar
    )
    count = context.ticket["reopens"] + 1
    changes = {
        **_WITHOUT_PARTNER,
        "accepted_at": context.ticket["accepted_at"] or context.now,
        "resolved_at": None,
        "closed_at": None,
        "outcome": None,
        "resolution_text": None,
        "resolution_photo_ids": [],
        "resolved_by": None,
        "verdict": None,
        "rating": None,
        "reopens": count,
        "resolve_from": context.now,
        "resolve_minutes": limit.minutes,
        "resolve_step": 0,
        "extra_minutes": 0,
        "waits": 0,
        "dissent": 0,
        "dissent_told": False,
    }
    if count >= lifecycle.REOPENS_TO_ESCALATE and context.ticket["level"] < lifecycle.TOP_LEVEL:
        changes |= one_level_up(context)
    return ActionResult(with_resolve_due(context, changes), {"times": count}, form.text, form.photo_ids)


def _escalate(context: ActionContext, form: shapes.EscalateIn | None) -> ActionResult:
    changes = one_level_up(context)
    if form is None:  # escalated by the timer: the new holder gets the whole accept limit
        changes = with_accept_limit(context, changes)
    return ActionResult(
        changes, {"level": changes["level"], "unit": str(changes["holder_id"])}, form.reason if form else None
    )


def _comment(context: ActionContext, form: shapes.CommentIn) -> ActionResult:
    if form.internal and SEES_INTERNAL.isdisjoint(context.parts):
        raise Forbidden("内部留言只供办理人员使用")
    if context.part is Part.REPORTER and not form.internal and lifecycle.awaits_answer(context.ticket):
        return pausing.answer(context, form)
    return ActionResult(text=form.text, photo_ids=form.photo_ids, internal=form.internal)


def _urge(context: ActionContext, _: shapes.UrgeIn) -> ActionResult:
    last, interval = context.ticket["urged_at"], lifecycle.URGE_INTERVAL * context.clocks.scale
    if last and context.now < last + interval:
        wait = int((last + interval - context.now).total_seconds()) + 1
        raise TooMany("一小时内已经催过了，办理人员已收到", retry_after=wait)
    return ActionResult({"urged": context.ticket["urged"] + 1, "urged_at": context.now})


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action: the shape of its body, and the function that decides what it changes."""

    shape: type[Strict]
    decide: Callable[[ActionContext, Any], ActionResult]


DECISIONS: Final[dict[str, Callable[[ActionContext, Any], ActionResult]]] = {
    "edit": _edit,
    "withdraw": _withdraw,
    "accept": _accept,
    "reject": _reject,
    "appeal": pausing.appeal,
    "recategorise": limits.recategorise,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
    "split": _split,
    "dispatch": _dispatch,
    "take": departments.take,
    "hand_back": _hand_back,
    "recall": _recall,
    "wait": pausing.wait,
    "resume": pausing.resume,
    "ask": pausing.ask,
    "answer": pausing.answer,
    "resolve": _resolve,
    "confirm": _confirm,
    "settle": _settle,
    "reopen": _reopen,
    "escalate": _escalate,
    "return": transfers.give_back,
    "reassign": transfers.reassign,
    "not_mine": transfers.not_mine,
    "extend": limits.extend,
    "call_up": departments.call_up,
    "report": departments.report,
    "release": departments.release,
    "urge": _urge,
    "comment": _comment,
    "vote": merging.vote,
    "undo": undo.undo,
}
# By the rows of the table. What is missing here is missing in the program: see completeness.py.
ACTIONS: Final[dict[str, ActionSpec]] = {
    action: ActionSpec(getattr(shapes, move.form), DECISIONS[action])
    for action, move in lifecycle.MOVES.items()
    if action in DECISIONS and hasattr(shapes, move.form)
}
