"""What each kind of subject begins with: a file a kind, in one table. Reservations come from an offer, by a way of their own."""

from typing import Final

from app.enums import SubjectKind
from app.services.subjects.new.activities import ACTIVITY
from app.services.subjects.new.beginning import SHARED, Beginning, New, insert_subject, new_row
from app.services.subjects.new.disputes import DISPUTE
from app.services.subjects.new.offers import OFFER
from app.services.subjects.new.opinions import OPINION
from app.services.subjects.new.projects import PROJECT
from app.services.subjects.new.rate import require_within_rate
from app.services.subjects.new.relationships import RELATIONSHIP
from app.services.subjects.new.reservations import reserve
from app.services.subjects.new.surveys import SURVEY
from app.services.subjects.new.topics import TOPIC

__all__ = [
    "BEGINNINGS",
    "SHARED",
    "Beginning",
    "New",
    "insert_subject",
    "new_row",
    "require_within_rate",
    "reserve",
]
BEGINNINGS: Final[dict[SubjectKind, Beginning]] = {
    SubjectKind.OPINION: OPINION,
    SubjectKind.TOPIC: TOPIC,
    SubjectKind.PROJECT: PROJECT,
    SubjectKind.ACTIVITY: ACTIVITY,
    SubjectKind.SURVEY: SURVEY,
    SubjectKind.OFFER: OFFER,
    SubjectKind.RELATIONSHIP: RELATIONSHIP,
    SubjectKind.DISPUTE: DISPUTE,
}
