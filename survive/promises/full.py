"""A full disk is said so, nothing is acknowledged that is not kept, and all goes on when there is room again."""

import asyncio
import io
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import asyncpg
from PIL import Image

from app.errors import Misconfigured
from bench.asking import API
from survive.line import Line
from survive.program import until
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers

MEGABYTES: Final = 160  # a fresh cluster with its demo street takes about half
BLOCK: Final = 1 << 20
FULL_FOR: Final = 12  # seconds
RECOVERED: Final = 30.0
NAME: Final = "full"
PROMISE: Final = "disk full"
ASKED: Final = "503 or 507, 0 lost, ≤ 10 s after"


def measure(stand: Stand) -> list[Row]:
    """Fill the program's own small file system under load, wait, make room."""
    with stand.small(NAME, MEGABYTES) as mounted:
        if not mounted:
            return [Row(PROMISE, ASKED, "this user may not mount a small file system", None)]
        program, seconds = stand.serve(NAME), stand.some(FULL_FOR, 4)
        with Writers(street := Street(program.port), 4) as writers:
            writers.more(stand.some(300, 20))
            with _filled(stand.folder(NAME) / "ballast"):
                stand.tell("the disk is full")
                full = time.monotonic()
                photos = _while_full(stand, street, full + seconds)
            room, before = time.monotonic(), writers.count
            until(lambda: writers.count > before, RECOVERED, "a write after there is room again")
            took = time.monotonic() - room
            told = Counter(one.status for one in writers.told if full <= one.came <= room)
            stand.tell(f"{dict(told)} and photos {photos} while full; writes again {took:.1f} s after")
            writers.more(stand.some(100, 10))
        lost, sound = stand.missing(writers.tickets, NAME), stand.sound(NAME)
    right = sound and not writers.strange and set(photos) <= {201, 503, 507}
    return [
        Row(
            f"{PROMISE} for {seconds} s",
            ASKED,
            f"{told[503] + told[507]:,} × 503 or 507, {lost} of {writers.count:,} lost, {took:.1f} s",
            lost == 0 and told[503] + told[507] > 0 and took <= 10 and right,
            f"while full {dict(told)}, photos {dict(Counter(photos))}, {len(writers.lost)} unanswered; the database had to "
            f"begin a new log file meanwhile; ledger {'whole' if sound else 'BROKEN'} {dict(writers.strange.most_common(2)) or ''}",
        )
    ]


def _while_full(stand: Stand, street: Street, ends: float) -> list[int]:
    """Upload photos until then, and have the database want a new log file; return what the uploads were answered."""
    request, answers = _photo(street), []
    while time.monotonic() < ends:
        answers.append(asyncio.run(_status(street.port, request)))
        with suppress(Misconfigured, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            stand.rows("SELECT pg_switch_wal()", name=NAME)
        time.sleep(1)
    return answers


async def _status(port: int, request: bytes) -> int:
    line = Line(port)
    try:
        return (await line.ask(request)).status
    finally:
        line.close()


def _photo(street: Street) -> bytes:
    """Make the upload of a photo larger than what is left."""
    file, edge = io.BytesIO(), "of-a-photo"
    Image.effect_noise((2000, 2000), 90).save(file, "JPEG", quality=90)
    part = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    body = part + file.getvalue() + f"\r\n--{edge}--\r\n".encode()
    head = (
        f"POST {API}/photos HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {street.tokens['resident']}",
        f"Content-Type: multipart/form-data; boundary={edge}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


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
