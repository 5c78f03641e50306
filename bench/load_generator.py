"""The load generator, controlled from the benchmark's own process."""

from bench.child_process import ChildProcess
from bench.load_process import OVERTIME, LoadPlan, LoadResult, serve


class LoadGenerator(ChildProcess):
    """A process of its own that runs one round of load at a time."""

    def __init__(self) -> None:
        super().__init__("load generator", serve)

    def run(self, plan: LoadPlan) -> LoadResult:
        """Run one round. Raises RuntimeError when a response is wrong or there is none."""
        self.pipe.send(plan)
        result: LoadResult = self.receive(plan.seconds + 2 * OVERTIME)
        if result.errors or not result.responses:
            raise RuntimeError(
                f"{result.errors} errors in {result.responses} responses; the first: {result.first_error!r}"
            )
        return result
