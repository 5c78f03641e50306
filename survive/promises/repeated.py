"""A request that is repeated acts once, though the program was restarted or killed in between."""

import asyncio
import json
import signal
from typing import Final

from survive.line import Answer, Line
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street

TWINS: Final = 10  # of each key at once
_COUNT: Final = "SELECT count(*) AS n FROM ticket WHERE description = $1"


def measure(stand: Stand) -> list[Row]:
    """Report under keys, twins at once; stop, kill; report the same again."""
    keys, words = [f"repeat-{n}" for n in range(stand.some(100, 10))], "同一件事只报一次"
    program = stand.serve("repeated")
    street = Street(program.port)
    first = asyncio.run(_told(street, keys * TWINS, words))
    right, endings = len(set(first)) == len(keys), (signal.SIGTERM, signal.SIGKILL)
    for how in endings:
        program.end(how)
        program = stand.again()
        right &= asyncio.run(_told(street, keys, words, replayed=True)) == first[: len(keys)]
        stand.tell(f"{len(keys)} keys repeated after {how.name}: {'the same' if right else 'NOT the same'}")
    other = asyncio.run(_asked(street, keys[:1], "另一件事"))[0].status
    made = stand.rows(_COUNT, words, name="repeated")[0]["n"]
    stand.close()
    return [
        Row(
            "a retried request acts once, across restarts",
            f"{len(keys)} tickets of {len(keys)} keys",
            f"{made} tickets",
            right and made == len(keys) and other == 422,
            f"each key {TWINS} times at once, then after SIGTERM and after kill -9 of the whole; another body {other}",
        )
    ]


async def _told(street: Street, keys: list[str], words: str, *, replayed: bool = False) -> list[str]:
    """Report under each key, all at once; return the tickets, '' where it was not as it should be."""
    answers = await _asked(street, keys, words)
    fine = [
        answer.status == 201 and not (replayed and answer.headers.get("idempotent-replayed") != "true")
        for answer in answers
    ]
    return [json.loads(a.body)["id"] if good else "" for a, good in zip(answers, fine, strict=True)]


async def _asked(street: Street, keys: list[str], words: str) -> list[Answer]:
    lines = [Line(street.port) for _ in range(min(len(keys), 100))]

    async def some(number: int) -> list[Answer]:
        mine = keys[number :: len(lines)]
        return [await lines[number].ask(street.report(key, words=words)) for key in mine]

    shares = await asyncio.gather(*(some(number) for number in range(len(lines))))
    for line in lines:
        line.close()
    return [shares[number % len(lines)][number // len(lines)] for number in range(len(keys))]
