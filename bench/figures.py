"""The cost of figures: each of them over a quarter of a district."""

import time
from typing import Any, Final

from app.rules.figures.registry import TALLIES
from bench.harness import Harness
from bench.http_client import build_request, fetch_json, sign_in
from bench.results import BenchResult

TICKETS: Final = 80_000
GOAL_S: Final = 1.0
_TRIES: Final = 3
_DAYS_WAIT_S: Final = 600.0
_WAIT_S: Final = 120.0  # until the worker has folded the tickets of other scenarios
# Tickets of the last 90 days with what figures tell apart spread over them, and three earlier courses each.
_FILL: Final = """
INSERT INTO course (ticket_id, valid_from, valid_until, category, origin, street_id, community_id, grid_id, estate_id,
    building_id, place_id, submitted_at, submitted_on, submitted_hour, status, turn, accept_due, contacted_at,
    contacted_in_time, contact_minutes, resolve_due, resolved_at, resolved_in_time, solve_minutes, outcome, verdict,
    answered_at, rating, ended_at, reopened, dispatched_at, dispatched_to, organisation_id)
SELECT md5('figures' || n)::uuid, at + v * interval '1 hour', CASE v WHEN 3 THEN 'infinity' ELSE at + (v + 1) * interval '1 hour' END,
    c.code, 'resident', u.path[1], u.path[2], NULL, u.path[3], u.path[4], u.id, at, at::date, extract(hour FROM at)::int,
    CASE v WHEN 3 THEN 'closed' ELSE 'dispatched' END, 'partner', at + interval '1 hour', at + interval '20 minutes',
    n % 9 > 0, n % 240, at + interval '1 day', CASE v WHEN 3 THEN at + interval '5 hours' END, CASE v WHEN 3 THEN n % 8 > 0 END,
    CASE v WHEN 3 THEN n % 1440 END, CASE v WHEN 3 THEN 'fixed' END, CASE v WHEN 3 THEN 'solved' END,
    CASE v WHEN 3 THEN at + interval '6 hours' END, CASE v WHEN 3 THEN 1 + n % 5 END, CASE v WHEN 3 THEN at + interval '6 hours' END,
    n % 25 = 0, at + interval '30 minutes', ARRAY[o.id], o.id
FROM generate_series(1, $1::int) n
CROSS JOIN generate_series(0, 3) v
CROSS JOIN LATERAL (SELECT now() - (1 + n::float8 / $1 * 88) * interval '1 day' AS at) moment
CROSS JOIN (SELECT ARRAY(SELECT id FROM place WHERE level = 'unit' ORDER BY md5(code)) AS units,
    ARRAY(SELECT code FROM category ORDER BY code) AS categories, ARRAY(SELECT id FROM organisation ORDER BY code) AS organisations) lists
JOIN place u ON u.id = units[1 + n % cardinality(units)]
JOIN category c ON c.code = categories[1 + n * 7 % cardinality(categories)]
JOIN organisation o ON o.id = organisations[1 + n % cardinality(organisations)]
"""

# They were over before these courses were there.
_FORGET_DAYS: Final = "WITH forgotten AS (DELETE FROM day_fold) DELETE FROM day_count"
_LACKING: Final = """SELECT count(*) < $1 FROM day_fold
WHERE counted_until >= ((now() - interval '10 minutes') AT TIME ZONE 'Asia/Shanghai')::date"""


def results(harness: Harness) -> list[BenchResult]:
    """Fill a quarter and read every figure of the street; return the slowest and the median."""
    dataset = harness.dataset
    harness.progress.step(f"courses of {TICKETS:,} tickets")
    dataset.query(lambda connection: connection.execute(_FILL, TICKETS))
    dataset.query(lambda connection: connection.execute("ANALYZE course"))
    harness.progress.step("the worker adds up their days")
    dataset.query(lambda connection: connection.execute(_FORGET_DAYS))
    _wait_for_days(harness)
    harness.progress.step("every figure of the quarter")
    token = sign_in(dataset.port, "street")
    names = [figure["name"] for figure in _read(harness, "/figures?limit=100", token)["items"]]
    seconds = sorted((_seconds(harness, name, token), name) for name in names)
    slowest, name = seconds[-1]
    return [
        BenchResult(
            f"figures: the slowest of {len(names)} ({name}), a quarter of {TICKETS:,} tickets",
            slowest,
            "s",
            GOAL_S,
            "lower",
        ),
        BenchResult("figures: the median one", seconds[len(seconds) // 2][0], "s", GOAL_S, "lower"),
    ]


def _seconds(harness: Harness, name: str, token: str) -> float:
    """Return how long a figure of the last ninety days takes: the best of a few tries."""
    tries = []
    for _ in range(_TRIES):
        began = time.monotonic()
        _read(harness, f"/figures/{name}?from={_first_day()}", token)
        tries.append(time.monotonic() - began)
    return min(tries)


def _wait_for_days(harness: Harness) -> None:
    """Wait until the worker has added up every day for every tally. Raises RuntimeError after _DAYS_WAIT_S."""
    deadline = time.monotonic() + _DAYS_WAIT_S

    def left(connection: Any) -> Any:
        return connection.fetchval(_LACKING, len(TALLIES))

    while harness.dataset.query(left):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the worker still adds up days after {_DAYS_WAIT_S:.0f} s")
        time.sleep(1)


def _first_day() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - 90 * 86_400))


def _read(harness: Harness, path: str, token: str) -> Any:
    """Read a figure; wait as long as the server says that it still folds tickets."""
    deadline = time.monotonic() + _WAIT_S
    while True:
        try:
            return fetch_json(harness.dataset.port, build_request("GET", path, token))
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
