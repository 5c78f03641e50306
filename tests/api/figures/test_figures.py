"""Figures over HTTP: every number is that of the list it opens, the same later, in every format."""

import csv
import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from xml.etree import ElementTree as ET

import httpx
import openpyxl
import pytest

from app import clock, db
from app.rules.figures.registry import FIGURES
from tests.lively_street import liven_up
from tests.world import API, Everybody, Person, answer, id_of_code, problem

NAMES: Final = tuple(FIGURES)


async def opened(somebody: Person, link: str) -> int:
    """Return how many tickets a list has, over all of its pages."""
    count, cursor = 0, None
    while True:
        more = f"{link}&limit=100{f'&cursor={cursor}' if cursor else ''}"
        page = answer(await somebody.http.get(f"http://test{more}", headers=somebody.headers))
        count, cursor = count + len(page["items"]), page["next"]
        if cursor is None:
            return count


def numbers(figure: Any) -> Iterable[tuple[str, str, int, str]]:
    """Yield every count of a figure: its row, its column, the number, the list."""
    for row in figure["rows"]:
        for column, link in row["links"].items():
            yield row["key"], column, row["cells"][column], link
        assert row["link"] in row["links"].values() or not row["links"]
    for left_out in figure["excluded"]:
        yield "excluded", left_out["reason"], left_out["count"], left_out["link"]


