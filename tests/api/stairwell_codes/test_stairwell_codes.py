"""Stairwell codes: WeChat's own where it can be had, asked for once; else a link; replaced for good."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from PIL import Image

from app import db, settings
from app.services.places import qr
from tests.deployed import deployed, fresh_client
from tests.wechat_standin import JPEG, Wechat
from tests.world import API, MADE_UP, Everybody, Person, answer, problem

CODES: Final = "/wxa/getwxacodeunlimit"


async def scene_of(code: str) -> str:
    row = await db.fetchrow("SELECT scene FROM place WHERE code = $1", code)
    assert row is not None
    scene: str = row["scene"]
    return scene


async def code_of(person: Person) -> httpx.Response:
    fetched = await person.ask("GET", f"/places/{await person.place()}/qrcode")
    assert fetched.status_code == 200
    return fetched


# A link, where WeChat is not configured.


async def test_without_wechat_it_is_a_link(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    with deployed(wechat_appid=None, wechat_secret=None):
        fetched = await code_of(head)
    assert fetched.headers["content-type"] == "image/png"
    assert fetched.headers["cache-control"] == "no-store"
    assert (fetched.headers["code-kind"], "code-problem" in fetched.headers) == ("link", False)
    with Image.open(io.BytesIO(fetched.content)) as picture:
        assert picture.format == "PNG"
    assert fetched.content == qr.qr_png(await scene_of("wss-944-4"))


@pytest.mark.parametrize("persona", ["resident", "property", "auditor"])
async def test_others_fetch_none(people_of: Everybody, persona: str) -> None:
    (somebody,) = await people_of(persona)
    for place in (await somebody.place(), MADE_UP):
        problem(await somebody.ask("GET", f"/places/{place}/qrcode"), 403)


async def test_a_place_that_is_not_there_has_no_code(people_of: Everybody, http: httpx.AsyncClient) -> None:
    (admin,) = await people_of("admin")
    problem(await admin.ask("GET", f"/places/{MADE_UP}/qrcode"), 404)
    problem(await http.get(f"{API}/places/{MADE_UP}/qrcode"), 401)


def test_the_link_has_a_prefix_to_register() -> None:
    assert qr.scene_url("ABC") == "ABC"
    with deployed(public_url="https://loudeng.example/"):
        assert qr.scene_url("ABC") == "https://loudeng.example/s/ABC"


# WeChat's own code.


async def test_with_wechat_it_is_a_mini_program_code(people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    fetched = await code_of(head)
    assert (fetched.content, fetched.headers["content-type"]) == (JPEG, "image/jpeg")
    assert fetched.headers["code-kind"] == "mini-program"
    asked = wechat.asked[wechat.paths.index(CODES)]
    assert (asked["scene"], asked["page"]) == (await scene_of("wss-944-4"), "pages/home/index")


async def test_wechat_is_asked_once_for_a_code(people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    wechat.hangs(0.1)
    await asyncio.gather(*(code_of(head) for _ in range(5)))
    await code_of(head)
    assert wechat.paths.count(CODES) == 1


async def test_another_mini_program_has_other_codes(people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    await code_of(head)
    wechat.appids.add("wx-other")
    with deployed(wechat_appid="wx-other"):
        await code_of(head)
    assert wechat.paths.count(CODES) == 2


# What WeChat answers instead of an image, and the header that says why the code is a link.
FAILURES: Final[dict[str, tuple[Any, str, str]]] = {
    "502": (b"<html>", "502 Bad Gateway", "no-answer"),
    "html": (b"<html>", "200 OK", "no-answer"),
    "nothing": (b"", "200 OK", "no-answer"),
    "huge": (b"\xff\xd8\xff" + b"0" * 3_000_000, "200 OK", "no-answer"),
    "quota": ({"errcode": 45009, "errmsg": "quota"}, "200 OK", "errcode-45009"),
    "page": ({"errcode": "41030", "errmsg": "page"}, "200 OK", "errcode-41030"),
    "token": ({"errcode": 40001, "errmsg": "token"}, "200 OK", "errcode-40001"),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_when_wechat_fails_it_is_a_link_that_says_why(
    people_of: Everybody, wechat: Wechat, failure: str
) -> None:
    (head,) = await people_of("grid_head")
    body, status, why = FAILURES[failure]
    wechat.says(body, status)
    fetched = await code_of(head)
    assert (fetched.headers["code-kind"], fetched.headers["code-problem"]) == ("link", why)
    assert fetched.headers["cache-control"] == "no-store"
    assert fetched.content == qr.qr_png(await scene_of("wss-944-4"))
    wechat.well()
    assert (await code_of(head)).content == JPEG


# Replacing one.


async def replace(person: Person, scene: str, place: str | None = None, **more: str) -> httpx.Response:
    place_id = place or await person.place()
    return await person.ask("POST", f"/places/{place_id}/qrcode/replace", json={"scene": scene} | more)


async def test_a_replaced_code_says_so(people_of: Everybody, http: httpx.AsyncClient) -> None:
    (community,) = await people_of("community")
    old = await scene_of("wss-944-4")
    new = answer(await replace(community, old))["scene"]
    assert new == await scene_of("wss-944-4") != old
    said = problem(await http.get(f"{API}/scenes/{old}"), 410)
    assert said["title"] == "这个码已作废，请扫楼道里新贴的码"
    assert answer(await http.get(f"{API}/scenes/{new}"))["label"] == "人和家园944号4单元"


async def test_a_repeated_replacement_replaces_nothing_more(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    old = await scene_of("wss-944-4")
    made = [answer(one) for one in await asyncio.gather(*(replace(community, old) for _ in range(3)))]
    assert {one["scene"] for one in made} == {await scene_of("wss-944-4")}


async def test_a_replacement_is_in_the_audit(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    answer(await replace(community, await scene_of("wss-944-4"), reason="defaced"))
    answer(await replace(community, await scene_of("wss-944-4")))
    later, entry = (await community.get("/audit", type="code_replaced"))["items"]
    assert (entry["label"], entry["subject_id"]) == ("更换楼道码", await community.place())
    assert [each["data"] for each in (entry, later)] == [{"reason": "defaced"}, {}]
    problem(await replace(community, await scene_of("wss-944-4"), reason="dull"), 422)


async def test_a_new_code_has_a_new_image(people_of: Everybody, wechat: Wechat) -> None:
    (community,) = await people_of("community")
    old = await scene_of("wss-944-4")
    await code_of(community)
    new = answer(await replace(community, old))["scene"]
    fetched = await code_of(community)
    assert fetched.headers["code-scene"] == new
    assert [one["scene"] for one in wechat.asked if "scene" in one] == [old, new]


@pytest.mark.parametrize("scene", ["made-up", "", "x" * 65, None, 5])
async def test_what_is_no_code_of_the_place_is_refused(people_of: Everybody, scene: Any) -> None:
    (community,) = await people_of("community")
    problem(await replace(community, scene), 409 if scene == "made-up" else 422)


async def test_only_who_runs_the_place_replaces_its_code(people_of: Everybody) -> None:
    scene = await scene_of("wss-944-4")
    for persona, status in (("grid_head", 403), ("resident", 403), ("other_community", 404), ("admin", 404)):
        (person,) = await people_of(persona)
        place = MADE_UP if persona == "admin" else None
        problem(await replace(person, scene, place), status)


# What is behind a link.


@pytest.fixture
async def deployment(http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A deployment that is neither demo nor preview."""
    with deployed(demo=None):
        async with fresh_client() as client:
            yield client


