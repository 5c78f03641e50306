"""Files as spreadsheets write them are read, and nothing is left out without a word: tables of cases."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import db
from app.services import imports
from app.services.imports import Report
from tests.import_files import PLACES

pytestmark = pytest.mark.usefixtures("empty")

HERE = Path(__file__).parent
HEADER = ["code", "parent", "level", "name"]
STREET = ["s", None, "street", "人和街道"]
HELPER = ["说明", "随便", "写写"]


def cases(name: str) -> list[Any]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["what"]) for row in csv.DictReader(file)]


async def load(folder: Path, **files: str) -> Report:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    return await imports.load_files([folder / f"{name}.csv" for name in files])


async def names() -> list[str]:
    rows = await db.fetch("SELECT code, name FROM place ORDER BY code")
    return [f"{row['code']} {row['name']}" for row in rows]


@pytest.mark.parametrize("case", cases("csv_files.csv"))
async def test_a_csv_file_is_read_as_it_was_written(tmp_path: Path, case: dict[str, str]) -> None:
    content = case["content"]
    for written, meant in (
        ("\\n", "\n"),
        ("\\r", "\r"),
        ("\\t", "\t"),
        ("\\ufeff", "\ufeff"),
        ("\\x1a", "\x1a"),
    ):
        content = content.replace(written, meant)
    path = tmp_path / "places.csv"
    path.write_bytes(content.encode(case["encoding"]))
    report = await imports.load_files([path])
    assert report.ok, report.bad
    assert await names() == [case["places"]]
    assert case["note"] in "".join(report.notes)
    assert bool(report.notes) == bool(case["note"])


@pytest.mark.parametrize("ending", ["txt", "tsv"])
async def test_text_with_tabs_is_read_by_its_usual_names(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"places.{ending}"
    path.write_text(PLACES.replace(",", "\t"), "utf-16")
    report = await imports.load_files([path])
    assert report.ok, report.bad


async def test_lines_after_sep_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    report = await load(tmp_path, places="sep=,\n" + PLACES + "x,c9,estate,某苑\n")
    assert [line.line for line in report.bad] == [11]


async def test_damaged_utf_16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_bytes(PLACES.encode("utf-16") + b"x")
    report = await imports.load_files([path])
    assert "UTF-16" in report.bad[0].message
    assert await names() == []


async def load_book(
    folder: Path, sheets: dict[str, list[list[Any]]], change: Callable[[Any], object] = lambda _: None
) -> Report:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(book)
    book.save(folder / "表.xlsx")
    return await imports.load_files([folder / "表.xlsx"])


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("人和街道_x000D_", "人和街道"),
        ("_x000A_人和街道", "人和街道"),
        ("人和_x8857_道", "人和街道"),
        ("人和_x005F_x000D_", "人和_x000D_"),
        ("_xD83C__xDFE0_", "🏠"),
        ("人和_x00_街道", "人和_x00_街道"),
    ],
)
async def test_escaped_characters_are_decoded_as_the_format_says(
    tmp_path: Path, written: str, name: str
) -> None:
    report = await load_book(tmp_path, {"地址": [HEADER, [*STREET[:3], written]]})
    assert report.ok, report.bad
    assert await names() == [f"s {name}"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [("人和_x000A_街道", "换行"), ("人和_x0000_", "控制字符"), ("人和_xD83C_", "残缺")],
)
async def test_what_they_stand_for_is_checked(tmp_path: Path, written: str, reason: str) -> None:
    report = await load_book(tmp_path, {"地址": [HEADER, [*STREET[:3], written]]})
    assert reason in report.bad[0].message


async def test_strict_open_xml_is_read(tmp_path: Path) -> None:
    await load_book(tmp_path, {"地址": [HEADER, STREET], "空": []})
    strict = tmp_path / "strict.xlsx"
    await db.fetch("DELETE FROM place")
    with zipfile.ZipFile(tmp_path / "表.xlsx") as old, zipfile.ZipFile(strict, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for noun in (b"spreadsheetml", b"officeDocument", b"drawingml"):
                usual = b"http://schemas.openxmlformats.org/" + noun + b"/2006/"
                part = part.replace(usual, b"http://purl.oclc.org/ooxml/" + noun + b"/")
            new.writestr(name, part)
    report = await imports.load_files([strict])
    assert report.ok, report.bad
    assert await names() == ["s 人和街道"]


def hide_sheet(book: Any) -> None:
    book["帮助"].sheet_state = "hidden"


def hide_sheet_well(book: Any) -> None:
    book["帮助"].sheet_state = "veryHidden"


def hide_row(book: Any) -> None:
    hide_sheet(book)
    book["地址"].row_dimensions[2].hidden = True


def hide_column(book: Any) -> None:
    hide_sheet(book)
    book["地址"].column_dimensions["D"].hidden = True


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (hide_sheet, "表.xlsx（帮助） 是隐藏的工作表，没有读"),
        (hide_sheet_well, "表.xlsx（帮助） 是隐藏的工作表，没有读"),
        (hide_row, "表.xlsx（地址） 第 2 行是隐藏的，也一起导入"),
        (hide_column, "表.xlsx（地址） 第 4 列是隐藏的，也一起导入"),
    ],
)
async def test_what_is_hidden_is_said(tmp_path: Path, change: Callable[[Any], None], note: str) -> None:
    report = await load_book(tmp_path, {"帮助": [HELPER, HELPER], "地址": [HEADER, STREET]}, change)
    assert report.ok, report.bad
    assert note in report.notes
    assert await names() == ["s 人和街道"]


async def test_a_merged_title_above_the_header_is_no_fault(tmp_path: Path) -> None:
    report = await load_book(
        tmp_path,
        {"地址": [["人和街道地址表"], HEADER, STREET]},
        lambda book: book["地址"].merge_cells("A1:D1"),
    )
    assert report.ok, report.bad
    assert "第 1 行像是标题" in report.notes[0]


async def test_a_file_without_a_header_is_still_refused(tmp_path: Path) -> None:
    report = await load(tmp_path, places="地址表\n甲,乙\ns,丙\n")
    assert [line.line for line in report.bad] == [1]
    assert "认不出" in report.bad[0].message


def number(value: float, shown_as: str = "General") -> Callable[[Any], object]:
    """Return a change of a workbook that makes the code of its street a number."""

    def change(book: Any) -> None:
        book["地址"]["A2"] = value
        book["地址"]["A2"].number_format = shown_as

    return change


@pytest.mark.parametrize(
    ("value", "shown_as", "code"), [(1, "000", "001"), (12, "0", "12"), (1.5, "0.0", "1.5")]
)
async def test_a_number_is_read_as_it_is_shown(
    tmp_path: Path, value: float, shown_as: str, code: str
) -> None:
    report = await load_book(tmp_path, {"地址": [HEADER, STREET]}, number(value, shown_as))
    assert report.ok, report.bad
    assert await names() == [f"{code} 人和街道"]


@pytest.mark.parametrize(
    ("value", "shown_as", "reason"),
    [
        (12345678901234567, "0", "丢了后面的数位"),
        (1e21, "General", "丢了后面的数位"),
        (1, '"S"000', "显示的和存的不一样"),
    ],
)
async def test_a_number_that_is_not_what_was_typed_is_named(
    tmp_path: Path, value: float, shown_as: str, reason: str
) -> None:
    report = await load_book(tmp_path, {"地址": [HEADER, STREET]}, number(value, shown_as))
    assert [line.line for line in report.bad] == [2]
    assert reason in report.bad[0].message


async def test_a_column_without_a_name_that_is_filled_in_is_named(tmp_path: Path) -> None:
    places = "code,,parent,level,name,\ns,备注,,street,人和街道,\n"
    report = await load(tmp_path, places=places)
    assert "第 2 列（没有列名）" in report.bad[0].message
    report = await load(tmp_path, places="code,parent,level,name\ns,,street,人和街道,备注\n")
    assert "多出 1 个单元格" in report.bad[0].message


def without_drawing(path: Path) -> None:
    """Make a workbook with a sheet for a chart that lacks it."""
    book = openpyxl.Workbook()
    book.create_chartsheet("图")
    book.save(path)


def damaged(path: Path) -> None:
    """Make a workbook with bytes changed within a compressed part."""
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/workbook.xml").header_offset + 60
    content = bytearray(path.read_bytes())
    content[start : start + 40] = b"\xff" * 40
    path.write_bytes(content)


def with_password(path: Path) -> None:
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))


@pytest.mark.parametrize(
    ("make", "reason"),
    [(without_drawing, "不是完好的"), (damaged, "不是完好的"), (with_password, "加了密码")],
)
async def test_a_workbook_that_cannot_be_read_is_one_bad_line(
    tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(tmp_path / "表.xlsx")
    report = await imports.load_files([tmp_path / "表.xlsx"])
    assert [line.line for line in report.bad] == [1]
    assert reason in report.bad[0].message


async def test_a_workbook_called_csv_and_utf_32_are_named(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "表.xlsx")
    path = tmp_path / "places.csv"
    path.write_bytes((tmp_path / "表.xlsx").read_bytes())
    assert "XLSX" in (await imports.load_files([path])).bad[0].message
    path.write_text(PLACES, "utf-32")
    assert "UTF-32" in (await imports.load_files([path])).bad[0].message


@pytest.mark.parametrize("day", ["2026-10-1", "2026/10/1", "2026.10.01", "2026年10月1日"])
async def test_a_day_is_read_as_spreadsheets_show_it(tmp_path: Path, day: str) -> None:
    report = await load(tmp_path, calendar=f"date,kind,name,source\n{day},holiday,国庆节,通知\n")
    assert report.ok, report.bad
    assert [str(row["date"]) for row in await db.fetch("SELECT date FROM calendar_day")] == ["2026-10-01"]


async def test_one_day_written_in_two_ways_is_one_day(tmp_path: Path) -> None:
    rows = "2026-10-01,holiday,国庆节,通知\n2026/10/1,holiday,国庆节,通知\n"
    report = await load(tmp_path, calendar="date,kind,name,source\n" + rows)
    assert "重复" in report.bad[0].message
