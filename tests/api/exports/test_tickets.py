"""Exports have exactly the tickets of the list, as its reader may see them, in files that no program executes."""

import csv
import io
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest

from app import db
from app.enums import SHANGHAI
from app.services import exports
from app.services.exports import formats
from app.services.exports import tickets as exporting
from app.text import safe_cell
from tests import world
from tests.world import Everybody, Person, problem


async def rows(person: Person, format_: str = "csv", **query: Any) -> list[list[Any]]:
    """Return the rows of an export, the heads first."""
    answered = await person.ask("GET", "/tickets/export", params={"box": "all", "format": format_} | query)
    assert answered.status_code == 200, answered.text
    if format_ == "csv":
        return list(csv.reader(io.StringIO(answered.content.decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(answered.content), read_only=True)
    assert book.sheetnames == ["工单"]
    return [list(row) for row in book["工单"].iter_rows(values_only=True)]


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
async def test_an_export_has_what_the_list_has_page_by_page(
    people_of: Everybody, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 3)
    resident, head, company = await people_of("resident", "grid_head", "property")
    for _ in range(6):
        await resident.report()
    closed = await world.brought("closed", resident, head, company)
    listed = (await head.get("/tickets", box="all", limit=100))["items"]
    heads, *found = await rows(head, format_, columns=["no", "place", "rating"])
    assert heads == ["编号", "地点", "评分"]
    assert [row[0] for row in found] == [ticket["no"] for ticket in listed]
    assert [str(row[2] or "") for row in found if row[0] == closed["no"]] == ["5"]
    (_, only) = await rows(head, format_, columns=["no", "status", "outcome"], status="closed")
    assert only == [closed["no"], "已结案", "已修好"]


async def test_every_column_is_there_unless_some_are_chosen(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(contact_phone="13812345678", place_note="3楼")
    heads, row = await rows(head)
    assert heads == [column.head for column in exports.COLUMNS.values()]
    shown = dict(zip(exports.COLUMNS, row, strict=True))
    at = datetime.fromisoformat(ticket["created_at"]).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    assert shown["created_at"] == at
    assert (shown["community"], shown["origin"], shown["overdue"]) == ("万寿山社区", "居民", "否")
    assert (shown["phone"], shown["place_note"]) == ("138****5678", "3楼")


async def test_scope_and_masks_are_those_of_the_list(people_of: Everybody) -> None:
    resident, auditor, stranger, community = await people_of(
        "resident", "auditor", "other_grid_head", "community"
    )
    await resident.report(description="电话 13812345678", contact_phone="13912345678")
    await resident.report(anonymous=True, contact_phone="13912345678")
    columns = ["description", "reporter", "phone"]
    assert await rows(stranger, columns=columns) == [["内容", "报告人", "电话"]]
    assert [row[1:] for row in (await rows(auditor, columns=columns))[1:]] == [["", ""], ["", ""]]
    assert (await rows(auditor, columns=columns))[2][0] == "电话 138****5678"
    anonymous, named = (await rows(community, columns=columns))[1:]
    assert anonymous[1:] == ["", ""]
    assert named[2] == "139****5678"


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "  =cmd|' /C calc'!A0"])
async def test_a_cell_is_never_a_formula(people_of: Everybody, format_: str, words: str) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.report(description=words)
    _, (cell,) = await rows(head, format_, columns="description")
    assert cell == f"'{words.strip()}"


@pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\n@", "\x00"])
def test_a_cell_that_begins_with_a_control_character_is_quoted(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["灯不亮", "3-1", "a=b", 5, None, ""])
def test_an_ordinary_cell_stays_as_it_is(cell: Any) -> None:
    assert safe_cell(cell) == cell


def test_what_xml_cannot_say_is_left_out() -> None:
    writer = formats.XlsxWriter("<&>")
    written = writer.rows([["a\x0bb<&>\ud800\uffff", 3, None]]) + writer.end()
    sheet = openpyxl.load_workbook(io.BytesIO(written))["<&>"]
    assert [cell.value for cell in sheet[1]] == ["ab<&>", 3, None]


async def test_an_export_is_on_record_without_the_words_of_a_search(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.report()
    await rows(head, columns="no", q="楼道灯", status="new")
    (entry,) = await db.fetch("SELECT data FROM audit WHERE type = 'tickets_exported'")
    assert entry["data"] == {
        "format": "csv",
        "columns": ["no"],
        "filters": {"box": "all", "status": ["new"], "q": True},
    }


async def test_the_file_has_a_chinese_name(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    answered = await head.ask("GET", "/tickets/export")
    name = unquote(answered.headers["content-disposition"].partition("filename*=UTF-8''")[2])
    assert name.startswith("工单-")
    assert name.endswith(".xlsx")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"columns": ["no", "phone_full"]}, "/columns"),
        ({"format": "pdf"}, "/format"),
        ({"category": "no_such"}, "/category"),
        ({"created_from": "2026-12-02", "created_to": "2026-12-01"}, "/created_to"),
    ],
)
async def test_a_bad_question_is_422_before_anything_is_recorded(
    people_of: Everybody, query: dict[str, Any], pointer: str
) -> None:
    (head,) = await people_of("grid_head")
    refused = problem(await head.ask("GET", "/tickets/export", params=query), 422, "invalid")
    assert [error["pointer"] for error in refused["errors"]] == [pointer]
    assert await db.fetch("SELECT FROM audit WHERE type = 'tickets_exported'") == []


@pytest.mark.parametrize("persona", ["resident", "property", "admin"])
async def test_only_staff_and_auditors_export(people_of: Everybody, persona: str) -> None:
    (person,) = await people_of(persona)
    problem(await person.ask("GET", "/tickets/export?format=nonsense"), 403)
