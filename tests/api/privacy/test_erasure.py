"""Deleting one's account: what goes, what stays, and that nothing of it comes back."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from sqlmodel import SQLModel

import app.models  # noqa: F401 - fills the metadata
from app import clock, db
from app.errors import Unavailable
from app.labels import ERASED, ERASED_PERSON
from app.services import encryption
from app.services.ledger import verify
from app.services.outbox import jobs
from app.services.photos import photos
from app.services.posts import invitations
from app.services.privacy import erasing
from app.services.privacy.erasing import finish as erasure_finish
from app.services.privacy.erasing.policy import POLICY
from app.services.tickets.clocks import timers
from app.storage import DirectoryStorage
from tests import world
from tests.newcomers import Newcomer, everything, id_of
from tests.wechat_standin import Wechat
from tests.world import API, Everybody, Person, answer, problem

WORDS: Final = ("灯坏在王婆婆门口", "三楼左手边", "麻烦快一点", "左边那盏", "又不亮了", "谢谢师傅")
PHONE, CONTACT = "13812345678", "13987654321"


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = DirectoryStorage(tmp_path / "storage")
    monkeypatch.setattr(photos, "_storage", chosen)
    return tmp_path / "storage"


async def leave(person: Person, **choice: str) -> Any:
    return answer(await person.ask("DELETE", "/me", params=choice))


async def finish() -> None:
    """Let the worker do all that is due now."""
    while await erasing.sweep_erasures() or await jobs.run_due() or await photos.clear_discarded():
        pass


async def settle(by: timedelta = erasure_finish.SETTLE_TIME) -> None:
    clock.travel(by)
    await finish()


async def lived(newcomer: Newcomer, head: Person, openid: str = "leaver") -> tuple[Person, dict[str, Any]]:
    """Somebody with a name and a phone, whose ticket went through everything a reporter says and shows."""
    person = await newcomer(openid)
    answer(await person.ask("PATCH", "/me", json={"name": "欧阳建国", "home_id": await person.place()}))
    answer(await person.ask("POST", "/me/phone", json={"phone": PHONE}), 201)
    ticket = await person.report(
        description=WORDS[0],
        place_note=WORDS[1],
        contact_phone=CONTACT,
        photo_ids=[await person.photo()],
        position={"lat": 30.1, "lng": 103.1},
    )
    await person.act("comment", ticket, text=WORDS[2])
    await head.act("accept", ticket)
    await head.act("ask", ticket, text="哪一盏？", until=world.soon())
    await person.act("answer", ticket, text=WORDS[3], photo_ids=[await person.photo()])
    await head.resolve(ticket)
    await person.act("reopen", ticket, text=WORDS[4])
    await head.resolve(ticket, text="换了灯座")
    await person.act("confirm", ticket, verdict="solved", rating=5, text=WORDS[5])
    await person.photo()
    await finish()
    return person, await person.ticket(ticket["id"])


async def sealed() -> list[str]:
    """Return every encrypted value there is, as it shows in a dump."""
    rows = await db.fetch(
        "SELECT encode(s, 'hex') AS s FROM (SELECT phone_sealed AS s FROM person UNION SELECT contact_sealed FROM ticket) x "
        "WHERE s IS NOT NULL"
    )
    return [row["s"] for row in rows]


def files(storage: Path, part: object) -> list[str]:
    """Return the names of files with this in it."""
    return [path.name for path in storage.rglob("*") if path.is_file() and str(part) in path.name]


def traces() -> list[str]:
    """Return every form in which somebody's data may lie in the database."""
    found = [*WORDS, "欧阳建国", "leaver", PHONE, CONTACT, "138****5678", "139****4321", "王婆", "103.1"]
    return [*found, encryption.blind_index(f"+86{PHONE}").hex()]


