"""Cells of one row, read as what they should be; what is wrong is noted on the row's line."""

import re
from collections.abc import Collection
from datetime import date
from typing import Final

from app.services.imports.report import Findings, Row

_CODE: Final = re.compile(r"[^\s;,；，]{1,64}")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
_FLAGS: Final = {"true": True, "false": False, "是": True, "否": False, "1": True, "0": False}


class Cells:
    """Reads the cells of a row; after a complaint it goes on with something harmless, to find the next."""

    def __init__(self, row: Row, findings: Findings) -> None:
        self.row = row
        self._findings = findings

    def wrong(self, message: str) -> None:
        self._findings.wrong(self.row, message)

    def text(self, column: str, longest: int = 60, *, needed: bool = True) -> str:
        value = self.row.cells.get(column, "")
        if needed and not value:
            self.wrong(f"{column} 没有填写")
        if len(value) > longest:
            self.wrong(f"{column} 太长，最多 {longest} 个字")
        return value

    def code(self, column: str = "code", *, needed: bool = True) -> str:
        value = self.text(column, 64, needed=needed)
        if value and len(value) <= 64 and not _CODE.fullmatch(value):
            self.wrong(f"{column}“{value}”里不能有空格、逗号或分号")
        return value

    def codes(self, column: str) -> list[str]:
        """Return what stands between semicolons."""
        parts = self.row.cells.get(column, "").replace("；", ";").split(";")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def choice(self, column: str, allowed: Collection[str]) -> str:
        value = self.text(column)
        if value and value not in allowed:
            self.wrong(f"{column}“{value[:60]}”不认识，应为 {'、'.join(allowed)}")
            return ""
        return value

    def flag(self, column: str) -> bool:
        self.row.cells[column] = self.row.cells[column].lower()  # spreadsheets write TRUE
        return _FLAGS.get(self.choice(column, _FLAGS), False)

    def whole(self, column: str, least: int, most: int) -> int:
        value = self.text(column)
        number = int(value) if _WHOLE.fullmatch(value) else None
        if value and (number is None or not least <= number <= most):
            self.wrong(f"{column}“{value[:60]}”应为 {least} 到 {most} 之间的整数")
        return number or 0

    def degrees(self, column: str, most: float) -> float | None:
        value = self.row.cells.get(column, "")
        if not value:
            return None
        number = float(value) if _DECIMAL.fullmatch(value) else None
        if number is None or abs(number) > most:
            self.wrong(f"{column}“{value[:60]}”应为 -{most:g} 到 {most:g} 之间的数")
        return number

    def day(self, column: str) -> date:
        value = self.text(column)
        try:
            if _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # 2026-02-30
        if value:
            self.wrong(f"{column}“{value[:60]}”不是日期，应写成 2026-01-31")
        return date.min
