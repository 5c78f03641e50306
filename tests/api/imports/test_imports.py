"""An office imports its own files over HTTP: a preview first, every bad line named, nothing about others' places."""

import io
from typing import Any, Final

import httpx
import openpyxl
import pytest

from app import db
from app.services import imports
from tests.world import Everybody, Person, answer, id_of_code, problem

PLACES: Final = "code,parent,level,name,lat,lng,sort\n"
BUILDING: Final = PLACES + "wss-999,wss-rhjy,building,999号,,,9\nwss-999-1,wss-999,unit,1单元,,,1\n"
GRIDS: Final = "code,community,name,covers\n"
POSTS: Final = "role,unit,phone,name\n"
ORGANISATIONS: Final = "code,name,kind,skills,places\n"

Files = dict[str, str | bytes]


async def send(person: Person, files: Files, *, preview: bool = False) -> httpx.Response:
    parts = [
        ("files", (name, content.encode() if isinstance(content, str) else content))
        for name, content in files.items()
    ]
    return await person.ask("POST", f"/imports?preview={str(preview).lower()}", files=parts)


async def preview(person: Person, files: Files) -> dict[str, Any]:
    report: dict[str, Any] = answer(await send(person, files, preview=True))
    return report


async def refused(person: Person, files: Files) -> list[str]:
    """Send files that are refused, after a preview that names the same lines and writes nothing; their sentences."""
    before = await contents()
    report = await preview(person, files)
    assert not report["ok"]
    errors = problem(await send(person, files), 422, "invalid")["errors"]
    assert await contents() == before
    said = [line["message"] for line in report["lines"] if not line["ok"]]
    assert [error["detail"].partition("：")[2] for error in errors] == said
    return said


async def contents() -> list[int]:
    tables = (
        "place",
        "grid_cover",
        "organisation",
        "service_area",
        "post",
        "category",
        "calendar_day",
        "audit",
    )
    counts = " UNION ALL ".join(f"SELECT count(*) AS n FROM {table}" for table in tables)
    return [row["n"] for row in await db.fetch(counts)]


