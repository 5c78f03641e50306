"""What an office says of itself must make sense as a whole; each returns it as it is kept."""

from collections import Counter
from datetime import date
from typing import Any, Final

from app.errors import Invalid
from app.models.setting_calendar import CalendarIn
from app.models.setting_categories import CategoriesIn
from app.models.setting_frames import FramesIn
from app.rules import own_days
from app.rules.workdays import Calendar
from app.services import rulebook
from app.services.catalogue import today
from app.services.offices.reading import Standing

EARLIEST: Final = date(2020, 1, 1)
YEARS_AHEAD: Final = 5
LONGEST_REST: Final = 31  # days; the longest holiday there is has nine
SHORTEST_DAY: Final = 120  # minutes; less and a limit of weeks becomes one of years

Entries = list[dict[str, Any]]


def said_of_categories(form: CategoriesIn, standing: Standing) -> Entries:
    """Refuse categories there are not, and the same one twice."""
    times = Counter(item.code for item in form.categories)
    wrong = {
        n: "没有这个问题类别" if item.code not in standing.known.categories else "这个类别写了两次"
        for n, item in enumerate(form.categories)
        if item.code not in standing.known.categories or times[item.code] > 1
    }
    _refuse({f"/categories/{n}/code": said for n, said in wrong.items()})
    return [item.model_dump(exclude_none=True) for item in form.categories]


def said_of_calendar(form: CalendarIn, standing: Standing) -> Entries:
    """Refuse days named twice, days out of reach, and a rest nobody takes."""
    entries = [item.model_dump(mode="json", exclude_none=True) for item in form.days]
    stretches, latest = rulebook.stretches(entries), date(today().year + YEARS_AHEAD, 12, 31)
    far = [n for n, days in enumerate(stretches) if days.first < EARLIEST or days.last > latest]
    _refuse({f"/days/{n}": f"日期要在{EARLIEST.year}年到{latest.year}年之间" for n in far})
    _refuse(_clashing(own_days.clashes(stretches), form))
    # what was too long before may be made shorter, or left as it is
    if _longest_rest(standing, entries) > max(LONGEST_REST, _longest_rest(standing, standing.own)):
        _refuse({"/days": f"这样会连续休息超过{LONGEST_REST}天，所有时限都会停住，请检查日期"})
    return entries


def _clashing(pairs: list[tuple[int, int]], form: CalendarIn) -> dict[str, str]:
    """Say of both entries with which other they share a day."""
    found: dict[str, str] = {}
    for one, other in pairs:
        differ = form.days[one].kind != form.days[other].kind
        for mine, its in ((one, other), (other, one)):
            said = f"和第{its + 1}项“{form.days[its].name}”有同一天"
            found[f"/days/{mine}"] = said + ("，一项放假，一项上班" if differ else "，重复了")
    return found


def _longest_rest(standing: Standing, entries: Entries) -> int:
    """Return the longest rest at the office, or, for a street, at its communities with days of their own."""
    would, path = standing.saying(entries), standing.office.path
    units = [would.units[place].path for place in would.own if place in would.units]
    below = [would.rules(found).calendar for found in [path, *units] if found[: len(path)] == path]
    return max(own_days.longest_rest(calendar) for calendar in below)


def said_of_frames(form: FramesIn, _: Standing) -> Entries:
    """Refuse hours that are empty, out of order or overlap, and a day too short to work in."""
    entries = [item.model_dump() for item in form.frames]
    frames = rulebook.frames(entries)
    wrong = own_days.disorder(frames)
    if wrong is not None:
        said = (
            "结束要晚于开始" if frames[wrong].start >= frames[wrong].end else "要按先后排列，不能和上一段重叠"
        )
        _refuse({f"/frames/{wrong}": said})
    if frames and Calendar({}, frames, frozenset()).minutes_a_day < SHORTEST_DAY:
        _refuse({"/frames": f"一天的工作时间至少{SHORTEST_DAY}分钟"})
    return entries


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        errors = [{"pointer": pointer, "detail": said} for pointer, said in wrong.items()]
        raise Invalid(errors[0]["detail"], errors=errors[:20])
