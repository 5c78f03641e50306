"""What an office's desk asks for: filtered lists, exports, bulletins."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final

from bench.harness import Harness
from bench.http_client import build_request, fetch_json, sign_in
from bench.processes import memory_mb
from bench.results import BenchResult

FILTER_GOAL_MS: Final = 300.0
# Each alone has many tickets of the filled ones or none; together none, so that a walk would pass all of them.
FILTERS: Final = (
    "status=closed",
    "status=rejected",
    "status=closed&verdict=solved",
    "status=accepted&outcome=fixed",
    "category=stair_light&origin=partner",
    "status=closed&ended_to=today-30",
    "ended_from=today-100&outcome=listed",
    "created_to=today-60&verdict=partly",
)
EXPORTED: Final = 100_000
EXPORT_GOAL_S: Final = 30.0
EXPORT_GOAL_MB: Final = 150.0
BULLETIN_GOAL_S: Final = 5.0
_TRIES: Final = 5
_EXPORT_TIMEOUT: Final = 300.0  # seconds
_PIECE: Final = 64 * 1024


def filtered_lists(harness: Harness) -> list[BenchResult]:
    """Read the first page of a street's list with each of the filters; return the slowest and the median one."""
    harness.progress.step(f"{len(FILTERS)} filters of a list")
    token = sign_in(harness.dataset.port, "street")
    requests = [build_request("GET", f"/tickets?box=all&limit=50&{query}", token) for query in FILTERS]
    tries = zip(FILTERS, (_best_ms(harness, request) for request in requests), strict=True)
    taken = sorted((milliseconds, query) for query, milliseconds in tries)
    slowest, query = taken[-1]
    name = f"filters of a list of {harness.dataset.count_tickets():,} tickets"
    return [
        BenchResult(f"{name}, the slowest ({query})", slowest, "ms", FILTER_GOAL_MS, "lower"),
        BenchResult(f"{name}, the median one", taken[len(taken) // 2][0], "ms", FILTER_GOAL_MS, "lower"),
    ]


def _best_ms(harness: Harness, request: bytes) -> float:
    return min(_seconds(harness, request) for _ in range(_TRIES)) * 1000


def _seconds(harness: Harness, request: bytes) -> float:
    began = time.monotonic()
    fetch_json(harness.dataset.port, request)
    return time.monotonic() - began


def export(harness: Harness) -> list[BenchResult]:
    """Export a street's tickets to XLSX once; return how long it took and the API process's largest memory."""
    harness.fill_up_to(EXPORTED)
    count = harness.dataset.count_tickets()
    harness.progress.step(f"export of {count:,} tickets")
    request = build_request(
        "GET", "/tickets/export?box=all&format=xlsx", sign_in(harness.dataset.port, "street")
    )
    with _peak_memory(harness) as peak:
        began = time.monotonic()
        size = _download(harness.dataset.port, request)
        seconds = time.monotonic() - began
    name = f"export of {count:,} tickets to XLSX"
    detail = f"{size / 1e6:.1f} MB"
    return [
        BenchResult(name, seconds, "s", EXPORT_GOAL_S * count / EXPORTED, "lower", detail=detail),
        BenchResult(f"{name}: memory of the API process", max(peak), "MB", EXPORT_GOAL_MB, "lower"),
    ]


def _download(port: int, request: bytes) -> int:
    """Read an answer to its end piece by piece; return its size. Raises RuntimeError when its status is not 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_EXPORT_TIMEOUT)
    try:
        connection.connect()
        connection.sock.sendall(request)
        response, size = http.client.HTTPResponse(connection.sock), 0
        response.begin()
        while piece := response.read(_PIECE):
            size += len(piece)
    finally:
        connection.close()
    if response.status != 200:
        raise RuntimeError(f"the export was answered with {response.status}")
    return size


@contextmanager
def _peak_memory(harness: Harness) -> Iterator[list[float]]:
    """Look at the API process's memory ten times a second; yields the list of what was seen, in MB.

    Pages that it shares with the other processes, as all do what they import, count in parts.
    """
    process, seen, done = harness.server.children[0], list[float](), Event()

    def watch() -> None:
        while not done.wait(0.1):
            seen.append(memory_mb([process])[0])

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def bulletin(harness: Harness) -> list[BenchResult]:
    """Draft the bulletin of a community's last quarter and read it, its numbers counted anew each time."""
    dataset = harness.dataset
    harness.progress.step("a bulletin")
    token = sign_in(dataset.port, "community")
    place_id = dataset.query(
        lambda connection: connection.fetchval("SELECT id FROM place WHERE code = 'wss'")
    )
    body = {"place_id": str(place_id), "quarter": _last_quarter()}
    draft: dict[str, Any] = fetch_json(dataset.port, build_request("POST", "/bulletins", token, body), 201)
    seconds = _best_ms(harness, build_request("GET", f"/bulletins/{draft['id']}", token)) / 1000
    return [BenchResult("bulletin: a community's quarter, counted", seconds, "s", BULLETIN_GOAL_S, "lower")]


def _last_quarter() -> str:
    now = time.gmtime()
    quarters = now.tm_year * 4 + (now.tm_mon - 1) // 3 - 1
    return f"{quarters // 4}Q{quarters % 4 + 1}"
