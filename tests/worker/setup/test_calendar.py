"""A year the State Council's notice is not there for: counted Monday to Friday, and said."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from app import clock, log
from app.services.setup import catalogue


@pytest.mark.parametrize(
    ("day", "unknown"),
    [((2026, 11, 1), []), ((2026, 12, 15), [2027]), ((2027, 6, 1), [2027])],
)
async def test_a_year_without_data_is_said_as_soon_as_limits_reach_it(
    street: None, monkeypatch: pytest.MonkeyPatch, day: tuple[int, int, int], unknown: list[int]
) -> None:
    clock.travel(datetime(*day, 4, tzinfo=UTC) - clock.now())
    monkeypatch.setattr(catalogue, "logger", log.get("catalogue"))  # one not yet bound to that
    with capture_logs() as logs:
        known = await catalogue.cached_catalogue()
    assert [line["year"] for line in logs if line["event"] == "calendar_year_unknown"] == unknown
    assert known.calendar.is_workday(
        datetime(2027, 10, 1, tzinfo=UTC).date()
    )  # a Friday; no notice says otherwise
