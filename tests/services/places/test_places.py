"""On the demo street a place is found by its address, its stairwell code or its position, and somebody answers for it."""

import asyncio
import time
from uuid import UUID

import pytest

from app import db, ids
from app.enums import Level
from app.errors import Invalid, NotFound
from app.services import demo
from app.services.places import places, search

pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
async def street(empty: None) -> None:
    await demo.load_demo("1")


async def row(code: str) -> tuple[UUID, str]:
    found = await db.fetch("SELECT id, scene FROM place WHERE code = $1", code)
    return found[0]["id"], found[0]["scene"]


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(
    ("q", "label", "rest"),
    [
        ("944号4单元3楼", "人和家园944号4单元", "3楼"),
        ("９４４号4单元", "人和家园944号4单元", None),
        ("944-4-301", "人和家园944号4单元", "301室"),
        ("重庆市人和街道万寿山社区人和家园944号", "人和家园944号", None),
        ("944号9单元3楼", "人和家园944号", "9单元3楼"),
        ("944号附1号", "人和家园944号", "附1号"),
        ("944号商铺3号", "人和家园944号", "商铺3号"),
        ("人和家园", "人和家园", None),
        ("万寿山", "万寿山社区", None),
        ("柏林苑3栋", "柏林苑3栋", None),
        ("柏林社区944号4单元", "柏林社区", "944号4单元"),
        ("人和家园4单元", "人和家园936号4单元", None),
    ],
)
async def test_the_best_match_comes_first(q: str, label: str, rest: str | None) -> None:
    best = (await search.search_places(q))[0]
    assert (best.label, best.rest) == (label, rest)


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize(
    "q", ["", "第四网格", "%", "_", "不存在的地方", "99999号", "\x00", "'; DROP TABLE place"]
)
async def test_grids_and_nonsense_are_not_found(q: str) -> None:
    assert await search.search_places(q) == []


@pytest.mark.usefixtures("street")
async def test_a_found_place_says_its_way_down() -> None:
    found = await search.search_places("944号4单元")
    assert found[0].path == ["人和街道", "万寿山社区", "人和家园", "944号", "4单元"]
    assert (found[0].level, found[0].level_name) == (Level.UNIT, "单元")
    assert len(await search.search_places("1栋")) > 2


@pytest.mark.usefixtures("street")
async def test_the_most_specific_cover_names_the_grid() -> None:
    for code, grid in (
        ("wss-944-4", "第四网格"),
        ("wss-936", "第三网格"),
        ("wss-rhjy", "第三网格"),
        ("wss-g4", "第四网格"),
    ):
        place = await places.get_place((await row(code))[0])
        assert place.grid == f"万寿山社区{grid}"
    assert (await places.get_place((await row("wss"))[0])).grid is None


@pytest.mark.usefixtures("street")
async def test_the_code_in_the_stairwell_leads_to_its_unit() -> None:
    place_id, scene = await row("wss-944-4")
    assert (await places.get_place_by_scene(scene)).id == place_id
    for wrong in ("", "nothing", "\x00", "楼", "x" * 10_000):
        with pytest.raises(NotFound):
            await places.get_place_by_scene(wrong)
    with pytest.raises(NotFound):
        await places.get_place(ids.new())


@pytest.mark.usefixtures("street")
async def test_the_tree_is_walked_page_by_page_without_grids() -> None:
    (street,), _ = await places.child_places(None, None)
    names, cursor = list[str](), None
    while True:
        items, cursor = await places.child_places(street.id, None, 4, cursor)
        names += [item.name for item in items]
        if cursor is None:
            break
    assert len(names) == len(set(names)) == 11
    assert names[0] == "万寿山社区"
    below, _ = await places.child_places((await row("wss"))[0], None)
    assert {item.level for item in below} == {Level.ESTATE}
    grids, _ = await places.child_places((await row("wss"))[0], Level.GRID)
    assert [item.name[1] for item in grids] == list("一二三四五六")
    assert len((await places.child_places(None, Level.GRID, 100))[0]) == 90
    with pytest.raises(Invalid):
        await places.child_places(None, None, 4, "9.x")


@pytest.mark.usefixtures("street")
async def test_a_position_belongs_to_the_nearest_building_within_reach() -> None:
    found = (await db.fetch("SELECT id, lat, lng FROM place WHERE code = 'wss-944'"))[0]
    assert await places.nearest_building(found["lat"] + 0.00005, found["lng"]) == found["id"]
    edge = (await db.fetch("SELECT min(lat) - 0.004 AS lat, min(lng) AS lng FROM place"))[0]
    assert await places.nearest_building(edge["lat"], edge["lng"]) is None
    for lat, lng in ((0, 0), (float("nan"), 0), (90, 180), (1e300, 1), (float("inf"), 0)):
        assert await places.nearest_building(lat, lng) is None


@pytest.mark.alone
async def test_the_demo_street_loads_fast_once_and_with_somebody_in_every_post() -> None:
    start = time.perf_counter()
    await demo.load_demo("1")
    assert time.perf_counter() - start < 5  # 0.4 s on an idle machine
    levels = await db.fetch("SELECT level, count(*)::int AS n FROM place GROUP BY level")
    number = {row["level"]: row["n"] for row in levels}
    assert (number["community"], number["grid"], number["building"]) == (11, 90, 450)
    vacant = await db.fetch(
        "SELECT code FROM place p WHERE level IN ('street', 'community', 'grid')"
        " AND NOT EXISTS (SELECT FROM post WHERE place_id = p.id AND role IN ('head', 'community', 'street'))"
    )
    assert vacant == []
    uncovered = await db.fetch(
        "SELECT code FROM place p WHERE level = 'unit'"
        " AND NOT EXISTS (SELECT FROM grid_cover WHERE place_id = ANY(p.path))"
    )
    assert uncovered == []


async def test_two_starters_load_one_demo_street() -> None:
    await asyncio.gather(demo.load_demo("1"), demo.load_demo("1"))
    assert (await db.fetch("SELECT count(*) AS n FROM post WHERE role = 'head'"))[0]["n"] == 90


async def test_loading_the_demo_again_leaves_what_people_changed() -> None:
    await demo.load_demo("1")
    await db.fetch("UPDATE place SET name = '新名字' WHERE code = 'wss-944'")
    people = (await db.fetch("SELECT count(*) AS n FROM person"))[0]["n"]
    await demo.load_demo("2")
    assert (await db.fetch("SELECT name FROM place WHERE code = 'wss-944'"))[0]["name"] == "新名字"
    assert (await db.fetch("SELECT count(*) AS n FROM person"))[0]["n"] == people
    personas = await db.fetch("SELECT demo, consent_version FROM person WHERE demo IS NOT NULL")
    assert {row["demo"]: row["consent_version"] for row in personas} == dict.fromkeys(demo.PERSONAS, "2")
