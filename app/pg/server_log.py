"""The server's log file: limited in size, opened by this program and inherited by the server."""

import os
import re
import shutil
from pathlib import Path

MAX_BYTES = 4 << 20  # after which the file starts anew; the previous one is kept
MAX_MESSAGE_CHARACTERS = 500


def open_for_append(path: Path) -> int:
    """Open the log for a server to append to; the descriptor's position is where its own output starts."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    os.lseek(descriptor, 0, os.SEEK_END)
    return descriptor


def trim(path: Path) -> None:
    """Limit the size of the log: the server appends, so it goes on at the start of an emptied file."""
    if path.exists() and path.stat().st_size > MAX_BYTES:
        shutil.copy(path, path.with_name(f"{path.name}.1"))
        os.truncate(path, 0)


def read_from(path: Path, start: int) -> str:
    """Return what was written from byte `start` on."""
    with path.open("rb") as file:
        file.seek(start)
        return file.read().decode(errors="replace")


def last_lines(output: str) -> str:
    """Return the last lines of a program's output, joined into one, without the time and pid before each."""
    lines = [re.sub(r"^[\d: .-]+ [A-Z]+ \[\d+\] ", "", line).strip() for line in output.splitlines()]
    messages = [line for line in lines if line and "removing" not in line]
    return " | ".join(messages[-4:])[-MAX_MESSAGE_CHARACTERS:] or "no output"
