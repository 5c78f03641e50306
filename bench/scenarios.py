"""The scenarios of the benchmark by the name `--only` takes, and the results of each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from bench import accounts, acts, common_life, figures, growth, office, timers, webhooks, wechat, workloads
from bench.fill_statements import RARE_WORD
from bench.harness import WARM_UP_SECONDS, Harness, Run
from bench.results import BenchResult

MILLION: Final = 1_000_000
SEARCH_GOAL_MS: Final = 50  # with eight searches at once
SEARCHES: Final = {"common": "楼道灯", "of one building": "944号", "rare": RARE_WORD}
ROUND_OVERHEAD: Final = 0.4  # seconds to prepare a round and to wait for the worker after it
# Fixed reference: CPU time of Signalen 2.50 in its production setup on the same kind of machine, in ms a request.
SIGNALEN_CPU_MS: Final = {"submit": 145.0, "list of 25": 338.0, "act": 126.0}


def _submit(harness: Harness) -> list[BenchResult]:
    result, ours = harness.compare(workloads.submit(harness.dataset, 0.75))
    return [result, _cpu_result("submit", ours)]


def _wechat(harness: Harness) -> list[BenchResult]:
    """Compare submits whose words are checked and told of by WeChat with submits without it."""
    harness.progress.step("start a second server, with WeChat")
    workload = replace(
        workloads.submit(harness.dataset, 0.95), name="submit with checks and messages, beside without"
    )
    with wechat.server_with_wechat(harness.server, harness.dataset) as other:
        return [harness.compare_with(other, workload)]


def _acts(harness: Harness) -> list[BenchResult]:
    """Compare every act, in rounds a third as long."""
    harness = replace(harness, seconds=harness.seconds / 3)
    results = []
    for name in acts.ACTS:
        result, ours = harness.compare(workloads.act(harness.act_tickets, name, 0.6))
        results += [result, _cpu_result("act", ours)] if name == "accept" else [result]
    return results


def _inbox(harness: Harness) -> list[BenchResult]:
    name = f"inbox of 20 out of {harness.dataset.count_tickets():,} tickets"
    return [harness.compare(workloads.repeat(name, harness.dataset.requests.inbox(20), 0.75))[0]]


def _list(harness: Harness) -> list[BenchResult]:
    workload = workloads.repeat("list of 25", harness.dataset.requests.inbox(25))
    return [_cpu_result(workload.name, harness.measure(workload, harness.seconds / 3))]


def _timers(harness: Harness) -> list[BenchResult]:
    harness.progress.step("sweeps with no timer due")
    sweep_ms, count = timers.idle_sweep_ms(harness.dataset.dsn, harness.rounds)
    return [BenchResult(f"timers: a look when none of {count:,} is due", sweep_ms, "ms", 1, "lower")]


def _million(harness: Harness) -> list[BenchResult]:
    """Measure inbox, list and search over a million tickets, then the timers over a million open ones."""
    dataset = harness.dataset
    harness.fill_up_to(MILLION)
    harness.progress.step("add the tickets' search words")
    dataset.fill_search_words()
    results = [*_inbox(harness), *_list(harness), *_search(harness), *office.filtered_lists(harness)]
    harness.progress.step(f"add tickets until {MILLION:,} are open")
    dataset.fill(max(0, MILLION - dataset.count_timers()), "accepted")
    return [*results, *_timers(harness), *_due_timers(harness)]


def _due_timers(harness: Harness) -> list[BenchResult]:
    harness.progress.step("sweeps with timers due")
    with harness.server.worker_suspended():  # it would sweep too
        ticket_us = timers.due_ticket_us(harness.dataset.dsn, harness.rounds)
    harness.dataset.wait_for_worker()
    harness.progress.step("delay from a due time to its notice")
    delay_s = timers.notice_delay_s(harness.dataset.dsn, harness.rounds)
    return [
        BenchResult("timers: each ticket that is due", ticket_us, "µs", 100, "lower"),
        BenchResult("timers: from due to the notice, the longest", delay_s, "s", 2, "lower"),
    ]


def _search(harness: Harness) -> list[BenchResult]:
    """Search for a word that all tickets have, one in twenty-four, one in thousands."""
    results = []
    for name, text in SEARCHES.items():
        workload = workloads.repeat(f"search, {name} words", harness.dataset.requests.search(text))
        p50_ms = harness.measure(workload, harness.seconds / 3).cost().p50_ms
        results.append(BenchResult(f"{workload.name}, p50", p50_ms, "ms", SEARCH_GOAL_MS, "lower"))
    return results


def _growth(harness: Harness) -> list[BenchResult]:
    """Compare costs with many tickets to those with few, which were measured before any other scenario."""
    harness.fill_up_to(harness.growth_tickets)
    return growth.results(harness.growth_baseline, growth.costs(harness), harness.growth_tickets)


def _webhooks(harness: Harness) -> list[BenchResult]:
    harness.progress.step(f"{webhooks.MESSAGES:,} deliveries to a healthy receiver")
    rate = webhooks.delivery_rate(harness.dataset)
    harness.progress.step("deliveries beside a silent receiver")
    p95 = webhooks.delivery_p95(harness.dataset)
    return [
        BenchResult(f"webhooks: {webhooks.MESSAGES:,} messages by one worker", rate, "/s", 350, "higher"),
        BenchResult("webhooks: p95 while another receiver never answers", p95, "s", 5, "lower"),
    ]


def _cpu_result(name: str, ours: Run) -> BenchResult:
    """Compare the CPU time of one request, all processes together, with the fixed reference."""
    cpu_ms, reference = ours.cost().cpu_ms, SIGNALEN_CPU_MS[name]
    detail = (
        f"API, worker and PostgreSQL; the API process alone {ours.api_cpu_ms():.2f} ms; "
        "beside Signalen 2.50, a fixed reference"
    )
    return BenchResult(
        f"CPU of one {name}", cpu_ms, "ms", 0.01, "lower", reference, cpu_ms / reference, detail
    )


class Scenario(NamedTuple):
    """`measure` returns the results; the rest serves to estimate the duration.

    `runs`: runs of a workload; `part`: length of their rounds in parts of --seconds; `other`: seconds besides.
    """

    measure: Callable[[Harness], list[BenchResult]]
    runs: int = 0
    part: float = 1.0
    other: float = 0.0

    def estimate(self, rounds: int, seconds: float) -> float:
        """Return the expected duration in seconds, with `rounds` rounds of `seconds`."""
        run = WARM_UP_SECONDS + rounds * seconds * self.part + (rounds + 1) * ROUND_OVERHEAD
        return self.runs * run + self.other


SCENARIOS: Final = {
    "submit": Scenario(_submit, runs=2),
    "wechat": Scenario(_wechat, runs=2, other=10),
    "inbox": Scenario(_inbox, runs=2),
    "list": Scenario(_list, runs=1, part=1 / 3),
    "acts": Scenario(_acts, runs=2 * len(acts.ACTS), part=1 / 3),
    "timers": Scenario(_timers, other=2),
    "webhooks": Scenario(_webhooks, other=20),
    "accounts": Scenario(accounts.results, other=60),
    "export": Scenario(office.export, other=30),
    "million": Scenario(_million, runs=4, other=130),
    "figures": Scenario(figures.results, other=60),
    "bulletin": Scenario(office.bulletin, other=10),
    "common-life": Scenario(common_life.results, other=90),
    "growth": Scenario(_growth, runs=3, other=20),
}
