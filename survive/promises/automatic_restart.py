"""After a kill the program is ready again by itself within three seconds, also with a hundred thousand tickets."""

from typing import Final

from app.pg import Cluster
from bench.dataset import Dataset
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.program import Program
from survive.results import PromiseResult
from survive.writers import Writers

NAME: Final = "large"  # of the data directory
VICTIMS: Final = ("postmaster", "api")


def measure(environment: Environment) -> list[PromiseResult]:
    """Kill the database and the API process under load, over a database that was just filled."""
    tickets, program = environment.size(100_000, 1000), environment.serve(NAME)
    environment.progress.step(f"add {tickets:,} tickets")
    cluster = Cluster(environment.data_dir(NAME))
    try:
        Dataset(program.port, cluster.up()).fill(tickets)
    finally:
        cluster.release()
    return [_measure(environment, program, victim, tickets) for victim in VICTIMS]


def _measure(environment: Environment, program: Program, victim: str, tickets: int) -> PromiseResult:
    kills, seconds = environment.size(4, 1), []
    with Writers(DemoClient(program.port), 8) as writers:
        for number in range(1, kills + 1):
            environment.progress.step(f"kill {number} of {kills}: {victim}")
            writers.wait_for_more(environment.size(500, 20))
            seconds.append(program.kill_and_recover(victim))
            environment.progress.log(f"ready {seconds[-1]:.2f} s after the kill of the {victim}")
    return PromiseResult(
        f"restart by itself: kill -9 of the {victim}, {tickets:,} tickets",
        "ready ≤ 3 s",
        f"{max(seconds):.1f} s",
        max(seconds) <= 3,
        f"the longest of {kills}, under load",
    )
