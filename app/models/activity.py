"""Activities and who attends them: the bodies of requests and responses."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.enums import STAFFS_OWN, ActivitySort, AttendanceStatus, CareAct, Level, OpinionSort
from app.models.act import ActIn
from app.models.fields import DISTINCT, Paragraph, RoomNumber, Strict, Text, Timestamp, example
from app.models.subject import PlaceId, SubjectOut, Title
from app.models.ticket import OnBehalfIn, PhotoIds

_MOST_PEOPLE = 100  # in one act


def _require_order(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise ValueError("结束时间要晚于开始时间")


class DoneIn(Strict):
    """What came of an activity that is over: how many people were met, how many households visited, and a line of text."""

    headcount: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = None
    households: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = None
    acts: (
        Annotated[list[CareAct], Field(max_length=len(CareAct), description="Of a visit of care."), DISTINCT]
        | None
    ) = None
    text: Paragraph | None = None
    photo_ids: PhotoIds = []


class HeardIn(Strict):
    """An opinion that was said at an activity. `on_behalf_of`: by whom; whoever has verified the number is found by it."""

    kind: OpinionSort = OpinionSort.OPINION
    text: Paragraph
    on_behalf_of: OnBehalfIn | None = None


class ActivityIn(Strict):
    """An activity. `venue`: a room of the community, which nothing else may use at that time.

    With `done`, a patrol, visit, care or duty that is over: created and closed at once, with the times it had (up to 90
    days ago), and with the opinions that were said there. `"done": {}`: there was nothing to report.
    """

    model_config = example(
        kind="meeting",
        title="东门充电桩议事会",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        starts_at="2026-12-05T15:00:00+08:00",
        ends_at="2026-12-05T16:30:00+08:00",
        venue="社区议事厅",
        capacity=40,
    )

    kind: ActivitySort
    title: Title
    text: Paragraph | None = None
    place_id: PlaceId
    starts_at: Timestamp
    ends_at: Timestamp
    venue: Annotated[Text, Field(max_length=60)] | None = None
    capacity: Annotated[int, Field(ge=1, le=100_000, strict=True)] | None = None
    source_id: Annotated[UUID, Field(description="The topic that is discussed.")] | None = None
    series: (
        Annotated[UUID, Field(description="A run of the same course; all its runs count as one.")] | None
    ) = None
    room: (
        Annotated[
            RoomNumber,
            Field(description="Of a visit: the number on the door, at the building or unit `place_id`."),
        ]
        | None
    ) = None
    done: Annotated[DoneIn, Field(description="It is over, and what came of it.")] | None = None
    opinions: Annotated[
        list[HeardIn], Field(max_length=50, description="What was said there; only with `done`.")
    ] = []

    @model_validator(mode="after")
    def _check_times(self) -> "ActivityIn":
        _require_order(self.starts_at, self.ends_at)
        if self.done is not None and self.kind not in STAFFS_OWN:
            raise ValueError("只有走访、巡查、探访和值班可以直接记为已结束")
        if self.done and self.done.acts and self.kind is not ActivitySort.CARE:
            raise ValueError("只有关爱探访可以记聊、带、看、帮")
        if self.room and self.kind not in STAFFS_OWN:
            raise ValueError("只有走访、巡查、探访和值班可以写门牌号")
        if self.opinions and self.done is None:
            raise ValueError("活动结束了才能一起记下意见")
        return self


class RescheduleIn(ActIn):
    """Another time. Whoever has signed up is told."""

    model_config = example(
        version=1,
        starts_at="2026-12-06T15:00:00+08:00",
        ends_at="2026-12-06T16:30:00+08:00",
        text="主持人出差",
    )

    starts_at: Timestamp
    ends_at: Timestamp
    text: Paragraph | None = None

    @model_validator(mode="after")
    def _check_times(self) -> "RescheduleIn":
        _require_order(self.starts_at, self.ends_at)
        return self


People = Annotated[list[UUID], Field(min_length=1, max_length=_MOST_PEOPLE), DISTINCT]


class PeopleIn(ActIn):
    """Who came."""

    model_config = example(version=1, people=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"])

    people: People


class ConfirmPeopleIn(PeopleIn):
    """Who took part, and how many hours each. 民政部令 67: hours come from confirmed attendance only."""

    model_config = example(version=1, people=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"], hours=2)

    hours: Annotated[float, Field(ge=0, le=24, multiple_of=0.5, strict=True)] | None = None


class SignUpIn(Strict):
    """A sign-up, or taking it back. `series`: for all runs of the course that are still to come, not for this one only."""

    model_config = example(series=True)

    series: Annotated[bool, Field(strict=True)] = False


class CloseIn(ActIn):
    """The end of an activity; `headcount`: how many came, or were met, counted apart from who signed up.

    `households`: how many were visited.
    """

    model_config = example(version=1, headcount=35, text="一致同意先装两台试用")

    headcount: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = None
    households: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] | None = None
    text: Paragraph | None = None
    photo_ids: PhotoIds = []


class ActivityOut(SubjectOut):
    """An activity. `attending`: the caller's own sign-up. `opinions`: how many were said there.

    `series`: the first run of its course, which may be itself; null outside of courses. `runs`: how many there are.
    """

    kind: ActivitySort
    kind_name: str
    starts_at: datetime
    ends_at: datetime
    venue: str | None
    series: UUID | None
    runs: int
    capacity: int | None
    signed_up: int
    waiting: int
    headcount: int | None
    households: int | None
    acts: list[CareAct]
    act_names: list[str]
    attending: AttendanceStatus | None
    opinions: int


class DoorOut(BaseModel):
    """A place to visit. `last_at`: when it was last visited, `due_at`: when again; both null if it never was."""

    id: UUID
    label: str
    level: Level
    level_name: str
    last_at: datetime | None
    due_at: datetime | None
    overdue: bool


class AttendanceOut(BaseModel):
    """Who attends. `hours` count once they are confirmed."""

    person_id: UUID
    name: str | None
    status: AttendanceStatus
    status_name: str
    at: datetime
    came_at: datetime | None
    hours: float | None