async def test_every_number_counts_the_list_it_opens(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    for name in NAMES:
        figure = await street.get(f"/figures/{name}")
        counted = list(numbers(figure))
        assert any(number for _, _, number, _ in counted), name
        for row, column, number, link in counted:
            assert await opened(street, link) == number, (name, row, column)


async def test_the_same_moment_gives_the_same_bytes_whatever_happens_later(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    as_of = clock.now().isoformat()

    async def files(somebody: Person) -> list[bytes]:
        asked = [
            await somebody.ask("GET", f"/figures/{name}", params={"as_of": as_of, "format": format_})
            for name in NAMES
            for format_ in ("json", "csv", "xlsx", "svg")
        ]
        assert {response.status_code for response in asked} == {200}
        return [response.content for response in asked]

    before = await files(street)
    clock.travel(timedelta(minutes=5))
    for ticket in (await street.get("/tickets", box="all", status="accepted"))["items"]:
        await street.act("recategorise", ticket, category="road_light", reason="看错了")
        await street.act("extend", ticket, minutes=10, reason="等配件")
    await street.act(
        "reject",
        (await street.get("/tickets", status="new", box="all"))["items"][0],
        reason="not_ours",
        text="请找别家",
    )
    assert await files(street) == before
    now = await street.get("/figures/categories")
    assert "road_light" in {row["key"] for row in now["rows"]}


async def test_a_list_of_an_earlier_moment_has_the_tickets_of_then(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    as_of = clock.now().isoformat()
    clock.travel(timedelta(minutes=1))
    await head.act("accept", ticket)
    await head.resolve(ticket)
    for moment, expected in ((as_of, 1), (clock.now().isoformat(), 0)):
        figure = await head.get("/figures/backlog", as_of=moment)
        (total,) = [row for row in figure["rows"] if row["key"] == "total"]
        assert (total["cells"]["n"], await opened(head, total["link"])) == (expected, expected)


async def test_files_carry_the_numbers_of_the_answer(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    figure = await street.get("/figures/categories")
    rows = [[row["label"], *row["cells"].values()] for row in figure["rows"]]
    response = await street.ask("GET", "/figures/categories", params={"format": "csv"})
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert lines[2 : 2 + len(rows)] == [list(map(str, row)) for row in rows]
    response = await street.ask("GET", "/figures/categories", params={"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    values = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert [value[:4] for value in values[2 : 2 + len(rows)]] == rows


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", " =cmd|' /C calc'!A0"])
async def test_no_cell_of_a_file_is_a_formula(people_of: Everybody, name: str) -> None:
    resident, head = await people_of("resident", "grid_head")
    await head.dispatch(await resident.report())
    await db.fetch("UPDATE organisation SET name = $1", name)
    response = await head.ask("GET", "/figures/organisations", params={"format": "csv"})
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert lines[2][0] == f"'{name}"
    response = await head.ask("GET", "/figures/organisations", params={"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert (sheet["A3"].value, sheet["A3"].data_type) == (f"'{name}", "s")


async def test_a_picture_is_well_formed_and_says_its_title(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    for name in NAMES:
        response = await street.ask("GET", f"/figures/{name}", params={"format": "svg", "dir": "rtl"})
        assert response.headers["content-type"].startswith("image/svg+xml")
        root = ET.fromstring(response.content)
        assert root.attrib["role"] == "img"
        assert root[0].text == f"人和街道 · {FIGURES[name].title}"


BAD: Final[dict[str, dict[str, Any]]] = {
    "开始日期不能晚于结束日期": {"from": "2026-03-02", "to": "2026-03-01"},
    "统计时刻不能晚于现在": {"as_of": "2099-01-01T00:00:00Z"},
    "一次最多统计两年，请分几次": {"from": "2021-01-01", "to": "2026-01-01"},
    "年份要在 2000 到 2100 之间": {"from": "0001-01-01", "to": "0001-01-02"},
    "日期要写成 2026-12-01 这样": {"from": "1.3.2026"},
}


@pytest.mark.parametrize("sentence", BAD)
async def test_a_bad_period_is_refused_in_a_sentence(people_of: Everybody, sentence: str) -> None:
    (head,) = await people_of("grid_head")
    for name in NAMES:
        refused = problem(await head.ask("GET", f"/figures/{name}", params=BAD[sentence]), 422, "invalid")
        assert sentence in refused["errors"][0]["detail"]


@pytest.mark.parametrize(
    "query", [{"as_of": "0001-01-01T00:00:00Z"}, {"to": "9999-12-31"}, {"format": "pdf"}, {"dir": "up"}]
)
async def test_what_cannot_be_is_refused(people_of: Everybody, query: dict[str, str]) -> None:
    (head,) = await people_of("grid_head")
    problem(await head.ask("GET", "/figures/received", params=query), 422)


async def test_an_unknown_figure_says_which_there_are(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    assert "rates" in problem(await head.ask("GET", "/figures/ranking"), 404)["detail"]


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "rates",
        "ranking~response~yes~{place}~2026-03-01~2026-03-31~2026-03-04T00:00:00Z",
        "rates~response~yes~nowhere~2026-03-01~2026-03-31~2026-03-04T00:00:00Z",
        "rates~response~yes~01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11~2026-03-01~2026-03-31~2026-03-04T00:00:00Z",
        "rates~response~yes~{place}~2026-03-31~2026-03-01~2026-03-04T00:00:00Z",
        "rates~response~yes~{place}~2026-03-01~2026-03-31~yesterday",
    ],
)
async def test_a_cell_of_no_figure_is_refused(people_of: Everybody, cell: str) -> None:
    (head,) = await people_of("grid_head")
    cell = cell.format(place=await id_of_code("wss-g4"))
    problem(await head.ask("GET", "/tickets", params={"box": "all", "cell": cell or "~"}), 422)


async def test_a_cell_nobody_counts_in_is_an_empty_list(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    now, today = clock.now().isoformat(), f"{clock.now():%Y-%m-%d}"
    cell = f"rates~response~made_up~{await id_of_code('wss-g4')}~{today}~{today}~{now}"
    assert (await head.get("/tickets", box="all", cell=cell))["items"] == []


CODES: Final = ("rh", "wss", "bl", "wss-g4", "wss-g3", "wss-944", "wss-944-4")
IN_SCOPE: Final = {
    "grid_head": {"wss-g4", "wss-944", "wss-944-4"},
    "community": {"wss", "wss-g4", "wss-g3", "wss-944", "wss-944-4"},
    "street": set(CODES),
    "auditor": set(CODES),
}


@pytest.mark.parametrize("persona", IN_SCOPE)
async def test_one_reads_the_figures_of_ones_own_places_only(people_of: Everybody, persona: str) -> None:
    (somebody,) = await people_of(persona)
    for code in CODES:
        response = await somebody.ask("GET", "/figures/due", params={"place_id": await id_of_code(code)})
        if code in IN_SCOPE[persona]:
            assert answer(response)["place"]["id"] == await id_of_code(code)
        else:
            problem(response, 404)


async def test_a_cell_shows_nobody_more_than_their_scope(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    (other,) = await people_of("other_grid_head")
    (total,) = [row for row in (await street.get("/figures/received"))["rows"] if row["key"] == "total"]
    assert await opened(street, total["link"]) > 0
    assert await opened(other, total["link"]) == 0


@pytest.mark.parametrize("persona", ["resident", "property", "admin"])
async def test_others_read_no_figures(people_of: Everybody, persona: str) -> None:
    (somebody,) = await people_of(persona)
    problem(await somebody.ask("GET", "/figures/received"), 403)


async def test_nobody_reads_them_unasked(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/figures"), 401)
