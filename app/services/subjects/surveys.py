"""What a survey has besides its subject: its questions, its rule, how many are asked, and its empty ballot box."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.survey import AskedIn
from app.rules import ballots, votes
from app.rules.subjects import Subject
from app.sql import Statement

HUNDREDTHS: Final = 100  # of a square metre, in which areas are summed


def survey_of(form: AskedIn) -> dict[str, Any]:
    """Return the columns of a survey that asks this."""
    return {
        "questions": [question.model_dump(mode="json", exclude_none=True) for question in form.questions],
        "group_by": form.group_by,
        "rule": _rule(form),
        "organisation_id": form.organisation_id,
        "households": form.households,
        "area": in_hundredths(form.area),
    }


def former_survey(survey: Subject) -> dict[str, Any]:
    """Return the columns of a survey that asks the same again. As many are asked."""
    names = ("questions", "group_by", "rule", "organisation_id", "households")
    return {name: survey[name] for name in names} | {"area": survey["survey_area"]}


def in_hundredths(area: float | None) -> int | None:
    """Return an area in hundredths of a square metre."""
    return None if area is None else round(area * HUNDREDTHS)


def _rule(form: AskedIn) -> dict[str, Any] | None:
    """Return the rule in full, as it is now: a vote goes by the rule it was begun with."""
    if form.rule is None:
        return None
    own = {name: getattr(form.rule, name) for name in (*votes.SHARES, "basis")} | {"name": votes.OWN_NAME}
    return {"code": form.rule.code} | votes.LAWS.get(form.rule.code, own)


async def insert_survey(fetch: db.Fetch, subject_id: UUID, survey: Mapping[str, Any]) -> None:
    """Write a survey and its empty ballot box in the transaction that writes its subject."""
    await fetch(_INSERT.text, *_INSERT.arguments(_values(subject_id, survey)))


async def rewrite_survey(fetch: db.Fetch, subject_id: UUID, survey: Mapping[str, Any]) -> None:
    """Write what a draft asks anew, and its ballot box, which is empty as long as it is one."""
    await fetch(_REWRITE.text, *_REWRITE.arguments(_values(subject_id, survey)))


def _values(subject_id: UUID, survey: Mapping[str, Any]) -> dict[str, Any]:
    cells = ballots.size(survey["questions"], survey["group_by"])
    return {
        **survey,
        "questions": json.dumps(survey["questions"], ensure_ascii=False),
        "rule": survey["rule"] and json.dumps(survey["rule"], ensure_ascii=False),
        "subject_id": subject_id,
        "heads": [0] * cells,
        "areas": [0] * cells if votes.by_area(survey["rule"]) else [],
    }


_INSERT: Final = Statement("""
WITH insert_survey AS (
    INSERT INTO survey (subject_id, questions, group_by, rule, organisation_id, households, area)
    VALUES (:subject_id, :questions::jsonb, :group_by, :rule::jsonb, :organisation_id, :households, :area)
)
INSERT INTO ballot_box (survey_id, heads, areas) VALUES (:subject_id, :heads::int[], :areas::bigint[])
""")
_REWRITE: Final = Statement("""
WITH update_survey AS (
    UPDATE survey SET questions = :questions::jsonb, group_by = :group_by::int, rule = :rule::jsonb,
        organisation_id = :organisation_id::uuid, households = :households::int, area = :area::bigint
    WHERE subject_id = :subject_id
)
UPDATE ballot_box SET heads = :heads::int[], areas = :areas::bigint[] WHERE survey_id = :subject_id
""")


async def require_organisation(
    execute: Callable[..., Awaitable[list[Any]]], organisation_id: UUID | None
) -> None:
    """Raise Invalid for an organisation that does not exist. `execute` runs a statement, in a transaction or not."""
    if organisation_id and not await execute(_ORGANISATION, organisation_id=organisation_id):
        raise Invalid.at("/organisation_id", "没有这个单位，请重新选择")


_ORGANISATION: Final = Statement("SELECT FROM organisation WHERE id = :organisation_id")
