"""What acts on surveys change."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.enums import SHANGHAI, SubjectKind
from app.errors import Conflict, Invalid
from app.models.ballot import BallotIn, PaperIn
from app.models.subject import TextIn
from app.models.survey import OpenSurveyIn, RepeatSurveyIn, SurveyTopicIn
from app.rules import ballots, votes
from app.services import places
from app.services.subjects.effect import Act, Decide, Effect, conclude
from app.services.subjects.responses import cells_of
from app.services.subjects.survey_drafts import edit
from app.services.subjects.surveys import former_survey, in_hundredths, insert_survey
from app.sql import Statement


async def _open(act: Act, form: OpenSurveyIn) -> Effect:
    """Freeze how many are asked; without a number the rooms that are known are counted."""
    survey = act.view.subject
    ends_at = form.ends_at or survey["ends_at"]
    if ends_at <= act.now:
        raise Invalid.at("/ends_at", "截止时间要晚于现在")
    (known,) = await act.run(_KNOWN_ROOMS, place_id=survey["place_id"])
    households = form.households or survey["households"] or known["households"]
    area = in_hundredths(form.area) or survey["survey_area"] or known["area"]
    if not households:
        raise Invalid.at("/households", "这里还没有登记户室，请写明一共问多少户")
    if votes.by_area(survey["rule"]) and not area:
        raise Invalid.at("/area", "这里的户室还没有登记面积，请写明总面积")
    await act.run(_FREEZE, survey_id=survey["id"], households=households, area=area)
    changes = {"released": True, "starts_at": act.now, "ends_at": ends_at}
    return Effect(changes, {"households": households, "ends_at": ends_at.isoformat()})


_KNOWN_ROOMS: Final = Statement("""
SELECT count(*)::int AS households, round(sum(area) * 100)::bigint AS area FROM place
WHERE level = 'room' AND :place_id = ANY(path) AND ended_at IS NULL
""")
_FREEZE: Final = Statement(
    "UPDATE survey SET households = :households, area = :area WHERE subject_id = :survey_id"
)


async def _close(act: Act, form: TextIn) -> Effect:
    """End it now, and say why."""
    return Effect({"ends_at": act.now}, text=form.text)


async def _paper(act: Act, form: PaperIn) -> Effect:
    """Add paper ballots to the tally; all of them or none. Raises Conflict for a household that has answered."""
    survey = act.view.subject
    heads = [0] * ballots.size(survey["questions"], survey["group_by"])
    areas = list(heads) if votes.by_area(survey["rule"]) else []
    rooms: list[UUID] = []
    for number, ballot in enumerate(form.ballots):
        pointer = f"/ballots/{number}"
        cells = cells_of(survey, ballot.answers, f"{pointer}/answers")
        room = await _room(act, ballot, pointer)
        if room["id"] in rooms:
            raise Invalid.at(f"{pointer}/room", f"{room['label']}写了两次，请只留一张")
        if areas and room["area"] is None:
            raise Invalid.at(f"{pointer}/room", f"{room['label']}的建筑面积还没有登记，请先登记")
        rooms.append(room["id"])
        heads = [old + new for old, new in zip(heads, cells, strict=True)]
        area = in_hundredths(float(room["area"])) if areas else None
        areas = [old + new * (area or 0) for old, new in zip(areas, cells, strict=True)] if areas else []
    await _count(act, rooms, heads, areas)
    return Effect(data={"ballots": len(rooms)})


async def _room(act: Act, ballot: BallotIn, pointer: str) -> Any:
    room_id = await places.room_within(act.fetch, ballot.place_id, ballot.room)
    rows = await act.run(_ROOM, room_id=room_id, place_id=act.view.subject["place_id"])
    if not rows:
        raise Invalid.at(f"{pointer}/place_id", "这里不在征询的范围内，请选择栋或单元")
    return rows[0]


async def _count(act: Act, rooms: list[UUID], heads: list[int], areas: list[int]) -> None:
    survey = act.view.subject
    twice = await act.run(_ANSWERED, survey_id=survey["id"], rooms=rooms)
    if twice:
        named = "、".join(row["label"] for row in twice)
        raise Conflict(f"{named}已经交过一份，请拿掉后再录")
    await act.run(
        _COUNT_PAPER,
        survey_id=survey["id"],
        rooms=rooms,
        day=act.now.astimezone(SHANGHAI).date(),
        heads=heads,
        areas=areas,
    )


_ROOM: Final = Statement(
    "SELECT id, label, area FROM place WHERE id = :room_id::uuid AND :place_id::uuid = ANY(path)"
)
_ANSWERED: Final = Statement("""
SELECT r.label FROM turnout t JOIN place r ON r.id = t.household_id
WHERE t.survey_id = :survey_id AND t.household_id = ANY(:rooms::uuid[]) ORDER BY r.label
""")
# The act has locked the survey, so that no household answers meanwhile.
_COUNT_PAPER: Final = Statement("""
WITH insert_turnout AS (
    INSERT INTO turnout (survey_id, household_id, day, on_paper)
    SELECT :survey_id, room, :day, true FROM unnest(:rooms::uuid[]) room
)
UPDATE ballot_box b SET answered = b.answered + cardinality(:rooms), paper = b.paper + cardinality(:rooms),
    heads = ARRAY(SELECT old + new FROM unnest(b.heads, :heads::int[]) WITH ORDINALITY AS x(old, new, n) ORDER BY n),
    areas = ARRAY(SELECT old + new FROM unnest(b.areas, :areas::bigint[]) WITH ORDINALITY AS x(old, new, n) ORDER BY n)
WHERE b.survey_id = :survey_id
""")


async def _to_topic(act: Act, form: SurveyTopicIn) -> Effect:
    """Raise a topic of what was rated worst, unless another question is named."""
    survey = act.view.subject
    questions = survey["questions"]
    if survey["answered"] < ballots.FEWEST_ANSWERS:
        raise Conflict(f"不到{ballots.FEWEST_ANSWERS}份，没有结果，不能转议题")
    (box,) = await act.run(_BOX, survey_id=survey["id"])
    number = form.question if form.question is not None else ballots.worst_of(questions, box["heads"])
    if number is None or number >= len(questions):
        raise Invalid.at("/question", "请选择把哪一题转为议题")
    title = form.title or questions[number]["text"]
    topic_id = await act.open_related(SubjectKind.TOPIC, title=title, source_id=survey["id"])
    return Effect({"outcome_id": topic_id}, {"topic": str(topic_id), "question": number})


_BOX: Final = Statement("SELECT heads FROM ballot_box WHERE survey_id = :survey_id")


async def _repeat(act: Act, form: RepeatSurveyIn) -> Effect:
    """Draft a survey that asks the same again."""
    survey = act.view.subject
    if form.ends_at <= act.now:
        raise Invalid.at("/ends_at", "截止时间要晚于现在")
    columns = {"title": form.title, "text": survey["text"], "sort": survey["sort"], "ends_at": form.ends_at}
    survey_id = await act.open_related(
        SubjectKind.SURVEY, source_id=survey["id"], **columns | {"released": False}
    )
    await insert_survey(act.fetch, survey_id, former_survey(survey))
    return Effect(data={"survey": str(survey_id)})


DECISIONS: Final[Mapping[str, Decide]] = {
    "open": _open,
    "edit": edit,
    "paper": _paper,
    "close": _close,
    "cancel": conclude,
    "reply": conclude,
    "to_topic": _to_topic,
    "repeat": _repeat,
}
