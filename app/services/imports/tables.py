"""What the readers of file formats return: tables of text, with the errors the format itself shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field


class UnreadableError(Exception):
    """A file or sheet that cannot be read, and the line of the first problem."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Table:
    """Rows (line, cells), the header first. `errors` and `dates` (line, column) are complete once all rows are read.

    `notes` say what was assumed or left out.
    """

    rows: Iterable[tuple[int, list[str]]]
    name: str = ""  # of the sheet, if the file has several
    notes: list[str] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    dates: list[tuple[int, int]] = field(default_factory=list)
    hidden_lines: set[int] = field(default_factory=set)
