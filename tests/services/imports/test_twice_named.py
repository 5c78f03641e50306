"""A place comes once, and a place without a grid is not passed over in silence: tables of cases."""

import csv
from pathlib import Path
from typing import Any

import pytest

from app import db
from app.services import imports
from app.services.imports import Report
from tests.import_files import ALL, GRIDS, PLACES

pytestmark = pytest.mark.usefixtures("empty")


def cases() -> list[Any]:
    content = Path(__file__).with_name("twice_named.csv").read_text("utf-8")
    return [pytest.param(row, id=row["what"]) for row in csv.DictReader(content.splitlines())]


async def load(folder: Path, **files: str) -> Report:
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    return await imports.load_files([folder / f"{name}.csv" for name in files])


@pytest.mark.parametrize("case", cases())
async def test_one_place_does_not_come_twice_under_another_code(tmp_path: Path, case: dict[str, str]) -> None:
    one = await load(tmp_path, places=PLACES + case["row"] + "\n")
    own_code = case["row"].split(",")[0] == "b1"
    assert own_code or [line.line for line in one.bad] == ([10] if case["named"] else [])
    await db.fetch("DELETE FROM place")
    assert (await load(tmp_path, **ALL)).ok
    two = await load(tmp_path, places="code,parent,level,name\n" + case["row"] + "\n")
    assert [line.line for line in two.bad] == ([2] if case["named"] else [])
    if case["named"]:
        assert f"已有“{case['named']}”（编号" in two.bad[0].message


async def test_a_grid_does_not_come_twice_under_another_code(tmp_path: Path) -> None:
    report = await load(tmp_path, places=PLACES, grids=GRIDS + "g6,c1,第 四网格,\n")
    assert "编号 g4" in report.bad[0].message


async def test_doubles_of_the_database_can_be_imported_again(tmp_path: Path) -> None:
    assert (await load(tmp_path, places=PLACES + "b3,e1,building,948号\n")).ok
    await db.fetch("UPDATE place SET name = '944号' WHERE code = 'b3'")
    assert (await load(tmp_path, places=PLACES + "b3,e1,building,944号\n")).ok


@pytest.mark.parametrize(
    ("grids", "said"),
    [
        (GRIDS, None),
        (GRIDS.replace("g5,c2,第一网格,c2", "g5,c2,第一网格,"), "1 处没有网格覆盖，那里的报告会到社区待分派：柏林苑"),
        (GRIDS.replace("g3,c1,第三网格,e1", "g3,c1,第三网格,"), "1 处没有网格覆盖，那里的报告会到社区待分派：人和家园946号"),
        ("code,community,name,covers\ng4,c1,第四网格,u4\n", "2 处没有网格覆盖，那里的报告会到社区待分派：人和家园946号、柏林苑"),
    ],
)  # fmt: skip
async def test_places_without_a_grid_are_said(tmp_path: Path, grids: str, said: str | None) -> None:
    report = await load(tmp_path, places=PLACES, grids=grids)
    assert report.ok, report.bad
    assert report.notes == ([f"有 {said}"] if said else [])
