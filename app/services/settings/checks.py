"""Checking an office's new settings as a whole. Each check returns the entries to store, or raises Invalid."""

from collections import Counter
from datetime import date
from typing import Final

from app.errors import Invalid
from app.labels import LEVEL, ROLE
from app.models.setting_calendar import CalendarIn
from app.models.setting_categories import CategoriesIn
from app.models.setting_frames import FramesIn
from app.models.setting_titles import TitlesIn
from app.models.setting_weights import WeightsIn
from app.rules import calendar_overrides
from app.rules.figures.composite import WHOLE
from app.rules.workdays import Calendar, first_misordered
from app.services import posts, setup
from app.services.settings.state import CurrentState, Entries
from app.services.setup import today

EARLIEST_DATE: Final = date(2020, 1, 1)
MAX_YEARS_AHEAD: Final = 5
MAX_REST_DAYS: Final = 31  # the longest public holiday has nine
MIN_WORKDAY_MINUTES: Final = 120  # with fewer, a limit of some weeks would take years


def check_categories(form: CategoriesIn, state: CurrentState) -> Entries:
    """Refuse unknown categories, and a category named twice."""
    counts = Counter(item.code for item in form.categories)
    errors = {
        f"/categories/{n}/code": "没有这个问题类别"
        if item.code not in state.catalogue.categories
        else "这个类别写了两次"
        for n, item in enumerate(form.categories)
        if item.code not in state.catalogue.categories or counts[item.code] > 1
    }
    _raise_if_any(errors)
    return [item.model_dump(exclude_none=True) for item in form.categories]


def check_calendar(form: CalendarIn, state: CurrentState) -> Entries:
    """Refuse days named twice, days out of range, and too many days in a row without work."""
    entries = [item.model_dump(mode="json", exclude_none=True) for item in form.days]
    ranges, latest = setup.day_ranges(entries), date(today().year + MAX_YEARS_AHEAD, 12, 31)
    out_of_range = [n for n, days in enumerate(ranges) if days.first < EARLIEST_DATE or days.last > latest]
    _raise_if_any(
        {f"/days/{n}": f"日期要在{EARLIEST_DATE.year}年到{latest.year}年之间" for n in out_of_range}
    )
    _raise_if_any(_overlap_errors(calendar_overrides.overlapping_pairs(ranges), form))
    # A rest that was too long before the change may be shortened, or left as it is.
    if _longest_rest(state, entries) > max(MAX_REST_DAYS, _longest_rest(state, state.own)):
        _raise_if_any({"/days": f"这样会连续休息超过{MAX_REST_DAYS}天，所有时限都会停住，请检查日期"})
    return entries


_CONTRADICTION: Final = "和第{n}项“{name}”有同一天，一项放假，一项上班"
_REPETITION: Final = "和第{n}项“{name}”有同一天，重复了"


def _overlap_errors(pairs: list[tuple[int, int]], form: CalendarIn) -> dict[str, str]:
    """Return an error, by its pointer, at both items of each pair that shares a day."""
    errors: dict[str, str] = {}
    for one, other in pairs:
        differ = form.days[one].kind != form.days[other].kind
        for n, m in ((one, other), (other, one)):
            said = _CONTRADICTION if differ else _REPETITION
            errors[f"/days/{n}"] = said.format(n=m + 1, name=form.days[m].name)
    return errors


def _longest_rest(state: CurrentState, entries: Entries) -> int:
    """Return the most days in a row without work, at the office and at communities below it with days of their own."""
    catalogue, path = state.catalogue_with(entries), state.office.path
    own_paths = [catalogue.units[place_id].path for place_id in catalogue.own if place_id in catalogue.units]
    paths = [own_path for own_path in [path, *own_paths] if own_path[: len(path)] == path]
    return max(calendar_overrides.longest_rest(catalogue.rules(own_path).calendar) for own_path in paths)


def check_frames(form: FramesIn, _: CurrentState) -> Entries:
    """Refuse hours that are empty, out of order or overlap, and a workday that is too short."""
    entries = [item.model_dump() for item in form.frames]
    frames = setup.time_frames(entries)
    _raise_if_any(
        {f"/frames/{n}": "开始和结束不能相同" for n, item in enumerate(form.frames) if item.start == item.end}
    )
    n = first_misordered(frames)
    if n is not None:
        _raise_if_any({f"/frames/{n}": "要按先后排列，不能和上一段或第二天的第一段重叠"})
    if frames and Calendar({}, frames, frozenset()).minutes_a_day < MIN_WORKDAY_MINUTES:
        _raise_if_any({"/frames": f"一天的工作时间至少{MIN_WORKDAY_MINUTES}分钟"})
    return entries


def check_titles(form: TitlesIn, _: CurrentState) -> Entries:
    """Refuse a role at a level where it cannot be held, a title that is listed twice, and one that is another role's name."""
    counts = Counter(item.title for item in form.titles)
    names = {name: role for role, name in ROLE.items()}
    errors: dict[str, str] = {}
    for n, item in enumerate(form.titles):
        if item.level not in posts.ROLE_LEVELS.get(item.role, ()):
            errors[f"/titles/{n}/level"] = f"{ROLE[item.role]}不在{LEVEL[item.level]}任职"
        elif counts[item.title] > 1:
            errors[f"/titles/{n}/title"] = "这个名称写了两次"
        elif names.get(item.title, item.role) is not item.role:
            errors[f"/titles/{n}/title"] = f"“{item.title}”是另一种岗位的名称"
    _raise_if_any(errors)
    return [item.model_dump(mode="json") for item in form.titles]


def check_weights(form: WeightsIn, _: CurrentState) -> Entries:
    """Refuse a rate that is listed twice, and weights that do not add up to a hundred."""
    counts = Counter(item.rate for item in form.weights)
    _raise_if_any(
        {
            f"/weights/{n}/rate": "这一率写了两次"
            for n, item in enumerate(form.weights)
            if counts[item.rate] > 1
        }
    )
    whole = sum(item.weight for item in form.weights)
    if form.weights and whole != WHOLE:
        _raise_if_any({"/weights": f"权重加起来要正好是{WHOLE}，现在是{whole}"})
    return [item.model_dump(mode="json") for item in form.weights]


def _raise_if_any(errors: dict[str, str]) -> None:
    """Raise Invalid with the first errors; `errors` has sentences by pointer."""
    if errors:
        listed = [{"pointer": pointer, "detail": detail} for pointer, detail in errors.items()]
        raise Invalid(listed[0]["detail"], errors=listed[:20])
