"""The result of a survey or vote: read from its ballot box after its end, from ten answers on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app import db, words
from app.enums import QuestionKind
from app.errors import Forbidden
from app.labels import CHOICES
from app.models.survey import RuleOut
from app.models.survey_result import (
    ChoiceResultOut,
    CompanyTicketsOut,
    GroupResultOut,
    QuestionResultOut,
    SurveyResultOut,
    VerdictOut,
)
from app.rules import ballots, votes
from app.rules.subjects import Subject, SubjectPart
from app.rules.votes import Weights
from app.services.subjects.view import SubjectView
from app.sql import Statement

QUARTER: Final = timedelta(days=92)
_SHOWN: Final = {"closed", "replied"}


async def survey_result(view: SubjectView) -> SurveyResultOut:
    """Return the result, as far as it is shown now. Raises Forbidden for those whom the survey does not concern."""
    survey = view.subject
    if set(view.parts) == {SubjectPart.OUTSIDER}:
        raise Forbidden("这次征询的结果只给当地的居民和工作人员看")
    note = _note(survey)
    cells, areas = await _box(survey) if note is None else ([], [])
    shown = note is None
    return SurveyResultOut(
        asked=survey["households"],
        answered=survey["answered"],
        paper=survey["paper"],
        share=_percent(survey["answered"], survey["households"]),
        note=note and words.say(note),
        questions=_questions(survey, cells, areas) if shown else [],
        groups=_groups(survey, cells) if shown else [],
        rule=rule_out(survey["rule"]),
        worst=ballots.worst_of(survey["questions"], cells) if shown else None,
        tickets=await _company_tickets(survey),
    )


def _note(survey: Subject) -> str | None:
    """Return why nothing is shown of what was chosen, None if it is shown."""
    if survey["status"] not in _SHOWN:
        return "截止以后才公布结果"
    if survey["answered"] < ballots.FEWEST_ANSWERS:
        return "不到10份，为了不让人认出是谁填的，不公布结果"
    return None


def rule_out(rule: Mapping[str, Any] | None) -> RuleOut | None:
    """Return the rule of a vote."""
    return RuleOut(**{**rule, "name": words.say(rule["name"])}) if rule else None


async def _box(survey: Subject) -> tuple[Sequence[int], Sequence[int]]:
    (box,) = await db.execute(_BOX, survey_id=survey["id"])
    return box["heads"], box["areas"]


_BOX: Final = Statement("SELECT heads, areas FROM ballot_box WHERE survey_id = :survey_id")


def _questions(survey: Subject, cells: Sequence[int], areas: Sequence[int]) -> list[QuestionResultOut]:
    questions, results = survey["questions"], []
    for number, question in enumerate(questions):
        first, width = ballots.offset(questions, number), 1 + len(ballots.choices_of(question))
        heads = cells[first : first + width]
        weights = areas[first : first + width]
        results.append(_question(survey, question, heads, weights))
    return results


def _question(
    survey: Subject, question: Mapping[str, Any], heads: Sequence[int], areas: Sequence[int]
) -> QuestionResultOut:
    labels, is_rating = choice_labels(question), question["kind"] == QuestionKind.RATING
    mean = ballots.mean_of(heads[1:]) if is_rating else None
    return QuestionResultOut(
        text=question["text"],
        kind=question["kind"],
        choices=labels,
        answered=heads[0],
        mean=None if mean is None else round(mean, 2),
        results=[
            ChoiceResultOut(
                label=label,
                heads=heads[1 + n],
                share=_percent(heads[1 + n], heads[0]) or 0,
                area_share=_percent(areas[1 + n], areas[0]) if areas else None,
            )
            for n, label in enumerate(labels)
        ],
        verdict=_verdict(survey, heads, areas) if survey["rule"] else None,
    )


def choice_labels(question: Mapping[str, Any]) -> list[str]:
    """Return what one can choose, in the language of the request where the words are the program's."""
    own = QuestionKind(question["kind"]) in CHOICES
    return [words.say(label) if own else label for label in ballots.choices_of(question)]


def _verdict(survey: Subject, heads: Sequence[int], areas: Sequence[int]) -> VerdictOut:
    """Return what a vote comes to. 同意 is the first choice."""
    asked = Weights(survey["households"], survey["survey_area"] or 0)
    took_part = Weights(heads[0], areas[0] if areas else 0)
    agree = Weights(heads[1], areas[1] if areas else 0)
    verdict = votes.judge(survey["rule"], asked, took_part, agree)
    return VerdictOut(
        turnout_heads=_percent(took_part.heads, asked.heads) or 0,
        turnout_area=_percent(took_part.area, asked.area) if areas else None,
        agree_heads=_percent(agree.heads, took_part.heads) or 0,
        agree_area=_percent(agree.area, took_part.area) if areas else None,
        valid=verdict.valid,
        passed=verdict.passed,
    )


def _groups(survey: Subject, cells: Sequence[int]) -> list[GroupResultOut]:
    questions, group_by = survey["questions"], survey["group_by"]
    if group_by is None:
        return []
    labels = choice_labels(questions[group_by])
    return [
        GroupResultOut(
            label="、".join(labels[choice] for choice in group.choices),
            answered=group.answered,
            questions=_questions(survey, group.cells, []),
        )
        for group in ballots.groups_of(questions, group_by, cells)
    ]


def _percent(part: int, whole: int | None) -> float | None:
    """Return a share in percent, to a tenth: areas to the last digit would say whose they are."""
    return round(100 * part / whole, 1) if whole else None


async def _company_tickets(survey: Subject) -> CompanyTicketsOut | None:
    """Return how the company that is rated did its tickets in the three months before the end."""
    if survey["organisation_id"] is None:
        return None
    until: datetime = survey["ends_at"]
    (row,) = await db.execute(
        _TICKETS,
        organisation_id=survey["organisation_id"],
        place_id=survey["place_id"],
        since=until - QUARTER,
        until=until,
    )
    return CompanyTicketsOut(**row, since=until - QUARTER, until=until)


# Courses as they are now; `solved` is what the reporter says.
_TICKETS: Final = Statement("""
SELECT count(*) AS received, count(*) FILTER (WHERE resolved_in_time) AS in_time,
       count(*) FILTER (WHERE verdict = 'solved') AS solved, count(*) FILTER (WHERE reopened) AS reopened,
       count(*) FILTER (WHERE :organisation_id = ANY(handed_back_by)) AS handed_back
FROM course WHERE valid_until = 'infinity' AND :organisation_id = ANY(dispatched_to)
    AND dispatched_at >= :since AND dispatched_at < :until
    AND :place_id::uuid IN (street_id, community_id, grid_id, estate_id, building_id, place_id)
""")
