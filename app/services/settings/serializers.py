"""An office's settings as the API shows them: the effective values, the office's own, and the defaults."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal

from app import db, words
from app.enums import Level, SettingKind
from app.labels import ACTIVITY_SORT, LEVEL, ROLE
from app.models.category import Category
from app.models.setting_calendar import CalendarDayOut, CalendarOut, OwnDays, YearOut
from app.models.setting_categories import CategoriesOut, CategoryFiguresOut, Figures, OwnFigures
from app.models.setting_frames import FrameIn, FramesOut
from app.models.setting_opinions import OpinionLimitOut
from app.models.setting_points import AwardOut, PointsLeftOut, PointsOut
from app.models.setting_titles import RoleTitlesOut, TitleIn, TitlesOut
from app.models.setting_weights import WeightIn, WeightsOut
from app.rules import points
from app.rules.figures.composite import RULE
from app.rules.titles import titles_of
from app.rules.workdays import Calendar
from app.services import accounts, posts, setup
from app.services.pagination import page_after
from app.services.settings.state import CurrentState
from app.services.setup import today
from app.sql import Statement


def _common(state: CurrentState) -> dict[str, Any]:
    return {"office": state.office.to_out(), "version": state.version}


def category_settings(state: CurrentState, limit: int, cursor: str | None) -> CategoriesOut:
    """Return a page of the categories with their effective, own, default and instance-wide figures."""
    effective, default, instance = state.effective, state.default, state.instance
    own = {entry["code"]: [name for name in entry if name != "code"] for entry in state.own}
    page, next_cursor = page_after(
        [*instance.categories.values()], limit, cursor, lambda category: category.code
    )
    items = [
        CategoryFiguresOut(
            **{name: getattr(category, name) for name in ("code", "zh", "level")},
            effective=_figures(effective.categories[category.code]),
            own=own.get(category.code, []),
            default=_figures(default.categories[category.code]),
            instance=_figures(category),
        )
        for category in page
    ]
    own_figures = [OwnFigures(**entry) for entry in state.own]
    return CategoriesOut(**_common(state), own=own_figures, items=items, next=next_cursor)


def _figures(category: Category) -> Figures:
    return Figures.model_validate(category, from_attributes=True)


def frame_settings(state: CurrentState) -> FramesOut:
    """Return the working hours: effective, own and default."""
    return FramesOut(
        **_common(state),
        own=[FrameIn(**entry) for entry in state.own],
        frames=_hours(state.effective.calendar),
        default=_hours(state.default.calendar),
        minutes_a_day=state.effective.calendar.minutes_a_day,
    )


def _hours(calendar: Calendar) -> list[FrameIn]:
    return [FrameIn(start=f"{frame.start:%H:%M}", end=frame.end_text) for frame in calendar.frames]


def title_settings(state: CurrentState) -> TitlesOut:
    """Return what posts are called at an office and within it, role by role, the usual title of each first."""
    effective, own, default = state.titles, titles_of(state.own), state.default_titles
    roles = [
        RoleTitlesOut(
            role=role,
            role_name=ROLE[role],
            level=level,
            level_name=LEVEL[level],
            titles=list(effective.get((role, level), ())),
            default=list(default.get((role, level), ())),
            own=(role, level) in own,
        )
        for role, levels in posts.ROLE_LEVELS.items()
        for level in Level
        if level in levels
    ]
    return TitlesOut(**_common(state), own=[TitleIn(**entry) for entry in state.own], roles=roles)


def weight_settings(state: CurrentState) -> WeightsOut:
    """Return the weights of the three rates at an office: without any there is no composite."""
    own = [WeightIn(**entry) for entry in state.own]
    effective = [WeightIn(**entry) for entry in state.nearest]
    return WeightsOut(**_common(state), own=own, effective=effective, rule=RULE)


def opinion_settings(state: CurrentState) -> OpinionLimitOut:
    """Return after how many days an opinion is overdue at an office."""
    own, path = state.own[0]["days"] if state.own else None, state.office.path
    default = state.catalogue_with([]).opinion_days(path)
    return OpinionLimitOut(
        **_common(state), own=own, effective=state.catalogue.opinion_days(path), default=default
    )


async def point_settings(state: CurrentState) -> PointsOut:
    """Return on which day of the year points lapse at an office, how many would, and what pays them."""
    own, path = state.own[0]["lapse"] if state.own else None, state.office.path
    default = state.catalogue_with([]).lapse_day(path)
    years = (today().year - 1, today().year)
    return PointsOut(
        **_common(state),
        own=own,
        effective=state.catalogue.lapse_day(path),
        default=default,
        notice_days=points.NOTICE_DAYS,
        awards=[_award(rule, award) for rule, award in points.AWARDS.items()],
        left=[PointsLeftOut(**await accounts.points_left(path[-1], year)) for year in years],
    )


def _award(rule: str, award: points.Award) -> AwardOut:
    return AwardOut(
        rule=rule,
        rule_name=words.say(award.label),
        of=[words.say(ACTIVITY_SORT[sort]) for sort in sorted(award.sorts)],
        amount=award.amount,
        by_hour=award.by_hour,
        month=award.month,
    )


async def calendar_settings(state: CurrentState) -> CalendarOut:
    """Return the days of this year and the next, and whether each year's holiday notice is known."""
    years = (today().year, today().year + 1)
    rows = await db.execute(_SELECT_DAYS, years=list(years))
    national = {row["date"]: dict(row) | {"of": "instance"} for row in rows}
    days = national | dict(_street_days(state)) | dict(_expand_days(state.own, "own"))
    default = state.default.calendar
    items = [
        CalendarDayOut(**entry, date=day, default="workday" if default.is_workday(day) else "holiday")
        for day, entry in sorted((day, _day_fields(entry)) for day, entry in days.items())
        if day.year in years
    ]
    own = [OwnDays(**entry) for entry in state.own]
    return CalendarOut(**_common(state), own=own, days=items, years=[_year(year, state) for year in years])


_SELECT_DAYS: Final = Statement("""
SELECT date, kind, name, source FROM calendar_day WHERE extract(year FROM date)::int = ANY(:years::int[])
""")


def _day_fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry.get(name) for name in ("kind", "name", "source", "of")}


def _street_days(state: CurrentState) -> Iterator[tuple[date, dict[str, Any]]]:
    for place_id in state.office.path[:-1]:
        yield from _expand_days(
            state.catalogue.own.get(place_id, setup.NO_OVERRIDES).get(SettingKind.CALENDAR, []), "street"
        )


def _expand_days(
    entries: list[dict[str, Any]], of: Literal["own", "street"]
) -> Iterator[tuple[date, dict[str, Any]]]:
    for day_range, entry in zip(setup.day_ranges(entries), entries, strict=True):
        for day in day_range.days():
            yield day, entry | {"of": of}


def _year(year: int, state: CurrentState) -> YearOut:
    if state.instance.calendar.has_year(year):
        return YearOut(year=year, known_by="notice", text=f"{year}年按国务院办公厅的放假安排计算")
    if state.effective.calendar.has_year(year):
        text = f"{year}年还没有国务院办公厅的放假安排，除自己填的日期外，按周一至周五计算"
        return YearOut(year=year, known_by="own", text=text)
    return YearOut(
        year=year, known_by="nothing", text=f"{year}年还没有国务院办公厅的放假安排，按周一至周五计算"
    )
