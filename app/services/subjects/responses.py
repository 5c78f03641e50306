"""Answering a survey: that a household has answered and what was answered are written together and lie apart.

One statement, so that neither is written without the other. What is written of an answer is only that the sums of the
ballot box are higher by it: there is no row, id, time or order of an answer (docs/decisions/0030-ballot-box.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import SHANGHAI
from app.errors import Conflict, Forbidden, Invalid, WrongState
from app.models.ballot import QuestionAnswerIn, ResponseIn
from app.rules import ballots, surveys, votes
from app.rules.subjects import SubjectPart
from app.services import idempotency
from app.services.subjects.surveys import in_hundredths
from app.services.subjects.view import SubjectView, load_subject
from app.sql import Statement


async def respond(view: SubjectView, form: ResponseIn, key: str | None) -> tuple[SubjectView, bool]:
    """Count the answer of the caller's household, once; also tell whether this repeats a request that was counted.

    Raises Invalid for answers that fit no question; Forbidden where the caller does not live; WrongState or Conflict with
    the reason why the household cannot answer now.
    """

    async def write(bound: idempotency.IdempotencyKey | None) -> UUID:
        return await _write(view, form, bound)

    async def load(survey_id: UUID) -> SubjectView:
        return await load_subject(view.actor, view.life.kind, survey_id)

    survey_id = view.subject["id"]
    return await idempotency.create_once(view.actor, key, f"answer {survey_id}", form, write, load)


async def _write(view: SubjectView, form: ResponseIn, key: idempotency.IdempotencyKey | None) -> UUID:
    survey, now = view.subject, clock.now()
    cells = cells_of(survey, form.answers, "/answers")
    _require_possible(view)
    area = in_hundredths(float(survey["household_area"])) if votes.by_area(survey["rule"]) else None
    written = await db.execute(
        _COUNT,
        survey_id=survey["id"],
        place_id=survey["place_id"],
        household_id=survey["household_id"],
        person_id=view.actor.person_id,
        now=now,
        day=now.astimezone(SHANGHAI).date(),
        heads=cells,
        areas=[cell * area for cell in cells] if area else [],
        actor_id=view.actor.person_id,
        **idempotency.key_values(key),
    )
    if not written:  # since it was read: the survey was closed, the household answered, or its resident moved
        _require_possible(await load_subject(view.actor, view.life.kind, survey["id"]))
        raise Conflict("刚才没有计入，请刷新后再试")
    survey_id: UUID = survey["id"]
    return survey_id


def cells_of(survey: Mapping[str, Any], answers: Sequence[QuestionAnswerIn], pointer: str) -> list[int]:
    """Return what answers add to the ballot box. Raises Invalid for answers that fit no question."""
    chosen = {answer.question: answer.choices for answer in answers}
    reason = ballots.problem_of(survey["questions"], chosen, complete=survey["rule"] is not None)
    if reason is None and len(chosen) < len(answers):
        reason = "同一题不能答两次"
    if reason:
        raise Invalid.at(pointer, reason)
    return ballots.cells_of(survey["questions"], survey["group_by"], chosen)


def _require_possible(view: SubjectView) -> None:
    obstacle = surveys.obstacle(view.subject, view.parts)
    if obstacle is None:
        return
    reason = obstacle.sentence
    if view.subject["status"] != "open":
        raise WrongState(reason, allowed=[])
    if SubjectPart.RESIDENT not in view.parts and not view.subject["answered_by_me"]:
        raise Forbidden(reason)
    raise Conflict(reason)


# The survey is locked against being closed, not against other answers. Whoever answers second for a household waits for
# the first and then writes nothing.
_COUNT: Final = Statement(f"""
WITH lock_survey AS MATERIALIZED (
    SELECT id FROM subject WHERE id = :survey_id AND status = 'open' AND ends_at > :now FOR SHARE
), insert_turnout AS (
    INSERT INTO turnout (survey_id, household_id, person_id, day)
    SELECT s.id, r.id, n.id, :day FROM lock_survey s, person n JOIN place r ON r.id = n.household_id
    WHERE n.id = :person_id AND r.id = :household_id AND :place_id = ANY(r.path)
    ON CONFLICT DO NOTHING RETURNING survey_id AS id
), add_to_box AS (
    UPDATE ballot_box b SET answered = b.answered + 1,
        heads = ARRAY(SELECT old + new FROM unnest(b.heads, :heads::int[]) WITH ORDINALITY AS x(old, new, n) ORDER BY n),
        areas = ARRAY(SELECT old + new FROM unnest(b.areas, :areas::bigint[]) WITH ORDINALITY AS x(old, new, n) ORDER BY n)
    FROM insert_turnout t WHERE b.survey_id = t.id
), insert_key AS ({idempotency.insert_key("insert_turnout")})
SELECT id FROM insert_turnout
""")
