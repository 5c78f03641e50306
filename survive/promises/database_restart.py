"""An external PostgreSQL is restarted: clients are told to wait, nothing is lost, the program recovers by itself."""

import time
from collections import Counter
from typing import Final

from app.pg import Cluster
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.program import wait_until
from survive.results import PromiseResult, describe_ledger, describe_unexpected
from survive.writers import Writers

OUTAGE: Final = 4  # seconds
RECOVERY_TIMEOUT: Final = 30.0  # seconds
DATABASE: Final = "theirs"  # data directory of the external database
NAME: Final = "ours"  # data directory of the program


def measure(environment: Environment) -> list[PromiseResult]:
    """Stop and start the database under load several times; the program's processes must stay the same."""
    cluster = Cluster(environment.data_dir(DATABASE))
    try:
        return [_measure(environment, cluster, cluster.up())]
    finally:
        environment.close()
        cluster.release()


def _measure(environment: Environment, cluster: Cluster, dsn: str) -> PromiseResult:
    program, restarts = environment.serve(NAME, database_url=dsn), environment.size(5, 1)
    pids, recovery, statuses = [child.pid for child in program.children], [0.0], Counter[int]()
    with Writers(DemoClient(program.port), 8) as writers:
        for number in range(1, restarts + 1):
            environment.progress.step(f"restart {number} of {restarts}")
            writers.wait_for_more(environment.size(300, 20))
            recovery.append(_restart(environment, cluster, writers, statuses))
            environment.progress.log(f"a write {recovery[-1]:.2f} s after the database is back")
        writers.wait_for_more(environment.size(100, 10))
    lost = environment.count_missing(writers.ticket_ids, DATABASE)
    same_processes = pids == [child.pid for child in program.children]
    ledger_valid = environment.ledger_is_valid(NAME, database_url=dsn)
    told_to_wait = set(statuses) == {503} and not writers.unexpected
    return PromiseResult(
        f"database restart, {restarts} times, an external PostgreSQL",
        "0 lost, 503 + Retry-After, ≤ 5 s after",
        f"{lost} of {writers.count:,} lost, {max(recovery):.1f} s",
        lost == 0 and max(recovery) <= 5 and same_processes and ledger_valid and told_to_wait,
        f"while away {dict(sorted(statuses.items()))}; lost connections {len(writers.lost_requests)}; "
        f"the same processes of ours: {'yes' if same_processes else 'NO'}; "
        f"{describe_ledger(valid=ledger_valid)}{describe_unexpected(writers.unexpected)}",
    )


def _restart(environment: Environment, cluster: Cluster, writers: Writers, statuses: Counter[int]) -> float:
    """Restart the database; add the statuses meanwhile, return the seconds from its return to the next write."""
    cluster.release()
    stopped_at = time.monotonic()
    time.sleep(environment.size(OUTAGE, 1))
    statuses.update(response.status for response in writers.responses_since(stopped_at))
    cluster.up()
    started_at, before = time.monotonic(), writers.count
    wait_until(lambda: writers.count > before, RECOVERY_TIMEOUT, "a write after the database is back")
    return time.monotonic() - started_at
