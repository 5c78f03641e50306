"""Of fifty who accept at once, in two processes, one wins and the others are told so."""

import asyncio
import json
from collections import Counter
from typing import Final

import psutil

from bench.asking import request
from survive.line import Line
from survive.program import Program
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street

AT_ONCE: Final = 50
LABELS: Final = ["ticket.submitted", "ticket.accepted"]


def measure(stand: Stand) -> list[Row]:
    """Let fifty connections accept the same version of the same ticket, again and again."""
    rounds = stand.some(200, 10)
    program = stand.serve(workers=2)
    street = Street(program.port)
    right, answers, shares = asyncio.run(_rounds(street, program, rounds))
    timelines = asyncio.run(_timelines(street, right))
    good = sum(types == LABELS for types in timelines)
    counts = ", ".join(f"{count:,} × {status}" for status, count in sorted(answers.items()))
    return [
        Row(
            f"exactly 1 of {AT_ONCE} simultaneous accepts, {rounds} rounds, two API processes",
            f"{rounds} × (1 × 200, {AT_ONCE - 1} × 409)",
            f"{len(right)} of {rounds} rounds",
            len(right) == good == rounds and min(shares) > 0,
            f"{counts}; connections by process {' + '.join(map(str, shares))}; accepted once in {good} timelines",
        )
    ]


async def _rounds(street: Street, program: Program, rounds: int) -> tuple[list[str], Counter[int], list[int]]:
    """Return the tickets of the rounds that went right, all answers, and how many connections each process has."""
    lines, shares = await _spread(street, program)
    resident, right, answers = Line(street.port), [], Counter[int]()
    for _ in range(rounds):
        made = json.loads((await resident.ask(street.report(None))).body)
        form = {"version": made["version"]}
        accept = request("POST", f"/tickets/{made['id']}/accept", street.tokens["grid_head"], form)
        statuses = [answer.status for answer in await asyncio.gather(*(line.ask(accept) for line in lines))]
        answers.update(statuses)
        if sorted(statuses) == [200] + [409] * (AT_ONCE - 1):
            right.append(made["id"])
    for line in (*lines, resident):
        line.close()
    return right, answers, shares


async def _spread(street: Street, program: Program) -> tuple[list[Line], list[int]]:
    """Open connections until each process has some: one may serve while the other is still beginning."""
    for _ in range(20):
        lines = [Line(street.port) for _ in range(AT_ONCE)]
        await asyncio.gather(*(line.ask(request("GET", "/categories", "-")) for line in lines))
        shares = [_connections(program.number(name)) for name in ("api", "api 1")]
        if min(shares) > 0:
            return lines, shares
        for line in lines:
            line.close()
        await asyncio.sleep(0.5)
    raise RuntimeError("one of two API processes takes no connection")


def _connections(pid: int) -> int:
    kept = psutil.Process(pid).net_connections("tcp")
    return sum(one.status == psutil.CONN_ESTABLISHED for one in kept)


async def _timelines(street: Street, tickets: list[str]) -> list[list[str]]:
    """Return the types of each ticket's events."""
    line, found = Line(street.port), []
    for ticket in tickets:
        answer = await line.ask(request("GET", f"/tickets/{ticket}/events", street.tokens["resident"]))
        found.append([event["type"] for event in json.loads(answer.body)["items"]])
    line.close()
    return found
