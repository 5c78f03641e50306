"""The request body of each action."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, ValidationInfo, field_validator

from app.enums import Outcome, Verdict
from app.labels import REASONS
from app.models.fields import (
    Documented,
    Paragraph,
    ShortText,
    Strict,
    Text,
    Timestamp,
    example,
    one_of,
    present,
)
from app.models.ticket import PhotoIds

Version = Annotated[
    int, Field(ge=1, le=2**31 - 1, strict=True, description="The `version` of the ticket the caller acts on.")
]


def _reason(act: str) -> type[str]:
    return Literal[tuple(REASONS[act])]  # type: ignore[return-value]  # the codes are data


class ActIn(Strict):
    """An action that needs only the version."""

    model_config = example(version=1)

    version: Version


class MergeIn(ActIn):
    model_config = example(version=1, into="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")

    into: Annotated[UUID, Field(description="An open ticket of the same community.")]


class SplitIn(ActIn):
    """The part of the ticket that becomes one of its own, at the same place; its category is the same unless given."""

    model_config = example(version=2, category="access_door", description="门禁也坏了，要另外找人修")

    category: Annotated[Text, Field(max_length=64)] | None = None
    description: Paragraph
    place_note: ShortText | None = None
    photo_ids: PhotoIds = []


class RejectIn(ActIn):
    model_config = example(version=1, reason="not_ours", text="这里不属于本辖区，已转告房东")

    reason: _reason("reject")  # type: ignore[valid-type]  # the codes are data
    text: Paragraph


class EditIn(ActIn):
    model_config = example(version=1, description="楼道灯不亮，三楼和四楼都不亮")

    description: Paragraph | None = None
    photo_ids: PhotoIds | None = None


class DispatchIn(ActIn):
    model_config = example(
        version=2, organisation_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", note="三楼声控灯，请尽快"
    )

    organisation_id: UUID
    note: Paragraph | None = None


class HandBackIn(ActIn):
    model_config = example(version=4, reason="not_our_trade", text="线路是供电公司的")

    reason: _reason("hand_back")  # type: ignore[valid-type]  # the codes are data
    text: Paragraph | None = None
    photo_ids: PhotoIds = []
    proposed_organisation_id: UUID | None = None


class WaitIn(ActIn):
    model_config = example(version=3, reason="parts", until="2026-03-06T17:30:00+08:00")

    reason: _reason("wait")  # type: ignore[valid-type]  # the codes are data
    until: Timestamp


class AskIn(ActIn):
    model_config = example(version=3, text="是三楼的灯还是四楼的灯？", until="2026-03-06T17:30:00+08:00")

    text: Paragraph
    until: Timestamp


class AnswerIn(ActIn):
    model_config = example(version=4, text="三楼的灯")

    text: Paragraph
    photo_ids: PhotoIds = []


class AppealIn(ActIn):
    model_config = example(version=2, text="这是公共楼道的灯，不是我家的")

    text: Paragraph


class RecategoriseIn(ActIn):
    model_config = example(version=2, category="access_door", reason="坏的是门禁上的灯")

    category: Annotated[Text, Field(max_length=64)]
    reason: Paragraph


class ExtendIn(ActIn):
    model_config = example(version=4, minutes=720, reason="配件要从外地调来")

    minutes: Annotated[
        int, Field(ge=1, le=2**31 - 1, strict=True, description="Of the resolve clock's own time.")
    ]
    reason: Paragraph


class ReasonIn(ActIn):
    """An action with a reason in free text."""

    model_config = example(version=4, reason="网格可以自己办")

    reason: Paragraph


class ReassignIn(ActIn):
    model_config = example(
        one_of(present("grid_id"), present("place_id")),
        version=2,
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
    )

    grid_id: Annotated[UUID | None, Field(description="The grid that gets the ticket; the place stays.")] = (
        None
    )
    place_id: Annotated[
        UUID | None, Field(validate_default=True, description="The right place: its grid gets the ticket.")
    ] = None

    @field_validator("place_id")
    @classmethod
    def _require_one_target(cls, place_id: UUID | None, info: ValidationInfo) -> UUID | None:
        if "grid_id" in info.data and (place_id is None) == (info.data["grid_id"] is None):
            raise ValueError("请选择网格 grid_id，或改正地点 place_id，只能选一种")
        return place_id


class ResolveIn(ActIn):
    model_config = example(
        version=4, outcome="fixed", text="换了灯泡", photo_ids=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"]
    )

    outcome: Literal[
        Outcome.FIXED, Outcome.PARTIAL, Outcome.EXPLAINED, Outcome.REFERRED, Outcome.LISTED, Outcome.NO_FAULT
    ]
    text: Paragraph
    photo_ids: PhotoIds = []


class ConfirmIn(ActIn):
    model_config = example(version=5, verdict="solved", rating=5)

    verdict: Annotated[
        Literal[Verdict.SOLVED, Verdict.PARTLY, Verdict.NOT_SOLVED],
        Documented(enum=[Verdict.SOLVED, Verdict.PARTLY]),
    ]
    rating: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    text: Paragraph | None = None

    @field_validator("verdict")
    @classmethod
    def _refuse_not_solved(cls, verdict: Verdict) -> Verdict:
        if verdict is Verdict.NOT_SOLVED:
            raise ValueError("还没解决的话，请用“重新办理”(reopen)")
        return verdict


class SettleIn(ActIn):
    model_config = example(version=5, text="到现场看过，灯已经亮了")

    text: Paragraph


class ReopenIn(ActIn):
    model_config = example(version=6, text="今晚又不亮了")

    text: Paragraph
    photo_ids: PhotoIds = []


class EscalateIn(ActIn):
    model_config = example(version=2, reason="需要社区协调产权单位")

    reason: Paragraph


class CallUpIn(ActIn):
    model_config = example(
        version=3,
        organisation_ids=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"],
        text="请到现场一起看看违建和消防通道",
    )

    organisation_ids: Annotated[
        list[UUID],
        Field(min_length=1, max_length=20, description="Organisations that serve the ticket's place."),
    ]
    text: Annotated[Paragraph, Field(description="What they are asked to do.")]


class ReportIn(ActIn):
    model_config = example(version=3, text="消防通道已清理，违建已立案")

    text: Annotated[Paragraph, Field(description="What the organisation has done.")]
    photo_ids: PhotoIds = []


class ReleaseIn(ActIn):
    model_config = example(
        version=3, organisation_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", reason="现场看过，不涉及消防"
    )

    organisation_id: Annotated[UUID, Field(description="One whose report is still awaited.")]
    reason: Paragraph


class UrgeIn(Strict):
    """An empty body."""


class CommentIn(Strict):
    model_config = example(text="今晚能修好吗？")

    text: Annotated[Paragraph, Field(description="The comment.")]
    internal: StrictBool = Field(False, description="For staff and the organisation only.")
    photo_ids: PhotoIds = []


class VoteIn(Strict):
    model_config = example(still_there=True)

    still_there: Annotated[StrictBool, Field(description="Whether the problem is still there.")]
