"""The load generator: a process of its own that sends ready-made requests over kept connections and times the answers."""

import asyncio
import signal
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import uvloop

PATIENCE = 15.0  # seconds a round may last beyond its time


@dataclass(frozen=True, slots=True)
class Plan:
    """One round: what to send where, for how long; `again` starts over when all has been sent."""

    port: int
    requests: Sequence[bytes]
    seconds: float
    connections: int
    status: bytes
    again: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a round. `share`: of one core, used by the generator itself; `wrong`: answers of another status."""

    done: int
    wrong: int
    seconds: float
    p50_ms: float
    p99_ms: float
    share: float
    said: bytes  # the first wrong answer

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.done / self.seconds


@dataclass(slots=True)
class _Round:
    plan: Plan
    ends: float
    next: int = 0
    wrong: int = 0
    said: bytes = b""
    took: list[float] = field(default_factory=list)

    def request(self) -> bytes | None:
        """Return the next request, None when the round is over."""
        number, requests = self.next, self.plan.requests
        if time.perf_counter() >= self.ends or (number >= len(requests) and not self.plan.again):
            return None
        self.next += 1
        return requests[number % len(requests)]


class _Line(asyncio.Protocol):
    """One connection: one request at a time, the next as soon as the answer is whole."""

    def __init__(self, turn: _Round) -> None:
        self.turn, self.got, self.sent = turn, b"", 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # it is one
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.got = got = self.got + data if self.got else data
        head = got.find(b"\r\n\r\n")
        if head < 0:
            return
        at = got.lower().find(b"content-length:", 0, head) + 15
        if len(got) < head + 4 + int(got[at : got.find(b"\r", at)]):
            return
        self.turn.took.append(time.perf_counter() - self.sent)
        if got[9:12] != self.turn.plan.status:
            self.turn.wrong += 1
            self.turn.said = self.turn.said or got[:2000]
        self.got = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.turn.wrong += 1
            self.turn.said = self.turn.said or f"connection lost: {exc!r}".encode()
            self.over.set_result(None)

    def _send(self) -> None:
        request = self.turn.request()
        if request is None:
            self.over.set_result(None)
            self.transport.close()
        else:
            self.sent = time.perf_counter()
            self.transport.write(request)


async def _drive(plan: Plan) -> Result:
    cpu, begun, loop = time.process_time(), time.perf_counter(), asyncio.get_running_loop()
    turn = _Round(plan, begun + plan.seconds)
    async with asyncio.timeout(plan.seconds + PATIENCE):
        lines = [
            await loop.create_connection(lambda: _Line(turn), "127.0.0.1", plan.port)
            for _ in range(plan.connections)
        ]
        await asyncio.gather(*(line.over for _, line in lines))
    seconds = time.perf_counter() - begun
    took = sorted(turn.took) or [0.0]
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    share = (time.process_time() - cpu) / seconds
    return Result(len(turn.took), turn.wrong, seconds, p50 * 1000, p99 * 1000, share, turn.said)


def serve(orders: Connection) -> None:
    """Drive the rounds that come in until nobody is there to order them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever orders the rounds decides
    with suppress(EOFError, BrokenPipeError), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        while True:
            orders.send(runner.run(_drive(orders.recv())))
