"""A database is restored elsewhere as it was at a moment: base backup and archived log, by PostgreSQL's own means."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from app.pg.account import account_for
from app.pg.binaries import find_binaries
from bench.database import run_query
from bench.http_client import build_request, fetch_json
from survive.database_pair import STATEMENT_TIMEOUT, Node
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.program import wait_until
from survive.results import PromiseResult
from survive.writers import Writers

NAME: Final = "in-time"  # of the data directory
WITNESS: Final = "storage/seals/newest.json"
WITNESS_TIMEOUT: Final = 90.0  # seconds: the worker writes it every minute
ARCHIVE_TIMEOUT: Final = 30.0
PAUSE: Final = 0.05
_SELECT: Final = "SELECT id FROM ticket WHERE id = ANY ($1::uuid[])"


class _Written(NamedTuple):
    """The tickets acknowledged before a moment, and after it."""

    before: set[str]
    moment: str
    after: set[str]


def measure(environment: Environment) -> list[PromiseResult]:
    """Write, back up, write on, erase somebody; restore the moment before the last part; replay, verify, accept."""
    account = account_for(environment.root)
    binaries, archive = find_binaries(account), environment.root / "archive"
    archive.mkdir(mode=0o755)
    account.take_ownership(archive)
    running, restored = (Node(environment.root / name, account, binaries) for name in ("running", "restored"))
    try:
        return [_measure(environment, running, restored, archive)]
    finally:
        environment.close()
        for node in (running, restored):
            node.kill()


def _measure(environment: Environment, running: Node, restored: Node, archive: Path) -> PromiseResult:
    progress, size = environment.progress, environment.size(300, 50)
    running.create()
    running.start(archive_mode="on", archive_command=f"test ! -f {archive}/%f && cp %p {archive}/%f")
    running.execute("CREATE DATABASE loudeng")
    written = _write(environment, running, restored, size)
    progress.step("restore that moment elsewhere")
    start = time.monotonic()
    (restored.data / "recovery.signal").touch()
    restored.account.take_ownership(restored.data / "recovery.signal")
    restored.start(
        restore_command=f"cp {archive}/%f %p",
        recovery_target_time=written.moment,
        recovery_target_action="promote",
    )
    wait_until(lambda: not _recovering(restored), ARCHIVE_TIMEOUT, "the restored server to be promoted")
    seconds = time.monotonic() - start
    missing = len(written.before) - _there(restored, written.before)
    excess, dsn = _there(restored, written.after), _dsn(restored)
    named = environment.run_command("verify-ledger", name=NAME, database_url=dsn)
    erased = environment.run_command("replay-erasures", name=NAME, database_url=dsn)
    accepted = environment.run_command("verify-ledger", "--accept-rollback", name=NAME, database_url=dsn)
    for output in (named, erased, accepted):
        progress.log(output)
    said = named.startswith("1 ") and "旧的状态" in named
    return PromiseResult(
        "restore of a moment, from a base backup and the archived log",
        "all before it, nothing after it, erasures replayed, the loss named",
        f"{missing} of {len(written.before):,} missing, {excess} of {len(written.after):,} later ones",
        not missing and not excess and said and "1 人" in erased and accepted.startswith("0 "),
        f"up in {seconds:.1f} s; verify-ledger named the loss: {'yes' if said else 'NO'}; then accepted, ledger whole",
    )


def _write(environment: Environment, running: Node, restored: Node, size: int) -> _Written:
    """Write before a moment, with a base backup on the way, and after it."""
    progress = environment.progress
    program = environment.serve(NAME, database_url=_dsn(running))
    client = DemoClient(program.port)
    progress.step("reports, and a base backup meanwhile")
    with Writers(client, 4, pause=PAUSE) as writers:
        writers.wait_for_more(size)
        restored.copy(running, standby=False)
        writers.wait_for_more(size)
    earlier = writers.ticket_ids
    time.sleep(1)
    moment = datetime.now(UTC).isoformat()
    time.sleep(1)
    progress.step("reports after the moment, and an account erased")
    with Writers(client, 4, pause=PAUSE) as writers:
        writers.wait_for_more(size)
        fetch_json(client.port, build_request("DELETE", "/me", client.tokens["neighbour"]))
    later = writers.ticket_ids
    progress.step("wait until the newest seal is written down outside the database")
    written = environment.data_dir(NAME) / WITNESS
    since = time.time()
    wait_until(
        lambda: written.exists() and written.stat().st_mtime > since,
        WITNESS_TIMEOUT,
        "the worker to write a seal",
    )
    running.execute("SELECT pg_switch_wal()")
    time.sleep(2)  # the last part of the log is archived
    environment.close()
    return _Written(earlier, moment, later)


def _recovering(node: Node) -> bool:
    return bool(node.query(lambda connection: connection.fetchval("SELECT pg_is_in_recovery()")))


def _dsn(node: Node) -> str:
    return node.dsn.replace("/postgres", "/loudeng")


def _there(node: Node, ids: set[str]) -> int:
    rows = run_query(_dsn(node), lambda connection: connection.fetch(_SELECT, list(ids)), STATEMENT_TIMEOUT)
    return len(rows)
