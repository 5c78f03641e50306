"""What an office's spreadsheets and old CSV files say is read as people see it, or the line is named."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import db
from app.errors import Misconfigured
from app.services import imports
from app.services.imports import Report, templates
from tests.import_files import ALL, DAYS, PLACES, TABLES, counts

pytestmark = pytest.mark.usefixtures("empty")

Sheets = dict[str, list[list[Any]]]
HEADER: list[Any] = ["code", "parent", "level", "name", "lat", "lng", "sort"]
STREET: list[Any] = ["s", None, "street", "人和街道"]


def cells(content: str) -> list[list[Any]]:
    return [line.split(",") for line in content.splitlines()]


def book(path: Path, sheets: Sheets, change: Callable[[Any], object] = lambda _: None) -> Path:
    """Write a workbook; `change` sees it before it is saved."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(workbook)
    workbook.save(path)
    return path


async def load(path: Path, sheets: Sheets, change: Callable[[Any], object] = lambda _: None) -> Report:
    return await imports.load_files([book(path / "表.xlsx", sheets, change)])


async def test_every_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    report = await load(tmp_path, {name: cells(content) for name, content in ALL.items()} | {"空": []})
    assert report.ok, report.bad
    assert report.counts == {"places": 8, "grids": 3, "organisations": 1, "categories": 1, "calendar": 2}
    assert list((await counts()).values()) == [11, 3, 1, 2, 1, 2]
    assert {line.file for line in report.lines} == {f"表.xlsx（{name}）" for name in ALL}


async def test_numbers_are_text_and_dates_are_dates(tmp_path: Path) -> None:
    places = [HEADER, STREET, [944.0, "s", "community", 12, 29.6, 106.53, 3.0]]
    days: list[list[Any]] = [
        ["date", "kind", "name", "source"],
        [date(2026, 10, 1), "holiday", "国庆节", None],
    ]
    days += [[datetime(2026, 10, 2), "holiday", "国庆节", None], ["2026-10-03", "holiday", "国庆节", None]]  # noqa: DTZ001 - as in a cell
    report = await load(tmp_path, {"地址": places, "日历": days})
    assert report.ok, report.bad
    row = await db.fetchrow("SELECT name, lat, sort FROM place WHERE code = '944'")
    assert row is not None
    assert (row["name"], row["lat"], row["sort"]) == ("12", 29.6, 3)
    found = await db.fetch("SELECT date::text AS day FROM calendar_day ORDER BY 1")
    assert [row["day"] for row in found] == ["2026-10-01", "2026-10-02", "2026-10-03"]


def merged(workbook: Any) -> None:
    workbook.worksheets[0].merge_cells("A3:A4")


def formula(workbook: Any) -> None:
    workbook.worksheets[0]["D3"] = '=CONCATENATE("人","和")'


def error(workbook: Any) -> None:
    workbook.worksheets[0]["D3"] = "#REF!"


def as_day(workbook: Any) -> None:
    workbook.worksheets[0]["D3"] = date(2026, 3, 1)  # what Excel makes of 3-1


@pytest.mark.parametrize(
    ("change", "reason"),
    [(merged, "合并单元格 A3:A4"), (formula, "D3 的公式"), (error, "D3 是错误值"), (as_day, "第 4 列是日期")],
)
async def test_what_a_cell_cannot_say_is_named_by_its_line(
    tmp_path: Path, change: Callable[[Any], None], reason: str
) -> None:
    rows = [HEADER, STREET, ["c1", "s", "community", "柏林社区"], ["c2", "s", "community", "某社区"]]
    report = await load(tmp_path, {"地址": rows}, change)
    assert {line.line for line in report.bad} >= {3}
    assert reason in next(line.message for line in report.bad if line.line == 3)
    assert not any((await counts()).values())


async def test_a_formula_counts_as_the_value_the_spreadsheet_has_kept(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"地址": [HEADER, STREET, ["c1", "s", "community", "=1"]]})
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    before = parts[sheet]
    parts[sheet] = before.replace(b"<f>1</f><v />", b"<f>1</f><v>12</v>").replace(
        b"<f>1</f><v></v>", b"<f>1</f><v>12</v>"
    )
    assert parts[sheet] != before
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    report = await imports.load_files([path])
    assert report.ok, report.bad
    assert await db.fetch("SELECT FROM place WHERE name = '12'")


