"""A rolling upgrade: two API processes of the previous release are replaced one by one while people report."""

import asyncio
import io
import json
import subprocess
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from app.pg import Cluster
from bench.server import ROOT, Server
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import send_all
from survive.results import PromiseResult, describe_ledger, describe_unexpected
from survive.writers import Writers

DATABASE: Final = "before"  # data directory of the external database
NAME: Final = "upgraded"  # data directory of both releases: keys and photos
WRITERS: Final = 4  # at each process
PAUSE: Final = 0.02
MIGRATIONS: Final = "migrations/versions"
LABEL: Final = "rolling upgrade: two API processes replaced one by one, the schema migrated meanwhile"
ASKED: Final = "0 requests failed"


class ApiServer(Server):
    """An API process without a worker."""

    arguments = ("serve", "--api-only")


def measure(environment: Environment) -> list[PromiseResult]:
    """Start the previous release, then the present one beside it, then stop the previous one."""
    try:
        commit = environment.previous or _before_newest_migration()
        code = _check_out(commit, environment.root / "previous")
    except (OSError, subprocess.CalledProcessError, tarfile.TarError) as error:
        return [PromiseResult(LABEL, ASKED, f"no previous release here: {type(error).__name__}", None)]
    environment.progress.log(f"from {commit[:12]}, schema {_head(code)}, to schema {_head(ROOT)}")
    cluster = Cluster(environment.data_dir(DATABASE))
    try:
        return [_measure(environment, cluster.up(), code)]
    finally:
        cluster.release()


def _before_newest_migration() -> str:
    """Return the commit before the one that added the newest migration: code of the previous schema."""
    newest = f"{MIGRATIONS}/{_newest(ROOT).name}"
    added = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", newest).decode().strip()
    return _git("rev-parse", f"{added}^" if added else "HEAD").decode().strip()


def _check_out(commit: str, folder: Path) -> Path:
    folder.mkdir(mode=0o755)
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit, "app", "migrations"))) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603, S607 - our own arguments


def _newest(code: Path) -> Path:
    return max((code / MIGRATIONS).glob("[0-9]*.py"))


def _head(code: Path) -> str:
    return _newest(code).name[:4]


def _measure(environment: Environment, dsn: str, code: Path) -> PromiseResult:
    seconds, progress = environment.size(8, 2), environment.progress
    everybody: list[Writers] = []

    @contextmanager
    def serving(kind: type[Server], code: Path) -> Iterator[Writers]:
        """Serve, with writers of its own, who stop before it does: as a proxy takes it out of its list."""
        served = type("Release", (kind,), {"environment": {"PYTHONPATH": str(code)}})
        with (environment.root / "upgrade.log").open("ab") as log:
            server = served(environment.data_dir(NAME), stderr=log, database_url=dsn)
        try:
            with Writers(DemoClient(server.port), WRITERS, pause=PAUSE) as writers:
                everybody.append(writers)
                yield writers
        finally:
            server.stop()

    with ExitStack() as new:
        with ExitStack() as second_old:
            with ExitStack() as first_old:
                progress.step("the previous release serves: two API processes, a worker")
                old = first_old.enter_context(serving(Server, code))
                second_old.enter_context(serving(ApiServer, code))
                time.sleep(seconds)
                progress.step("the present release starts beside it, and migrates")
                present = new.enter_context(serving(Server, ROOT))
                time.sleep(seconds)
                crossed = _cross(old, present) + _cross(present, old)
                progress.step("the first of the previous release stops")
            new.enter_context(serving(ApiServer, ROOT))
            time.sleep(seconds)
            progress.step("the second stops")
        time.sleep(seconds)
    return _result(environment, dsn, everybody, crossed)


def _cross(reported_at: Writers, accepted_at: Writers) -> int:
    """Report at one process, accept at the other and read at the first; return how many of the three failed."""
    responses = asyncio.run(send_all(reported_at.client.port, [reported_at.client.submit(None)], 1))
    ticket_id = json.loads(responses[0].body)["id"]
    accepted = asyncio.run(send_all(accepted_at.client.port, [accepted_at.client.accept(ticket_id)], 1))
    ticket = reported_at.client.get(f"/tickets/{ticket_id}")
    return [responses[0].status == 201, accepted[0].status == 200, ticket["status"] == "accepted"].count(
        False
    )


def _result(environment: Environment, dsn: str, everybody: list[Writers], crossed: int) -> PromiseResult:
    statuses = Counter(one.status for writers in everybody for one in writers.responses)
    lost_connections = sum(len(writers.lost_requests) for writers in everybody)
    failed = sum(count for status, count in statuses.items() if status != 201) + lost_connections + crossed
    unexpected = sum((writers.unexpected for writers in everybody), Counter[str]())
    slowest = max(one.received_at - one.sent_at for writers in everybody for one in writers.responses)
    ledger_valid = environment.ledger_is_valid(NAME, database_url=dsn)
    count = sum(writers.count for writers in everybody)
    return PromiseResult(
        LABEL,
        ASKED,
        f"{failed} of {sum(statuses.values()) + lost_connections:,} failed",
        failed == 0 and ledger_valid and all(writers.count for writers in everybody),
        f"{count:,} reports by {len(everybody)} processes, old and new at once; the slowest answer {slowest:.1f} s; a ticket "
        f"of either release accepted by the other; {describe_ledger(valid=ledger_valid)}{describe_unexpected(unexpected)}",
    )
