"""A full disk is said so, nothing is acknowledged that is not kept, and all goes on when there is room again."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from survive.program import until
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers

MEGABYTES: Final = 160  # a fresh cluster with its demo street takes about half
BLOCK: Final = 1 << 20
FULL_FOR: Final = 12  # seconds
RECOVERED: Final = 30.0
PROMISE: Final = "disk full"
ASKED: Final = "503 or 507, 0 lost, ≤ 10 s after"


def measure(stand: Stand) -> list[Row]:
    """Fill the program's own small file system under load, wait, make room."""
    with stand.small("full", MEGABYTES) as mounted:
        if not mounted:
            return [Row(PROMISE, ASKED, "this user may not mount a small file system", None)]
        program = stand.serve("full")
        with Writers(Street(program.port), 4) as writers:
            writers.more(stand.some(300, 20))
            with _filled(stand.folder("full") / "ballast"):
                stand.tell("the disk is full")
                full = time.monotonic()
                time.sleep(stand.some(FULL_FOR, 4))
            room, before = time.monotonic(), writers.count
            until(lambda: writers.count > before, RECOVERED, "a write after there is room again")
            took = time.monotonic() - room
            while_full = [one for one in writers.told if full <= one.came <= room]
            stand.tell(f"writes again {took:.1f} s after there was room")
            writers.more(stand.some(100, 10))
        lost, sound = stand.missing(writers.tickets, "full"), stand.sound("full")
        counts = {status: sum(one.status == status for one in while_full) for status in (201, 503, 507)}
        refused = counts[503] + counts[507]
        said = ", ".join(f"{count:,} × {status}" for status, count in counts.items())
        return [
            Row(
                f"{PROMISE} for {stand.some(FULL_FOR, 4)} s",
                ASKED,
                f"{refused:,} × 503 or 507, {lost} of {writers.count:,} lost, {took:.1f} s",
                lost == 0 and refused > 0 and took <= 10 and sound and not writers.strange,
                f"while full {said}, {len(writers.lost)} unanswered; ledger {'whole' if sound else 'BROKEN'}"
                f" {dict(writers.strange.most_common(2)) or ''}",
            )
        ]


@contextmanager
def _filled(ballast: Path) -> Iterator[None]:
    """Take every byte there is, also those that come free, for the length of a block."""
    with ballast.open("wb", buffering=0) as file:
        for size in (BLOCK, 4096):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                pass
        try:
            yield
        finally:
            os.truncate(ballast, 0)
    ballast.unlink()
