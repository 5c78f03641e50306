"""Shapes of an import over HTTP: its report, line by line."""

from typing import Literal

from pydantic import BaseModel

SheetName = Literal["places", "grids", "organisations", "posts"]


class ImportLineOut(BaseModel):
    """One line of a file (the header is line 1): what is wrong with it, or else what came of it."""

    file: str
    line: int
    ok: bool
    message: str


class ImportChangeOut(BaseModel):
    """What an import changes in one kind of row, by their codes; `labels`: addresses whose full names follow."""

    kind: SheetName | Literal["labels"]
    added: list[str]
    changed: list[str]
    same: int


class ImportOut(BaseModel):
    """The report of an import. `lines` has every line that is bad or has something to say; `counts` the rows by kind.

    `changes` is what a preview would change. `notes` are assumptions made about the files.
    """

    ok: bool
    preview: bool
    counts: dict[str, int]
    notes: list[str]
    lines: list[ImportLineOut]
    changes: list[ImportChangeOut]
