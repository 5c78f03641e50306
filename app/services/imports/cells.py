"""Reading the cells of a row as typed values; errors are reported on the row's line."""

import re
from collections.abc import Collection
from datetime import date
from typing import Final

from app.services.imports.report import ReportBuilder, Row

_CODE: Final = re.compile(r"[^\s;,；，]{1,64}")
# As spreadsheets show and save a date: 2026-10-01, 2026/10/1, 2026年10月1日.
_DATE: Final = re.compile(r"(\d{4})(?:([-/.])(\d\d?)\2(\d\d?)|年(\d\d?)月(\d\d?)日)", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
_PHONE: Final = re.compile(r"\+?\d[\d-]{2,18}", re.ASCII)
_FLAGS: Final = {"true": True, "false": False, "是": True, "否": False, "1": True, "0": False}


class CellReader:
    """Reads the cells of a row. After an error it returns a harmless value, so that later errors are found too."""

    def __init__(self, row: Row, report: ReportBuilder) -> None:
        self.row = row
        self._report = report

    def error(self, message: str) -> None:
        self._report.add_error(self.row, message)

    def text(self, column: str, max_length: int = 60, *, required: bool = True) -> str:
        value = self.row.cells.get(column, "")
        if required and not value:
            self.error(f"{column} 没有填写")
        if len(value) > max_length:
            self.error(f"{column} 太长，最多 {max_length} 个字")
        return value

    def code(self, column: str = "code", *, required: bool = True) -> str:
        value = self.text(column, 64, required=required)
        if value and len(value) <= 64 and not _CODE.fullmatch(value):
            self.error(f"{column}“{value}”里不能有空格、逗号或分号")
        return value

    def codes(self, column: str) -> list[str]:
        """Return the codes of a list delimited by semicolons, each once."""
        parts = self.row.cells.get(column, "").replace("；", ";").split(";")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def choice(self, column: str, allowed: Collection[str]) -> str:
        value = self.text(column)
        if value and value not in allowed:
            self.error(f"{column}“{value[:60]}”不认识，应为 {'、'.join(allowed)}")
            return ""
        return value

    def flag(self, column: str) -> bool:
        self.row.cells[column] = self.row.cells[column].lower()  # spreadsheets write TRUE
        return _FLAGS.get(self.choice(column, _FLAGS), False)

    def integer(self, column: str, minimum: int, maximum: int) -> int:
        value = self.text(column)
        number = int(value) if _INTEGER.fullmatch(value) else None
        if value and (number is None or not minimum <= number <= maximum):
            self.error(f"{column}“{value[:60]}”应为 {minimum} 到 {maximum} 之间的整数")
        return number or 0

    def degrees(self, column: str, maximum: float) -> float | None:
        value = self.row.cells.get(column, "")
        if not value:
            return None
        number = float(value) if _DECIMAL.fullmatch(value) else None
        if number is None or abs(number) > maximum:
            self.error(f"{column}“{value[:60]}”应为 -{maximum:g} 到 {maximum:g} 之间的数")
        return number

    def square_metres(self, column: str) -> float | None:
        """Return an optional area with two decimals at most."""
        value = self.row.cells.get(column, "")
        if not value:
            return None
        number = float(value) if _DECIMAL.fullmatch(value) else 0.0
        if not 1 <= number < 1_000_000 or round(number, 2) != number:
            self.error(f"{column}“{value[:60]}”应为面积（平方米），最多两位小数，如 89.5")
            return None
        return number

    def phone(self, column: str) -> str | None:
        """Return an optional number as it is dialled: a hotline, a landline or a duty telephone."""
        value = "".join(self.text(column, required=False).split())
        if value and not _PHONE.fullmatch(value):
            self.error(f"{column}“{value[:60]}”不是电话号码，应写成 12345 或 023-67000000")
        return value or None

    def day(self, column: str) -> date:
        value = self.text(column)
        try:
            if match := _DATE.fullmatch(value):
                return date(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6]))
        except ValueError:
            pass  # the form of a date, but no such day: 2026-02-30
        if value:
            self.error(f"{column}“{value[:60]}”不是日期，应写成 2026-01-31")
        return date.min
