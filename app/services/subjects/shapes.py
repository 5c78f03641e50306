"""The shapes of every kind of subject: of a new one, of an answer, and of the body of each act."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.enums import (
    ActivitySort,
    DisputeSort,
    OfferSort,
    OpinionSort,
    RelationshipSort,
    SubjectKind,
    SurveySort,
)
from app.models import (
    act,
    activity,
    ballot,
    dispute,
    offer,
    opinion,
    project,
    relationship,
    subject,
    survey,
    topic,
)
from app.models.fields import Strict
from app.models.subject import SubjectOut
from app.rules.lives import LIVES

_MODULES: Final = (
    *(act, subject, opinion, topic, project, activity, survey, ballot),
    *(offer, relationship, dispute),
)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of one kind. `sorts`: the codes by which its list may be narrowed, if it has any."""

    path: str
    new: type[Strict]
    out: type[SubjectOut]
    sorts: type[StrEnum] | None = None
    bodies: Mapping[str, type[Strict]] = field(default_factory=dict)  # by action


def _bodies(kind: SubjectKind) -> dict[str, type[Strict]]:
    return {action: body(move.form) for action, move in LIVES[kind].moves.items()}


def body(name: str) -> type[Strict]:
    """Return the shape of that name. Raises LookupError."""
    for module in _MODULES:
        if (shape := vars(module).get(name)) is not None:
            found: type[Strict] = shape
            return found
    raise LookupError(name)


SHAPES: Final[dict[SubjectKind, Shapes]] = {
    kind: Shapes(path, new, out, sorts, _bodies(kind))
    for kind, path, new, out, sorts in (
        (SubjectKind.OPINION, "opinions", opinion.OpinionIn, opinion.OpinionOut, OpinionSort),
        (SubjectKind.TOPIC, "topics", topic.TopicIn, topic.TopicOut, None),
        (SubjectKind.PROJECT, "projects", project.ProjectIn, project.ProjectOut, None),
        (SubjectKind.ACTIVITY, "activities", activity.ActivityIn, activity.ActivityOut, ActivitySort),
        (SubjectKind.SURVEY, "surveys", survey.SurveyIn, survey.SurveyOut, SurveySort),
        (SubjectKind.OFFER, "offers", offer.OfferIn, offer.OfferOut, OfferSort),
        (SubjectKind.RESERVATION, "reservations", offer.ReservationIn, offer.ReservationOut, OfferSort),
        (
            SubjectKind.RELATIONSHIP,
            "relationships",
            relationship.RelationshipIn,
            relationship.RelationshipOut,
            RelationshipSort,
        ),
        (SubjectKind.DISPUTE, "disputes", dispute.DisputeIn, dispute.DisputeOut, DisputeSort),
    )
}
