"""CSV files, in UTF-8 or as Chinese spreadsheets save them: GBK, read as its superset GB18030."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.services.imports.tables import Table, UnreadableError

_BOM: Final = b"\xef\xbb\xbf"


def read(path: Path) -> list[Table]:
    """Return the one table of a file, noting when it is not in UTF-8."""
    raw = path.read_bytes()
    try:
        return [Table(_rows(raw.decode("utf-8-sig")))]
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    if raw.startswith(_BOM) or _mostly_utf8(raw):
        raise UnreadableError(line, "有损坏的 UTF-8 字符，请重新另存为“CSV UTF-8”再导入")
    try:
        return [Table(_rows(raw.decode("gb18030")), note="不是 UTF-8，按 GBK（GB18030）读入")]
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "既不是 UTF-8 也不是 GBK 编码，请另存为“CSV UTF-8”再导入") from error


def _mostly_utf8(raw: bytes) -> bool:
    """Tell a damaged UTF-8 file, which GB18030 would read as other characters, from a GBK one."""
    shown = raw.decode("utf-8", "replace")
    broken = shown.count("\ufffd")
    return sum(sign > "\x7f" for sign in shown) > 2 * broken


def _rows(content: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise UnreadableError(reader.line_num, "引号不配对，或单元格太长") from error
