"""The calendar as shipped, and how tables of cases write moments."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from app.enums import SHANGHAI
from app.rules.workdays import load_calendar

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "app" / "calendar"


def rows(*files: Path) -> list[dict[str, str]]:
    return [row for file in files for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def span(text: str) -> tuple[datetime, datetime]:
    begin, stop = text.split("/")
    return local(begin), local(stop)


CALENDAR = load_calendar(rows(*sorted(SHIPPED.glob("*.csv"))))