async def test_a_new_building_is_previewed_imported_and_found(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    before = await contents()
    report = await preview(community, {"新楼.csv": BUILDING})
    assert (report["ok"], report["counts"], report["lines"]) == (True, {"places": 2}, [])
    (change,) = report["changes"]
    assert (change["kind"], change["added"], change["changed"]) == ("places", ["wss-999", "wss-999-1"], [])
    assert await contents() == before

    report = answer(await send(community, {"新楼.csv": BUILDING}))
    assert (report["ok"], report["preview"]) == (True, False)
    found = (await resident.get("/places/search", q="999号1单元"))["items"]
    assert found[0]["label"] == "人和家园999号1单元"
    report = await preview(community, {"新楼.csv": BUILDING})
    assert report["changes"][0]["same"] == 2


async def test_an_import_is_in_the_audit_trail(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    answer(await send(community, {"新楼.csv": BUILDING}))
    (entry,) = [one for one in (await community.get("/audit"))["items"] if one["type"] == "data_imported"]
    assert (entry["label"], entry["data"]) == ("导入地址、网格、单位或岗位", {"places": 2})
    assert entry["person"]["id"] == (await community.get("/me"))["id"]


async def test_files_that_need_each_other_come_together(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    files: Files = {
        "grids.csv": GRIDS + "wss-g9,wss,第九网格,wss-999\n",
        "places.csv": BUILDING,
        "posts.csv": POSTS + "head,wss-g9,13800000009,王五\n",
    }
    report = answer(await send(community, files))
    assert report["counts"] == {"places": 2, "grids": 1, "posts": 1}
    assert any("邀请码" in line["message"] for line in report["lines"])


CARDS = "role,unit,phone,name,title,skills,public_phone,hours\n"


async def test_a_file_of_posts_fills_their_cards_and_an_empty_cell_leaves_them(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    titles = {"version": 0, "titles": [{"title": "单元长", "role": "steward", "level": "unit"}]}
    wss = {"place_id": await id_of_code("wss")}
    answer(await community.ask("PUT", "/settings/titles", params=wss, json=titles))
    row = CARDS + "steward,wss-944-4,13800000009,王五,单元长,policy;culture,023-67000000,晚上\n"
    assert answer(await send(community, {"a.csv": row}))["ok"]
    later = CARDS + "steward,wss-944-4,13800000009,王五,单元长,,,周末\n"
    assert (await preview(community, {"a.csv": later}))["changes"][0]["changed"] == ["wss-944-4 steward"]
    assert answer(await send(community, {"a.csv": later}))["ok"]
    (post,) = (await community.get("/posts", role="steward"))["items"]
    assert (post["label"], [skill["code"] for skill in post["skills"]]) == (
        "人和家园944号4单元 单元长",
        ["policy", "culture"],
    )
    assert (post["card"]["phone"], post["card"]["hours"]) == ("023-67000000", "周末")
    assert (await preview(community, {"a.csv": later}))["changes"][0]["same"] == 1


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("总长,,,", "不在“万寿山社区第四网格”网格员的岗位名称里"),
        (",cooking,,", "skills“cooking”不认识"),
        (",,13812345678,", "岗位的公开电话只能填座机或热线"),
    ],
)
async def test_a_card_that_may_not_be_is_refused_on_its_line(
    people_of: Everybody, cells: str, words: str
) -> None:
    (community,) = await people_of("community")
    row = CARDS + f"member,wss-g4,13800000009,王五,{cells}\n"
    report = await preview(community, {"a.csv": row})
    assert not report["ok"]
    assert any(words in line["message"] for line in report["lines"])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", PLACES + "bl-x,bl,estate,新苑,,,1\n", "“bl-x”不在您管理的范围里。"),
        ("a.csv", PLACES + "wss,rh,community,万寿社区,,,1\n", "“wss”不在您管理的范围里。"),
        ("a.csv", GRIDS + "bl-x,bl,新网格,\n", "“bl-x”不在您管理的范围里。"),
        ("a.csv", ORGANISATIONS + "ajwy,安居物业,property,property,wss-rhjy\n", "“ajwy”服务的地点不在您管理的范围里。"),
        ("a.csv", ORGANISATIONS + "new,新物业,property,property,bl\n", "“new”服务的地点不在您管理的范围里。"),
        ("a.csv", POSTS + "community,wss,13800000001,\n", "您不能安排或调整这里的社区工作人员。"),
        ("a.csv", POSTS + "agent,ajwy,13800000001,\n", "您不能安排或调整这里的经办人。"),
        (
            "a.csv",
            "date,kind,name,source\n2027-01-01,holiday,元旦,通知\n",
            "日历对这台服务器上所有社区有效，请管理员在服务器上导入；本社区自己的在“设置”里改。",
        ),
        ("a.csv", PLACES + "wss-1,wss,tower,新楼,,,1\n", "level“tower”不认识，应为 street、community、estate、building、unit、room。"),
        ("a.pdf", "%PDF", "不支持“.pdf”格式，请用 .csv、.txt、.tsv、.xlsx。"),
        ("a.xlsx", "not a workbook", "不是完好的 XLSX 文件，请在表格软件里重新另存。"),
        ("a.csv", "", "文件是空的。"),
    ],
)  # fmt: skip
async def test_a_line_that_may_not_be_imported_is_named(
    people_of: Everybody, name: str, content: str, sentence: str
) -> None:
    (community,) = await people_of("community")
    assert await refused(community, {name: content}) == [sentence]


async def test_a_building_of_others_cannot_be_taken_over(people_of: Everybody) -> None:
    (other,) = await people_of("other_community")
    taken = PLACES + "wss-944,bl,building,944号,,,1\n"
    assert await refused(other, {"a.csv": taken}) == ["“wss-944”不在您管理的范围里。"]


