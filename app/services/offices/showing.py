"""An office's settings as a page draws them: what counts, what of it is the office's own, and what would count without."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, Literal

from app import db
from app.models.category import Category
from app.models.setting_calendar import CalendarDayOut, CalendarOut, OwnDays, YearOut
from app.models.setting_categories import CategoriesOut, CategoryFiguresOut, Figures, OwnFigures
from app.models.setting_frames import FrameIn, FramesOut
from app.rules.workdays import Calendar
from app.services import rulebook
from app.services.catalogue import today
from app.services.offices.reading import Standing
from app.words import Noun


def _common(now: Standing) -> dict[str, Any]:
    return {"office": now.office.out(), "version": now.version}


def categories(now: Standing) -> CategoriesOut:
    """Return every category with its figures: those that count, the office's own, those without, those all begin with."""
    effective, default, instance = now.effective, now.default, now.instance
    own = {entry["code"]: [name for name in entry if name != "code"] for entry in now.own}
    items = [
        CategoryFiguresOut(
            **{name: getattr(kind, name) for name in ("code", "zh", "level")},
            effective=_figures(effective.categories[code]),
            own=own.get(code, []),
            default=_figures(default.categories[code]),
            instance=_figures(kind),
        )
        for code, kind in instance.categories.items()
    ]
    return CategoriesOut(**_common(now), own=[OwnFigures(**entry) for entry in now.own], items=items)


def _figures(category: Category) -> Figures:
    return Figures.model_validate(category, from_attributes=True)


def frames(now: Standing) -> FramesOut:
    """Return the hours of a working day."""
    return FramesOut(
        **_common(now),
        own=[FrameIn(**entry) for entry in now.own],
        frames=_hours(now.effective.calendar),
        default=_hours(now.default.calendar),
        minutes_a_day=now.effective.calendar.minutes_a_day,
    )


def _hours(calendar: Calendar) -> list[FrameIn]:
    return [FrameIn(start=f"{frame.start:%H:%M}", end=f"{frame.end:%H:%M}") for frame in calendar.frames]


async def calendar(now: Standing) -> CalendarOut:
    """Return the days of this and the next year, and for which of them there is no notice."""
    years = (today().year, today().year + 1)
    rows = await db.fetch(_DAYS, list(years))
    notice = {row["date"]: dict(row) | {"of": "instance"} for row in rows}
    days = notice | dict(_of_street(now)) | dict(_days(now.own, "own"))
    default = now.default.calendar
    shown = [
        CalendarDayOut(**entry, date=day, default="workday" if default.is_workday(day) else "holiday")
        for day, entry in sorted((day, _plain(entry)) for day, entry in days.items())
        if day.year in years
    ]
    own = [OwnDays(**entry) for entry in now.own]
    return CalendarOut(**_common(now), own=own, days=shown, years=[_year(year, now) for year in years])


_DAYS: Final = (
    "SELECT date, kind, name, source FROM calendar_day WHERE extract(year FROM date)::int = ANY($1::int[])"
)


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry.get(name) for name in ("kind", "name", "source", "of")}


def _of_street(now: Standing) -> Iterator[tuple[date, dict[str, Any]]]:
    for place in now.office.path[:-1]:
        yield from _days(now.known.own.get(place, rulebook.NOTHING).get(Noun.CALENDAR, []), "street")


def _days(
    entries: list[dict[str, Any]], of: Literal["own", "street"]
) -> Iterator[tuple[date, dict[str, Any]]]:
    for stretch, entry in zip(rulebook.stretches(entries), entries, strict=True):
        for day in stretch.days():
            yield day, entry | {"of": of}


def _year(year: int, now: Standing) -> YearOut:
    if now.instance.calendar.knows(year):
        return YearOut(year=year, known_by="notice", text=f"{year}年按国务院办公厅的放假安排计算")
    if now.effective.calendar.knows(year):
        said = f"{year}年还没有国务院办公厅的放假安排，除自己填的日期外，按周一至周五计算"
        return YearOut(year=year, known_by="own", text=said)
    return YearOut(
        year=year, known_by="nothing", text=f"{year}年还没有国务院办公厅的放假安排，按周一至周五计算"
    )
