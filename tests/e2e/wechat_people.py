"""A resident who comes by WeChat: what they say and show, what WeChat does with it, who sees it and who is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.e2e import wechat_guide
from tests.e2e.offices import PATIENCE, Street
from tests.pushes import as_json, encrypted, media_verdict, push
from tests.wechat_standin import Wechat
from tests.world import API, Person, answer, problem

Ticket = dict[str, Any]
OPENID: Final = "oLeaver-5tQz8KxW2vRb7NcYd4Hs"
NAME: Final = "欧阳建国"
PHONE, CONTACT = "13812345678", "13987654321"
WORDS: Final = (
    "王婆婆门口的灯坏了",
    "三楼左手边",
    "麻烦快一点",
    "谢谢师傅换得快",
    "这张照片不好看",
    "我家也停水",
    "楼上的灯也暗了",
)


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not await what():  # noqa: ASYNC110 - it is another process that does it
            await asyncio.sleep(0.05)


async def allow(wechat: Wechat, person: Person, openid: str, moment: str) -> None:
    """Answer the mini-program's question at a moment with "allow", for each message it asks for."""
    asked = (await person.get("/me/subscriptions"))["moments"][moment]
    for one in asked:
        wechat.allow(openid, one["template_id"])
    said = [{"event": one["event"], "accepted": True} for one in asked]
    answer(await person.ask("POST", "/me/subscriptions", json={"templates": said}))


async def told(wechat: Wechat, openid: str, event: str, ticket: Ticket) -> Mapping[str, Any]:
    """Return the message by which somebody hears of an event with the program closed, once it is there."""
    template = wechat_guide.events()[f"ticket.{event}"]

    def sent() -> list[Any]:
        those = [one for one in wechat.sent if (one["touser"], one["template_id"]) == (openid, template)]
        return [one for one in those if ticket["id"] in one["page"]]

    async def is_there() -> bool:
        return bool(sent())

    await until(is_there)
    (one,) = sent()
    return dict(one)


@dataclass
class Resident:
    """Somebody who came by WeChat, and all they have left anywhere."""

    person: Person
    id: str
    traces: set[str | bytes] = field(default_factory=set)


async def comes_by_wechat(street: Street, wechat: Wechat) -> Resident:
    """Sign in, agree, and give one's number by the phone button; before, nothing is taken."""
    login, phone = wechat.code_for(OPENID), wechat.phone_code(PHONE)
    made = answer(await street.head.http.post(f"{API}/auth/wechat", json={"code": login}))
    person = Person(street.head.http, made["access_token"])
    body = {"category": "stair_light", "place_id": street.unit, "description": WORDS[0]}
    problem(await person.ask("POST", "/tickets", json=body), 403, "consent-required")
    guide = await person.get("/consent")
    answer(await person.ask("PUT", "/me/consent", json={"version": guide["version"]}))
    kept = answer(await person.ask("POST", "/me/phone", json={"code": phone}), 201)
    assert (kept["phone_masked"], kept["phone_verified"]) == ("138****5678", True)
    answer(await person.ask("PATCH", "/me", json={"name": NAME, "home_id": street.unit}))
    tokens = {made["access_token"], made["refresh_token"]}
    return Resident(person, made["person"]["id"], {login, phone, *tokens})


async def verdict(street: Street, wechat: Wechat, photo: str, suggest: str) -> None:
    """Look at a photo as WeChat does, by the address it was given, and push what was found, twice."""

    async def is_asked() -> bool:
        return any(photo in url for url in wechat.images.values())

    await until(is_asked)
    ((trace, url),) = [item for item in wechat.images.items() if photo in item[1]]
    assert url.startswith(wechat_guide.public_url())
    seen = await street.head.http.get(url.removeprefix(wechat_guide.public_url()))
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    message = as_json(media_verdict(trace, suggest, FromUserName=OPENID))
    for _ in range(2):
        assert (await push(street.head.http, *encrypted(message))).text == "success"


async def neighbour_sees(street: Street, ticket: Ticket, photo: str) -> set[bool]:
    """Tell of each way on which a photo may reach the neighbour who follows the ticket whether it does."""
    neighbour = street.neighbours[0]
    shown = [await neighbour.get(f"/tickets/{ticket['id']}{more}") for more in ("", "/events")]
    fetched = [
        await neighbour.ask("GET", f"/photos/{photo}", params={"size": size}) for size in ("full", "thumb")
    ]
    return {photo in str(one) for one in shown} | {one.status_code == 200 for one in fetched}


async def nobody_else_sees(street: Street, ticket: Ticket, photo: str) -> None:
    """See that a photo is in no list a neighbour has, in nothing that everybody may read, and has no open address."""
    neighbour, http = street.neighbours[0], street.head.http
    lists = [
        await neighbour.get("/tickets", box="following"),
        await neighbour.get("/tickets", box="all"),
        await neighbour.get("/tickets/similar", place_id=street.unit, category="stair_light"),
        (await http.get("/open311/v2/requests.json")).json(),
        (await http.get(f"/open311/v2/requests/{ticket['id']}.json")).json(),
    ]
    assert [ticket["id"] in str(one) for one in lists] == [True] * len(lists)
    assert [one for one in lists if photo in str(one)] == []
    assert (await http.get(f"{API}/photos/{photo}")).status_code == 401


async def handlers_see(street: Street, resident: Resident, ticket: Ticket, photo: str) -> None:
    for person in (resident.person, street.head, street.community):
        assert [one["id"] for one in (await person.ticket(ticket["id"]))["photos"]] == [photo]
        for size in ("full", "thumb"):
            assert (await person.ask("GET", f"/photos/{photo}", params={"size": size})).status_code == 200