async def test_lines_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    def gap(workbook: Any) -> None:
        workbook.worksheets[0]["A7"] = "x"

    report = await load(tmp_path, {"地址": [HEADER, STREET]}, gap)
    assert [line.line for line in report.bad] == [7]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"code,parent\n"])
async def test_a_broken_workbook_is_one_bad_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(content)
    report = await imports.load_files([path])
    assert "XLSX" in report.bad[0].message


async def test_an_empty_workbook_is_said_to_be_empty(tmp_path: Path) -> None:
    assert "空的" in (await load(tmp_path, {"甲": [], "乙": []})).bad[0].message


async def test_a_gbk_file_is_read_and_the_report_says_so(tmp_path: Path) -> None:
    path = tmp_path / "地址.csv"
    path.write_bytes(PLACES.encode("gb18030"))
    report = await imports.load_files([path])
    assert report.ok, report.bad
    assert "GB18030" in report.notes[0]
    assert "GB18030" in imports.format_report(report)[0]
    assert await db.fetch("SELECT FROM place WHERE name = '人和街道'")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (PLACES.encode().replace("柏林".encode(), "柏林".encode()[:-1], 1), 5),  # a torn character of UTF-8
        (b"\xef\xbb\xbf" + PLACES.encode("gb18030"), 2),
    ],
)
async def test_a_damaged_file_is_not_taken_for_gbk(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "地址.csv"
    path.write_bytes(content)
    report = await imports.load_files([path])
    assert [bad.line for bad in report.bad] == [line]
    assert not any((await counts()).values())


async def test_a_dry_run_says_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    for name, content in ALL.items():
        (tmp_path / f"{name}.csv").write_text(content, "utf-8")
    files = [tmp_path / f"{name}.csv" for name in ALL]
    report = await imports.load_files(files, dry=True)
    assert report.ok
    assert not any((await counts()).values())
    assert {change.kind: len(change.added) for change in report.changes} == report.counts
    assert (await imports.load_files(files)).ok
    before = {table: await db.fetch(f"SELECT * FROM {table} ORDER BY 1, 2") for table in (*TABLES, "setup")}
    same = await imports.load_files(files, dry=True)
    assert {change.kind: change.same for change in same.changes} == report.counts
    assert not any(change.added or change.changed for change in same.changes)
    (tmp_path / "places.csv").write_text(
        "code,parent,level,name,sort\ne1,c1,estate,新家园,5\nb9,e1,building,9号,\n", "utf-8"
    )
    (tmp_path / "grids.csv").write_text("code,community,name,covers\ng4,c1,第四网格,b2\n", "utf-8")
    (tmp_path / "organisations.csv").write_text(
        "code,name,kind,skills,places\nrhwy,人和物业,property,property,e1\n", "utf-8"
    )
    (tmp_path / "calendar.csv").write_text(DAYS.replace("workday", "holiday"), "utf-8")
    said = imports.format_report(await imports.load_files(files, dry=True), dry=True)
    assert said[:-1] == [
        "places：新增 1（b9），改动 1（e1），不变 0",
        "grids：改动 1（g4），不变 0",
        "organisations：改动 1（rhwy），不变 0",
        "categories：不变 1",
        "calendar：改动 1（2026-10-10），不变 1",
        "另有 3 处地址的全称会跟着变：b1、b2、u4",
    ]
    assert "没有写入" in said[-1]
    after = {table: await db.fetch(f"SELECT * FROM {table} ORDER BY 1, 2") for table in before}
    assert after == before


async def test_a_dry_run_names_bad_lines_like_a_real_one(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text(PLACES + "x,nowhere,estate,某苑\n", "utf-8")
    report = await imports.load_files([path], dry=True)
    assert [line.line for line in report.bad] == [10]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", list(templates.EXAMPLES))
async def test_a_template_explains_itself_and_its_example_is_sound(
    tmp_path: Path, kind: str, ending: str
) -> None:
    path = tmp_path / f"{kind}.{ending}"
    templates.write_template(kind, path)
    report = await imports.load_files([path])
    assert report.counts == {kind: 1}
    unknown = [
        line.message
        for line in report.bad
        if not ("没有这个地址" in line.message or "不存在" in line.message)
    ]
    assert unknown == []  # what its example refers to is not there, and that is all
    with pytest.raises(Misconfigured, match="there already"):
        templates.write_template(kind, path)


def test_a_template_of_another_format_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"not places\.ods"):
        templates.write_template("places", tmp_path / "places.ods")
