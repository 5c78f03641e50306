"""Reading CSV files as spreadsheets save them: UTF-8, UTF-16 or GBK (as its superset GB18030); comma, tab, semicolon …"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from app.services.imports.kinds import COLUMNS
from app.services.imports.tables import Table, UnreadableError

DELIMITERS: Final = ",\t;|，"
_SEP_LINE: Final = re.compile(
    r'"?sep=([^"\r\n])"?(\r\n|\r|\n|$)', re.IGNORECASE
)  # Excel's first line that names it
_HEADER_LINES: Final = 20  # among which the header is looked for


def read_csv(path: Path) -> list[Table]:
    """Return the table of a file, with a note if it is not in UTF-8. Raises UnreadableError."""
    content, notes = _decode(path.read_bytes())
    content = content.lstrip("\ufeff").rstrip(
        "\0\x1a"
    )  # several marks at the start, what DOS ends a text with
    sep_line = _SEP_LINE.match(content)
    delimiter = sep_line[1] if sep_line else _delimiter(content)
    content = sep_line[2] + content[sep_line.end() :] if sep_line else content  # keeps the numbers of lines
    return [Table(_rows(content, delimiter), notes=notes)]


def _decode(raw: bytes) -> tuple[str, list[str]]:
    """Return the text of a file, and notes on its encoding."""
    if raw.startswith(b"PK\x03\x04"):
        raise UnreadableError(1, "是 XLSX 文件，请把文件名的结尾改成 .xlsx 再导入")
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise UnreadableError(1, "是 UTF-32 编码，请另存为“CSV UTF-8”再导入")
    if encoding := _utf16(raw):
        try:
            return raw.decode(encoding).removeprefix("\ufeff"), ["不是 UTF-8，按 UTF-16 读入"]
        except UnicodeDecodeError as error:
            line = raw[: error.start].decode(encoding, "replace").count("\n") + 1
            raise UnreadableError(line, "有损坏的 UTF-16 字符，请重新另存为“CSV UTF-8”再导入") from error
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
    if raw.startswith(codecs.BOM_UTF8) or _is_damaged_utf8(raw):
        raise UnreadableError(line, "有损坏的 UTF-8 字符，请重新另存为“CSV UTF-8”再导入")
    try:
        return raw.decode("gb18030"), ["不是 UTF-8，按 GBK（GB18030）读入"]
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "既不是 UTF-8 也不是 GBK 编码，请另存为“CSV UTF-8”再导入") from error


def _utf16(raw: bytes) -> str | None:
    """Return the byte order of UTF-16 by its mark, or by the zero beside the first letter of a header; None for others."""
    if raw.startswith(codecs.BOM_UTF16_LE) or (raw[:1] > b"\0" and raw[1:2] == b"\0"):
        return "utf-16-le"
    if raw.startswith(codecs.BOM_UTF16_BE) or (raw[:1] == b"\0" and raw[1:2] > b"\0"):
        return "utf-16-be"
    return None


def _delimiter(content: str) -> str:
    """Return the delimiter by which one of the first lines has the most names of columns."""
    lines = list(islice(io.StringIO(content), _HEADER_LINES))

    def names(delimiter: str) -> int:
        return max((_count_names(line.split(delimiter)) for line in lines), default=0)

    return max(DELIMITERS, key=names)  # the comma, if there is no difference


def _count_names(cells: list[str]) -> int:
    return len({cell.strip().strip('"').lower() for cell in cells} & COLUMNS)


def _is_damaged_utf8(raw: bytes) -> bool:
    """Tell a damaged UTF-8 file from a GBK one; GB18030 would read both, but the first as other characters.

    Two bytes of GBK are often one letter of UTF-8 below U+0800, but three are seldom one above, as Chinese has.
    """
    content = raw.decode("utf-8", "replace")
    broken = content.count("\ufffd")
    return sum(sign > "\u07ff" for sign in content) > 2 * broken


def _rows(content: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise UnreadableError(reader.line_num, "引号不配对，或单元格太长") from error
