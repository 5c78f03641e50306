"""Finds and ends the PostgreSQL processes of a cluster, including orphans of a dead server."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from app import log

POLL_SECONDS = 0.01
STOP_SIGNALS = (
    (signal.SIGINT, 10.0),
    (signal.SIGQUIT, 5.0),
)  # fast, then immediate shutdown; seconds to wait
ORPHAN_SIGNALS = ((signal.SIGQUIT, 3.0), (signal.SIGKILL, 1.0))  # their server is dead: nothing to save
PROGRAM_NAMES = ("postgres", "initdb")
_children: set[int] = set()  # pids of servers started by this process, which only it can reap


def adopt(pid: int) -> None:
    """Register a server started by this process, to be reaped when it dies."""
    _children.add(pid)


def postmaster(data: Path) -> psutil.Process | None:
    """Return the running server over `data`, None for a zombie or another program under its pid."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        _reap(pid)
        process = psutil.Process(pid)
        return process if not has_exited(process) and _works_on(process, data) else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def clean_up(data: Path) -> None:
    """Remove what a dead server left: its pid file, whose pid may be another program's now, and its children."""
    for pid in tuple(_children):
        _reap(pid)
    with suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()
        log.get("pg").info("stale_pid_removed", home=str(data.parent))
    end_orphans(data)


def end_orphans(folder: Path) -> None:
    """End every PostgreSQL process that works on `folder` or within it: it would keep the next server from starting."""
    for process in [p for p in psutil.process_iter() if _works_on(p, folder)]:
        _end(process, ORPHAN_SIGNALS)


def stop(server: psutil.Process) -> None:
    """Shut `server` down: fast, and if that takes too long, immediately, from which the next start recovers."""
    if not _end(server, STOP_SIGNALS):
        log.get("pg").warning("server_does_not_stop", pid=server.pid)


def has_exited(process: psutil.Process) -> bool:
    """Tell whether `process` has ended; a zombie counts as ended."""
    _reap(process.pid)
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _end(process: psutil.Process, signals: tuple[tuple[signal.Signals, float], ...]) -> bool:
    """Send the signals in turn, waiting the seconds beside each; tell whether the process has ended."""
    for number, seconds in signals:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if has_exited(process):
                return True
            time.sleep(POLL_SECONDS)
    return has_exited(process)


def _works_on(process: psutil.Process, folder: Path) -> bool:
    """Tell whether a process is a PostgreSQL program over `folder`, by its name, its -D option and its folder."""
    try:
        command = process.cmdline()
        if not command or not Path(command[0].split(":")[0]).name.startswith(PROGRAM_NAMES):
            return False
        data = Path(command[command.index("-D") + 1] if "-D" in command[:-1] else process.cwd())
    except psutil.Error:  # ended meanwhile, or of another user
        return False
    return data == folder or folder in data.parents


def _reap(pid: int) -> None:
    if pid not in _children:
        return
    try:
        exited, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # this is a forked child, or other code here waits for any child
        exited = pid
    if exited:
        _children.discard(pid)
