"""Helpers over operating-system processes: the tree below one, its CPU time, its memory, a pause."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psutil


def process_tree(root: psutil.Process) -> list[psutil.Process]:
    """Return a process and all its descendants."""
    return [root, *root.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Return the CPU time the processes have used so far, in seconds."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # a short-lived child of the database
            times = process.cpu_times()
            total += times.user + times.system
            if process.name() == "postgres":  # its children that have ended
                total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def memory_mb(processes: Sequence[psutil.Process]) -> tuple[float, str]:
    """Return the memory of processes in MB, and its kind: PSS where available, else USS."""
    infos = [process.memory_full_info() for process in processes]
    kind = "pss" if hasattr(infos[0], "pss") else "uss"
    return sum(getattr(info, kind) for info in infos) / 1e6, kind.upper()


@contextmanager
def suspended(process: psutil.Process) -> Iterator[None]:
    """Suspend a process for the length of a block."""
    process.suspend()
    try:
        yield
    finally:
        process.resume()
