"""An acknowledged write is never lost, whatever of us is killed in the middle of it."""

import asyncio
import json
from typing import Final

from survive.line import Line
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers

VICTIMS: Final = ("api", "worker", "postmaster", "supervisor")
WRITERS: Final = 8


def measure(stand: Stand) -> list[Row]:
    """Kill one after another under load; then look for every ticket, repeat the last keys, check the ledger."""
    kills, least = stand.some(20, 4), stand.some(10_000, 200)
    program = stand.serve()
    with Writers(Street(program.port), WRITERS) as writers:
        for number in range(kills):
            writers.more(-(-least // kills))
            victim = VICTIMS[number % len(VICTIMS)]
            program.kill(victim)
            if victim == "supervisor":
                program = stand.again()
            stand.tell(f"kill -9 of the {victim}, {writers.count:,} acknowledged")
        writers.more(-(-least // kills))
    program.healed()
    lost = writers.count - len(writers.tickets) + stand.missing(writers.tickets)
    differ = asyncio.run(_repeated(writers))
    sound = stand.sound()
    right = not differ and sound and not writers.strange
    said = f"{WRITERS - differ} of {WRITERS} last keys replayed the same, ledger {'whole' if sound else 'BROKEN'}"
    strange = f"; {dict(writers.strange.most_common(2))}" if writers.strange else ""
    return [
        Row(
            f"an acknowledged write is never lost: {kills} kill -9 of {', '.join(VICTIMS)} in turn",
            f"0 of {least:,}",
            f"{lost} of {writers.count:,} lost",
            lost == 0 and right and writers.count >= least,
            f"{said}; {writers.statuses()}{strange}",
        )
    ]


async def _repeated(writers: Writers) -> int:
    """Repeat each writer's last acknowledged report; return how many did not come back as the same ticket."""
    line, differ = Line(writers.street.port), 0
    for one in writers.acknowledged:
        key, ticket = list(one.items())[-1]
        answer = await line.ask(writers.street.report(key))
        replayed = answer.status == 201 and answer.headers.get("idempotent-replayed") == "true"
        differ += not (replayed and json.loads(answer.body)["id"] == ticket)
    line.close()
    return differ
