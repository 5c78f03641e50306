"""What the server says: one bounded file, which only we open by name and the server merely inherits."""

import os
import re
import shutil
from pathlib import Path

LONGEST = 4 << 20  # bytes, after which the file begins anew; the one before is kept
ENOUGH = 500  # characters of last words


def begin(journal: Path) -> int:
    """Open `journal` for a server to append to; the descriptor tells by its position where this server begins."""
    how = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(journal, how, 0o600)
    os.lseek(descriptor, 0, os.SEEK_END)
    return descriptor


def trim(journal: Path) -> None:
    """Keep `journal` short: the server appends, so an emptied file grows again from its beginning."""
    if journal.exists() and journal.stat().st_size > LONGEST:
        shutil.copy(journal, journal.with_name(f"{journal.name}.1"))
        os.truncate(journal, 0)


def since(journal: Path, begun: int) -> str:
    """Return what was written after the first `begun` bytes."""
    with journal.open("rb") as file:
        file.seek(begun)
        return file.read().decode(errors="replace")


def last_words(said: str) -> str:
    """Return the end of what a program said, on one line, without the time and number before each line."""
    lines = [re.sub(r"^[\d: .-]+ [A-Z]+ \[\d+\] ", "", line).strip() for line in said.splitlines()]
    told = [line for line in lines if line and "removing" not in line]
    return " | ".join(told[-4:])[-ENOUGH:] or "it said nothing"
