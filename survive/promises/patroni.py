"""Three nodes under Patroni behind HAProxy, as deploy/patroni has them: a crash, a switchover and a silent host under load."""

import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

import asyncpg

from bench.database import run_query
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.patroni_cluster import DSN, PatroniCluster, missing_programs, patroni_cluster
from survive.program import Program, wait_until
from survive.results import PromiseResult, describe_ledger, describe_unexpected
from survive.writers import Writers

NAME: Final = "patroni"  # of the data directory
WRITERS: Final = 8
PAUSE: Final = 0.05
TTL: Final = 20.0  # seconds, of patroni.yml
DETECTION: Final = 3.0  # seconds
LONGEST: Final = 5.0  # seconds until an answer
RECOVERY_TIMEOUT: Final = 90.0
DEGRADED: Final = 15.0  # seconds
ALONE: Final = 10.0  # seconds until writes go on without a standby
BACK: Final = 15.0  # seconds from the return of etcd to a write
TOKEN: Final = "only-of-this-run-of-the-failure-tests-03"  # noqa: S105 - of a server on loopback
_SELECT: Final = "SELECT id FROM ticket WHERE id = ANY ($1::uuid[])"


class Fault(NamedTuple):
    """Something that happens to the primary, and how many seconds may pass without a write."""

    name: str
    happen: Callable[[PatroniCluster], object]
    seconds: float


FAULTS: Final = (
    Fault("crash (kill -9)", PatroniCluster.crash, 10),
    Fault("switchover", PatroniCluster.switch, 8),
    Fault("silent host (SIGSTOP, etcd too)", PatroniCluster.fall_silent, TTL + 5),
)


def measure(environment: Environment) -> list[PromiseResult]:
    """Bring the nodes up, and let each fault happen under load."""
    if missing := missing_programs():
        asked = "; ".join(f"{fault.name} ≤ {fault.seconds:g} s" for fault in FAULTS)
        label = "Patroni: crash, switchover, silent host"
        return [PromiseResult(label, asked, f"not on this machine: {', '.join(missing)}", None)]
    environment.progress.step("three nodes, etcd, HAProxy")
    try:
        with patroni_cluster(environment.root / "nodes") as cluster:
            return _measure(environment, cluster)
    finally:
        environment.close()


def _measure(environment: Environment, cluster: PatroniCluster) -> list[PromiseResult]:
    program = environment.serve(NAME, database_url=DSN, metrics_token=TOKEN)
    pids = [child.pid for child in program.children]
    gaps: list[float] = []
    faults = FAULTS[: environment.size(3, 2)]
    with Writers(DemoClient(program.port), WRITERS, pause=PAUSE) as writers:
        for number, fault in enumerate(faults, 1):
            environment.progress.step(f"fault {number} of {len(faults)}: {fault.name}")
            writers.wait_for_more(environment.size(300, 50))
            gaps.append(_happen(cluster, writers, fault))
            environment.progress.log(f"{gaps[-1]:.1f} s without a write; the primary is {cluster.leader()}")
            cluster.wait_until_synchronous()
        writers.wait_for_more(50)
        degraded = [] if environment.quick else _degrade(environment, cluster, program, writers)
        writers.wait_for_more(50)
    ids = list(writers.ticket_ids)
    rows = run_query(DSN, lambda connection: connection.fetch(_SELECT, ids), RECOVERY_TIMEOUT)
    lost = writers.count - len(rows)
    same_processes = pids == [child.pid for child in program.children]
    ledger_valid = environment.ledger_is_valid(NAME, database_url=DSN)
    slowest = max(one.received_at - one.sent_at for one in writers.responses)
    statuses = Counter(one.status for one in writers.responses)
    polite = set(statuses) <= {201, 503} and not writers.unexpected and not writers.lost_requests
    found = [
        PromiseResult(
            f"Patroni: {fault.name}",
            f"≤ {fault.seconds:g} s without a write",
            f"{gap:.1f} s",
            gap <= fault.seconds,
        )
        for fault, gap in zip(faults, gaps, strict=True)
    ]
    return [
        *found,
        *degraded,
        PromiseResult(
            "Patroni: what was acknowledged",
            "0 lost, only 201 or 503, ≤ 5 s",
            f"{lost} of {writers.count:,} lost, slowest answer {slowest:.1f} s",
            lost == 0 and polite and slowest <= LONGEST and same_processes and ledger_valid,
            f"{writers.describe()}; the same processes of ours: {'yes' if same_processes else 'NO'}; PostgreSQL "
            f"{_version()}; {describe_ledger(valid=ledger_valid)}{describe_unexpected(writers.unexpected)}",
        ),
    ]


