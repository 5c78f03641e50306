"""Subjects as the API answers them, with the fields the caller may see."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from app import clock, text, words
from app.enums import AttendanceStatus, OfferSort, SideRole, Status, SubjectKind
from app.labels import (
    ACTIVITY_SORT,
    ATTENDANCE,
    CARE_ACT,
    ERASED,
    OFFER_SORT,
    OPINION_SORT,
    RESIDENT,
    SIDE_ROLE,
    STATUS,
    SUBJECT,
    SURVEY_SORT,
    TIMER,
)
from app.models.activity import ActivityOut, AttendanceOut
from app.models.event import ActorOut, PhotoRef
from app.models.offer import OfferOut, ReservationOut, StockOut
from app.models.opinion import FateOut, OpinionOut, SpeakerOut
from app.models.project import ProjectOut
from app.models.subject import SubjectEventOut, SubjectLinkOut, SubjectOut, SubjectPlaceOut
from app.models.survey import QuestionOut, SurveyLinkOut, SurveyOrganisationOut, SurveyOut
from app.models.topic import TopicOut
from app.rules import opinions, retention, surveys
from app.rules import subjects as rules
from app.rules.lives import LIVES
from app.rules.offers import THINGS
from app.rules.subjects import Life, Subject, SubjectPart
from app.rules.titles import NamedPost
from app.services import encryption, tickets
from app.services.setup import Catalogue
from app.services.subjects.dispute_out import dispute_out
from app.services.subjects.encrypted_words import decrypt_words
from app.services.subjects.relationship_out import reads_encrypted, relationship_out
from app.services.subjects.survey_results import choice_labels, rule_out
from app.services.subjects.surveys import HUNDREDTHS
from app.services.subjects.view import SubjectView


def serialize(view: SubjectView) -> SubjectOut:
    """Return a subject as its kind is answered."""
    return _SERIALIZERS[view.life.kind](view, _shared(view))


def _shared(view: SubjectView) -> dict[str, Any]:
    life, subject, now = view.life, view.subject, clock.now()
    return {
        "id": subject["id"],
        "status": subject["status"],
        "status_name": words.say(life.statuses[subject["status"]]),
        "place": SubjectPlaceOut(id=subject["place_id"], label=subject["place_label"]),
        "title": _shown(subject["title"], view),
        "text": _written(subject["text"], view),
        "result": _written(subject["result"], view),
        "author": _actor(_author(subject), view.catalogue),
        "mine": not _OWN.isdisjoint(view.parts),
        "source_id": subject["source_id"],
        "source": _link(view, subject["source_id"]),
        "outcome": _ticket(view) or _link(view, subject["outcome_id"]),
        "due_at": subject["due_at"],
        "overdue": rules.is_overdue(life, subject, now),
        "version": subject["version"],
        "actions": rules.allowed_actions(life, subject, view.parts, now),
        "created_at": subject["created_at"],
        "updated_at": subject["updated_at"],
    }


_OWN: Final = {
    *(SubjectPart.AUTHOR, SubjectPart.SPEAKER, SubjectPart.SIDE),
    *(SubjectPart.HELPER, SubjectPart.PARTY),
}


def _link(view: SubjectView, subject_id: UUID | None) -> SubjectLinkOut | None:
    """Return what a subject came from or led to; None if the caller does not see it."""
    other = view.links.get(subject_id) if subject_id else None
    return link_to(other) if other else None


def link_to(other: SubjectView) -> SubjectLinkOut:
    """Return a link to a subject, as whoever it is seen by reads it."""
    row, life = other.subject, other.life
    return SubjectLinkOut(
        id=row["id"],
        kind=life.kind.value,
        kind_name=words.say(life.label),
        title=_shown(row["title"] or row["text"], other),
        status=row["status"],
        status_name=words.say(life.statuses[row["status"]]),
    )


# Who sees the ticket that an opinion became, besides the resident who wrote the opinion.
_SEES_TICKET: Final = rules.STAFF | {SubjectPart.SPEAKER, SubjectPart.AUDITOR}


def _ticket(view: SubjectView) -> SubjectLinkOut | None:
    subject = view.subject
    by_resident = SubjectPart.AUTHOR in view.parts and subject["post_id"] is None
    if subject["ticket_id"] is None or (_SEES_TICKET.isdisjoint(view.parts) and not by_resident):
        return None
    state = Status(subject["ticket_status"])
    return SubjectLinkOut(
        id=subject["ticket_id"],
        kind="ticket",
        kind_name=words.say(SUBJECT["ticket"]),
        title=subject["ticket_no"],
        status=state,
        status_name=words.say(STATUS[state]),
    )


# Who reads what people wrote unmasked: its author, and the staff who answer it.
_READS_UNMASKED: Final = rules.STAFF | _OWN


def _shown(value: str | None, view: SubjectView) -> str | None:
    if value is None or not _READS_UNMASKED.isdisjoint(view.parts):
        return value
    return text.mask(value)


def _written(value: str | None, view: SubjectView) -> str | None:
    """Return what was written of a subject as the caller may read it."""
    return _shown(value, view) if rules.reads_words(view.parts) else None


def _author(subject: Subject) -> dict[str, Any]:
    return {name: subject[f"author_{name}"] for name in ("role", "level", "path", "title", "unit")}


def _actor(row: Mapping[str, Any], catalogue: Catalogue) -> ActorOut:
    """Return who acted: the post as its office calls it, or that it was a resident; never a name."""
    if row["role"] is None:
        return ActorOut(post=SubjectPart.RESIDENT, label=words.say(RESIDENT))
    named = NamedPost.of(row["role"], row["level"], row["path"], row["title"])
    label = words.translate(catalogue.post_label(named, row["unit"] or ""))
    return ActorOut(post=named.role, label=label.strip())  # a post of an organisation is of no unit


def _actor_of_event(row: Mapping[str, Any], catalogue: Catalogue) -> ActorOut:
    """Return who acted: a mediator, who may hold no post, is one and no resident."""
    if row["part"] == SubjectPart.TIMER:
        return _timer()
    if row["part"] == SubjectPart.MEDIATOR:
        return ActorOut(post=SubjectPart.MEDIATOR, label=words.say(SIDE_ROLE[SideRole.MEDIATOR]))
    return _actor(row, catalogue)


def _timer() -> ActorOut:
    return ActorOut(post=SubjectPart.TIMER, label=words.say(TIMER))


def _opinion(view: SubjectView, shared: Mapping[str, Any]) -> OpinionOut:
    sort = view.subject["sort"]
    return OpinionOut(
        **shared,
        kind=sort,
        kind_name=words.say(OPINION_SORT[sort]),
        fate=_fate(view.life, view.subject),
        speaker=_speaker(view),
    )


def _speaker(view: SubjectView) -> SpeakerOut | None:
    """Return who said what staff wrote down, as staff see it."""
    opinion = view.subject
    if opinion["post_id"] is None or rules.STAFF.isdisjoint(view.parts):
        return None
    return SpeakerOut(
        phone_masked=opinion["contact_masked"],
        told_by=opinions.told_by(opinion),
        told_at=opinion["told_at"],
    )


def _fate(life: Life, opinion: Subject) -> FateOut | None:
    status = opinion["status"]
    if status not in life.ended:
        return None
    if status == "ticket":
        state = Status(opinion["ticket_status"])
        return FateOut(
            kind="ticket",
            id=opinion["ticket_id"],
            label=opinion["ticket_no"],
            status=state,
            status_name=words.say(STATUS[state]),
        )
    if opinion["outcome_id"] is None:
        return FateOut(kind=status, id=None, label=None, status=None, status_name=None)
    of = LIVES[SubjectKind(opinion["outcome_kind"])]
    return FateOut(
        kind=status,
        id=opinion["outcome_id"],
        label=opinion["outcome_title"],
        status=opinion["outcome_status"],
        status_name=words.say(of.statuses[opinion["outcome_status"]]),
    )


def _topic(view: SubjectView, shared: Mapping[str, Any]) -> TopicOut:
    names = ("released", "threshold", "supporters", "opinions", "projects")
    return TopicOut(
        **shared, **{name: view.subject[name] for name in names}, supporting=view.subject["supports"]
    )


def _project(view: SubjectView, shared: Mapping[str, Any]) -> ProjectOut:
    return ProjectOut(**shared, opinions=view.subject["opinions"])


def _activity(view: SubjectView, shared: Mapping[str, Any]) -> ActivityOut:
    activity = view.subject
    acts = [] if set(view.parts) == {SubjectPart.HOUSEHOLD} else activity["acts"]
    names = ("starts_at", "ends_at", "venue", "capacity", "signed_up", "waiting", "headcount", "opinions")
    return ActivityOut(
        **shared,
        **{name: activity[name] for name in names},
        kind=activity["sort"],
        kind_name=words.say(ACTIVITY_SORT[activity["sort"]]),
        households=activity["visited"],
        acts=acts,
        act_names=[words.say(CARE_ACT[act]) for act in acts],
        attending=activity["attends"],
        series=activity["series"] or (activity["id"] if activity["later_runs"] else None),
        runs=1 + activity["later_runs"],
    )


def _survey(view: SubjectView, shared: Mapping[str, Any]) -> SurveyOut:
    survey = view.subject
    obstacle = surveys.obstacle(survey, view.parts)
    area = survey["survey_area"]
    return SurveyOut(
        **shared,
        **{
            name: survey[name]
            for name in ("group_by", "starts_at", "ends_at", "answered", "paper", "next_id")
        },
        kind=survey["sort"],
        kind_name=words.say(SURVEY_SORT[survey["sort"]]),
        questions=[
            QuestionOut(text=question["text"], kind=question["kind"], choices=choice_labels(question))
            for question in survey["questions"]
        ],
        rule=rule_out(survey["rule"]),
        organisation=_organisation(survey),
        asked=survey["households"],
        area=None if area is None else area / HUNDREDTHS,
        can_answer=obstacle is None,
        why_not=obstacle and words.translate(obstacle.sentence),
        missing=obstacle and obstacle.missing,
        answered_by_household=survey["answered_by_household"],
        former_id=survey["source_id"] if survey["source_kind"] == SubjectKind.SURVEY else None,
        topic=_topic_of(survey),
    )


def _organisation(survey: Subject) -> SurveyOrganisationOut | None:
    if survey["organisation_id"] is None:
        return None
    return SurveyOrganisationOut(id=survey["organisation_id"], name=survey["organisation_name"])


def _topic_of(survey: Subject) -> SurveyLinkOut | None:
    if survey["outcome_id"] is None:
        return None
    status = survey["outcome_status"]
    return SurveyLinkOut(
        id=survey["outcome_id"],
        title=survey["outcome_title"],
        status=status,
        status_name=words.say(LIVES[SubjectKind.TOPIC].statuses[status]),
    )


def _offer(view: SubjectView, shared: Mapping[str, Any]) -> OfferOut:
    offer, sort = view.subject, OfferSort(view.subject["sort"])
    found = [
        StockOut(place=SubjectPlaceOut(id=stock["id"], label=stock["label"]), left=stock["left"])
        for stock in offer["stocks"]
    ]
    return OfferOut(
        **shared,
        **{name: offer[name] for name in ("price", "points", "days", "needs_grant", "released")},
        kind=sort,
        kind_name=words.say(OFFER_SORT[sort]),
        organisation=_organisation(offer),
        left=sum(stock.left for stock in found) if sort in THINGS else None,
        stocks=found,
        waiting=offer["queue"],
    )


def _name(view: SubjectView) -> str | None:
    """Return whose a reservation is, for those who hand it over: as long as they need it."""
    is_staff = not rules.STAFF.isdisjoint(view.parts)
    if not is_staff and SubjectPart.COMPANY not in view.parts:
        return None
    kept = retention.RESERVATION_NAME if is_staff else retention.PARTNER_CONTACT
    ended_at, name = view.subject["ended_at"], view.subject["author_name"]
    if sealed := view.subject["on_behalf_name_sealed"]:
        name = encryption.decrypt_if_readable(sealed)
    return None if ended_at and clock.now() >= ended_at + kept else name


def _reservation(view: SubjectView, shared: Mapping[str, Any]) -> ReservationOut:
    reservation, sort = view.subject, OfferSort(view.subject["sort"])
    place_id = reservation["station_id"]
    return ReservationOut(
        **shared,
        **{name: reservation[name] for name in ("quantity", "paid")},
        kind=sort,
        kind_name=words.say(OFFER_SORT[sort]),
        code=reservation["code"] if SubjectPart.AUTHOR in view.parts else None,
        name=_name(view),
        on_behalf=reservation["on_behalf_name_sealed"] is not None,
        phone_masked=reservation["contact_masked"] if not rules.STAFF.isdisjoint(view.parts) else None,
        station=place_id and SubjectPlaceOut(id=place_id, label=reservation["station"]),
        collect_by=reservation["ends_at"],
        back_by=reservation["due_at"],
        turn=reservation["turn"],
    )


_SERIALIZERS: Final[dict[SubjectKind, Callable[[SubjectView, Mapping[str, Any]], SubjectOut]]] = {
    SubjectKind.OPINION: _opinion,
    SubjectKind.TOPIC: _topic,
    SubjectKind.PROJECT: _project,
    SubjectKind.ACTIVITY: _activity,
    SubjectKind.SURVEY: _survey,
    SubjectKind.OFFER: _offer,
    SubjectKind.RESERVATION: _reservation,
    SubjectKind.RELATIONSHIP: relationship_out,
    SubjectKind.DISPUTE: dispute_out,
}


def serialize_event(row: Any, view: SubjectView) -> SubjectEventOut:
    """Return a line of the timeline. `row` has the event, its text, and the role and unit of the post that acted."""
    said = words.say(ERASED) if row["has_text"] and row["text"] is None else _written(row["text"], view)
    if row["sealed"] and reads_encrypted(view):
        said = decrypt_words(row["sealed"]).get("text")
    return SubjectEventOut(
        seq=row["seq"],
        type=row["type"],
        label=words.say(view.life.events[row["type"].partition(".")[2]]),
        at=row["at"],
        actor=_actor_of_event(row, view.catalogue),
        text=said,
        photos=_photos(row["photo_ids"]) if rules.reads_words(view.parts) else [],
    )


def _photos(photo_ids: Sequence[UUID]) -> list[PhotoRef]:
    return [PhotoRef(**photo) for photo in tickets.serialize_photos(photo_ids)]


def serialize_attendance(row: Any) -> AttendanceOut:
    """Return somebody who attends."""
    status = AttendanceStatus(row["status"])
    return AttendanceOut(
        person_id=row["person_id"],
        name=row["name"],
        status=status,
        status_name=words.say(ATTENDANCE[status]),
        at=row["at"],
        came_at=row["came_at"],
        hours=None if row["hours"] is None else float(row["hours"]),
    )
