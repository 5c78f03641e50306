"""The load generator's process, as the benchmark speaks to it."""

import multiprocessing

from bench.load import PATIENCE, Plan, Result, serve


class Generator:
    """A process that drives one round after another and is never this one."""

    def __init__(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self.orders, theirs = spawning.Pipe()
        self.process = spawning.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def drive(self, plan: Plan) -> Result:
        """Run one round; raise RuntimeError for any answer that was not as expected."""
        self.orders.send(plan)
        if not self.orders.poll(plan.seconds + 2 * PATIENCE):
            raise RuntimeError("the load generator does not answer")
        try:
            result: Result = self.orders.recv()
        except EOFError:
            raise RuntimeError("the load generator has died") from None
        if result.wrong or not result.done:
            raise RuntimeError(f"{result.wrong} of {result.done} answers were wrong: {result.said!r}")
        return result

    def stop(self) -> None:
        """End the process."""
        self.orders.close()
        self.process.join(2)
        self.process.kill()
