"""Photos over HTTP: private until attached, then seen by whoever sees the ticket; clean, small, not too many."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image

from app import clock, db
from app.errors import Unavailable
from app.services.photos import photos
from tests import world
from tests.world import API, Everybody, answer, problem


def taken_with_a_phone() -> bytes:
    """Return a JPEG lying on its side, with a position, a comment and a maker."""
    image = Image.new("RGB", (80, 40), (10, 200, 30))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "MAKER-OF-PHONES"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"SECRET-COMMENT")
    return out.getvalue()


async def send(person: world.Person, content: bytes, name: str = "photo.jpg") -> httpx.Response:
    """Upload some bytes."""
    return await person.ask("POST", "/photos", files={"file": (name, content)})


async def test_a_photo_comes_back_upright_and_says_nothing_of_where_it_was_taken(
    people_of: Everybody,
) -> None:
    (resident,) = await people_of("resident")
    made = answer(await send(resident, taken_with_a_phone()), 201)
    assert (made["width"], made["height"]) == (40, 80)
    for url in (made["url"], made["thumb_url"]):
        photo = await resident.http.get(url, headers=resident.headers)
        assert photo.status_code == 200
        assert photo.headers["content-type"] == "image/jpeg"
        assert photo.headers["cache-control"].startswith("private")
        assert photo.headers["x-content-type-options"] == "nosniff"
        image = Image.open(io.BytesIO(photo.content))
        assert (image.width, image.height, dict(image.getexif())) == (40, 80, {})
        assert b"SECRET-COMMENT" not in photo.content
        assert b"MAKER-OF-PHONES" not in photo.content


async def test_uploading_and_fetching_need_a_sign_in(http: httpx.AsyncClient) -> None:
    problem(await http.post(f"{API}/photos", files={"file": ("x.jpg", world.jpeg())}), 401)
    problem(await http.get(f"{API}/photos/{uuid4()}"), 401)


async def test_a_loose_photo_is_its_uploaders_alone(people_of: Everybody) -> None:
    resident, *others = await people_of("resident", "neighbour", "grid_head", "street", "admin")
    photo = await resident.photo()
    assert (await resident.ask("GET", f"/photos/{photo}")).status_code == 200
    for other in others:
        problem(await other.ask("GET", f"/photos/{photo}"), 404, "not-found")
        problem(await other.ask("GET", f"/photos/{uuid4()}"), 404, "not-found")


async def test_an_attached_photo_is_seen_by_whoever_sees_its_ticket(people_of: Everybody) -> None:
    names = ("grid_head", "member", "community", "street", "auditor", "property")
    strangers = ("neighbour", "other_grid_head", "other_community", "other_property", "admin")
    (resident,) = await people_of("resident")
    photo = await resident.photo()
    ticket = await resident.report(photo_ids=[photo])
    people = await people_of(*names)
    await people[0].dispatch(ticket)
    for size in ("full", "thumb"):
        for person in (resident, *people):
            assert (await person.ask("GET", f"/photos/{photo}?size={size}")).status_code == 200
        for stranger in await people_of(*strangers):
            problem(await stranger.ask("GET", f"/photos/{photo}?size={size}"), 404, "not-found")


async def test_a_company_loses_the_photo_with_the_ticket(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    photo = await resident.photo()
    ticket = await resident.report(photo_ids=[photo])
    await head.dispatch(ticket)
    await head.act("recall", ticket)
    problem(await company.ask("GET", f"/photos/{photo}"), 404)


async def test_the_photo_of_an_internal_comment_stays_inside(people_of: Everybody) -> None:
    resident, head, auditor = await people_of("resident", "grid_head", "auditor")
    ticket = await resident.report()
    photo = await head.photo()
    await head.act("comment", ticket, text="内部情况", internal=True, photo_ids=[photo])
    problem(await resident.ask("GET", f"/photos/{photo}"), 404, "not-found")
    assert (await auditor.ask("GET", f"/photos/{photo}")).status_code == 200


async def test_what_its_reporter_edits_away_only_staff_still_see(people_of: Everybody) -> None:
    resident, neighbour, head, company = await people_of("resident", "neighbour", "grid_head", "property")
    old, kept, new = [await resident.photo() for _ in range(3)]
    ticket = await resident.report(photo_ids=[old, kept])
    await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow")
    await resident.act("edit", ticket, description="三楼李家门口", photo_ids=[kept, new])
    await resident.act("edit", ticket, description="三楼")
    await head.dispatch(ticket)
    await world.run_jobs()  # what is new has been checked
    for person, status in ((resident, 404), (neighbour, 404), (company, 404), (head, 200)):
        assert (await person.ask("GET", f"/photos/{old}")).status_code == status
        for photo in (kept, new):
            assert (await person.ask("GET", f"/photos/{photo}")).status_code == 200
        lines = (await person.get(f"/tickets/{ticket['id']}/events"))["items"]
        shown = [photo["id"] for photo in lines[0]["photos"]]
        assert shown == ([old, kept] if status == 200 else [kept])
        texts = [line.get("text") for line in lines[:3]]
        assert texts == [*(("楼道灯不亮", "三楼李家门口") if status == 200 else (None, None)), "三楼"]


@pytest.mark.parametrize("query", ["?size=huge", "?size="])
async def test_there_are_two_sizes(query: str, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    photo = await resident.photo()
    said = problem(await resident.ask("GET", f"/photos/{photo}{query}"), 422)
    assert said["errors"][0]["pointer"] == "/size"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff" + b"\x00" * 100, b"%PDF-1.4"],
)  # fmt: skip
async def test_what_is_no_photo_is_refused_whatever_it_is_called(
    content: bytes, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    said = problem(await send(resident, content), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/file"
    assert not await db.fetch("SELECT FROM photo")


async def test_an_upload_without_a_file_is_refused(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    problem(await resident.ask("POST", "/photos"), 422, "invalid")
    problem(await resident.ask("POST", "/photos", files={"other": ("a.jpg", b"x")}), 422, "invalid")
    problem(await resident.ask("POST", "/photos", files={"file": (None, "x")}), 422, "invalid")
    problem(await resident.ask("POST", "/photos", data={"file": "x"}), 415, "unsupported-media-type")
    problem(await resident.ask("POST", "/photos", json={"file": "x"}), 415, "unsupported-media-type")
    odd = {"content-type": "multipart/form-data"}
    problem(await resident.ask("POST", "/photos", content=b"--x", headers=odd), 400)


async def test_a_photo_of_more_than_ten_megabytes_is_413(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    problem(await send(resident, world.jpeg() + b"\x00" * (10 * 1024 * 1024)), 413, "too-large")
    assert not await db.fetch("SELECT FROM photo")


async def test_the_sixty_first_photo_in_an_hour_is_429(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    await db.fetch(
        "INSERT INTO photo (id, uploader_id, width, height, created_at) "
        "SELECT gen_random_uuid(), id, 1, 1, $1 FROM person, generate_series(1, 60) WHERE demo = 'resident'",
        clock.now(),
    )
    refused = await send(resident, world.jpeg())
    problem(refused, 429, "too-many")
    assert int(refused.headers["retry-after"]) > 0
    assert await neighbour.photo()
    clock.travel(timedelta(minutes=61))
    (resident,) = await people_of("resident")
    assert await resident.photo()


async def test_loose_photos_are_swept_after_a_day_and_attached_ones_stay(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    loose, attached = await resident.photo(), await resident.photo()
    await resident.report(photo_ids=[attached])
    assert await photos.sweep_unattached() == 0
    clock.travel(timedelta(hours=25))
    assert await photos.sweep_unattached() == 1
    (resident,) = await people_of("resident")
    problem(await resident.ask("GET", f"/photos/{loose}"), 404)
    assert (await resident.ask("GET", f"/photos/{attached}")).status_code == 200


# Every act that takes photos takes them alike.

TAKING: dict[str, tuple[str, str, dict[str, Any]]] = {
    "edit": ("new", "resident", {}),
    "hand_back": ("taken", "property", {"reason": "not_our_trade"}),
    "resolve": ("taken", "property", {"outcome": "fixed", "text": "换了灯泡"}),
    "reopen": ("resolved", "resident", {"text": "又不亮了"}),
    "comment": ("accepted", "resident", {"text": "看这张"}),
}


@pytest.mark.parametrize("action", TAKING)
async def test_an_act_takes_ones_own_fresh_photos_and_no_others(action: str, people_of: Everybody) -> None:
    """At most nine, each once, not somebody else's, not one already used, not a made-up one."""
    resident, head, company, neighbour = await people_of("resident", "grid_head", "property", "neighbour")
    step, who, said = TAKING[action]
    person = {"resident": resident, "property": company}[who]
    used, fresh = await person.photo(), await person.photo()
    theirs = await neighbour.photo()
    other = await resident.report()
    if person is company:
        await head.dispatch(other)
    await person.act("comment", other, text="用掉一张", photo_ids=[used])
    ticket = await world.brought(step, resident, head, company)
    before = await world.written()
    for bad in (
        [used],
        [theirs],
        [str(uuid4())],
        [fresh, fresh],
        [fresh, used],
        [fresh] * 10,
        ["x"],
        "x",
        [None],
    ):
        refused = await person.try_to(action, ticket, **said, photo_ids=bad)
        pointers = [error["pointer"] for error in problem(refused, 422, "invalid")["errors"]]
        assert pointers[0].startswith("/photo_ids"), bad
    assert await world.written() == before
    answer(await person.try_to(action, ticket, **said, photo_ids=[fresh]))
    page = await head.get(f"/tickets/{ticket['id']}/events")
    assert [photo["id"] for photo in page["items"][-1]["photos"]] == [fresh]
    assert (await head.ask("GET", f"/photos/{fresh}")).status_code == 200  # fmt: skip


async def test_files_whose_row_was_never_written_are_removed(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed, refused or cut off from the database between the files and the row: nothing stays that no row knows."""
    (resident,) = await people_of("resident")
    storage = photos.photo_storage()
    before = {key async for key in storage.keys("photos/")}
    execute = db.execute

    async def cut_off(statement: Any, **values: Any) -> Any:
        if statement is photos._INSERT:  # noqa: SLF001 - the moment between the files and their row
            raise Unavailable
        return await execute(statement, **values)

    monkeypatch.setattr(db, "execute", cut_off)
    problem(await send(resident, taken_with_a_phone()), 503)
    left = {key async for key in storage.keys("photos/")} - before
    assert len(left) == 2
    monkeypatch.undo()
    assert await photos.clear_discarded() == 0  # an upload under way is left alone
    clock.travel(timedelta(hours=2))
    assert await photos.clear_discarded() == 1
    assert {key async for key in storage.keys("photos/")} == before
