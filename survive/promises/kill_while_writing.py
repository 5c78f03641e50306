"""An acknowledged write is never lost, whichever process is killed meanwhile."""

import asyncio
import json
from typing import Final

from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import send_all
from survive.results import PromiseResult, describe_ledger, describe_unexpected
from survive.writers import Writers

VICTIMS: Final = ("api", "worker", "postmaster", "supervisor")
WRITERS: Final = 8


def measure(environment: Environment) -> list[PromiseResult]:
    """Kill one process after another under load; then look for every ticket and repeat the last requests."""
    kills, least = environment.size(20, 4), environment.size(10_000, 200)
    program, share = environment.serve(), -(-least // kills)
    with Writers(DemoClient(program.port), WRITERS) as writers:
        for number in range(kills):
            victim = VICTIMS[number % len(VICTIMS)]
            environment.progress.step(f"kill {number + 1} of {kills}: {victim}")
            writers.wait_for_more(share)
            program.kill(victim)
            if victim == "supervisor":
                program = environment.restart()
        writers.wait_for_more(share)
    program.wait_until_ready()
    lost = writers.count - len(writers.ticket_ids) + environment.count_missing(writers.ticket_ids)
    different = _repeat_last(writers)
    ledger_valid = environment.ledger_is_valid()
    correct = not different and ledger_valid and not writers.unexpected
    return [
        PromiseResult(
            f"an acknowledged write is never lost: {kills} kill -9 of {', '.join(VICTIMS)} in turn",
            f"0 of {least:,}",
            f"{lost} of {writers.count:,} lost",
            lost == 0 and correct and writers.count >= least,
            f"{WRITERS - different} of {WRITERS} last keys replayed the same, {describe_ledger(valid=ledger_valid)}; "
            f"{writers.describe()}{describe_unexpected(writers.unexpected)}",
        )
    ]


def _repeat_last(writers: Writers) -> int:
    """Repeat each writer's last acknowledged request; return how many did not return the same ticket."""
    last = [list(tickets.items())[-1] for tickets in writers.acknowledged]
    requests = [writers.client.submit(key) for key, _ in last]
    responses = asyncio.run(send_all(writers.client.port, requests, 1))
    return sum(
        not (one.status == 201 and one.is_replay and json.loads(one.body)["id"] == ticket_id)
        for (_, ticket_id), one in zip(last, responses, strict=True)
    )
