"""People who report without a pause, each report until it is acknowledged, in a thread beside whatever befalls the program."""

import asyncio
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Collection
from typing import Final, NamedTuple, Self
from uuid import uuid4

import uvloop

from survive.line import Answer, Line, Lost
from survive.program import until
from survive.street import Street

PAUSE: Final = 0.05  # seconds before the same is sent again
ENOUGH: Final = 90.0  # seconds within which what is waited for must have been acknowledged
LATER: Final = frozenset({429, 503, 507})  # not now


class Told(NamedTuple):
    """One answer: when it was asked for and when it came, on the monotonic clock."""

    asked: float
    came: float
    status: int


class Writers:
    """So many writers; `acknowledged`: of each, key → ticket, in order. `strange`: answers there should be none of."""

    def __init__(self, street: Street, count: int, expected: Collection[int] = ()) -> None:
        self.street, self._run, self._expected = street, uuid4().hex[:8], {201, *LATER, *expected}
        self.acknowledged: list[dict[str, str]] = [{} for _ in range(count)]
        self.told: list[Told] = []
        self.lost: list[tuple[float, float, str]] = []  # asked, lost, why
        self.strange: Counter[str] = Counter()
        self._over = False
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._thread.join(30)

    @property
    def tickets(self) -> set[str]:
        """The tickets acknowledged so far."""
        return {ticket for one in self.acknowledged for ticket in list(one.values())}

    @property
    def count(self) -> int:
        """How many acknowledgements there are; a ticket given to two keys would be one less in `tickets`."""
        return sum(map(len, self.acknowledged))

    def more(self, count: int) -> None:
        """Wait until so many more are acknowledged."""
        enough = self.count + count
        until(lambda: self.count >= enough, ENOUGH, f"{count} more acknowledged reports")

    def statuses(self) -> str:
        """Say how often there was which answer."""
        counts = Counter(one.status for one in list(self.told))
        said = [f"{count:,} × {status}" for status, count in sorted(counts.items())]
        return ", ".join([*said, *([f"{len(self.lost):,} connections refused or cut"] if self.lost else [])])

    def since(self, when: float) -> list[Told]:
        """Return the answers to what was asked since then."""
        return [one for one in list(self.told) if one.asked >= when]

    def _work(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*(self._write(number) for number in range(len(self.acknowledged))))

    async def _write(self, number: int) -> None:
        line = Line(self.street.port)
        for count in itertools.count():
            key = f"survive-{self._run}-{number}-{count}"
            while not self._over:
                answer = await self._asked(line, self.street.report(key))
                if answer and answer.status == 201:
                    self.acknowledged[number][key] = json.loads(answer.body)["id"]
                    break
                await asyncio.sleep(PAUSE)
            if self._over:
                line.close()
                return

    async def _asked(self, line: Line, request: bytes) -> Answer | None:
        asked = time.monotonic()
        try:
            answer = await line.ask(request)
        except Lost as lost:
            self.lost.append((asked, time.monotonic(), str(lost)))
            return None
        self.told.append(Told(asked, time.monotonic(), answer.status))
        if answer.status not in self._expected or not answer.proper:
            self.strange[f"{answer.status} {answer.headers} {answer.body[:200]!r}"] += 1
        return answer
