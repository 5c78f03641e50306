"""What an office hands in is taken whole, or refused whole with every bad line named."""

import asyncio
from pathlib import Path

import pytest

from app import db
from app.services import imports
from app.services.imports import Report
from tests.import_files import ALL, CATEGORY, DAYS, GRIDS, ORGANISATIONS, PLACES, counts

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


async def load(folder: Path, **files: str) -> Report:
    """Import files by these names, in this order."""
    paths = [folder / f"{name}.csv" for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_text(content, encoding="utf-8")
    return await imports.load_files(paths)


async def column(name: str, code: str) -> object:
    return (await db.fetch(f"SELECT {name} AS it FROM place WHERE code = $1", code))[0]["it"]


def complaints(report: Report) -> dict[int, str]:
    return {line.line: line.message for line in report.bad}


async def test_everything_can_come_at_once_and_in_any_order(folder: Path) -> None:
    before = (await db.fetch("SELECT version FROM setup"))[0]["version"]
    report = await load(folder, **dict(reversed(ALL.items())))
    assert report.ok, report.bad
    assert report.counts == {"places": 8, "grids": 3, "organisations": 1, "categories": 1, "calendar": 2}
    assert len(report.lines) == 15
    assert list((await counts()).values()) == [11, 3, 1, 2, 1, 2]
    assert (await db.fetch("SELECT version FROM setup"))[0]["version"] == before + 1


async def test_labels_paths_and_numbers_are_written(folder: Path) -> None:
    await load(folder, **ALL)
    labels = {row["code"]: row["label"] for row in await db.fetch("SELECT code, label FROM place")}
    assert (labels["u4"], labels["e1"], labels["c1"]) == ("人和家园944号4单元", "人和家园", "万寿山社区")
    assert labels["g4"] == "万寿山社区第四网格"
    assert (await column("number", "b1"), await column("number", "u4")) == ("944", "4")
    path = [await column("id", code) for code in ("s", "c1", "e1", "b1", "u4")]
    assert await column("path", "u4") == path


async def test_a_second_import_changes_nothing_but_what_it_says(folder: Path) -> None:
    await load(folder, **ALL)
    before = [dict(row) for row in await db.fetch("SELECT * FROM place ORDER BY code")]
    assert (await load(folder, **ALL)).ok
    assert [dict(row) for row in await db.fetch("SELECT * FROM place ORDER BY code")] == before
    assert list((await counts()).values()) == [11, 3, 1, 2, 1, 2]


async def test_a_new_name_reaches_the_labels_below_and_the_code_in_the_stairwell_stays(folder: Path) -> None:
    await load(folder, **ALL)
    scene = await column("scene", "e1")
    report = await load(folder, places="code,parent,level,name\ne1,c1,estate,人和新家园\n")
    assert report.ok, report.bad
    assert await column("label", "u4") == "人和新家园944号4单元"
    assert await column("scene", "e1") == scene


async def test_a_building_can_go_from_one_grid_to_another(folder: Path) -> None:
    await load(folder, **ALL)
    moved = "code,community,name,covers\ng4,c1,第四网格,b2\ng3,c1,第三网格,e1;b1\n"
    assert (await load(folder, grids=moved)).ok
    rows = await db.fetch(
        "SELECT p.code, g.code AS grid FROM grid_cover c JOIN place p ON p.id = place_id JOIN place g ON g.id = grid_id"
    )
    assert {row["code"]: row["grid"] for row in rows} == {"b1": "g3", "b2": "g4", "c2": "g5", "e1": "g3"}


async def test_imports_at_the_same_time_wait_for_each_other(folder: Path) -> None:
    await load(folder, **ALL)
    paths = [folder / f"{name}.csv" for name in ALL]
    reports = await asyncio.gather(*(imports.load_files(paths) for _ in range(3)))
    assert all(report.ok for report in reports)
    assert (await db.fetch("SELECT version FROM setup"))[0]["version"] == 5


async def test_a_byte_order_mark_and_capitals_of_spreadsheets_are_read(folder: Path) -> None:
    shouted = CATEGORY.replace("true", "TRUE").replace("false", "FALSE")
    assert (await load(folder, places="\ufeff" + PLACES, categories=shouted)).ok


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,c1,tower,塔", "不认识"),
        ("x,nowhere,estate,某苑", "上级“nowhere”不存在"),
        ("x,,estate,某苑", "要写明上级"),
        ("x,b1,estate,某苑", "不能在"),
        ("x,x,estate,某苑", "绕成了圈"),
        ("b1,e1,building,948号", "重复"),
        ("x,c1,estate,", "没有填写"),
        (",c1,estate,某苑", "没有填写"),
        ("x y,c1,estate,某苑", "空格"),
        ("x,c1,estate,某\x00苑", "控制字符"),
        ("x,c1,estate,某\x07苑", "控制字符"),
        (f"x,c1,estate,{'苑' * 61}", "太长"),
        ("x,c1,estate,某苑,95,106", "90"),
        ("x,c1,estate,某苑,nan,106", "90"),
        ("x,c1,estate,某苑,29.6,", "都填"),
        ("x,c1,estate,某苑,,,1.5", "整数"),
        ("x,c1,estate,某苑,,,9999999999", "整数"),
        ("x,c1,estate,某苑,,,1,多", "多出"),
    ],
)
async def test_a_bad_place_is_named_and_nothing_is_written(folder: Path, row: str, reason: str) -> None:
    report = await load(folder, places=PLACES + row + "\n", calendar=DAYS)
    assert list(complaints(report)) == [10]
    assert reason in complaints(report)[10]
    assert not any((await counts()).values())


