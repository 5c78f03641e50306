"""What each act asks for; the key is the act's name in the address."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, field_validator

from app.models.said import Paragraph, Strict
from app.models.ticket import PhotoIds
from app.words import REASONS, Outcome, Verdict

Version = Annotated[
    int, Field(ge=1, le=2**31 - 1, strict=True, description="The `version` the caller has seen.")
]


def _reason(act: str) -> type[str]:
    return Literal[tuple(REASONS[act])]  # type: ignore[return-value]  # the codes are data


class ActIn(Strict):
    """An act that needs nothing but the version seen."""

    version: Version


class RejectIn(ActIn):
    reason: _reason("reject")  # type: ignore[valid-type]  # the codes are data
    text: Paragraph


class EditIn(ActIn):
    description: Paragraph | None = None
    photo_ids: PhotoIds | None = None


class DispatchIn(ActIn):
    organisation_id: UUID
    note: Paragraph | None = None


class HandBackIn(ActIn):
    reason: _reason("hand_back")  # type: ignore[valid-type]  # the codes are data
    text: Paragraph | None = None
    photo_ids: PhotoIds = []
    proposed_organisation_id: UUID | None = None


class ResolveIn(ActIn):
    outcome: Literal[
        Outcome.FIXED, Outcome.PARTIAL, Outcome.EXPLAINED, Outcome.REFERRED, Outcome.LISTED, Outcome.NO_FAULT
    ]
    text: Paragraph
    photo_ids: PhotoIds = []


class ConfirmIn(ActIn):
    verdict: Literal[Verdict.SOLVED, Verdict.PARTLY, Verdict.NOT_SOLVED]
    rating: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    text: Paragraph | None = None

    @field_validator("verdict")
    @classmethod
    def _say_so_by_reopening(cls, verdict: Verdict) -> Verdict:
        if verdict is Verdict.NOT_SOLVED:
            raise ValueError("还没解决的话,请用“重新办理”(reopen)")
        return verdict


class SettleIn(ActIn):
    text: Paragraph


class ReopenIn(ActIn):
    text: Paragraph
    photo_ids: PhotoIds = []


class EscalateIn(ActIn):
    reason: Paragraph


class UrgeIn(Strict):
    """Nothing to say: the urging is counted."""


class CommentIn(Strict):
    text: Annotated[Paragraph, Field(description="What to say.")]
    internal: StrictBool = Field(False, description="For staff and the organisation only.")
    photo_ids: PhotoIds = []
