"""The common life of a community of ten thousand: its lists and funnel, and a vote of five thousand households."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from bench import common_life_fill as fill
from bench.harness import Harness
from bench.http_client import build_request, fetch_json, sign_in
from bench.load_process import LoadPlan
from bench.results import BenchResult

COMMUNITY: Final = "wss"
GRID: Final = "wss-g4"
LIST_GOAL_MS: Final = 300.0
VOTE_GOAL: Final = 200.0  # a second
RESULT_GOAL_S: Final = 1.0
VOTERS: Final = 2_500  # the other households vote on paper
BALLOTS: Final = 100  # in one request
_TRIES: Final = 5
_VOTE_SECONDS: Final = 20.0  # at most, until all have voted
# What an office, a grid and a resident ask for; {community} and {grid} are their ids, {since} a day a year ago.
LISTS: Final = {
    "community": (
        *(f"/{noun}?limit=50" for noun in ("opinions", "topics", "projects", "activities", "surveys")),
        *(
            f"/opinions?limit=50&{query}"
            for query in ("status=open", "overdue=true", "to_tell=true", "solved=true")
        ),
        *(
            f"/opinions?limit=50&{query}"
            for query in ("q=电动车", f"q={fill.RARE_WORD}", "q=没有人说过", "mine=true")
        ),
        *("/opinions?limit=50&place_id={grid}&status=noted", "/opinions?limit=50&created_from=today-7"),
        *(
            "/topics?limit=50&q=充电桩&status=raised",
            "/projects?limit=50&overdue=true",
            "/projects?limit=50&q=没有人说过",
        ),
        *("/activities?limit=50&kind=meeting&venue=社区议事厅", "/activities?limit=50&status=published"),
        *(
            "/activities/due?limit=50&place_id={community}",
            "/activities/due?limit=50&place_id={community}&level=room",
        ),
        *("/funnel?place_id={community}", "/funnel?place_id={community}&from={since}"),
    ),
    "grid_head": (
        *(f"/{noun}?limit=50" for noun in ("opinions", "topics", "projects", "activities", "surveys")),
        *(
            "/opinions?limit=50&q=没有人说过",
            "/opinions?limit=50&mine=true",
            "/activities/due?limit=50&place_id={grid}",
        ),
    ),
    "life-1": (
        *(f"/{noun}?limit=50" for noun in ("opinions", "topics", "projects", "activities", "surveys")),
        *(f"/{noun}?limit=50&mine=true" for noun in ("opinions", "topics", "activities")),
        *("/topics?limit=50&q=没有人说过", "/activities?limit=50&kind=event"),
    ),
}


def results(harness: Harness) -> list[BenchResult]:
    """Fill a community, read its lists, then hold a vote in it."""
    dataset = harness.dataset
    harness.progress.step(f"a community of {fill.PEOPLE:,} people and a year of its common life")
    for statement in fill.STATEMENTS:
        dataset.query(partial(_fill, statement))
    dataset.query(lambda connection: connection.execute("VACUUM ANALYZE"))
    return [*_lists(harness), *_vote(harness)]


async def _fill(statement: str, connection: Any) -> None:
    await connection.execute(statement, *([COMMUNITY] if "$1" in statement else []))


def _id(harness: Harness, code: str) -> str:
    sql = "SELECT id FROM place WHERE code = $1"
    return str(harness.dataset.query(lambda connection: connection.fetchval(sql, code)))


def _lists(harness: Harness) -> list[BenchResult]:
    """Read every list once for each who asks, the best of a few tries; return the slowest and the median one."""
    port, taken = harness.dataset.port, list[tuple[float, str]]()
    since = (datetime.now(UTC) - timedelta(days=360)).date().isoformat()
    names = {"community": _id(harness, COMMUNITY), "grid": _id(harness, GRID), "since": since}
    for persona, paths in LISTS.items():
        token = sign_in(port, persona)
        harness.progress.step(f"{len(paths)} lists of {persona}")
        for path in paths:
            request = build_request("GET", quote(path.format(**names), safe="/?&="), token)
            taken.append((min(_seconds(port, request) for _ in range(_TRIES)) * 1000, f"{persona} {path}"))
    taken.sort()
    slowest, path = taken[-1]
    name = f"common life of {fill.PEOPLE:,} people: {len(taken)} lists and funnels"
    detail = "; ".join(f"{milliseconds:.0f} ms {what}" for milliseconds, what in taken[-5:-1][::-1])
    return [
        BenchResult(f"{name}, the slowest ({path})", slowest, "ms", LIST_GOAL_MS, "lower", detail=detail),
        BenchResult(f"{name}, the median one", taken[len(taken) // 2][0], "ms", LIST_GOAL_MS, "lower"),
    ]


def _seconds(port: int, request: bytes) -> float:
    began = time.monotonic()
    fetch_json(port, request)
    return time.monotonic() - began


def _vote(harness: Harness) -> list[BenchResult]:
    """Let every household vote, most by telephone at once, the rest on paper; close the vote and read its result.

    Raises RuntimeError if not every household is counted once.
    """
    port = harness.dataset.port
    token = sign_in(port, "community")
    vote = _opened(harness, token)
    harness.progress.step(f"sign {VOTERS:,} voters in")
    with ThreadPoolExecutor(harness.connections) as pool:
        tokens = list(pool.map(lambda n: sign_in(port, f"life-{n}"), range(VOTERS)))
    body = {"answers": [{"question": 0, "choices": [0]}]}
    path = f"/surveys/{vote['id']}/responses"
    requests = [build_request("POST", path, voter, body) for voter in tokens]
    harness.progress.step(f"{VOTERS:,} households vote")
    before = harness.server.cpu_seconds()
    load = harness.generator.run(LoadPlan(port, requests, _VOTE_SECONDS, harness.connections, b"201"))
    cpu = (after - then for then, after in zip(before, harness.server.cpu_seconds(), strict=True))
    api_ms, stack_ms = (seconds / load.responses * 1000 for seconds in cpu)
    harness.progress.step("the others vote on paper")
    papers = _papers(harness, vote["id"])
    for ballots in (papers[start : start + BALLOTS] for start in range(0, len(papers), BALLOTS)):
        vote = _read(port, token, f"/surveys/{vote['id']}")
        paper = {"version": vote["version"], "ballots": ballots}
        fetch_json(port, build_request("POST", f"/surveys/{vote['id']}/paper", token, paper))
    vote = _read(port, token, f"/surveys/{vote['id']}")
    if load.responses + len(papers) != fill.HOUSEHOLDS or vote["answered"] != fill.HOUSEHOLDS:
        raise RuntimeError(
            f"{load.responses} answers and {len(papers)} ballots were taken, {vote['answered']} households counted"
        )
    began = time.monotonic()
    close = {"version": vote["version"], "text": "全部收齐"}
    fetch_json(port, build_request("POST", f"/surveys/{vote['id']}/close", token, close))
    _read(port, token, f"/surveys/{vote['id']}/result")
    seconds = time.monotonic() - began
    detail = f"p50 {load.p50_ms:.1f} ms, p99 {load.p99_ms:.0f} ms over {harness.connections} connections; "
    detail += f"CPU of one {stack_ms:.1f} ms, of the API process {api_ms:.1f} ms"
    return [
        BenchResult("votes taken, each household once", load.rate, "/s", VOTE_GOAL, "higher", detail=detail),
        BenchResult(
            f"a vote of {fill.HOUSEHOLDS:,} households: closed, with its result",
            seconds,
            "s",
            RESULT_GOAL_S,
            "lower",
        ),
    ]


def _opened(harness: Harness, token: str) -> dict[str, Any]:
    """Return a vote of the whole community that is open."""
    port = harness.dataset.port
    body = {
        "kind": "vote",
        "title": "续聘物业公司",
        "place_id": _id(harness, COMMUNITY),
        "ends_at": (datetime.now(UTC) + timedelta(days=7)).isoformat(),
        "questions": [{"text": "是否续聘物业公司", "kind": "vote"}],
        "rule": {"code": "general"},
        "households": fill.HOUSEHOLDS,
    }
    made = fetch_json(port, build_request("POST", "/surveys", token, body), 201)
    version = {"version": made["version"]}
    opened: dict[str, Any] = fetch_json(
        port, build_request("POST", f"/surveys/{made['id']}/open", token, version)
    )
    harness.dataset.wait_for_worker()  # it tells all residents
    return opened


_REST: Final = """
SELECT parent_id::text AS place_id, name AS room FROM place r WHERE code LIKE '%-life%' AND level = 'room'
AND NOT EXISTS (SELECT FROM turnout t WHERE t.survey_id = $1 AND t.household_id = r.id) ORDER BY code
"""


def _papers(harness: Harness, vote_id: str) -> list[dict[str, Any]]:
    rows = harness.dataset.query(lambda connection: connection.fetch(_REST, UUID(vote_id)))
    return [{**row, "answers": [{"question": 0, "choices": [1]}]} for row in rows]


def _read(port: int, token: str, path: str) -> Any:
    return fetch_json(port, build_request("GET", path, token))
