"""Three hundred slow sockets hold up nobody else, and are cut."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from survive.line import Line
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street

SLOW: Final = 300
READERS: Final = 8  # the others, who report all the while
CUT: Final = 45.0  # seconds to wait for the last cut
KINDS: Final = {"half-sent heads": (300, 0), "half-sent bodies": (0, 300), "drips of both": (150, 150)}


class Seen(NamedTuple):
    """What one mixture came to: when each was cut, how long the others took in seconds, what they were answered."""

    cut: Sequence[float]
    took: Sequence[float]
    wrong: int


def measure(stand: Stand) -> list[Row]:
    """Open slow sockets of each kind; report beside them until all are cut."""
    street = Street(stand.serve().port)
    kinds = dict([list(KINDS.items())[-1]]) if stand.quick else KINDS
    rows = []
    for name, (heads, bodies) in kinds.items():
        seen = asyncio.run(_beside(street, heads, bodies, drip=name.startswith("drip")))
        p99 = sorted(seen.took)[int(len(seen.took) * 0.99)] if seen.took else 0.0
        latest = max(seen.cut, default=0.0)
        stand.tell(f"{name}: {len(seen.cut)} cut, the last after {latest:.1f} s, others' p99 {p99:.2f} s")
        rows.append(
            Row(
                f"slow clients: {heads + bodies} {name}",
                "others' p99 < 1 s, cut ≤ 30 s",
                f"p99 {p99 * 1000:.0f} ms, the last cut after {latest:.1f} s",
                p99 < 1 and len(seen.cut) == SLOW and latest <= 30 and seen.wrong == 0,
                f"{len(seen.took):,} reports of others, {seen.wrong} of them refused; {len(seen.cut)} of {SLOW} cut",
            )
        )
    return rows


async def _beside(street: Street, heads: int, bodies: int, *, drip: bool) -> Seen:
    request, cut = street.report(None), list[float]()
    head = request.index(b"\r\n\r\n")
    sockets = [_slow(street.port, request[:60], cut, drip=drip) for _ in range(heads)]
    sockets += [_slow(street.port, request[: head + 14], cut, drip=drip) for _ in range(bodies)]
    slow = asyncio.gather(*sockets)
    await asyncio.sleep(1)
    took: list[float] = []
    others = [asyncio.create_task(_report(street, took, slow)) for _ in range(READERS)]
    await slow
    return Seen(cut, took, sum(await asyncio.gather(*others)))


async def _slow(port: int, begin: bytes, cut: list[float], *, drip: bool) -> None:
    """Send the beginning of a request, then nothing or a byte now and then; note when one is cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = time.monotonic()
    writer.write(begin)
    reading = asyncio.create_task(reader.read())
    while not reading.done() and time.monotonic() - begun < CUT:
        with suppress(OSError):
            if drip:
                writer.write(b"x")
                await writer.drain()
        await asyncio.wait([reading], timeout=2 if drip else CUT)
    if reading.done():
        reading.exception()
        cut.append(time.monotonic() - begun)
    reading.cancel()
    writer.close()


async def _report(street: Street, took: list[float], until: "asyncio.Future[list[None]]") -> int:
    """Report, five times a second, as long as there are slow ones; return how often it went wrong."""
    line, wrong = Line(street.port), 0
    while not until.done():
        asked = time.monotonic()
        answer = await line.ask(street.report(None))
        took.append(time.monotonic() - asked)
        wrong += answer.status != 201
        await asyncio.sleep(0.2)
    line.close()
    return wrong
