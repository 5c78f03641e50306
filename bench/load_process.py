"""The load generator's process: sends prepared requests over open connections and times the responses."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

from bench.child_process import event_loop
from bench.http_client import is_complete

OVERTIME: Final = 15.0  # seconds a round may take beyond its length


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """One round. `seconds` is its length; `repeat` starts over when all requests have been sent."""

    port: int
    requests: Sequence[bytes]
    seconds: float
    connections: int
    status: bytes  # of every response
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The result of one round. `core_share`: CPU time of the generator itself, as a part of one core."""

    responses: int
    errors: int  # responses with another status, and lost connections
    seconds: float
    p50_ms: float
    p99_ms: float
    core_share: float
    first_error: bytes

    @property
    def rate(self) -> float:
        """Responses per second."""
        return self.responses / self.seconds


@dataclass(slots=True)
class _RoundState:
    plan: LoadPlan
    deadline: float
    next: int = 0
    errors: int = 0
    first_error: bytes = b""
    latencies: list[float] = field(default_factory=list)  # seconds

    def next_request(self) -> bytes | None:
        """Return the next request, or None when the round is over."""
        number, requests = self.next, self.plan.requests
        if time.perf_counter() >= self.deadline or (number >= len(requests) and not self.plan.repeat):
            return None
        self.next += 1
        return requests[number % len(requests)]

    def add_error(self, description: bytes) -> None:
        self.errors += 1
        self.first_error = self.first_error or description


class _ClientProtocol(asyncio.Protocol):
    """One connection: one request at a time, the next one as soon as the response is complete."""

    def __init__(self, state: _RoundState) -> None:
        self.state, self.buffer, self.sent_at = state, b"", 0.0
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a TCP transport
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.buffer = buffer = self.buffer + data if self.buffer else data
        if not is_complete(buffer):
            return
        self.state.latencies.append(time.perf_counter() - self.sent_at)
        if buffer[9:12] != self.state.plan.status:
            self.state.add_error(buffer[:2000])
        self.buffer = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.state.add_error(f"connection lost: {exc!r}".encode())
            self.closed.set_result(None)

    def _send(self) -> None:
        request = self.state.next_request()
        if request is None:
            self.closed.set_result(None)
            self.transport.close()
        else:
            self.sent_at = time.perf_counter()
            self.transport.write(request)


async def _run_round(plan: LoadPlan) -> LoadResult:
    cpu, start, loop = time.process_time(), time.perf_counter(), asyncio.get_running_loop()
    state = _RoundState(plan, start + plan.seconds)
    async with asyncio.timeout(plan.seconds + OVERTIME):
        connections = [
            await loop.create_connection(lambda: _ClientProtocol(state), "127.0.0.1", plan.port)
            for _ in range(plan.connections)
        ]
        await asyncio.gather(*(protocol.closed for _, protocol in connections))
    seconds = time.perf_counter() - start
    latencies = sorted(state.latencies) or [0.0]
    return LoadResult(
        responses=len(state.latencies),
        errors=state.errors,
        seconds=seconds,
        p50_ms=statistics.median(latencies) * 1000,
        p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
        core_share=(time.process_time() - cpu) / seconds,
        first_error=state.first_error,
    )


def serve(pipe: Connection) -> None:
    """Run each plan read from the pipe and answer with its result, until the pipe is closed."""
    with suppress(EOFError, BrokenPipeError), event_loop() as loop:
        while True:
            pipe.send(loop.run(_run_round(pipe.recv())))
