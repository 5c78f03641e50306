"""A backup taken under load contains everything acknowledged before it began, and can be restored."""

from typing import Final

from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.results import PromiseResult
from survive.writers import Writers

RESTORED: Final = "restored"


def measure(environment: Environment) -> list[PromiseResult]:
    """Back up under load, restore into an empty data directory, serve from it."""
    program, file, progress = environment.serve(), environment.root / "backup.tar", environment.progress
    file.unlink(missing_ok=True)
    with Writers(DemoClient(program.port), 8) as writers:
        progress.step("write")
        writers.wait_for_more(environment.size(2000, 50))
        before = writers.ticket_ids
        progress.step("back up while writing")
        backup = environment.run_command("backup", str(file), "--with-keys")
        during = writers.count - len(before)
    progress.log(f"backup, {len(before):,} acknowledged before and {during:,} during it: {backup[-80:]}")
    ledger_valid = environment.ledger_is_valid()
    progress.step("restore")
    restore = environment.run_command("restore", str(file), name=RESTORED)
    progress.log(f"restore: {restore[-80:]}")
    missing = environment.count_missing(before, RESTORED)
    served = len(DemoClient(environment.serve(RESTORED).port).get("/tickets?limit=5")["items"])
    ledgers_valid = environment.ledger_is_valid(RESTORED) and ledger_valid
    environment.close()
    succeeded = backup.startswith("0") and restore.startswith("0") and during > 0 and served > 0
    return [
        PromiseResult(
            "backup while writing, restored into an empty instance",
            "all acknowledged before it, both ledgers whole",
            f"{missing} of {len(before):,} missing, ledgers {'whole' if ledgers_valid else 'BROKEN'}",
            missing == 0 and ledgers_valid and succeeded,
            f"{during:,} acknowledged while it was written; file {file.stat().st_size / 1e6:.1f} MB",
        )
    ]
