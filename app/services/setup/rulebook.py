"""The rulebook of a place: the common categories and calendar with the overrides of its offices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from app import settings
from app.enums import SettingKind
from app.models.category import Category
from app.rules import calendar_overrides
from app.rules.calendar_overrides import DayRange
from app.rules.escalation import Clocks
from app.rules.workdays import Calendar, Clock, Frame, parse_frame

Overrides = Mapping[str, list[dict[str, Any]]]  # a place's entries by kind of setting, as in `setting.own`
NO_OVERRIDES: Final[Overrides] = {}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The categories and the calendar that apply to the tickets of one place."""

    categories: Mapping[str, Category]
    calendar: Calendar
    _clocks: dict[str, Clocks] = field(default_factory=dict, init=False, compare=False)  # filled on demand

    def clocks(self, category: str) -> Clocks:
        """Return the clocks of a category, scaled by the setting `sla_scale`."""
        clocks = self._clocks.get(category)
        if clocks is None:
            row = self.categories[category]
            clocks = self._clocks[category] = Clocks(
                Clock(row.clock_accept),
                Clock(row.clock_acknowledge),
                Clock(row.clock_resolve),
                self.calendar,
                settings.get().sla_scale,
            )
        return clocks

    def with_overrides(self, overrides: Overrides) -> "Rulebook":
        """Return the rulebook with an office's overrides applied."""
        changed_items = {
            item["code"]: item
            for item in overrides.get(SettingKind.CATEGORIES, [])
            if item["code"] in self.categories
        }
        changed = {
            code: Category(**(self.categories[code].model_dump() | item))
            for code, item in changed_items.items()
        }
        calendar = calendar_overrides.apply_overrides(
            self.calendar,
            day_ranges(overrides.get(SettingKind.CALENDAR, [])),
            time_frames(overrides.get(SettingKind.FRAMES, [])),
        )
        return Rulebook({**self.categories, **changed}, calendar)


def day_ranges(entries: Iterable[Mapping[str, Any]]) -> list[DayRange]:
    """Parse an office's calendar entries. An entry without `last` is one day."""
    return [
        DayRange(
            date.fromisoformat(entry["first"]),
            date.fromisoformat(entry.get("last") or entry["first"]),
            entry["kind"] == "workday",
        )
        for entry in entries
    ]


def time_frames(entries: Iterable[Mapping[str, Any]]) -> tuple[Frame, ...]:
    """Parse an office's working hours, `HH:MM` each."""
    return tuple(parse_frame(entry["start"], entry["end"]) for entry in entries)
