"""What each act changes: one function an action, collected in one table. Whether it is allowed was asked before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.errors import Forbidden, Invalid, TooMany
from app.models import act as shapes
from app.models.said import Strict
from app.rules import escalation, lifecycle, sla
from app.rules.access import SEES_INTERNAL, Actor, Part, Parts, Seat
from app.rules.facts import Facts, changed
from app.services.catalogue import Catalogue, post_label
from app.words import Outcome, Status, Verdict


@dataclass(frozen=True, slots=True)
class Scene:
    """An act about to happen: the ticket as it is, who acts in which part, when, and what the office has set up."""

    ticket: Facts
    parts: Parts
    part: Part
    seat: Seat | None
    actor: Actor | None  # None: the timer
    now: datetime
    catalogue: Catalogue
    place_path: Sequence[UUID] = ()

    @property
    def clocks(self) -> escalation.Clocks:
        return self.catalogue.clocks(self.ticket["category"])


@dataclass(slots=True)
class Effect:
    """What an act does: columns to change, codes for the event, words, photos; `event` where it is not the move's own."""

    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    photo_ids: Sequence[UUID] = ()
    internal: bool = False
    event: str | None = None
    part: Part | None = None  # acts instead of the narrowest, where that one may not do just this


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


def _reject(_: Scene, form: shapes.RejectIn) -> Effect:
    return Effect({"status": Status.REJECTED}, {"reason": form.reason}, form.text)


def _dispatch(scene: Scene, form: shapes.DispatchIn) -> Effect:
    serving = scene.catalogue.serving(scene.place_path, scene.ticket["category"])
    chosen = next((company for company in serving if company.id == form.organisation_id), None)
    if chosen is None:
        raise Invalid.at("/organisation_id", "这个单位不服务工单所在的地点")
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


def _take(scene: Scene, _: shapes.ActIn) -> Effect:
    return Effect({"acknowledged_at": scene.now, "acknowledge_due": None})


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
        changes |= _up(scene)
    data = {"reason": form.reason, "organisation": str(scene.ticket["organisation_id"])}
    if form.proposed_organisation_id:
        if form.proposed_organisation_id not in scene.catalogue.organisations:
            raise Invalid.at("/proposed_organisation_id", "没有这个单位")
        data["proposed"] = str(form.proposed_organisation_id)
    return Effect(changes, data, form.text, form.photo_ids)


def _recall(scene: Scene, _: shapes.ActIn | None) -> Effect:
    return Effect(dict(_BACK), {"organisation": str(scene.ticket["organisation_id"])})


def _resolve(scene: Scene, form: shapes.ResolveIn) -> Effect:
    category = scene.catalogue.categories[scene.ticket["category"]]
    done = form.outcome in {Outcome.FIXED, Outcome.PARTIAL}
    if category.photo_on_resolve and done and not form.photo_ids:
        raise Invalid.at("/photo_ids", "这类问题办结要附一张现场照片")
    by = _label(scene)
    changes: dict[str, Any] = {}
    if scene.part is Part.PARTNER:
        changes = {"acknowledged_at": scene.ticket["acknowledged_at"] or scene.now, "acknowledge_due": None}
        if category.verify_claim:
            changes["claim"] = {"outcome": form.outcome, "by": by, "at": scene.now.isoformat()}
            return Effect(changes, {"outcome": form.outcome}, form.text, form.photo_ids, event="claimed")
    changes |= {
        "status": Status.RESOLVED,
        "resolved_at": scene.now,
        "outcome": form.outcome,
        "resolution_text": form.text,
        "resolution_photo_ids": form.photo_ids,
        "resolved_by": by,
        "handler_ids": [*scene.ticket["handler_ids"], *([scene.actor.person_id] if scene.actor else [])],
        "claim": None,
        "paused_until": None,
    }
    return Effect(changes, {"outcome": form.outcome}, form.text, form.photo_ids)


def _label(scene: Scene) -> str:
    """Return how the acting post or organisation is called."""
    seat, catalogue = scene.seat, scene.catalogue
    if seat and seat.organisation_id:
        return catalogue.organisations[seat.organisation_id].name
    unit = catalogue.units.get(seat.unit_id) if seat and seat.unit_id else None
    return post_label(seat.role, unit.label) if seat and unit else ""


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
    category = scene.catalogue.categories[scene.ticket["category"]]
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
    }
    if count >= lifecycle.REOPENS_BEFORE_RISING and scene.ticket["level"] < lifecycle.TOP:
        changes |= _up(scene)
    due = escalation.due(changed(scene.ticket, changes), "resolve", 100, scene.clocks)
    return Effect(changes | {"resolve_due": due}, {"times": count}, form.text, form.photo_ids)


def _escalate(scene: Scene, form: shapes.EscalateIn | None) -> Effect:
    changes = _up(scene)
    if form is None and scene.ticket["status"] == Status.NEW:  # a new holder has the accept limit again
        changes |= {"accept_from": scene.now, "accept_step": 0}
        changes["accept_due"] = escalation.due(changed(scene.ticket, changes), "accept", 100, scene.clocks)
    return Effect(
        changes, {"level": changes["level"], "unit": str(changes["holder_id"])}, form.reason if form else None
    )


def _up(scene: Scene) -> dict[str, Any]:
    """Move the holder a level up: grid → community → street; where there is no community, to the street."""
    ticket = scene.ticket
    if ticket["level"] == 1 and ticket["community_id"]:
        return {"level": 2, "holder_id": ticket["community_id"]}
    return {"level": lifecycle.TOP, "holder_id": ticket["street_id"]}


def _comment(scene: Scene, form: shapes.CommentIn) -> Effect:
    if form.internal and SEES_INTERNAL.isdisjoint(scene.parts):
        raise Forbidden("内部留言只供办理人员使用")
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
    "dispatch": Doing(shapes.DispatchIn, _dispatch),
    "take": Doing(shapes.ActIn, _take),
    "hand_back": Doing(shapes.HandBackIn, _hand_back),
    "recall": Doing(shapes.ActIn, _recall),
    "resolve": Doing(shapes.ResolveIn, _resolve),
    "confirm": Doing(shapes.ConfirmIn, _confirm),
    "settle": Doing(shapes.SettleIn, _settle),
    "reopen": Doing(shapes.ReopenIn, _reopen),
    "escalate": Doing(shapes.EscalateIn, _escalate),
    "urge": Doing(shapes.UrgeIn, _urge),
    "comment": Doing(shapes.CommentIn, _comment),
}
