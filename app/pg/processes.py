"""The processes over a cluster: which of them live, and the end of those that no server leads."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from app import log

STEP = 0.01  # seconds between two looks
STOPPING = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0))  # fast, then immediate; seconds
STRAY = ((signal.SIGQUIT, 3.0), (signal.SIGKILL, 1.0))  # their server is dead: nothing to be gentle about
PROGRAMS = ("postgres", "initdb")
_children: set[int] = set()  # started here, to be reaped here and nowhere else


def adopt(pid: int) -> None:
    """Remember a server started by this process: when it dies somebody has to take its status."""
    _children.add(pid)


def postmaster(data: Path) -> psutil.Process | None:
    """Return the living server over `data`; a zombie, or another program under its number, is none."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        _reap(pid)
        process = psutil.Process(pid)
        return process if not gone(process) and _works_on(process, data) else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def clear(data: Path) -> None:
    """Take away what a dead server left: its number, which may be another program's by now, and its children."""
    for pid in tuple(_children):
        _reap(pid)
    with suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()
        log.get("pg").info("stale_pid_removed", home=str(data.parent))
    end_strays(data)


def end_strays(folder: Path) -> None:
    """End whatever works on `folder` or within it: it would keep the next server from starting."""
    for process in [p for p in psutil.process_iter() if _works_on(p, folder)]:
        _end(process, STRAY)


def stop(server: psutil.Process) -> None:
    """Shut `server` down: fast, and if that takes too long immediately, which the next start repairs."""
    if not _end(server, STOPPING):
        log.get("pg").warning("server_does_not_stop", pid=server.pid)


def gone(process: psutil.Process) -> bool:
    """Tell whether `process` has ended; a zombie has."""
    _reap(process.pid)
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _end(process: psutil.Process, ways: tuple[tuple[signal.Signals, float], ...]) -> bool:
    for how, patience in ways:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if gone(process):
                return True
            time.sleep(STEP)
    return gone(process)


def _works_on(process: psutil.Process, folder: Path) -> bool:
    """Tell a PostgreSQL program over `folder` by its name and by where it says it works."""
    try:
        command = process.cmdline()
        if not command or not Path(command[0].split(":")[0]).name.startswith(PROGRAMS):
            return False
        where = Path(command[command.index("-D") + 1] if "-D" in command[:-1] else process.cwd())
    except psutil.Error:  # gone meanwhile, or somebody else's
        return False
    return where == folder or folder in where.parents


def _reap(pid: int) -> None:
    if pid not in _children:
        return
    try:
        dead, _ = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # we are a fork, or somebody here waits for any child
        dead = pid
    if dead:
        _children.discard(pid)
