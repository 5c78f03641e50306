"""`make fast`: print the tests of what has changed since the last commit, as arguments for pytest.

1. Always tests/rules and tests/repository: they need no database and take seconds.
2. A changed test module: itself.
3. A changed module of app/: tests whose files or folders bear its name or its package's, as the layout has it
   (`app/services/tickets/merging.py`: tests/api/tickets, tests/worker/tickets, every test_merging.py).
4. Anything else, or a module no test is named after: the core, a few files that touch every route and the ledger.
Browser tests and tests of the running program are for `make test`.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[1]
ALWAYS: Final = ("tests/rules", "tests/repository")
CORE: Final = (
    "test_access_matrix.py",
    "test_order_of_checks.py",
    "test_submission.py",
    "test_ledger.py",
    "test_jobs.py",
)
SLOW: Final = ("tests/web", "tests/console", "tests/e2e")
LAYERS: Final = {"app", "services", "models", "rules", "routers", "__init__"}  # not the name of anything


def changed() -> list[Path]:
    """Return files that differ from the last commit, and new ones."""
    commands = (
        ("git", "diff", "--name-only", "HEAD"),
        ("git", "ls-files", "--others", "--exclude-standard"),
    )
    lines = [
        line
        for command in commands
        for line in subprocess.run(
            command, cwd=TOP, capture_output=True, text=True, check=True
        ).stdout.splitlines()
    ]
    return [Path(line) for line in lines]


def named(path: Path) -> set[str]:
    """Return the names a module of app/ goes by: its own and its packages', each in the plural too (models are singular)."""
    names = {*path.with_suffix("").parts} - LAYERS
    return names | {f"{name}s" for name in names}


def tests_of(path: Path, tests: list[Path]) -> Iterator[Path]:
    """Find the tests of a changed file."""
    if path.parts[0] == "tests":
        if path in tests:
            yield path
    elif path.parts[0] == "app" and path.suffix == ".py":
        names = named(path)
        for test in tests:
            if {test.stem.removeprefix("test_"), *test.parts[2:-1]} & names:
                yield test


def main() -> int:
    """Print them, one a line."""
    tests = [path.relative_to(TOP) for path in sorted((TOP / "tests").rglob("test_*.py"))]
    tests = [path for path in tests if not str(path).startswith(SLOW)]
    chosen: set[Path] = set()
    for path in changed():
        found = set(tests_of(path, tests))
        code = path.parts[0] in {"app", "migrations", "tests"} and path.suffix == ".py"
        if code and not found and not str(path).startswith(SLOW):
            found = {test for test in tests if test.name in CORE}
        chosen |= found
    rest = sorted(str(path) for path in chosen if not str(path).startswith(ALWAYS))
    sys.stdout.write("\n".join([*ALWAYS, *rest]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
