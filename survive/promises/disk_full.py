"""A full disk is reported, nothing is acknowledged that is not stored, and writing resumes when there is space."""

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
from bench.http_client import API_PREFIX
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import send_all
from survive.program import wait_until
from survive.results import PromiseResult, describe_ledger, describe_unexpected
from survive.writers import Writers

MEGABYTES: Final = 160  # a fresh cluster with its demo street takes about half
BLOCK: Final = 1 << 20  # bytes
FULL_SECONDS: Final = 12
RECOVERY_TIMEOUT: Final = 30.0  # seconds
NAME: Final = "full"  # of the data directory
PROMISE: Final = "disk full"
ASKED: Final = "503 or 507, 0 lost, ≤ 10 s after"


def measure(environment: Environment) -> list[PromiseResult]:
    """Fill the small file system of a data directory under load, wait, free the space."""
    with environment.small_filesystem(NAME, MEGABYTES) as mounted:
        if not mounted:
            return [PromiseResult(PROMISE, ASKED, "this user may not mount a small file system", None)]
        return [_measure(environment)]


def _measure(environment: Environment) -> PromiseResult:
    client, seconds = DemoClient(environment.serve(NAME).port), environment.size(FULL_SECONDS, 4)
    with Writers(client, 4) as writers:
        writers.wait_for_more(environment.size(300, 20))
        with _full_disk(environment.data_dir(NAME) / "ballast"):
            environment.progress.step(f"the disk is full for {seconds} s")
            full_at = time.monotonic()
            photos = Counter(_use_full_disk(environment, client, full_at + seconds))
        free_at, before = time.monotonic(), writers.count
        wait_until(lambda: writers.count > before, RECOVERY_TIMEOUT, "a write after space was freed")
        recovery = time.monotonic() - free_at
        statuses = Counter(one.status for one in writers.responses if full_at <= one.received_at <= free_at)
        environment.progress.log(
            f"while full {dict(statuses)}, photos {dict(photos)}; a write {recovery:.1f} s after"
        )
        writers.wait_for_more(environment.size(100, 10))
    lost, ledger_valid = (
        environment.count_missing(writers.ticket_ids, NAME),
        environment.ledger_is_valid(NAME),
    )
    refused = statuses[503] + statuses[507]
    correct = ledger_valid and not writers.unexpected and set(photos) <= {201, 503, 507}
    return PromiseResult(
        f"{PROMISE} for {seconds} s",
        ASKED,
        f"{refused:,} × 503 or 507, {lost} of {writers.count:,} lost, {recovery:.1f} s",
        lost == 0 and refused > 0 and recovery <= 10 and correct,
        f"while full {dict(statuses)}, photos {dict(photos)}, {len(writers.lost_requests)} unanswered; the database "
        f"needed a new log file meanwhile; {describe_ledger(valid=ledger_valid)}{describe_unexpected(writers.unexpected)}",
    )


def _use_full_disk(environment: Environment, client: DemoClient, deadline: float) -> list[int]:
    """Upload photos until the deadline and make the database need a new log file; return the uploads' statuses."""
    request, statuses = _photo_upload(client), []
    while time.monotonic() < deadline:
        (response,) = asyncio.run(send_all(client.port, [request], 1))
        statuses.append(response.status)
        with suppress(Misconfigured, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            environment.fetch("SELECT pg_switch_wal()", name=NAME)
        time.sleep(1)
    return statuses


def _photo_upload(client: DemoClient) -> bytes:
    """Build the upload of a photo larger than the remaining space."""
    file, boundary = io.BytesIO(), "photo-boundary"
    Image.effect_noise((2000, 2000), 90).save(file, "JPEG", quality=90)
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'.encode()
    body = part + file.getvalue() + f"\r\n--{boundary}--\r\n".encode()
    head = (
        f"POST {API_PREFIX}/photos HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {client.tokens['resident']}",
        f"Content-Type: multipart/form-data; boundary={boundary}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


@contextmanager
def _full_disk(ballast: Path) -> Iterator[None]:
    """Use all space of a file system for the length of a block, including space that is freed meanwhile."""
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
