"""What a reader of files gives: tables of text, and what is already wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field


class UnreadableError(Exception):
    """A file or sheet that cannot be read, and the line where that shows."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Table:
    """Rows (line, cells), the header first. `wrong` and `dates` (line, column) are whole once the rows were read."""

    rows: Iterable[tuple[int, list[str]]]
    name: str = ""  # of the sheet, where a file has several
    note: str = ""
    wrong: list[tuple[int, str]] = field(default_factory=list)
    dates: list[tuple[int, int]] = field(default_factory=list)