async def test_every_place_of_a_circle_is_named(folder: Path) -> None:
    circle = "a,b,estate,甲\nb,d,building,乙\nd,a,unit,丙\n"
    report = await load(folder, places=PLACES + circle)
    assert {10, 11, 12} == set(complaints(report))
    assert "a → b → d → a" in complaints(report)[10]


async def test_a_place_of_the_database_cannot_be_left_under_a_wrong_level(folder: Path) -> None:
    await load(folder, **ALL)
    report = await load(folder, places="code,parent,level,name\nb1,e1,unit,9单元\n")
    assert "u4" in complaints(report)[2]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("g6,c1,第六网格,e2", "不在网格“g6”的社区"),
        ("g6,c1,第六网格,b1", "已经归网格“g4”"),
        ("g6,c1,第六网格,b9", "没有这个地址"),
        ("g6,c1,第六网格,g3", "是网格"),
        ("g6,e1,第六网格,b2", "不是社区"),
        ("g6,c9,第六网格,b2", "不存在"),
        ("b2,c1,第六网格,b2", "重复"),
    ],
)
async def test_a_bad_grid_is_named(folder: Path, row: str, reason: str) -> None:
    report = await load(folder, places=PLACES, grids=GRIDS + row + "\n")
    assert reason in complaints(report)[5]
    assert not any((await counts()).values())


async def test_a_place_keeps_what_it_is(folder: Path) -> None:
    await load(folder, **ALL)
    assert "已经是楼栋" in complaints(await load(folder, grids=GRIDS + "b2,c1,第六网格,\n"))[5]
    assert "已经是网格" in complaints(await load(folder, places=PLACES + "g3,c1,estate,某苑\n"))[10]


async def test_a_place_of_another_grid_of_the_database_cannot_be_covered_twice(folder: Path) -> None:
    await load(folder, **ALL)
    report = await load(folder, grids="code,community,name,covers\ng6,c1,第六网格,b1\n")
    assert "已经归网格“g4”" in complaints(report)[2]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (",24x7,24x7,24x7", ",24x7,24x7,nights", "clock_resolve"),
        (",30,", ",0,", "accept_minutes"),
        (",30,", ",-5,", "accept_minutes"),
        (",30,", ",half,", "accept_minutes"),
        (",E2,", ",E9,", "level"),
        (",true,false", ",maybe,false", "photo_on_resolve"),
    ],
)
async def test_a_bad_category_is_named(folder: Path, old: str, new: str, reason: str) -> None:
    assert reason in complaints(await load(folder, categories=CATEGORY.replace(old, new, 1)))[2]


@pytest.mark.parametrize("day", ["2026-02-30", "20261001", "", "国庆"])
async def test_a_bad_date_is_named(folder: Path, day: str) -> None:
    assert "date" in complaints(await load(folder, calendar=DAYS + f"{day},holiday,某节,\n"))[4]


async def test_a_day_comes_once(folder: Path) -> None:
    assert "重复" in complaints(await load(folder, calendar=DAYS + "2026-10-01,workday,某节,\n"))[4]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,某物业,property,,e9", "没有这个地址"),
        ("x,某物业,club,,e1", "kind"),
        ("rhwy,甲,property,,", "重复"),
    ],
)
async def test_a_bad_organisation_is_named(folder: Path, row: str, reason: str) -> None:
    report = await load(folder, places=PLACES, organisations=ORGANISATIONS + row + "\n")
    assert reason in complaints(report)[3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "空的"),
        ("\n\n", "空的"),
        (GRIDS.splitlines()[0] + "\n", "没有内容"),
        ("code,community,name\ng3,c1,第三网格\n", "缺少列 covers"),
        ("code,community,name,covers,colour\ng3,c1,第三网格,,red\n", "不认识的列 colour"),
        ("code,community,name,covers,code\ng3,c1,第三网格,,g3\n", "列重复 code"),
        ("甲,乙\n1,2\n", "认不出"),
        ('code,community,name,covers\n"g3,c1,第三网格,\n', "引号"),
    ],
)
async def test_a_file_that_is_no_table_of_ours_is_refused(folder: Path, content: str, reason: str) -> None:
    report = await load(folder, file=content)
    assert reason in report.bad[0].message
    assert report.bad[0].message.endswith("。")


async def test_a_file_in_another_format_or_place_is_refused(folder: Path) -> None:
    (folder / "old.xls").write_bytes(b"\xd0\xcf")
    report = await imports.load_files([folder / "old.xls", folder / "none.csv", folder])
    assert "格式" in report.bad[0].message
    assert "打不开" in report.bad[1].message
    assert len(report.bad) == 3


async def test_what_ships_with_the_program_does_not_overwrite_what_an_office_changed() -> None:
    await imports.load_builtin()
    assert (await counts())["category"] == 27
    await db.fetch("UPDATE category SET accept_minutes = 7 WHERE code = 'stair_light'")
    await db.fetch("DELETE FROM calendar_day WHERE date = '2026-10-01'")
    days = (await counts())["calendar_day"]
    await imports.load_builtin()
    assert (await counts())["calendar_day"] == days
    row = await db.fetchrow("SELECT accept_minutes, sort FROM category WHERE code = 'stair_light'")
    assert row is not None
    assert (row["accept_minutes"], row["sort"]) == (7, 12)
