"""Only the ledger changes tickets and writes events: no other file has the SQL for it."""

import re
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).parents[2] / "app"
# Writing, and a lock that is held to write; the schema's columns are `ticket`, `event` and `remark`.
WRITES: Final = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ticket|event|remark|ticket_words|follower|pause|vote)\b(?!_)"
)


def test_only_the_ledger_has_sql_that_writes_tickets_and_events() -> None:
    writers = {
        str(file.relative_to(APP)) for file in APP.rglob("*.py") if WRITES.search(file.read_text("utf-8"))
    }
    assert {writer.rpartition("/")[0] for writer in writers} == {"services/ledger"}, sorted(writers)
