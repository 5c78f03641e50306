"""The partners' guide as something to run: its commands in order, its programs by their names."""

import re
from pathlib import Path

from tests.e2e.program import ROOT

DOCS = ROOT / "docs"
GUIDE = DOCS / "partners.md"
GUIDES = (GUIDE, DOCS / "partners.zh-CN.md")
RECEIVER = DOCS / "examples/receiver.py"


def blocks(guide: Path = GUIDE) -> list[tuple[str, str]]:
    """Return its blocks of code, each with the language it names."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", guide.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def commands(*, having: str) -> str:
    """Return the one block of commands that has these words in it."""
    (found,) = [text for kind, text in blocks() if kind == "sh" and having in text]
    return found


def unpack(folder: Path) -> None:
    """Write the guide's programs where an engineer would, and the receiver beside them."""
    for kind, text in blocks():
        if kind in {"python", "java"}:
            (folder / text.split()[1].rstrip(":")).write_text(text)
    (folder / RECEIVER.name).write_text(RECEIVER.read_text("utf-8"))
