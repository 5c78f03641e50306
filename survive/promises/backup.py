"""A backup taken while people write holds what was acknowledged before it began, and comes back whole."""

from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers


def measure(stand: Stand) -> list[Row]:
    """Back up under load, restore into an empty instance, serve from it."""
    program, file = stand.serve(), stand.root / "backup.tar"
    file.unlink(missing_ok=True)
    with Writers(Street(program.port), 8) as writers:
        writers.more(stand.some(2000, 50))
        before = writers.tickets
        taken = stand.command("backup", str(file), "--with-keys")
        during = writers.count - len(before)
        stand.tell(f"backup with {len(before):,} acknowledged before and {during:,} during it: {taken[-80:]}")
    sound = stand.sound()
    restored = stand.command("restore", str(file), name="restored")
    stand.tell(f"restored: {restored[-80:]}")
    missing = stand.missing(before, "restored")
    program = stand.serve("restored")
    served = len(Street(program.port).get("/tickets?limit=5")["items"])
    again = stand.sound("restored")
    stand.close()
    well = taken.startswith("0") and restored.startswith("0") and sound and again
    return [
        Row(
            "backup while writing, restored into an empty instance",
            "all acknowledged before it, both ledgers whole",
            f"{missing} of {len(before):,} missing, ledgers {'whole' if sound and again else 'BROKEN'}",
            missing == 0 and well and during > 0 and served > 0,
            f"{during:,} acknowledged while it was written; file {file.stat().st_size / 1e6:.1f} MB",
        )
    ]
