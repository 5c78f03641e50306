"""The result of a survey or vote, as it is answered."""

from datetime import datetime

from pydantic import BaseModel

from app.models.survey import QuestionOut, RuleOut


class ChoiceResultOut(BaseModel):
    """How often something was chosen; `share` of those who answered the question, in percent."""

    label: str
    heads: int
    share: float
    area_share: float | None


class VerdictOut(BaseModel):
    """What a vote comes to: whether enough took part, and whether enough of them agree. Shares in percent."""

    turnout_heads: float
    turnout_area: float | None
    agree_heads: float
    agree_area: float | None
    valid: bool
    passed: bool


class QuestionResultOut(QuestionOut):
    """The result of a question. `mean`: of a rating, from 1 to 5."""

    answered: int
    mean: float | None
    results: list[ChoiceResultOut]
    verdict: VerdictOut | None


class GroupResultOut(BaseModel):
    """The result of those who chose the same at the question `group_by`; small groups are folded into one."""

    label: str
    answered: int
    questions: list[QuestionResultOut]


class CompanyTicketsOut(BaseModel):
    """The company's tickets of the survey's place, dispatched in the three months before the end."""

    received: int
    in_time: int
    solved: int
    reopened: int
    handed_back: int
    since: datetime
    until: datetime


class SurveyResultOut(BaseModel):
    """The result: from ten answers, after the end. Before, `questions` is empty and `note` says what is missing.

    `worst`: the number of the question that was rated worst.
    """

    asked: int | None
    answered: int
    paper: int
    share: float | None
    note: str | None
    questions: list[QuestionResultOut]
    groups: list[GroupResultOut]
    rule: RuleOut | None
    worst: int | None
    tickets: CompanyTicketsOut | None
