"""Sheets of stairwell codes: eight a page, readable by machines and people, whole."""

import io
from typing import Any, Final

import httpx
import pytest
from PIL import Image
from pypdf import PdfReader

from app import db
from tests.wechat_standin import JPEG, Wechat
from tests.world import API, MADE_UP, Everybody, Person, problem


async def place(code: str) -> str:
    row = await db.fetchrow("SELECT id::text FROM place WHERE code = $1", code)
    assert row is not None
    identifier: str = row["id"]
    return identifier


async def sheets(person: Person, place_id: str) -> PdfReader:
    """Return the sheets of a place as a reader of documents sees them."""
    fetched = await person.ask("GET", f"/places/{place_id}/qrcodes.pdf", timeout=300)
    assert fetched.status_code == 200, fetched.text
    assert fetched.headers["content-type"] == "application/pdf"
    return PdfReader(io.BytesIO(fetched.content))


def texts(document: PdfReader) -> list[str]:
    """Return the text of each page; the reader leaves the zero bytes of two-byte characters in it."""
    return [page.extract_text().translate({0: None, 10: None}) for page in document.pages]


async def test_a_community_is_printed_eight_a_page(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    stairs = await db.fetch(
        "SELECT scene FROM place p WHERE level = 'unit' AND (SELECT id FROM place WHERE code = 'wss') = ANY(path)"
    )
    pages = texts(await sheets(community, await place("wss")))
    assert len(pages) == -(-len(stairs) // 8)
    assert all(any(row["scene"] in page for page in pages) for row in stairs)


async def test_the_sheets_are_counted_before_they_are_drawn(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    place_id = await place("wss")
    pages = texts(await sheets(community, place_id))
    counted = await community.get(f"/places/{place_id}/qrcodes")
    assert (counted["sheets"], counted["codes"]) == (len(pages), sum(page.count("码号") for page in pages))


async def test_each_says_what_a_person_needs(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    (page,) = texts(await sheets(head, await place("wss-944-4")))
    for words in (
        "人和家园944号4单元",
        "万寿山社区第四网格 网格长",
        "电话：023-",
        "火警119",
        "急救120",
        "报警110",
    ):
        assert words in page


async def test_its_font_is_part_of_the_document(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    document = await sheets(head, await place("wss-944-4"))
    resources: Any = document.pages[0]["/Resources"]
    for font in resources["/Font"].values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        assert "/FontFile3" in descendant.get_object()["/FontDescriptor"]


async def test_a_long_address_is_printed_whole(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    label = "人和家园二期（原国营机械厂职工住宅区）" * 6 + "944号4单元"
    await db.fetch("UPDATE place SET label = $1 WHERE code = 'wss-944-4'", label)
    assert label in texts(await sheets(head, await place("wss-944-4")))[0]


async def test_with_wechat_its_codes_are_wechats(people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    picture = io.BytesIO()
    Image.new("L", (280, 280), 128).save(picture, "JPEG")
    wechat.says(picture.getvalue())
    document = await sheets(head, await place("wss-944-4"))
    assert [image.image.size for image in document.pages[0].images if image.image] == [(280, 280)]


async def test_a_broken_image_of_wechat_becomes_a_link(people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    wechat.says(JPEG)
    document = await sheets(head, await place("wss-944-4"))
    assert len(document.pages[0].images) == 1


# Who prints what: the persona, the code of the place, the status.
ALLOWED: Final = [
    ("grid_head", "wss-944-4", 200),
    ("other_grid_head", "wss-944-4", 404),
    ("grid_head", "wss", 404),
    ("community", "wss-944", 200),
    ("community", "wss-g4", 422),
    ("other_community", "wss-944", 404),
    ("street", "wss-944", 200),
    ("admin", "wss-944", 200),
    ("resident", "wss-944", 403),
    ("property", "wss-944", 403),
    ("auditor", "wss-944", 403),
]


@pytest.mark.parametrize(("persona", "code", "status"), ALLOWED)
async def test_who_prints_what(people_of: Everybody, persona: str, code: str, status: int) -> None:
    (person,) = await people_of(persona)
    for path in ("qrcodes", "qrcodes.pdf"):
        fetched = await person.ask("GET", f"/places/{await place(code)}/{path}")
        assert fetched.status_code == status


async def test_a_place_that_is_not_there_has_none(people_of: Everybody, http: httpx.AsyncClient) -> None:
    (admin,) = await people_of("admin")
    for path in ("qrcodes", "qrcodes.pdf"):
        problem(await admin.ask("GET", f"/places/{MADE_UP}/{path}"), 404)
        problem(await http.get(f"{API}/places/{MADE_UP}/{path}"), 401)