async def test_nothing_of_a_person_who_left_is_in_any_table_or_file(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person, ticket = await lived(newcomer, head)
    person_id = await id_of(person)
    before = await everything()
    hidden = await sealed()
    assert len(hidden) == 2
    assert {trace for trace in traces() if trace not in before} == {PHONE, CONTACT}  # these lie encrypted
    mine = {
        row["id"] for row in await db.fetch("SELECT id FROM photo WHERE uploader_id = $1", UUID(person_id))
    }
    assert len(mine) == 3
    answered = await leave(person)
    assert (answered["withdrawn"], answered["open"]) == (0, 0)
    after = await everything()
    assert [trace for trace in [*traces(), *hidden] if trace in after] == []
    assert [name for photo in mine for name in files(storage, photo)] == []
    assert len(files(storage, ".jpg")) == 4  # those of the head's two resolutions
    columns = "contact_sealed, contact_masked, on_behalf_name_sealed, photo_ids"
    row = await db.fetchrow(f"SELECT {columns} FROM ticket WHERE id = $1", UUID(ticket["id"]))
    assert row is not None
    assert tuple(row) == (None, None, None, [])
    salts = await db.fetch("SELECT salt FROM remark WHERE text IS NULL")
    assert {row["salt"] for row in salts} == {b""}
    await settle()
    assert (await db.fetch("SELECT look_at FROM erasure"))[0]["look_at"] is None
    assert await db.fetch("SELECT FROM discard") == []


async def test_the_ticket_stays_with_deleted_words_and_the_office_s_own(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person, ticket = await lived(newcomer, head)
    before = (await head.get(f"/tickets/{ticket['id']}/events"))["items"]
    await leave(person)
    shown = await head.ticket(ticket["id"])
    assert (shown["description"], shown["place_note"], shown["photos"]) == (ERASED, ERASED, [])
    assert shown["reporter"] == {"id": shown["reporter"]["id"], "name": ERASED_PERSON, "phone_masked": None}
    assert shown["resolution"]["text"] == "换了灯座"
    assert len(shown["resolution"]["photos"]) == 1
    assert (shown["verdict"], shown["rating"]) == ("solved", 5)
    after = (await head.get(f"/tickets/{ticket['id']}/events"))["items"]
    assert [(event["seq"], event["type"], event["at"]) for event in after] == [
        (event["seq"], event["type"], event["at"]) for event in before
    ]
    mine = {"ticket.submitted", "ticket.answered", "ticket.reopened", "ticket.confirmed", "ticket.commented"}
    assert {event["text"] for event in after if event["type"] in mine} == {ERASED}
    assert {event.get("text") for event in after if event["type"] not in mine} >= {"哪一盏？", "换了灯座"}
    assert [event["type"] for event in after if event.get("photos")] == ["ticket.resolved"] * 2
    problem(await head.ask("GET", f"/tickets/{ticket['id']}/phone"), 404)
    assert (await head.get("/tickets", box="all", q="王婆"))["items"] == []
    assert [one["id"] for one in (await head.get("/tickets", box="all", q="944"))["items"]] == [ticket["id"]]


async def test_the_ledger_still_holds_and_counts_the_same(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person, _ = await lived(newcomer, head)
    before = await verify.verify_ledger()
    await leave(person)
    await settle()
    after = await verify.verify_ledger()
    assert after.broken is None
    assert (after.tickets, after.events) == (before.tickets, before.events)


async def test_erased_words_that_are_written_back_break_the_ledger(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person, _ = await lived(newcomer, head)
    await leave(person)
    await db.fetch("UPDATE remark SET text = '没有说过的话' WHERE text IS NULL")
    assert "文字被改动过" in str((await verify.verify_ledger()).broken)


async def test_whoever_left_is_signed_out_everywhere_with_the_next_request(
    newcomer: Newcomer, http: httpx.AsyncClient, wechat: Wechat
) -> None:
    telephone, computer = await newcomer("twice"), await newcomer("twice")
    tokens = answer(await http.post(f"{API}/auth/wechat", json={"code": wechat.code_for("twice")}))
    ticket = await computer.report()
    await leave(telephone)
    for method, path in (("GET", "/me"), ("GET", "/tickets"), ("GET", "/me/export"), ("DELETE", "/me")):
        for one in (telephone, computer):
            problem(await one.ask(method, path), 401)
    problem(await computer.ask("POST", "/tickets", json={"category": "stair_light"}), 401)
    problem(await computer.try_to("withdraw", ticket), 401)
    problem(await http.post(f"{API}/auth/refresh", json={"refresh_token": tokens["refresh_token"]}), 401)


async def test_the_same_wechat_comes_back_as_somebody_new(newcomer: Newcomer) -> None:
    before = await newcomer("returning")
    answer(await before.ask("PATCH", "/me", json={"name": "王芳"}))
    await before.report()
    first = await id_of(before)
    await leave(before)
    again = await newcomer("returning")
    profile = await again.get("/me")
    assert profile["id"] != first
    assert (profile["name"], profile["phone_masked"], profile["posts"]) == (None, None, [])
    assert (await again.get("/tickets", box="mine"))["items"] == []


async def test_what_nobody_accepted_is_withdrawn_and_its_holder_told(
    newcomer: Newcomer, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("withdrawing")
    new, accepted = await person.report(), await person.report()
    await head.act("accept", accepted)
    answered = await leave(person, open_tickets="withdraw")
    assert (answered["withdrawn"], answered["open"]) == (1, 1)
    await finish()
    one, other = await head.ticket(new["id"]), await head.ticket(accepted["id"])
    assert (one["status"], one["outcome"], one["description"]) == ("closed", "withdrawn", ERASED)
    assert await head.events(new) == ["submitted", "withdrawn"]
    assert (other["status"], other["description"]) == ("accepted", ERASED)
    told = (await head.get("/notices"))["items"]
    assert ("ticket.withdrawn", new["id"]) in {(notice["type"], notice["ticket_id"]) for notice in told}
    assert (await head.resolve(other))["status"] == "resolved"
    assert (await verify.verify_ledger()).broken is None


async def test_without_a_choice_words_go_at_once(newcomer: Newcomer, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("silent")
    ticket = await person.report()
    assert (await leave(person))["open_tickets"] == "withdraw"
    assert (await head.ticket(ticket["id"]))["description"] == ERASED


async def test_a_kept_ticket_keeps_words_and_photos_until_it_closes(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("keeping")
    answer(await person.ask("PATCH", "/me", json={"name": "欧阳建国"}))
    photo = await person.photo()
    ticket = await person.report(description=WORDS[0], photo_ids=[photo], contact_phone=CONTACT)
    answered = await leave(person, open_tickets="keep")
    assert (answered["withdrawn"], answered["open"]) == (0, 1)
    await settle()
    shown = await head.ticket(ticket["id"])
    assert (shown["status"], shown["description"], len(shown["photos"])) == ("new", WORDS[0], 1)
    assert shown["reporter"]["name"] == ERASED_PERSON
    assert answer(await head.ask("GET", f"/tickets/{ticket['id']}/phone"))["phone"] == f"+86{CONTACT}"
    assert "欧阳建国" not in await everything()
    await head.act("accept", ticket)
    await head.resolve(ticket)
    await settle()
    assert (await head.ticket(ticket["id"]))["description"] == WORDS[0]
    await db.fetch("UPDATE ticket SET status = 'closed', closed_at = $1", clock.now())
    await settle()
    assert (await head.ticket(ticket["id"]))["description"] == ERASED
    assert [trace for trace in (*WORDS, "139****4321") if trace in await everything()] == []
    assert files(storage, photo) == []
    assert (await db.fetch("SELECT look_at FROM erasure"))[0]["look_at"] is None


@pytest.mark.parametrize("choice", ["keep", "withdraw"])
async def test_nobody_asks_or_waits_for_somebody_who_left(
    newcomer: Newcomer, people_of: Everybody, choice: str
) -> None:
    (head,) = await people_of("grid_head")
    leaver = await newcomer("leaver")
    asked, accepted = await leaver.report(), await leaver.report()
    for ticket in (asked, accepted):
        await head.act("accept", ticket)
    await head.act("ask", asked, text="几楼？", until=world.soon())
    await leave(leaver, open_tickets=choice)
    assert (await head.ticket(asked["id"]))["status"] == "accepted"
    assert (await world.last_event(head, asked))["actor"] is None
    fresh = await head.ticket(accepted["id"])
    assert "ask" not in fresh["actions"]
    said = problem(await head.try_to("ask", fresh, text="几楼？", until=world.soon()), 409)
    assert said["detail"] == "报告人已注销账号，没有人可以询问"
    assert "ask" not in said["allowed"]
    assert (await verify.verify_ledger()).broken is None


async def test_the_timer_closes_a_kept_ticket_nobody_can_answer_for(
    newcomer: Newcomer, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("kept")
    ticket = await person.report(description=WORDS[0])
    await head.act("accept", ticket)
    await head.resolve(ticket)
    await leave(person, open_tickets="keep")
    clock.travel(timedelta(days=7, minutes=1))
    while await timers.sweep_timers():
        pass
    await finish()
    row = await db.fetchrow("SELECT status, verdict, description FROM ticket")
    assert row is not None
    assert tuple(row) == ("closed", "silent", ERASED)


async def test_killed_after_the_first_statement_the_worker_finishes(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("unlucky")
    photo = await person.photo()
    ticket = await person.report(photo_ids=[photo])
    person_id = UUID(await id_of(person))
    await erasing.erase_person(person_id, keep_open_tickets=False)  # and then nothing: we were killed
    assert files(storage, photo)
    problem(await person.ask("GET", "/me"), 401)
    await finish()
    assert files(storage, photo) == []
    assert (await head.ticket(ticket["id"]))["status"] == "closed"
    assert [one.person_id for one in await erasing.stored_tombstones()] == [person_id]


async def test_a_storage_that_is_away_delays_the_rest_and_not_the_erasure(
    newcomer: Newcomer, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await newcomer("offline")
    photo = await person.photo()

    async def away(*_: object) -> None:
        raise Unavailable

    here = photos.photo_storage()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(here, "put", away)
        meanwhile.setattr(here, "remove", away)
        await leave(person)
        problem(await person.ask("GET", "/me"), 401)
        assert await db.fetch("SELECT FROM photo WHERE id = $1", UUID(photo)) == []
        assert await erasing.sweep_erasures() == 1
    await settle(erasure_finish.RETRY_DELAY)
    assert files(storage, photo) == []
    assert len(await erasing.stored_tombstones()) == 1


async def test_words_that_come_in_beside_an_erasure_go_too(
    newcomer: Newcomer, people_of: Everybody, storage: Path
) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("racing")
    tickets = [await person.report() for _ in range(6)]
    said = [person.try_to("edit", ticket, description="比赛里说的话") for ticket in tickets]
    said += [person.try_to("comment", ticket, text="比赛里的留言") for ticket in tickets]
    said += [
        person.ask("PATCH", "/me", json={"name": "欧阳建国"}),
        person.ask("POST", "/me/phone", json={"phone": PHONE}),
    ]
    said += [person.ask("POST", "/photos", files={"file": ("a.jpg", world.jpeg())}) for _ in range(2)]
    said += [head.try_to("accept", ticket) for ticket in tickets]
    answers = await asyncio.gather(*said, *(person.ask("DELETE", "/me") for _ in range(3)))
    assert [one.status_code for one in answers if one.status_code >= 500] == []
    assert [one.status_code for one in answers[-3:]].count(200) >= 1
    await settle()
    await settle()
    left = await everything()
    assert [trace for trace in ("比赛里", "欧阳建国", "138****5678") if trace in left] == []
    assert files(storage, ".jpg") == []
    assert len(await db.fetch("SELECT FROM audit WHERE type = 'erased'")) == 1
    assert (await verify.verify_ledger()).broken is None


async def test_what_was_written_too_late_goes_with_the_second_look(
    newcomer: Newcomer, people_of: Everybody
) -> None:
    """A statement begun before an erasure may end after it; so does this, by hand."""
    person = await newcomer("late")
    ticket = await person.report()
    person_id = UUID(await id_of(person))
    await leave(person, open_tickets="keep")
    await db.fetch(
        "INSERT INTO photo (id, uploader_id, width, height, created_at) VALUES (gen_random_uuid(), $1, 1, 1, now())",
        person_id,
    )
    await db.fetch(
        "INSERT INTO login (id, person_id, kind, created_at, rotated_at) VALUES (gen_random_uuid(), $1, 'wechat', now(), now())",
        person_id,
    )
    await finish()
    assert await db.fetch("SELECT FROM photo")
    await settle()
    assert await db.fetch("SELECT FROM photo") == []
    assert await db.fetch("SELECT FROM login WHERE person_id = $1", person_id) == []
    assert ticket["description"] in await everything()


async def test_words_said_as_a_follower_of_another_s_ticket_go_too(
    newcomer: Newcomer, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    follower = await newcomer("follower")
    ticket = await resident.report(description="别人说的话")
    follower_id = UUID(await id_of(follower))
    await db.fetch(
        "INSERT INTO event (ticket_id, seq, at, type, part, person_id, data, hash) "
        "VALUES ($1, 2, $2, 'ticket.commented', 'follower', $3, '{}', '')",
        *(UUID(ticket["id"]), clock.now(), follower_id),
    )
    await db.fetch(
        "INSERT INTO remark (ticket_id, seq, text, salt) VALUES ($1, 2, '我家也是', 'x')", UUID(ticket["id"])
    )
    await leave(follower, open_tickets="keep")
    left = await everything()
    assert ("我家也是" in left, "别人说的话" in left) == (False, True)


async def test_nobody_is_told_who_has_left(newcomer: Newcomer, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    person = await newcomer("untold")
    ticket = await person.report()
    person_id = UUID(await id_of(person))
    await leave(person, open_tickets="keep")
    await head.act("accept", ticket)
    await finish()
    assert await db.fetch("SELECT FROM notice WHERE person_id = $1", person_id) == []


async def test_who_holds_a_post_gives_it_up_by_leaving(people_of: Everybody) -> None:
    head, street = await people_of("grid_head", "street")
    ticket = await head.report()
    await head.act("accept", ticket)
    await head.resolve(ticket, text="办结的话")
    head_id = await id_of(head)
    await leave(head)
    problem(await head.ask("GET", "/tickets"), 401)
    shown = await street.ticket(ticket["id"])
    assert shown["holder"]["post"] == "deputy"
    assert shown["description"] == "楼道灯不亮"  # reported from a post: the office's record
    assert shown["resolution"]["text"] == "办结的话"
    assert shown["resolution"]["by"].endswith("网格长")
    assert head_id not in json.dumps(await street.get("/posts", limit=100))


async def test_the_trail_names_the_erasure_and_not_the_person(people_of: Everybody) -> None:
    deputy, street = await people_of("deputy", "street")
    answer(await deputy.ask("PATCH", "/me", json={"name": "欧阳建国"}))
    await leave(deputy)
    (entry,) = (await street.get("/audit", type="erased"))["items"]
    assert entry["label"] == "注销账号"
    assert entry["person"]["name"] == ERASED_PERSON
    assert entry["data"] == {"open_tickets": "withdraw"}


async def test_the_last_admin_stays(people_of: Everybody) -> None:
    (admin,) = await people_of("admin")
    before = await everything()
    said = problem(await admin.ask("DELETE", "/me"), 409)
    assert "最后一位管理员" in said["detail"]
    assert await everything() == before
    assert (await admin.get("/me"))["posts"]


async def test_of_two_admins_who_leave_at_once_one_stays(newcomer: Newcomer, people_of: Everybody) -> None:
    (admin,) = await people_of("admin")
    second = await newcomer("second-admin")
    invitation = await invitations.invite_by_name("admin", "人和街道", None)
    answer(await second.ask("POST", "/me/invitations", json={"code": invitation.code}), 201)
    answers = await asyncio.gather(*(one.ask("DELETE", "/me") for one in (admin, second)))
    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_an_unknown_choice_is_refused_and_changes_nothing(newcomer: Newcomer) -> None:
    person = await newcomer("odd")
    for choice in ("", "keep ", "KEEP", "delete", "\x00"):
        problem(await person.ask("DELETE", "/me", params={"open_tickets": choice}), 422)
    assert (await person.get("/me"))["consent"] is True


async def test_a_persona_is_played_by_somebody_new(people_of: Everybody, http: httpx.AsyncClient) -> None:
    (resident,) = await people_of("resident")
    await leave(resident)
    again = await world.sign_in(http, "resident")
    assert (await again.get("/me"))["name"] is None
    await again.report()


async def test_erasures_are_noted_outside_the_database_without_personal_data(
    newcomer: Newcomer, storage: Path
) -> None:
    person = await newcomer("noted")
    person_id = await id_of(person)
    await leave(person, open_tickets="keep")
    (file,) = (storage / "erasures").iterdir()
    said = json.loads(file.read_text("utf-8"))
    assert said.keys() == {"person", "at", "open_tickets"}
    assert (said["person"], said["open_tickets"]) == (person_id, "keep")
    assert (
        erasing.read_tombstones(storage)
        == await erasing.stored_tombstones()
        == await erasing.database_tombstones()
    )


async def test_who_leaves_follows_nothing_and_is_counted_no_more(
    newcomer: Newcomer, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    follower = await newcomer("follower")
    assert answer(await follower.ask("POST", f"/tickets/{ticket['id']}/follow"))["followers"] == 1
    await leave(follower, open_tickets="keep")
    assert (await resident.ticket(ticket["id"]))["followers"] == 0
    assert not await db.fetch("SELECT FROM follower")


def test_every_column_that_refers_to_a_person_has_its_fate() -> None:
    tables = SQLModel.metadata.tables.values()
    named = {"person_id", "actor_id", "uploader_id", "reporter_id", "handler_ids"}
    found = {
        (table.name, column.name)
        for table in tables
        for column in table.columns
        if column.name in named
        or (column.name.endswith(("_person_id", "_by")) and column.type.python_type is UUID)
        or any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }
    assert found == {(fate.table, fate.column) for fate in POLICY}


def test_every_fate_says_why() -> None:
    assert [fate for fate in POLICY if not fate.why] == []
