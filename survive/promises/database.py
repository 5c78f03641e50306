"""A PostgreSQL of one's own is restarted: people are told to wait, nothing is lost, and all goes on by itself."""

import time
from typing import Final

from app.pg import Cluster
from survive.program import until
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers

AWAY: Final = 4.0  # seconds


def measure(stand: Stand) -> list[Row]:
    """Stop the database under load, again and again, and begin it anew; ours are the same processes all the while."""
    times = stand.some(5, 1)
    cluster = Cluster(stand.folder("theirs"))
    try:
        dsn = cluster.up()
        return [_restarted(stand, cluster, dsn, times)]
    finally:
        stand.close()
        cluster.release()


def _restarted(stand: Stand, cluster: Cluster, dsn: str, times: int) -> Row:
    program = stand.serve("ours", database_url=dsn)
    ours, took, while_away = [child.pid for child in program.children], [], []
    with Writers(Street(program.port), 8) as writers:
        for _ in range(times):
            writers.more(stand.some(300, 20))
            cluster.release()
            gone = time.monotonic()
            time.sleep(stand.some(int(AWAY), 1))
            while_away += [one.status for one in writers.since(gone)]
            cluster.up()
            back, before = time.monotonic(), writers.count
            until(lambda before=before: writers.count > before, 30, "a write after the database is back")  # type: ignore[misc]  # bound now
            took.append(time.monotonic() - back)
            stand.tell(f"writes again {took[-1]:.2f} s after the database is back")
        writers.more(stand.some(100, 10))
    lost, same = stand.missing(writers.tickets, "theirs"), ours == [child.pid for child in program.children]
    sound = stand.sound("ours", database_url=dsn)
    told = {status: while_away.count(status) for status in sorted(set(while_away))}
    waited = set(told) == {503} and not writers.strange
    return Row(
        f"database restart, {times} times, an external PostgreSQL",
        "0 lost, 503 + Retry-After, ≤ 5 s after",
        f"{lost} of {writers.count:,} lost, {max(took):.1f} s",
        lost == 0 and max(took) <= 5 and same and sound and waited,
        f"while away {told}; lost connections {len(writers.lost)}; the same processes of ours: {'yes' if same else 'NO'}; "
        f"ledger {'whole' if sound else 'BROKEN'} {dict(writers.strange.most_common(2)) or ''}",
    )
