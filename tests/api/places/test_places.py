"""Places and categories over HTTP: open to all, findable as people write, never a grid by accident."""

from typing import Any

import httpx
import pytest

from app import db
from app.services.setup import phrases
from tests.world import API, answer, problem


async def get(http: httpx.AsyncClient, path: str, **params: Any) -> Any:
    return answer(await http.get(API + path, params=params))


async def row_of(sql: str, *args: Any) -> Any:
    row = await db.fetchrow(sql, *args)
    assert row is not None
    return row


async def test_categories_need_no_sign_in(http: httpx.AsyncClient) -> None:
    listed = await get(http, "/categories")
    assert listed["next"] is None
    by_code = {one["code"]: one for one in listed["items"]}
    assert by_code["stair_light"]["zh"]
    assert by_code["lift_trapped"]["emergency_phone"] == "96333"


async def test_every_category_offers_phrases_for_what_is_often_done_about_it(http: httpx.AsyncClient) -> None:
    """Its own or, where an office has none for it, those for any; no phrase is for a category that is not there."""
    offered = {one["code"]: one["phrases"] for one in (await get(http, "/categories"))["items"]}
    assert offered["stair_light"][0] == "已更换灯泡，灯亮了"
    assert [code for code, said in offered.items() if not 1 <= len(set(said)) == len(said) <= 4] == []
    assert phrases.phrases_of("an office's own") == phrases.phrases_of(phrases.ANY)
    assert {row.partition(",")[0] for row in phrases.FILE.read_text("utf-8").splitlines()[1:]} == {
        phrases.ANY,
        *offered,
    }


async def test_the_tree_begins_with_streets(http: httpx.AsyncClient) -> None:
    (street,) = (await get(http, "/places"))["items"]
    assert (street["level"], street["name"], street["parent_id"]) == ("street", "人和街道", None)


async def test_one_walks_down_to_the_unit(http: httpx.AsyncClient) -> None:
    walked, parent = [], None
    for _ in range(5):
        below = await get(http, "/places", **({"parent": parent} if parent else {}))
        first = below["items"][0]
        assert first["parent_id"] == parent
        walked.append(first["level"])
        parent = first["id"]
    assert walked == ["street", "community", "estate", "building", "unit"]
    assert (await get(http, "/places", parent=parent))["items"] == []


async def test_grids_come_only_when_asked_for(http: httpx.AsyncClient) -> None:
    community = await row_of("SELECT id FROM place WHERE code = 'wss'")
    below = await get(http, "/places", parent=community["id"], limit=100)
    assert {one["level"] for one in below["items"]} == {"estate"}
    grids = await get(http, "/places", parent=community["id"], level="grid", limit=100)
    assert "第四网格" in {one["name"] for one in grids["items"]}


async def test_pages_hold_every_place_once(http: httpx.AsyncClient) -> None:
    whole = await row_of("SELECT count(*) FROM place WHERE level = 'building'")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await get(http, "/places", level="building", limit=37, **cursor)
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) == whole["count"]


@pytest.mark.parametrize(
    "said", ["944号4单元", "９４４号４单元", "944-4", "人和街道944号四单元", " 944 号 4 单元 "]
)
async def test_an_address_is_found_as_people_write_it(http: httpx.AsyncClient, said: str) -> None:
    found = (await get(http, "/places/search", q=said))["items"][0]
    assert (found["level"], found["path"][-2:]) == ("unit", ["944号", "4单元"])


async def test_floor_and_room_stay_as_text(http: httpx.AsyncClient) -> None:
    found = (await get(http, "/places/search", q="944号4单元3楼"))["items"][0]
    assert (found["path"][-1], found["rest"]) == ("4单元", "3楼")


@pytest.mark.parametrize("said", ["火星", "%", "_", "'; DROP TABLE place; --", "\\", "\x00", "😀", "号"])
async def test_what_is_no_address_finds_nothing(http: httpx.AsyncClient, said: str) -> None:
    assert (await get(http, "/places/search", q=said))["items"] == []


async def test_search_gives_no_more_than_asked(http: httpx.AsyncClient) -> None:
    assert len((await get(http, "/places/search", q="万寿山", limit=2))["items"]) <= 2


async def test_a_place_knows_its_way_down_and_its_grid(http: httpx.AsyncClient) -> None:
    unit = await row_of("SELECT id FROM place WHERE code = 'wss-944-4'")
    place = await get(http, f"/places/{unit['id']}")
    assert place["path"][:2] == ["人和街道", "万寿山社区"]
    assert place["path"][-2:] == ["944号", "4单元"]
    assert place["grid"] == "万寿山社区第四网格"


async def test_a_scanned_code_leads_to_its_place(http: httpx.AsyncClient) -> None:
    row = await row_of("SELECT id::text, scene FROM place WHERE code = 'wss-944-4'")
    assert (await get(http, f"/scenes/{row['scene']}"))["id"] == row["id"]


@pytest.mark.parametrize("scene", ["nothing", "..", "%00", "a" * 65, "１２３", "' OR 1=1"])
async def test_an_unknown_code_is_not_found(http: httpx.AsyncClient, scene: str) -> None:
    problem(await http.get(f"{API}/scenes/{scene}"), 404)


async def test_a_place_nobody_knows_is_not_found(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/places/01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"), 404)


@pytest.mark.parametrize(
    ("path", "params", "pointer"),
    [
        ("/places", {"limit": 0}, "/limit"),
        ("/places", {"limit": 101}, "/limit"),
        ("/places", {"limit": "many"}, "/limit"),
        ("/places", {"level": "floor"}, "/level"),
        ("/places", {"parent": "944号"}, "/parent"),
        ("/places", {"cursor": "next"}, "/cursor"),
        ("/places", {"cursor": "9" * 201}, "/cursor"),
        ("/places/search", {}, "/q"),
        ("/places/search", {"q": ""}, "/q"),
        ("/places/search", {"q": "号" * 201}, "/q"),
        ("/places/944", {}, "/place_id"),
    ],
)
async def test_a_bad_question_is_told_where(
    http: httpx.AsyncClient, path: str, params: dict[str, Any], pointer: str
) -> None:
    said = problem(await http.get(API + path, params=params), 422)
    assert [error["pointer"] for error in said["errors"]] == [pointer]