async def test_a_street_imports_what_lies_in_all_its_communities(people_of: Everybody) -> None:
    (street,) = await people_of("street")
    rows = PLACES + "wss,rh,community,万寿山社区,,,1\nbl-x,bl,estate,新苑,,,1\nwss-x,wss,estate,新苑,,,1\n"
    assert (await preview(street, {"a.csv": rows}))["ok"]


async def test_rows_above_ones_own_places_may_stand_in_the_file_as_they_are(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    above = (
        "code,parent,level,name,lat,lng,sort,phone\n"
        "rh,,street,人和街道,,,7,023-00000000\nwss,rh,community,万寿山社区,,,7,\nwss-x,wss,estate,新苑,,,1,\n"
    )
    (change,) = (await preview(community, {"a.csv": above}))["changes"]
    assert (change["added"], change["changed"], change["same"]) == (["wss-x"], [], 2)


@pytest.mark.parametrize(
    ("files", "detail"),
    [
        ({"": BUILDING}, None),
        ({"无格式": BUILDING}, "文件要有名称和格式，如 地址.xlsx"),
        ({"../a.csv": BUILDING, "b/a.csv": BUILDING}, "有两个文件同名，请改名后再导入"),
        ({f"{n}.csv": BUILDING for n in range(11)}, None),
        ({}, None),
    ],
)
async def test_what_is_no_file_is_refused(people_of: Everybody, files: Files, detail: str | None) -> None:
    (community,) = await people_of("community")
    errors = problem(await send(community, files), 422, "invalid")["errors"]
    assert detail is None or [error["detail"] for error in errors] == [detail]


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    rows = "".join(f"wss-x{n},wss,estate,新苑{n},,,1\n" for n in range(200_000))
    assert len(rows) > imports.MAX_BYTES
    problem(await send(community, {"a.csv": PLACES + rows}), 413)


async def test_a_workbook_that_unpacks_to_too_much_is_refused(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(20):
        sheet.append(["x" * 32_000] * 80)
    packed = io.BytesIO()
    book.save(packed)
    assert len(packed.getvalue()) < 1_000_000
    problem(await send(community, {"a.xlsx": packed.getvalue()}, preview=True), 413, "too-large")


@pytest.mark.parametrize("kind", ["places", "grids", "organisations", "posts"])
async def test_a_template_is_read_again_once_it_is_filled_in(people_of: Everybody, kind: str) -> None:
    (community,) = await people_of("community")
    fetched = await community.ask("GET", f"/imports/template?kind={kind}")
    assert fetched.status_code == 200
    assert fetched.headers["content-disposition"] == f'attachment; filename="{kind}.xlsx"'
    report = await preview(community, {f"{kind}.xlsx": fetched.content})
    assert report["counts"] == {kind: 1}


async def test_whoever_manages_no_place_imports_nothing(people_of: Everybody) -> None:
    for person in await people_of("resident", "grid_head", "property", "auditor"):
        problem(await send(person, {"a.csv": BUILDING}), 403)


async def test_rooms_are_imported_with_their_area_and_found_by_their_number(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    home = await resident.place()
    (unit,) = await db.fetch("SELECT code FROM place WHERE id = $1", home)
    answer(await resident.ask("PATCH", "/me", json={"home_id": home, "room": "301"}))
    header, code = "code,parent,level,name,area\n", unit["code"]
    rooms = header + f"{code}-301,{code},room,301室,89.5\n{code}-302,{code},room,302,120\n"
    answer(await send(community, {"户室.csv": rooms}))
    areas = await db.fetch("SELECT name, area::float8, id FROM place WHERE level = 'room' ORDER BY name")
    assert [(row["name"], row["area"]) for row in areas] == [("301", 89.5), ("302", 120.0)]
    assert (await resident.get("/me"))["household"]["id"] == str(areas[0]["id"])
    assert (await resident.get("/places", parent=home))["items"] == []
    wrong = header + f"{code}-303,{code},room,303,0\n{code},wss-rhjy,unit,4单元,80\n"
    said = await refused(community, {"户室.csv": wrong})
    assert "应为面积（平方米）" in said[0]
    assert any("只有户室 room 填面积" in one for one in said)
