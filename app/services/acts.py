"""What each act changes: one function an action, collected in one table. Whether it is allowed was asked before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import Forbidden, Invalid, TooMany
from app.models import act as shapes
from app.models.said import Strict
from app.rules import escalation, lifecycle, sla
from app.rules.access import SEES_INTERNAL, Part
from app.rules.facts import changed
from app.services import calling, limits, merging, moving, pausing
from app.services.scene import Effect, Scene, accepting_anew, resolving, taken, up
from app.words import Outcome, Status, Verdict


def _withdraw(scene: Scene, _: shapes.ActIn) -> Effect:
    return Effect({"status": Status.CLOSED, "outcome": Outcome.WITHDRAWN, "closed_at": scene.now})


def _edit(scene: Scene, form: shapes.EditIn) -> Effect:
    given = form.model_fields_set & {"description", "photo_ids"}
    changes = {name: getattr(form, name) or ([] if name == "photo_ids" else None) for name in given}
    after = changed(scene.ticket, changes)
    if not (after["description"] or after["photo_ids"]):
        raise Invalid.at("/description", "请写一句话，或拍一张照片")
    kept = scene.ticket["photo_ids"]
    return Effect(changes, text=form.description, photo_ids=[p for p in after["photo_ids"] if p not in kept])


def _accept(scene: Scene, _: shapes.ActIn) -> Effect:
    return Effect({"status": Status.ACCEPTED, "accepted_at": scene.now})


def _reject(scene: Scene, form: shapes.RejectIn) -> Effect:
    appeal_until = escalation.within(lifecycle.APPEAL_WORKDAYS, scene.now, scene.clocks)
    changes = {"status": Status.REJECTED, "rejected_at": scene.now, "appeal_until": appeal_until}
    return Effect(changes, {"reason": form.reason}, form.text)


def _dispatch(scene: Scene, form: shapes.DispatchIn) -> Effect:
    serving = scene.catalogue.serving(scene.place_path, scene.ticket["category"])
    chosen = next((company for company in serving if company.id == form.organisation_id), None)
    if chosen is None:
        raise Invalid.at("/organisation_id", "这个单位不服务工单所在的地点")
    if chosen.id in scene.ticket["awaited_ids"]:
        raise Invalid.at("/organisation_id", "已经向这个单位吹哨，等它报到或解除吹哨后再派")
    part = scene.part
    if part is Part.MEMBER and not chosen.default:
        part = next((wider for wider in (Part.HEAD, Part.ABOVE) if wider in scene.parts), part)
    if part is Part.MEMBER and not chosen.default:
        raise Forbidden("网格员只能派给这个类别的默认单位，请让网格长派遣")
    changes = {
        "status": Status.DISPATCHED,
        "accepted_at": scene.ticket["accepted_at"] or scene.now,
        "organisation_id": chosen.id,
        "dispatched_at": scene.now,
        "acknowledged_at": None,
        "acknowledge_step": 0,
        "claim": None,
    }
    due = escalation.due(changed(scene.ticket, changes), "acknowledge", 100, scene.clocks)
    return Effect(changes | {"acknowledge_due": due}, {"organisation": str(chosen.id)}, form.note, part=part)


# Back from the organisation to the unit that holds the ticket.
_BACK: Final[Mapping[str, Any]] = {
    "status": Status.ACCEPTED,
    "organisation_id": None,
    "dispatched_at": None,
    "acknowledged_at": None,
    "acknowledge_due": None,
    "claim": None,
}


def _hand_back(scene: Scene, form: shapes.HandBackIn) -> Effect:
    if scene.ticket["acknowledged_at"] and not (form.text or form.photo_ids):
        raise Invalid.at("/text", "已经接单的工单要退回，请写明情况或附照片")
    count = scene.ticket["hand_backs"] + 1
    changes = {**_BACK, "hand_backs": count}
    if count >= lifecycle.HAND_BACKS and scene.ticket["level"] == 1:
        changes |= up(scene)
    data = {"reason": form.reason, "organisation": str(scene.ticket["organisation_id"])}
    if proposed := form.proposed_organisation_id:
        others = {company.id for company in scene.catalogue.serving(scene.place_path)}
        if proposed not in others - {scene.ticket["organisation_id"]}:
            raise Invalid.at("/proposed_organisation_id", "只能建议另一家服务这个地点的单位")
        data["proposed"] = str(proposed)
    return Effect(changes, data, form.text, form.photo_ids)


def _recall(scene: Scene, _: shapes.ActIn | None) -> Effect:
    return Effect(dict(_BACK), {"organisation": str(scene.ticket["organisation_id"])})


def _resolve(scene: Scene, form: shapes.ResolveIn) -> Effect:
    category = scene.catalogue.category(scene.ticket)
    done = form.outcome in {Outcome.FIXED, Outcome.PARTIAL}
    if category.photo_on_resolve and done and not form.photo_ids:
        raise Invalid.at("/photo_ids", "这类问题办结要附一张现场照片")
    by, data = scene.label, {"outcome": form.outcome}
    changes, ends = pausing.went_on(scene) if scene.ticket["status"] == Status.WAITING else ({}, None)
    changes |= taken(scene)
    if scene.part is Part.PARTNER and category.verify_claim:
        changes["claim"] = {"outcome": form.outcome, "by": by, "at": scene.now.isoformat()}
        return Effect(changes, data, form.text, form.photo_ids, event="claimed", ends=ends)
    changes |= {
        "status": Status.RESOLVED,
        "resolved_at": scene.now,
        "outcome": form.outcome,
        "resolution_text": form.text,
        "resolution_photo_ids": form.photo_ids,
        "resolved_by": by,
        "handler_ids": [*scene.ticket["handler_ids"], *([scene.actor.person_id] if scene.actor else [])],
        "claim": None,
    }
    return Effect(changes, data, form.text, form.photo_ids, ends=ends)


def _confirm(scene: Scene, form: shapes.ConfirmIn) -> Effect:
    changes = {
        "status": Status.CLOSED,
        "closed_at": scene.now,
        "verdict": form.verdict,
        "rating": form.rating,
    }
    return Effect(changes, {"verdict": form.verdict, "rating": form.rating}, form.text)


def _settle(scene: Scene, form: shapes.SettleIn | None) -> Effect:
    changes = {"status": Status.CLOSED, "closed_at": scene.now, "verdict": Verdict.SILENT}
    return Effect(changes, {"verdict": Verdict.SILENT}, form.text if form else None)


def _reopen(scene: Scene, form: shapes.ReopenIn) -> Effect:
    category = scene.catalogue.category(scene.ticket)
    limit = sla.reopened(sla.Limit(category.resolve_minutes, scene.clocks.resolve), scene.clocks.calendar)
    count = scene.ticket["reopens"] + 1
    changes = {
        **_BACK,
        "accepted_at": scene.ticket["accepted_at"] or scene.now,
        "resolved_at": None,
        "closed_at": None,
        "outcome": None,
        "resolution_text": None,
        "resolution_photo_ids": [],
        "resolved_by": None,
        "verdict": None,
        "rating": None,
        "reopens": count,
        "resolve_from": scene.now,
        "resolve_minutes": limit.minutes,
        "resolve_step": 0,
        "extra_minutes": 0,
        "waits": 0,
        "dissent": 0,
        "dissent_told": False,
    }
    if count >= lifecycle.REOPENS_BEFORE_RISING and scene.ticket["level"] < lifecycle.TOP:
        changes |= up(scene)
    return Effect(resolving(scene, changes), {"times": count}, form.text, form.photo_ids)


def _escalate(scene: Scene, form: shapes.EscalateIn | None) -> Effect:
    changes = up(scene)
    if form is None:  # a new holder has the accept limit again
        changes = accepting_anew(scene, changes)
    return Effect(
        changes, {"level": changes["level"], "unit": str(changes["holder_id"])}, form.reason if form else None
    )


def _comment(scene: Scene, form: shapes.CommentIn) -> Effect:
    if form.internal and SEES_INTERNAL.isdisjoint(scene.parts):
        raise Forbidden("内部留言只供办理人员使用")
    if scene.part is Part.REPORTER and not form.internal and lifecycle.awaits_answer(scene.ticket):
        return pausing.answer(scene, form)
    return Effect({}, {}, form.text, form.photo_ids, form.internal)


def _urge(scene: Scene, _: shapes.UrgeIn) -> Effect:
    before, every = scene.ticket["urged_at"], lifecycle.URGE_EVERY * scene.clocks.scale
    if before and scene.now < before + every:
        wait = int((before + every - scene.now).total_seconds()) + 1
        raise TooMany("一小时内已经催过了，办理人员已收到", retry_after=wait)
    return Effect({"urged": scene.ticket["urged"] + 1, "urged_at": scene.now})


@dataclass(frozen=True, slots=True)
class Doing:
    """An act that works: the body it takes and what it does."""

    shape: type[Strict]
    effect: Callable[[Scene, Any], Effect]


ACTS: Final[dict[str, Doing]] = {
    "edit": Doing(shapes.EditIn, _edit),
    "withdraw": Doing(shapes.ActIn, _withdraw),
    "accept": Doing(shapes.ActIn, _accept),
    "reject": Doing(shapes.RejectIn, _reject),
    "appeal": Doing(shapes.AppealIn, pausing.appeal),
    "recategorise": Doing(shapes.RecategoriseIn, limits.recategorise),
    "merge": Doing(shapes.MergeIn, merging.merge),
    "unmerge": Doing(shapes.ActIn, merging.unmerge),
    "dispatch": Doing(shapes.DispatchIn, _dispatch),
    "take": Doing(shapes.ActIn, calling.take),
    "hand_back": Doing(shapes.HandBackIn, _hand_back),
    "recall": Doing(shapes.ActIn, _recall),
    "wait": Doing(shapes.WaitIn, pausing.wait),
    "resume": Doing(shapes.ActIn, pausing.resume),
    "ask": Doing(shapes.AskIn, pausing.ask),
    "answer": Doing(shapes.AnswerIn, pausing.answer),
    "resolve": Doing(shapes.ResolveIn, _resolve),
    "confirm": Doing(shapes.ConfirmIn, _confirm),
    "settle": Doing(shapes.SettleIn, _settle),
    "reopen": Doing(shapes.ReopenIn, _reopen),
    "escalate": Doing(shapes.EscalateIn, _escalate),
    "return": Doing(shapes.ReasonIn, moving.give_back),
    "reassign": Doing(shapes.ReassignIn, moving.reassign),
    "not_mine": Doing(shapes.ReasonIn, moving.not_mine),
    "extend": Doing(shapes.ExtendIn, limits.extend),
    "call_up": Doing(shapes.CallUpIn, calling.call_up),
    "report": Doing(shapes.ReportIn, calling.report),
    "release": Doing(shapes.ReleaseIn, calling.release),
    "urge": Doing(shapes.UrgeIn, _urge),
    "comment": Doing(shapes.CommentIn, _comment),
    "vote": Doing(shapes.VoteIn, merging.vote),
}
