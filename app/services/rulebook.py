"""What counts at a place: its categories and its calendar, an office's own laid over those of all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Final

from app import settings
from app.models.category import Category
from app.rules import own_days
from app.rules.escalation import Clocks
from app.rules.own_days import Stretch
from app.rules.workdays import Calendar, Clock, Frame
from app.words import Noun

Own = Mapping[str, list[dict[str, Any]]]  # what a place has made its own, by noun, as `setting.own` keeps it
NOTHING: Final[Own] = {}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The figures and the calendar by which tickets of one place are timed."""

    categories: Mapping[str, Category]
    calendar: Calendar
    _clocks: dict[str, Clocks] = field(default_factory=dict, init=False, compare=False)  # as tickets ask

    def clocks(self, category: str) -> Clocks:
        """Return the clocks of a category, scaled as the deployment's trials ask."""
        found = self._clocks.get(category)
        if found is None:
            kind = self.categories[category]
            found = self._clocks[category] = Clocks(
                Clock(kind.clock_accept),
                Clock(kind.clock_acknowledge),
                Clock(kind.clock_resolve),
                self.calendar,
                settings.get().sla_scale,
            )
        return found

    def under(self, own: Own) -> "Rulebook":
        """Return the rules where an office has said something of its own; what it has not said stays."""
        said = {
            item["code"]: item for item in own.get(Noun.CATEGORIES, []) if item["code"] in self.categories
        }
        changed = {
            code: Category(**(self.categories[code].model_dump() | item)) for code, item in said.items()
        }
        calendar = own_days.laid_over(
            self.calendar, stretches(own.get(Noun.CALENDAR, [])), frames(own.get(Noun.FRAMES, []))
        )
        return Rulebook({**self.categories, **changed}, calendar)


def stretches(entries: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    """Read an office's days; an entry without `last` is one day."""
    return [
        Stretch(
            date.fromisoformat(entry["first"]),
            date.fromisoformat(entry.get("last") or entry["first"]),
            entry["kind"] == "workday",
        )
        for entry in entries
    ]


def frames(entries: Iterable[Mapping[str, Any]]) -> tuple[Frame, ...]:
    """Read an office's hours, `HH:MM` each."""
    return tuple(
        Frame(time.fromisoformat(entry["start"]), time.fromisoformat(entry["end"])) for entry in entries
    )