def _degrade(
    environment: Environment, cluster: PatroniCluster, program: Program, writers: Writers
) -> list[PromiseResult]:
    """Take both standbys away, then the majority of etcd."""
    environment.progress.step("both standbys gone")
    began = time.monotonic()
    lost = cluster.lose_standbys()
    time.sleep(DEGRADED)
    alone = _longest_gap(writers, began)
    said = _standbys(program)
    cluster.return_standbys(lost)
    cluster.wait_until_synchronous()
    environment.progress.step("etcd without a majority")
    began = time.monotonic()
    stopped = cluster.lose_majority()
    time.sleep(TTL + DEGRADED)
    written = [one for one in writers.responses_since(began + TTL) if one.status == 201]
    for process in stopped:
        process.resume()
    resumed, counted = time.monotonic(), writers.count
    wait_until(lambda: writers.count > counted, RECOVERY_TIMEOUT, "writes to go on")
    back = time.monotonic() - resumed
    cluster.wait_until_synchronous()
    return [
        PromiseResult(
            "Patroni: both standbys gone",
            f"writes go on within {ALONE:g} s, and it is said",
            f"{alone:.1f} s, {said:g} standbys",
            alone <= ALONE and said == 0,
            "loudeng_database_standbys, on which the alert LoudengStandbyMissing rests",
        ),
        PromiseResult(
            "Patroni: etcd without a majority",
            f"no write, then within {BACK:g} s",
            f"{len(written)} writes, then {back:.1f} s",
            not written and back <= BACK,
            f"for {TTL + DEGRADED:.0f} s; counted after {TTL:.0f} s, when the primary has stepped down",
        ),
    ]


def _standbys(program: Program) -> float:
    """Return how many standbys the program says there are."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{program.port}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=LONGEST) as response:  # noqa: S310 - an address of ours
        (line,) = [
            each
            for each in response.read().decode().splitlines()
            if each.startswith("loudeng_database_standbys ")
        ]
    return float(line.split()[1])


def _version() -> str:
    async def ask(connection: asyncpg.Connection) -> str:
        return str(await connection.fetchval("SHOW server_version"))

    return run_query(DSN, ask, RECOVERY_TIMEOUT)


def _happen(cluster: PatroniCluster, writers: Writers, fault: Fault) -> float:
    """Let a fault happen; return the longest time without a write that began before writes went on."""
    began = time.monotonic()
    stopped = fault.happen(cluster)
    time.sleep(DETECTION)  # until HAProxy and Patroni have seen it, writes may still be answered
    counted = writers.count
    wait_until(lambda: writers.count > counted + WRITERS, RECOVERY_TIMEOUT, "writes to go on")
    time.sleep(2)
    for process in stopped if isinstance(stopped, list) else []:
        process.resume()
    return _longest_gap(writers, began)


def _longest_gap(writers: Writers, began: float) -> float:
    """Return the longest time without a write that ended after a moment (monotonic clock)."""
    writes = sorted(one.received_at for one in list(writers.responses) if one.status == 201)
    return max((after - one for one, after in pairwise(writes) if after > began), default=float("inf"))
