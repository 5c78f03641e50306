"""Take each mend of tests/findings.csv out, one at a time, and see the tests that show it go red."""

import argparse
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[1]
WORKTREE: Final = ("git", "worktree")
LINKED: Final = (".venv", "miniprogram/node_modules", "console/node_modules")  # what git does not have
LONGEST: Final = 300  # seconds for one test
TO_END: Final = 30  # seconds for pytest to stop what it has started
RED: Final = "red as it should be"
HELP: Final = """Works in a worktree of the last commit, which is removed again: nothing here is touched.
Browser tests need Chromium (`make browser`), I1 and I2 need root.

examples:
  .venv/bin/python tools/break_once.py                every row
  .venv/bin/python tools/break_once.py --only A1,B2   two rows
"""

# row, kind, tests, file, mend: the text in the file, instead: what stands there without it
Mend = Mapping[str, str]


def mends() -> list[Mend]:
    """Return the table."""
    with (TOP / "tests/findings.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@contextmanager
def worktree() -> Iterator[Path]:
    """Check the last commit out elsewhere, with what is installed here."""
    with tempfile.TemporaryDirectory(prefix="loudeng-break-") as folder:
        Path(folder).chmod(0o755)  # as root the database runs as somebody else
        copy = Path(folder) / "loudeng"
        subprocess.run((*WORKTREE, "add", "-q", "--detach", copy), cwd=TOP, check=True)
        try:
            for name in LINKED:
                if (TOP / name).exists():
                    (copy / name).symlink_to((TOP / name).resolve())
            yield copy
        finally:
            subprocess.run((*WORKTREE, "remove", "--force", copy), cwd=TOP, check=True)


def look(copy: Path, mend: Mend, test: str) -> str:
    """Return what a test says without the mend."""
    file = copy / mend["file"]
    whole = file.read_text("utf-8")
    if whole.count(mend["mend"]) != 1:
        return "the text was not found once"
    file.write_text(whole.replace(mend["mend"], mend["instead"]), "utf-8")
    try:
        return _run(copy, test)
    finally:
        file.write_text(whole, "utf-8")


def _run(copy: Path, test: str) -> str:
    words = (sys.executable, "-m", "pytest", "-n", "0", "-x", "-rf", "-p", "no:cacheprovider", test)
    pytest = subprocess.Popen(
        words, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        said, _ = pytest.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return f"no end within {LONGEST} s"
    finally:
        _end(pytest)
    if pytest.returncode == 0:
        return "STILL GREEN"
    return RED if f"FAILED {test}" in said else f"could not be run:\n{said[-2000:]}"


def _end(pytest: "subprocess.Popen[str]") -> None:
    """Stop pytest as Ctrl-C does, so that it ends its databases; then whatever is left of it."""
    if pytest.poll() is None:
        pytest.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            pytest.communicate(timeout=TO_END)
    with suppress(ProcessLookupError):
        os.killpg(pytest.pid, signal.SIGKILL)


def main() -> int:
    """Print a line for each mend and test; return 1 if one is not red."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, epilog=HELP, formatter_class=raw)
    parser.add_argument("--only", metavar="ROWS", help="such as A1,B2")
    only = parser.parse_args().only
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    todo = [(mend, test) for mend in mends() for test in mend["tests"].split()]
    if only:
        todo = [(mend, test) for mend, test in todo if mend["row"] in only.split(",")]
    red = 0
    with worktree() as copy:
        for number, (mend, test) in enumerate(todo, 1):
            sys.stderr.write(f"{number}/{len(todo)} {mend['row']} {mend['file']}\n")
            began = time.monotonic()
            verdict = look(copy, mend, test)
            red += verdict == RED
            sys.stdout.write(f"{mend['row']:<4}{time.monotonic() - began:4.0f} s  {test}: {verdict}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{red} of {len(todo)} are red\n")
    return int(red < len(todo) or not todo)


if __name__ == "__main__":
    sys.exit(main())