async def test_a_link_says_what_to_scan_it_with(deployment: httpx.AsyncClient) -> None:
    page = await deployment.get("/s/ABC")
    assert page.status_code == 200
    assert "请用微信扫这个码" in page.text


async def test_a_link_leads_to_the_preview_where_there_is_one(http: httpx.AsyncClient) -> None:
    moved = await http.get("/s/ABC&x=%0d%0a")
    assert (moved.status_code, moved.headers["location"]) == (307, "/app/?scene=ABC%26x%3D%0D%0A")


@pytest.fixture
def check_folder() -> Path:
    folder = settings.get().data_dir / "wechat-check"
    folder.mkdir(exist_ok=True)
    return folder


async def test_wechat_finds_its_check_file(deployment: httpx.AsyncClient, check_folder: Path) -> None:
    (check_folder / "aB3dE5fG7h.txt").write_text("0123456789abcdef")
    found = await deployment.get("/s/aB3dE5fG7h.txt")
    assert (found.status_code, found.text) == (200, "0123456789abcdef")
    assert found.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "name",
    [
        "none.txt",
        "..%2fsecret.txt",
        "%2e%2e.txt",
        ".txt",
        "a.b.txt",
        "é.txt",
        "%00.txt",
        "large.txt",
        "dir.txt",
    ],
)
async def test_nothing_else_is_served_there(
    deployment: httpx.AsyncClient, check_folder: Path, name: str
) -> None:
    (check_folder / "large.txt").write_bytes(b"0" * 1025)
    (check_folder / "dir.txt").mkdir(exist_ok=True)
    (check_folder.parent / "secret.txt").write_text("secret")
    assert (await deployment.get(f"/s/{name}")).status_code == 404
