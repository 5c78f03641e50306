"""Ballots: which households have answered, the sums of what was answered, and the bodies that answer."""

from datetime import date
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as ApiField
from sqlalchemy import Index
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.act import ActIn
from app.models.fields import DISTINCT, RoomNumber, Strict, example
from app.models.survey import CHOICES, QUESTIONS

BALLOTS = 100  # the most in one act


class Turnout(SQLModel, table=True):
    """That a household has answered, on which day; never what. `person_id` is None for paper."""

    survey_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    household_id: UUID = Field(primary_key=True, foreign_key="place.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    day: date
    on_paper: bool = columns.flag()

    __table_args__ = (Index("turnout_person", "person_id", "survey_id", unique=True),)


class BallotBox(SQLModel, table=True):
    """What was answered, as sums in one row a survey: an answer is never a row, so none can be joined with its household.

    `heads` and `areas` are laid out by `rules.ballots`.
    """

    __tablename__ = "ballot_box"

    survey_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    answered: int = columns.number()
    paper: int = columns.number()
    heads: list[int] = Field(
        sa_type=postgresql.ARRAY(sa.Integer()), sa_column_kwargs={"server_default": "{}"}
    )
    areas: list[int] = Field(
        sa_type=postgresql.ARRAY(sa.BigInteger()), sa_column_kwargs={"server_default": "{}"}
    )


Choice = Annotated[int, ApiField(ge=0, lt=CHOICES, strict=True)]


class QuestionAnswerIn(Strict):
    """An answer to the question of this number, from 0: the numbers of what was chosen, from 0."""

    question: Annotated[int, ApiField(ge=0, lt=QUESTIONS, strict=True)]
    choices: Annotated[list[Choice], ApiField(min_length=1, max_length=CHOICES), DISTINCT]


# Never part of what is stored of a request, not even as a digest, from which few choices could be guessed.
Answers = Annotated[list[QuestionAnswerIn], ApiField(min_length=1, max_length=QUESTIONS, exclude=True)]


class ResponseIn(Strict):
    """What a household answers. A question may be left out, but not in a vote."""

    model_config = example(answers=[{"question": 0, "choices": [3]}])

    answers: Answers


class BallotIn(Strict):
    """A paper ballot of a household: the building or unit, and the number on its door."""

    place_id: UUID
    room: RoomNumber
    answers: Answers


class PaperIn(ActIn):
    """Paper ballots, added to the same tally."""

    model_config = example(
        version=1,
        ballots=[
            {
                "place_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
                "room": "301",
                "answers": [{"question": 0, "choices": [0]}],
            }
        ],
    )

    ballots: Annotated[list[BallotIn], ApiField(min_length=1, max_length=BALLOTS, exclude=True)]
