"""Surveys and votes: the table, and the bodies of requests and responses."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, model_validator
from pydantic import Field as ApiField
from sqlalchemy import Index, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from app.enums import QuestionKind, SurveyMissing, SurveySort
from app.models import columns
from app.models.act import ActIn
from app.models.fields import Paragraph, ShortText, Strict, Text, Timestamp, example
from app.models.subject import PlaceId, SubjectOut, Title

QUESTIONS, CHOICES = 20, 12  # the most of each


class Survey(SQLModel, table=True):
    """What a survey has besides its subject. `area` is in hundredths of a square metre, as sums are kept."""

    __table_args__ = (
        Index("survey_organisation", "organisation_id", postgresql_where=text("organisation_id IS NOT NULL")),
    )

    subject_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    questions: list[dict[str, object]] = Field(sa_type=postgresql.JSONB)
    group_by: int | None = None  # the question by whose choices the result is divided
    rule: dict[str, object] | None = columns.jsonb()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    households: int | None = None  # how many are asked; frozen when it is opened
    area: int | None = Field(default=None, sa_type=sa.BigInteger)


class QuestionIn(Strict):
    """A question. `choices` only for `choice` and `choices`; a rating has five, a vote 同意, 反对 and 弃权."""

    text: ShortText
    kind: QuestionKind
    choices: (
        Annotated[list[Annotated[Text, ApiField(max_length=60)]], ApiField(min_length=2, max_length=CHOICES)]
        | None
    ) = None

    @model_validator(mode="after")
    def _check_choices(self) -> "QuestionIn":
        free = self.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}
        if free is not (self.choices is not None):
            raise ValueError("单选和多选要写选项，评分和表决不写")
        if self.choices and len(set(self.choices)) < len(self.choices):
            raise ValueError("选项不能重复")
        return self


Share = Annotated[
    str,
    ApiField(
        pattern=r"^(>|>=)[1-9][0-9]?/[1-9][0-9]?$",
        description="`>1/2`: more than half; `>=2/3`: two thirds or more.",
    ),
]


class RuleIn(Strict):
    """When a vote is valid and what it takes to pass, by heads and by area; a share that is absent is not asked for.

    `code` of a rule of the law, or the office's own shares and their ground (`basis`).
    """

    model_config = example(code="general")

    code: Annotated[str, ApiField(pattern="^(general|special|own)$")]
    turnout_heads: Share | None = None
    turnout_area: Share | None = None
    majority_heads: Share | None = None
    majority_area: Share | None = None
    basis: ShortText | None = None

    @model_validator(mode="after")
    def _check_own(self) -> "RuleIn":
        shares = (self.turnout_heads, self.turnout_area, self.majority_heads, self.majority_area)
        if self.code != "own" and any((*shares, self.basis)):
            raise ValueError("法律规定的规则不能改，请选“自定”")
        if self.code == "own" and not (self.majority_heads and self.basis):
            raise ValueError("自定的规则要写明通过比例和依据")
        return self


Households = Annotated[int, ApiField(ge=1, le=1_000_000, strict=True)]
Area = Annotated[
    float, ApiField(gt=0, le=100_000_000, description="Square metres of all who are asked together.")
]
Questions = Annotated[list[QuestionIn], ApiField(min_length=1, max_length=QUESTIONS)]


class AskedIn(Strict):
    """What is asked, of whom, by which rule, until when.

    `households`, `area`: how many are asked; absent, the rooms that are known are counted when it is opened.
    """

    title: Title
    text: Paragraph | None = None
    place_id: PlaceId
    ends_at: Timestamp
    questions: Questions
    group_by: (
        Annotated[
            int, ApiField(ge=0, lt=QUESTIONS, strict=True, description="Divide the result by this question.")
        ]
        | None
    ) = None
    rule: RuleIn | None = None
    organisation_id: Annotated[UUID, ApiField(description="The company that is rated.")] | None = None
    households: Households | None = None
    area: Area | None = None

    @model_validator(mode="after")
    def _check_group(self) -> "AskedIn":
        if self.group_by is not None and (
            self.group_by >= len(self.questions) or self.questions[self.group_by].kind != QuestionKind.CHOICE
        ):
            raise ValueError("分组只能按一道单选题")
        return self

    def problem_as(self, kind: SurveySort) -> str | None:
        """Return why the questions or the rule are none of a survey of this kind, None if they are."""
        votes = {question.kind is QuestionKind.VOTE for question in self.questions}
        is_vote = kind is SurveySort.VOTE
        if votes != {is_vote} or is_vote is (self.rule is None):
            return "表决要有规则，每一项都是表决；问卷没有规则，也没有表决"
        return None


class SurveyIn(AskedIn):
    """A survey or a vote of the households of a place, until a moment.

    `households`, `area`: how many are asked; absent, the rooms that are known are counted when it is opened.
    """

    model_config = example(
        kind="survey",
        title="2026年第四季度物业服务评价",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        ends_at="2026-12-20T18:00:00+08:00",
        questions=[
            {"text": "停车管理", "kind": "rating"},
            {"text": "最想先改什么", "kind": "choice", "choices": ["停车", "保洁", "电梯"]},
        ],
        households=1000,
    )

    kind: SurveySort
    source_id: Annotated[UUID, ApiField(description="The topic that is decided.")] | None = None

    @model_validator(mode="after")
    def _check_kind(self) -> "SurveyIn":
        if problem := self.problem_as(self.kind):
            raise ValueError(problem)
        return self


class EditSurveyIn(ActIn, AskedIn):
    """A draft as it is to be from now on: what is left out is taken away. A survey does not become a vote."""

    model_config = example(
        version=1,
        title="2026年第四季度物业服务评价",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        ends_at="2026-12-20T18:00:00+08:00",
        questions=[{"text": "停车管理", "kind": "rating"}],
        households=1000,
    )


class OpenSurveyIn(ActIn):
    """Ask. Another end, or how many are asked, may be said now."""

    model_config = example(version=1, households=1000)

    ends_at: Timestamp | None = None
    households: Households | None = None
    area: Area | None = None


class SurveyTopicIn(ActIn):
    """Make a topic of what was rated worst, or of another question."""

    model_config = example(version=1)

    question: Annotated[int, ApiField(ge=0, lt=QUESTIONS, strict=True)] | None = None
    title: Title | None = None


class RepeatSurveyIn(ActIn):
    """Ask the same again: a new draft with the same questions, which names this one."""

    model_config = example(version=1, title="2027年第一季度物业服务评价", ends_at="2027-03-20T18:00:00+08:00")

    title: Title
    ends_at: Timestamp


class QuestionOut(BaseModel):
    """A question and what one can choose, also of ratings and votes."""

    text: str
    kind: QuestionKind
    choices: list[str]


class RuleOut(BaseModel):
    """The rule of a vote, with what it rests on."""

    code: str
    name: str
    basis: str
    turnout_heads: str | None
    turnout_area: str | None
    majority_heads: str | None
    majority_area: str | None


class SurveyLinkOut(BaseModel):
    """Another subject that a survey leads to or comes from."""

    id: UUID
    title: str | None
    status: str
    status_name: str


class SurveyOrganisationOut(BaseModel):
    """The company that is rated."""

    id: UUID
    name: str


class SurveyOut(SubjectOut):
    """A survey. `asked`: how many households; `answered`: how many have, `paper` of them on paper.

    `can_answer`: the caller's household may answer now; if not, `why_not` says why. `missing`: what has to be known of it
    first: a `home` among those asked, its `room`, or its `area`, which the office enters. `answered_by_household`: it has.
    """

    kind: SurveySort
    kind_name: str
    questions: list[QuestionOut]
    group_by: int | None
    rule: RuleOut | None
    organisation: SurveyOrganisationOut | None
    starts_at: datetime | None
    ends_at: datetime
    asked: int | None
    area: float | None
    answered: int
    paper: int
    can_answer: bool
    why_not: str | None
    missing: SurveyMissing | None
    answered_by_household: bool
    former_id: UUID | None
    next_id: UUID | None
    topic: SurveyLinkOut | None
