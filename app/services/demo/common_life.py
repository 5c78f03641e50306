"""The demo street's common life: visits, a forum, topics, projects, opinions of every fate, surveys, and mutual help, each a story.

A story is told once: it is there when a subject of the fourth community has the words that it begins with.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app import clock, db, settings
from app.enums import SHANGHAI, SubjectKind
from app.services import schema
from app.services.demo import sharing_stories, stories, survey_stories
from app.services.demo.cast import load_cast
from app.services.demo.roster import load_roster
from app.services.demo.telling import Telling
from app.sql import Statement

_EARLIEST: Final = timedelta(days=130)  # before today nothing of it has happened


class Story(NamedTuple):
    """The kind and the words of its first subject, and how it is told."""

    kind: SubjectKind
    words: str
    tell: Callable[[Telling, str], Awaitable[None]]


def stories_of(now: datetime) -> list[Story]:
    """Return the stories, in order; some belong to a month or quarter, and come again with the next."""
    today = now.astimezone(SHANGHAI).date()
    last_month = (today.replace(day=1) - timedelta(days=1)).month
    quarter, year = (today.month - 1) // 3 + 1, today.year
    before, of_year = (quarter - 1, year) if quarter > 1 else (4, year - 1)
    rated = "物业服务评价"
    return [
        Story(SubjectKind.ACTIVITY, "年度入户走访", stories.visits),
        Story(SubjectKind.TOPIC, "944号楼前空地怎么用", stories.decided_topic),
        Story(SubjectKind.ACTIVITY, f"{last_month}月居民议事会", stories.forum),
        Story(SubjectKind.TOPIC, "小区东门要不要装电动车充电桩", stories.raised_topic),
        Story(SubjectKind.TOPIC, "地面车位能不能全部免费", stories.declined_topic),
        Story(SubjectKind.TOPIC, "想办一个周末儿童阅读角", stories.held_topic),
        Story(SubjectKind.OPINION, "单元门禁的对讲听不清，能不能换新的", stories.opinions),
        Story(SubjectKind.ACTIVITY, f"{today.month}月居民议事会", stories.coming_meeting),
        Story(SubjectKind.ACTIVITY, f"{today.month}月邻里包饺子", stories.full_event),
        Story(SubjectKind.SURVEY, f"{of_year}年第{before}季度{rated}", survey_stories.closed),
        Story(SubjectKind.SURVEY, f"{year}年第{quarter}季度{rated}", survey_stories.asked_again),
        Story(SubjectKind.SURVEY, "944号楼道要不要装感应灯", survey_stories.vote),
        Story(SubjectKind.OFFER, "便民雨伞", sharing_stories.umbrellas),
        Story(SubjectKind.RELATIONSHIP, "人和家园944号3单元101", sharing_stories.visited_household),
        Story(SubjectKind.RELATIONSHIP, "人和家园944号5单元402", sharing_stories.missed_household),
    ]


async def load_common_life() -> int:
    """Tell the stories that are missing, and plan the roster; return how many were told."""
    now = clock.now()
    missing = [story for story in stories_of(now) if not await _is_told(story)]
    cast = await load_cast()
    if cast is None:  # whoever deletes a persona's account wants it to be gone
        return 0
    await schema.make_partitions(now - _EARLIEST)
    telling = Telling(cast, now)
    for story in missing:
        await story.tell(telling, story.words)
    await load_roster(telling)
    return len(missing)


async def keep_common_life() -> None:
    """Tell what is missing, where the settings ask for a past. For the worker."""
    conf = settings.get()
    if conf.demo and conf.demo_history:
        await load_common_life()


async def _is_told(story: Story) -> bool:
    return bool(await db.execute(_TOLD, kind=story.kind, words=story.words))


_TOLD: Final = Statement("SELECT FROM subject WHERE kind = :kind AND :words IN (title, text) LIMIT 1")
