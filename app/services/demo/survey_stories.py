"""Stories of surveys: a company that is rated, what was rated worst, the same asked again, and a vote."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from app.enums import SubjectKind
from app.models.ballot import QuestionAnswerIn, ResponseIn
from app.services import subjects
from app.services.demo.cast import NEIGHBOURS
from app.services.demo.street import COMPANY
from app.services.demo.telling import Telling

_SURVEY: Final = SubjectKind.SURVEY
_PLACE: Final = "wss-rhjy"
_RATED: Final = ("楼道保洁", "停车管理", "电梯维护", "报修响应")
_NEXT: Final = ("停车", "保洁", "电梯", "安保")
# What paper ballots of the last quarter said: stars less one of each question, and what to mend first.
_LAST_QUARTER: Final = (
    (3, 1, 3, 4, 0),
    (4, 0, 3, 3, 0),
    (3, 1, 2, 4, 0),
    (2, 2, 3, 3, 1),
    (4, 1, 4, 4, 0),
    (3, 0, 3, 2, 0),
    (3, 2, 1, 3, 2),
)
_PAPERS: Final = 21


async def closed(telling: Telling, words: str) -> None:
    """Ask about the company last quarter: the result, what was rated worst as a topic, and the company's reply."""
    day = -80
    survey = await _ask(telling, day, words, telling.at(day + 14, 18))
    units = ("wss-932-1", "wss-934-1", "wss-936-1")
    ballots = [
        _ballot(telling, units[n % 3], f"{n // 3 + 1}01", _LAST_QUARTER[n % len(_LAST_QUARTER)])
        for n in range(_PAPERS)
    ]
    await telling.act("community", _SURVEY, survey, "paper", telling.at(day + 10), ballots=ballots)
    at = telling.at(day + 16, 9)
    reply = "停车问题我们认：下月起增加一名夜间巡查，消防通道划线重做，欢迎大家继续监督。"
    await telling.act("property", _SURVEY, survey, "reply", at + timedelta(days=2), text=reply)
    await telling.act(
        "community", _SURVEY, survey, "to_topic", at + timedelta(days=3), title="人和家园停车怎么管"
    )


async def asked_again(telling: Telling, words: str) -> None:
    """Ask the same this quarter; it is open, and some have answered."""
    survey = await _ask(telling, -6, words, telling.at(12, 18))
    for n in range(9):
        await _respond(
            telling, n, survey, telling.at(-5 + n % 4, 20, n), _LAST_QUARTER[n % len(_LAST_QUARTER)]
        )


async def vote(telling: Telling, words: str) -> None:
    """Let the households of 944号 vote, by a rule of their own."""
    rule = {
        "code": "own",
        "turnout_heads": ">=1/2",
        "majority_heads": ">=2/3",
        "basis": "944号居民公约第六条",
    }
    body = {
        "kind": "vote",
        "title": words,
        "text": "声控灯换成人体感应灯，约三千元，从公共收益里出",
        "ends_at": telling.at(9, 18),
        "questions": [{"text": "同意把楼道灯换成感应灯", "kind": "vote"}],
        "rule": rule,
        "households": 72,
    }
    survey = await telling.begin("community", _SURVEY, telling.at(-3), "wss-944", **body)
    await telling.act("community", _SURVEY, survey, "open", telling.at(-3))
    for n, (_, home, _) in enumerate(NEIGHBOURS):
        if home.startswith("wss-944-"):
            await _respond(telling, n, survey, telling.at(-2, 19, n), (1 if n == 4 else 0,))


async def _ask(telling: Telling, day: int, title: str, ends_at: Any) -> UUID:
    questions: list[dict[str, Any]] = [{"text": name, "kind": "rating"} for name in _RATED]
    questions.append({"text": "最想先改什么", "kind": "choice", "choices": list(_NEXT)})
    body = {"kind": "survey", "title": title, "ends_at": ends_at, "questions": questions, "households": 420}
    company = str(telling.cast.codes[COMPANY])
    text = "每户一份，不记名；结果和物业的办理情况一起公布"
    survey = await telling.begin(
        "community", _SURVEY, telling.at(day), _PLACE, **body, text=text, organisation_id=company
    )
    await telling.act("community", _SURVEY, survey, "open", telling.at(day))
    return survey


def _ballot(telling: Telling, unit: str, room: str, choices: tuple[int, ...]) -> dict[str, Any]:
    answers = [{"question": n, "choices": [choice]} for n, choice in enumerate(choices)]
    return {"place_id": str(telling.cast.codes[unit]), "room": room, "answers": answers}


async def _respond(telling: Telling, who: int, survey: UUID, at: Any, choices: tuple[int, ...]) -> None:
    """Answer for a household."""
    answers = [QuestionAnswerIn(question=n, choices=[choice]) for n, choice in enumerate(choices)]
    with telling.happening(at):
        view = await subjects.load_subject(telling.who(who), _SURVEY, survey)
        await subjects.respond(view, ResponseIn(answers=answers), None)
