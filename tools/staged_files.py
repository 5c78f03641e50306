"""What no commit may bring: large files, and texts that look like secrets. `staged_files.py size|secrets FILE...`."""

import re
import sys
from pathlib import Path
from typing import Final

LARGEST: Final = 500_000  # bytes
SECRETS: Final = (
    re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),  # S3 and what speaks like it
    re.compile(rb"\bgh[pousr]_[0-9A-Za-z]{36}\b"),
    re.compile(rb"\bwhsec_[0-9A-Za-z+/]{32,}={0,2}(?![0-9A-Za-z+/=])"),  # signs messages to webhooks
    re.compile(
        rb"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}"
    ),  # a token somebody signed
    re.compile(
        rb"(?i)LOUDENG_(?:SECRET|PII_KEY|WECHAT_SECRET|METRICS_TOKEN)\s*=\s*[\"']?[0-9A-Za-z+/_-]{32,}"
    ),
)
ALLOWED: Final = b"not a secret"  # on the line: an example, a test's own


def too_large(path: Path) -> list[str]:
    """Say that a file is too large."""
    size = path.stat().st_size
    return [f"{path}: {size // 1000} KB, at most {LARGEST // 1000}"] if size > LARGEST else []


def secrets_in(path: Path) -> list[str]:
    """Name the lines of a file that look like secrets."""
    lines = enumerate(path.read_bytes().splitlines(), 1)
    return [
        f"{path}:{number}: looks like a secret"
        for number, line in lines
        if ALLOWED not in line and any(pattern.search(line) for pattern in SECRETS)
    ]


def main(what: str, *names: str) -> int:
    """Check the files; return 1 when something is wrong."""
    check = {"size": too_large, "secrets": secrets_in}[what]
    wrong = [line for name in names if Path(name).is_file() for line in check(Path(name))]
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
