"""One's own profile, consent, phone, invitations, and how often one may try to sign in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from app import clock, db, ids
from app.services import encryption, people
from app.services.people import profile
from app.services.posts import invitations
from app.services.privacy import retention
from tests import world
from tests.deployed import deployed, fresh_client
from tests.wechat_standin import Wechat
from tests.world import API, Everybody, Person, answer, problem

Newcomer = Callable[[str], Coroutine[Any, Any, Person]]


@pytest.fixture
async def new_user(http: httpx.AsyncClient, wechat: Wechat) -> Newcomer:
    """Sign in somebody who was never here; the personas stay as they are."""

    async def come(openid: str) -> Person:
        await db.fetch("DELETE FROM person WHERE openid = $1", openid)
        made = answer(await sign_in(http, wechat.code_for(openid)))
        return Person(http, made["access_token"])

    return come


@pytest.fixture
async def citizen(new_user: Newcomer) -> Person:
    """Somebody new who has agreed to the privacy guide."""
    somebody = await new_user("citizen")
    answer(await somebody.ask("PUT", "/me/consent", json={"version": profile.consent().version}))
    return somebody


async def sign_in(http: httpx.AsyncClient, code: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post(f"{API}/auth/wechat", json={"code": code}, headers=named)


# Consent


async def test_the_privacy_guide_is_open_to_all(http: httpx.AsyncClient) -> None:
    guide = answer(await http.get(f"{API}/consent"))
    assert guide["version"] == profile.consent().version
    assert "隐私保护指引" in guide["text"]


PERSONAL: Final[dict[str, tuple[str, str, Any]]] = {
    "name": ("PATCH", "/me", {"name": "王芳"}),
    "phone": ("POST", "/me/phone", {"phone": "13812345678"}),
    "report": ("POST", "/tickets", {"category": "stair_light", "place_id": "{place}", "description": "灯"}),
}


@pytest.mark.parametrize("what", PERSONAL)
async def test_before_consent_no_personal_data_is_kept(new_user: Newcomer, what: str) -> None:
    somebody = await new_user("undecided")
    method, path, body = PERSONAL[what]
    place = await somebody.place()
    filled = {name: place if value == "{place}" else value for name, value in body.items()}
    said = problem(await somebody.ask(method, path, json=filled), 403, "consent-required")
    assert said["version"] == profile.consent().version
    row = await db.fetchrow("SELECT name, phone_sealed FROM person WHERE openid = 'undecided'")
    assert row is not None
    assert tuple(row) == (None, None)
    assert (await db.fetch("SELECT count(*) FROM ticket"))[0][0] == 0


async def test_before_consent_no_photo_is_kept(new_user: Newcomer) -> None:
    somebody = await new_user("undecided")
    given = await somebody.ask("POST", "/photos", files={"file": ("a.jpg", world.jpeg())})
    problem(given, 403, "consent-required")


async def test_before_consent_one_may_read(new_user: Newcomer) -> None:
    somebody = await new_user("undecided")
    assert (await somebody.get("/me"))["consent"] is False
    assert (await somebody.get("/tickets"))["items"] == []
    assert (await somebody.get("/categories"))["items"]


async def test_consent_opens_everything_at_once(new_user: Newcomer) -> None:
    somebody = await new_user("decided")
    problem(await somebody.ask("PATCH", "/me", json={"name": "王芳"}), 403, "consent-required")
    agreed = await somebody.ask("PUT", "/me/consent", json={"version": profile.consent().version})
    assert answer(agreed)["consent"] is True
    for method, path, body in (PERSONAL["name"], PERSONAL["phone"]):
        assert (await somebody.ask(method, path, json=body)).is_success
    await somebody.report()


@pytest.mark.parametrize("what", PERSONAL)
async def test_consent_taken_back_closes_everything_at_once(citizen: Person, what: str) -> None:
    place = await citizen.place()
    answer(await citizen.ask("PATCH", "/me", json={"name": "王芳"}))
    answer(await citizen.ask("PUT", "/me/consent", json={"version": profile.consent().version}))
    taken_back = answer(await citizen.ask("DELETE", "/me/consent"))
    assert (taken_back["consent"], taken_back["name"]) == (False, "王芳")  # what is there stays until erased
    method, path, body = PERSONAL[what]
    filled = {name: place if value == "{place}" else value for name, value in body.items()}
    problem(await citizen.ask(method, path, json=filled), 403, "consent-required")
    photo = await citizen.ask("POST", "/photos", files={"file": ("a.jpg", world.jpeg())})
    problem(photo, 403, "consent-required")
    assert (await citizen.get("/me"))["consent"] is False
    answer(await citizen.ask("PUT", "/me/consent", json={"version": profile.consent().version}))
    assert (await citizen.ask(method, path, json=filled)).is_success


async def test_taking_consent_back_is_recorded_once_and_takes_nothing_away(citizen: Person) -> None:
    ticket = await citizen.report()
    for _ in range(2):
        answer(await citizen.ask("DELETE", "/me/consent"))
    assert len(await db.fetch("SELECT FROM audit WHERE type = 'consent_withdrawn'")) == 1
    assert (await citizen.ticket(ticket["id"]))["description"] == "楼道灯不亮"
    problem(await citizen.try_to("withdraw", ticket), 403, "consent-required")
    assert (await citizen.ask("DELETE", "/me")).is_success


async def test_consent_is_kept_with_its_version_and_time(citizen: Person) -> None:
    row = await db.fetchrow("SELECT * FROM person WHERE openid = 'citizen'")
    assert row is not None
    assert row["consent_version"] == profile.consent().version
    assert abs(row["consent_at"] - clock.now()) < timedelta(minutes=1)
    assert await db.fetch("SELECT FROM audit WHERE type = 'consented' AND person_id = $1", row["id"])


@pytest.mark.parametrize("version", ["2020-01", "", "2026-11 or later", "9999-99"])
async def test_consent_is_to_the_guide_of_today(new_user: Newcomer, version: str) -> None:
    somebody = await new_user("undecided")
    problem(await somebody.ask("PUT", "/me/consent", json={"version": version}), 422)
    assert (await somebody.get("/me"))["consent"] is False


async def test_a_new_guide_asks_anew(citizen: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = profile.consent().model_copy(update={"version": "2099-01"})
    monkeypatch.setattr(profile, "consent", lambda: newer)
    monkeypatch.setattr(people, "consent", lambda: newer)
    assert (await citizen.get("/me"))["consent"] is False
    problem(await citizen.ask("PATCH", "/me", json={"name": "王芳"}), 403, "consent-required")


async def test_the_personas_have_agreed(people_of: Everybody) -> None:
    for somebody in await people_of("resident", "property", "admin"):
        assert (await somebody.get("/me"))["consent"] is True


# The profile


async def test_one_changes_what_one_names(citizen: Person) -> None:
    home = await citizen.place()
    changed = answer(await citizen.ask("PATCH", "/me", json={"name": "托胡达汗·布皮", "home_id": home}))
    assert (changed["name"], changed["home_id"], changed["language"]) == ("托胡达汗·布皮", home, None)
    changed = answer(await citizen.ask("PATCH", "/me", json={"language": "ug"}))
    assert (changed["name"], changed["home_id"], changed["language"]) == ("托胡达汗·布皮", home, "ug")
    assert await citizen.get("/me") == changed


async def test_a_name_can_be_taken_back(citizen: Person) -> None:
    answer(await citizen.ask("PATCH", "/me", json={"name": "王芳"}))
    assert answer(await citizen.ask("PATCH", "/me", json={"name": None}))["name"] is None


async def test_changing_nothing_is_no_error(citizen: Person) -> None:
    assert answer(await citizen.ask("PATCH", "/me", json={})) == await citizen.get("/me")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "13812345678"),
        ("name", "王" * 61),
        ("name", "王\x00芳"),
        ("language", "fr"),
        ("home_id", "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"),
        ("home_id", "944号"),
        ("phone_masked", "138****5678"),
        ("phone_verified", True),
        ("consent_version", "2026-11"),
        ("posts", [{"role": "street"}]),
        ("role", "admin"),
        ("id", "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"),
        ("stamp", 0),
    ],
)
async def test_what_is_not_ones_own_to_set_is_refused(citizen: Person, field: str, value: Any) -> None:
    before = await citizen.get("/me")
    said = problem(await citizen.ask("PATCH", "/me", json={field: value}), 422)
    assert [error["pointer"] for error in said["errors"]] == [f"/{field}"]
    assert await citizen.get("/me") == before


async def test_home_is_an_address_and_no_grid(citizen: Person) -> None:
    row = await db.fetchrow("SELECT id::text FROM place WHERE level = 'grid' LIMIT 1")
    assert row is not None
    problem(await citizen.ask("PATCH", "/me", json={"home_id": row["id"]}), 422)


async def test_staff_see_their_posts_and_agents_their_company(people_of: Everybody) -> None:
    head, agent, resident = await people_of("grid_head", "property", "resident")
    (post,) = (await head.get("/me"))["posts"]
    assert (post["role"], post["role_name"], post["label"]) == (
        "head",
        "网格长",
        "万寿山社区第四网格 网格长",
    )
    company = (await agent.get("/me"))["organisation"]
    assert (company["name"], company["kind"]) == ("人和物业", "property")
    alone = await resident.get("/me")
    assert (alone["posts"], alone["organisation"]) == ([], None)


# The phone


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("13812345678", "+8613812345678", "138****5678"),
        ("138 1234 5678", "+8613812345678", "138****5678"),
        ("+86 138-1234-5678", "+8613812345678", "138****5678"),
        ("１３８１２３４５６７８", "+8613812345678", "138****5678"),
        ("0086 13812345678", "+8613812345678", "138****5678"),
        ("023-67891234", "023-67891234", "023-******34"),
        ("12345", "12345", "12345"),
    ],
)
async def test_a_phone_is_read_as_people_write_it_and_shown_masked(
    citizen: Person, typed: str, kept: str, shown: str
) -> None:
    said = answer(await citizen.ask("POST", "/me/phone", json={"phone": typed}), 201)
    assert (said["phone_masked"], said["phone_verified"]) == (shown, False)
    row = await db.fetchrow("SELECT phone_sealed, phone_index FROM person WHERE openid = 'citizen'")
    assert row is not None
    assert encryption.decrypt(row["phone_sealed"]) == kept
    assert row["phone_index"] == encryption.blind_index(kept)


async def test_a_phone_lies_encrypted_in_the_database(citizen: Person) -> None:
    answer(await citizen.ask("POST", "/me/phone", json={"phone": "13812345678"}), 201)
    rows = await db.fetch("SELECT person::text AS row FROM person")
    assert not [row["row"] for row in rows if "13812345678" in row["row"]]
    assert not [row["row"] for row in rows if b"13812345678".hex() in row["row"]]


async def test_the_same_phone_is_never_encrypted_the_same(citizen: Person) -> None:
    sealed = set()
    for _ in range(2):
        answer(await citizen.ask("POST", "/me/phone", json={"phone": "13812345678"}), 201)
        row = await db.fetchrow("SELECT phone_sealed FROM person WHERE openid = 'citizen'")
        assert row is not None
        sealed.add(row["phone_sealed"])
    assert len(sealed) == 2


@pytest.mark.parametrize("typed", ["", "王芳", "1381234567", "138123456789", "99999999999999999999", "١٣٨"])
async def test_what_is_no_phone_is_refused(citizen: Person, typed: str) -> None:
    said = problem(await citizen.ask("POST", "/me/phone", json={"phone": typed}), 422)
    assert said["errors"][0]["pointer"] == ("/phone" if typed else "")  # a blank one is not given


# Invitations


async def redeem(somebody: Person, code: str) -> httpx.Response:
    return await somebody.ask("POST", "/me/invitations", json={"code": code})


async def test_an_invitation_makes_the_post_ones_own(citizen: Person) -> None:
    invitation = await invitations.invite_by_name("head", "柏林社区第一网格", None)
    person = answer(await redeem(citizen, invitation.code), 201)
    assert [post["label"] for post in person["posts"]] == [invitation.label]


async def test_a_new_post_works_on_the_next_request(citizen: Person) -> None:
    ticket = await citizen.report()
    problem(await citizen.try_to("accept", ticket), 403)
    invitation = await invitations.invite_by_name("head", "万寿山社区第四网格", None)
    answer(await redeem(citizen, invitation.code), 201)
    assert "accept" in (await citizen.ticket(ticket["id"]))["actions"]
    assert len((await citizen.get("/tickets", box="inbox"))["items"]) == 1


async def test_an_agent_is_invited_to_a_company(citizen: Person) -> None:
    invitation = await invitations.invite_by_name("agent", None, "人和物业")
    assert answer(await redeem(citizen, invitation.code), 201)["organisation"]["name"] == "人和物业"


@pytest.mark.parametrize("spoken", [str.lower, lambda code: f"  {code} "])
async def test_a_code_is_heard_as_it_is_read_aloud(citizen: Person, spoken: Callable[[str], str]) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    answer(await redeem(citizen, spoken(invitation.code)), 201)


async def test_a_code_works_once(citizen: Person, new_user: Newcomer) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    answer(await redeem(citizen, invitation.code), 201)
    problem(await redeem(await new_user("late"), invitation.code), 404)
    problem(await redeem(citizen, invitation.code), 404)


async def test_two_at_once_and_one_wins(http: httpx.AsyncClient, new_user: Newcomer) -> None:
    everybody = [await new_user(f"racer-{n}") for n in range(6)]
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    results = await asyncio.gather(*(redeem(one, invitation.code) for one in everybody))
    assert sorted(result.status_code for result in results) == [201, 404, 404, 404, 404, 404]
    held = [one for one in everybody if (await one.get("/me"))["posts"]]
    assert len(held) == 1


async def test_a_code_expires_after_seven_days(citizen: Person) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    await db.fetch("UPDATE post SET invitation_until = invitation_until - interval '7 days 1 second'")
    problem(await redeem(citizen, invitation.code), 404)
    assert (await citizen.get("/me"))["posts"] == []


async def test_an_invitation_taken_back_is_worth_nothing(citizen: Person) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    await db.fetch("UPDATE post SET ended_at = now() WHERE invitation_digest IS NOT NULL")
    problem(await redeem(citizen, invitation.code), 404)


async def test_a_code_lies_in_the_database_as_a_digest_only(http: httpx.AsyncClient) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    rows = await db.fetch("SELECT post::text AS row FROM post UNION ALL SELECT audit::text FROM audit")
    assert not [row for row in rows if invitation.code in row["row"]]


async def test_a_made_up_code_looks_like_an_old_one(citizen: Person) -> None:
    problem(await redeem(citizen, "ABCDEFGHJK"), 404, "not-found")


async def test_guessing_codes_is_limited(http: httpx.AsyncClient, wechat: Wechat, citizen: Person) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    for _ in range(10):
        problem(await redeem(citizen, "ABCDEFGHJK"), 404)
    limited = await redeem(citizen, invitation.code)
    problem(limited, 429, "too-many")
    assert 0 < int(limited.headers["retry-after"]) <= 3600
    clock.travel(timedelta(hours=1, seconds=1))
    later = answer(await sign_in(http, wechat.code_for("citizen")))
    answer(await redeem(Person(http, later["access_token"]), invitation.code), 201)


async def test_one_who_guesses_blocks_nobody_else(citizen: Person, new_user: Newcomer) -> None:
    other = await new_user("honest")
    for _ in range(11):
        await redeem(citizen, "ABCDEFGHJK")
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    answer(await redeem(other, invitation.code), 201)


async def test_every_redeeming_is_written_down(citizen: Person) -> None:
    invitation = await invitations.invite_by_name("auditor", "人和街道", None)
    await redeem(citizen, "ABCDEFGHJK")
    await redeem(citizen, invitation.code)
    rows = await db.fetch("SELECT type FROM audit WHERE type LIKE 'invit%' ORDER BY at, id")
    assert [row["type"] for row in rows] == ["invited", "invitation_failed", "invitation_redeemed"]


# How often one may sign in


async def test_one_person_signs_in_ten_times_in_five_minutes(http: httpx.AsyncClient, wechat: Wechat) -> None:
    for _ in range(10):
        answer(await sign_in(http, wechat.code_for("eager")))
    limited = await sign_in(http, wechat.code_for("eager"))
    problem(limited, 429, "too-many")
    assert 0 < int(limited.headers["retry-after"]) <= 300
    clock.travel(timedelta(minutes=5, seconds=1))
    answer(await sign_in(http, wechat.code_for("eager")))


async def test_two_hundred_neighbours_share_one_address(http: httpx.AsyncClient, wechat: Wechat) -> None:
    for floor in range(10):
        codes = [wechat.code_for(f"neighbour-{floor}-{door}") for door in range(20)]
        for one in await asyncio.gather(*(sign_in(http, code) for code in codes)):
            answer(one)


@pytest.fixture
async def behind_proxy(street: None) -> AsyncIterator[httpx.AsyncClient]:
    """The application as a trusted proxy at 10.0.0.2 reaches it."""
    with deployed(trusted_proxies="10.0.0.0/8,fd00::/8"):
        async with fresh_client("10.0.0.2") as client:
            yield client


async def fail(http: httpx.AsyncClient, times: int, **headers: str) -> httpx.Response:
    for _ in range(times):
        last = await sign_in(http, "made-up", **headers)
    return last


async def test_sixty_failures_block_an_address_for_five_minutes(
    http: httpx.AsyncClient, wechat: Wechat
) -> None:
    problem(await fail(http, 60), 401)
    problem(await fail(http, 1), 429, "too-many")
    assert len(wechat.asked) == 60, "WeChat is not asked any more"
    clock.travel(timedelta(minutes=5, seconds=1))
    problem(await fail(http, 1), 401)


async def test_failures_elsewhere_block_nobody_here(behind_proxy: httpx.AsyncClient, wechat: Wechat) -> None:
    problem(await fail(behind_proxy, 61, x_forwarded_for="198.51.100.7"), 429)
    answer(await sign_in(behind_proxy, wechat.code_for("here"), x_forwarded_for="198.51.100.8"))


async def test_a_made_up_header_hides_nobody(http: httpx.AsyncClient, wechat: Wechat) -> None:
    for n in range(60):
        await sign_in(http, "made-up", x_forwarded_for=f"203.0.113.{n}")
    problem(await fail(http, 1, x_forwarded_for="203.0.113.99"), 429)


async def addresses() -> list[str]:
    rows = await db.fetch("SELECT address FROM audit WHERE type = 'signed_in' ORDER BY at")
    return [row["address"] for row in rows]


FORWARDED: Final = [
    (["198.51.100.7"], "198.51.100.7"),
    (["203.0.113.1, 198.51.100.7"], "198.51.100.7"),  # the caller made the first one up
    (["198.51.100.7, 10.0.0.9"], "198.51.100.7"),  # through two proxies of ours
    (["203.0.113.1", "198.51.100.7"], "198.51.100.7"),  # the proxy added a header of its own
    (["10.9.9.9"], "10.9.9.9"),
    (["2001:db8::7"], "2001:db8::7"),
    (["2001:db8::7, fd00::2"], "2001:db8::7"),
    ([""], "10.0.0.2"),
    ([], "10.0.0.2"),
    (["x" * 500], "x" * 64),
]


@pytest.mark.parametrize(("headers", "believed"), FORWARDED)
async def test_the_address_is_what_the_nearest_trusted_proxy_saw(
    behind_proxy: httpx.AsyncClient, headers: list[str], believed: str
) -> None:
    given = [("X-Forwarded-For", value) for value in headers]
    answer(await behind_proxy.post(f"{API}/auth/demo", json={"persona": "resident"}, headers=given))
    assert await addresses() == [believed]


async def test_without_trusted_proxies_the_header_is_not_read(http: httpx.AsyncClient) -> None:
    headers = {"X-Forwarded-For": "198.51.100.7"}
    answer(await http.post(f"{API}/auth/demo", json={"persona": "resident"}, headers=headers))
    assert await addresses() == ["127.0.0.1"]


async def test_rate_limits_can_be_switched_off_for_load_tests(
    http: httpx.AsyncClient, wechat: Wechat
) -> None:
    with deployed(rate_limits="off"):
        for _ in range(12):
            answer(await sign_in(http, wechat.code_for("load")))


# The demo's own way in


async def test_outside_demo_mode_nobody_signs_in_as_somebody(http: httpx.AsyncClient) -> None:
    with deployed(demo=None):
        problem(await http.get(f"{API}/auth/demo"), 404)
        problem(await http.post(f"{API}/auth/demo", json={"persona": "admin"}), 404)


async def test_the_demo_names_its_people(http: httpx.AsyncClient) -> None:
    listed = answer(await http.get(f"{API}/auth/demo"))["items"]
    assert [one["persona"] for one in listed] == [
        *("resident", "neighbour", "member", "grid_head", "deputy", "other_grid_head"),
        *("community", "other_community", "street", "property", "other_property"),
        *("department", "other_department", "auditor", "admin"),
    ]
    for one in listed:
        assert one["label"]
        answer(await http.post(f"{API}/auth/demo", json={"persona": one["persona"]}))


async def test_a_persona_nobody_knows_is_not_found(http: httpx.AsyncClient) -> None:
    problem(await http.post(f"{API}/auth/demo", json={"persona": "mayor"}), 404)


async def test_a_mini_program_says_patch_in_a_header(people_of: Everybody) -> None:
    """wx.request has no PATCH."""
    (resident,) = await people_of("resident")
    said = {"X-HTTP-Method-Override": "PATCH"}
    answer(await resident.ask("POST", "/me", json={"language": "kk"}, headers=said))
    assert (await resident.get("/me"))["language"] == "kk"
    problem(await resident.ask("POST", "/me", json={"language": "kk"}), 405)
    problem(await resident.ask("PUT", "/me", json={"language": "kk"}, headers=said), 405)


async def rooms_of(home: str) -> set[str]:
    rows = await db.fetch("SELECT name FROM place WHERE parent_id = $1 AND level = 'room'", home)
    return {row["name"] for row in rows}


async def test_a_door_number_is_changed_a_few_times_a_day(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    home, name = await resident.place(), (await resident.get("/me"))["name"]
    with deployed(rate_limits="on"):
        for number in range(5):
            for _ in range(2):  # the same again is no change
                answer(await resident.ask("PATCH", "/me", json={"home_id": home, "room": f"70{number}"}))
        response = await resident.ask("PATCH", "/me", json={"room": "999", "name": "王某"})
        refused = problem(response, 429, "too-many")
        assert refused["detail"] == "一天内最多改5次门牌号，请明天再改"
        assert (
            86_000 < int(response.headers["Retry-After"]) <= 86_400
        )  # the first change was some seconds ago
        me = await resident.get("/me")
        assert (me["household"]["room"], me["name"]) == ("704", name)
        assert "999" not in await rooms_of(home)  # nothing half-written
        answer(await resident.ask("PATCH", "/me", json={"room": None}))  # leaving is no new room
        clock.travel(timedelta(days=1))
        (resident,) = await people_of("resident")
        answer(await resident.ask("PATCH", "/me", json={"room": "999"}))


async def test_a_room_where_nobody_lives_is_not_kept(people_of: Everybody) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    home = await resident.place()
    for person, room in ((resident, "801"), (neighbour, "802"), (resident, "803"), (neighbour, "804")):
        answer(await person.ask("PATCH", "/me", json={"home_id": home, "room": room}))
    (head,) = await people_of("grid_head")
    now = clock.now()
    visit = {"kind": "visit", "title": "入户走访", "place_id": home, "room": "806", "done": {}}
    visit |= {"starts_at": (now - timedelta(hours=1)).isoformat(), "ends_at": now.isoformat()}
    answer(await head.ask("POST", "/activities", json=visit), 201)
    await db.fetch("UPDATE place SET imported = true WHERE name = '802'")
    await db.fetch(
        "INSERT INTO place (id, code, parent_id, level, name, label, path, scene) SELECT $1::uuid, $1::uuid::text, parent_id, level, '805', label, path, $1::uuid::text FROM place WHERE name = '801' AND level = 'room'",
        ids.new(),
    )
    await retention.sweep_retention()
    assert {"801", "805"} <= await rooms_of(home)  # of today
    clock.travel(timedelta(days=2))
    await retention.sweep_retention()
    assert await rooms_of(home) == {"802", "803", "804", "806"}  # 806 was visited
    (resident,) = await people_of("resident")
    answer(await resident.ask("PATCH", "/me", json={"room": "801"}))
