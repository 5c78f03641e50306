"""Print what the chosen tests need besides Python, as targets of make: `test_needs.py [pytest's arguments]`."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

TOP: Final = Path(__file__).parents[1]
# By the beginning of a test's path. Everything else needs Python alone.
NEEDS: Final = {
    "tests/web/": ("web", "browser"),
    "tests/console/": ("web", "browser"),
    "tests/e2e/test_partner.py": ("java",),
    "tests/e2e/test_nginx.py": ("nginx",),
}


def chosen(arguments: list[str]) -> set[str]:
    """Return the files of the tests that pytest would run; none when it refuses the arguments, which it says itself."""
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    return set(re.findall(r"^(tests/[^:]+\.py):", collected.stdout, re.MULTILINE))


def needs(files: set[str]) -> list[str]:
    """Return the targets, each once."""
    found = [what for path, what in NEEDS.items() if any(file.startswith(path) for file in files)]
    return [*dict.fromkeys(target for targets in found for target in targets)]


def main(*arguments: str) -> int:
    """Print them; without arguments all tests are chosen."""
    sys.stdout.write(" ".join(needs(chosen([*arguments]) if arguments else set(NEEDS))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
