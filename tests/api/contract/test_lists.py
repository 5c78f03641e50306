"""Every list pages: {items, next}, `limit` and `cursor`, whatever it lists. A list is an answer with `items`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from app.main import create_app
from tests import accounts, subjects, world
from tests.deployed import deployed
from tests.world import API, Person, answer, problem

PERSONAS: Final = (
    "resident",
    "neighbour",
    "grid_head",
    "community",
    "street",
    "property",
    "department",  # who heads the studio
    "auditor",
    "admin",
)
# What a query of a list has to have; whatever else it may have is left out.
QUERY: Final = {"q": "1栋", "category": "stair_light", "kind": "place"}
PLACES: Final = {"place_id", "parent"}  # optional ones are given too
BAD: Final = [
    *(("limit", value) for value in ("abc", "0", "-1", "101", "1.5", "", "1 or 1=1")),
    # Whole numbers, but not written in digits alone: what int() reads besides.
    *(
        ("limit", value)
        for value in ("+5", " 5", "5 ", "5\n", "5.0", "1_0", "005", "-0", "５", "٥", "5e0", "五")
    ),
    *(("cursor", value) for value in ("made-up", "-", "1.2.3", "x" * 201, "\u200b")),
]


def _document() -> dict[str, Any]:
    return create_app().openapi()


def lists() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the operation of every list of the OpenAPI document."""
    document = _document()
    for path, operations in document["paths"].items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        shape = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
        if "items" in shape.get("properties", {}):
            yield path, operations["get"]


LISTS: Final = dict(lists())


@dataclass(frozen=True)
class Scene:
    """The people, and the ids by the names that paths and queries have for them."""

    people: dict[str, Person]
    ids: dict[str, str]

    async def ask(self, person: Person, path: str, **query: str) -> httpx.Response:
        operation = LISTS[path]
        values = QUERY | self.ids | ({"place_id": self.ids["unit_id"]} if path.endswith("/similar") else {})
        needed = {
            parameter["name"]: values[parameter["name"]]
            for parameter in operation["parameters"]
            if parameter["in"] == "query" and (parameter["required"] or parameter["name"] in PLACES)
        }
        url = path.removeprefix(API).format_map(self.ids)
        return await person.ask("GET", url, params=needed | query)

    async def reader(self, path: str) -> tuple[Person, list[Any]]:
        """Return somebody who gets two items or more of a list, and the items."""
        found: dict[str, Any] = {}
        for persona, person in self.people.items():
            answered = await self.ask(person, path)
            items = answered.json().get("items", []) if answered.status_code == 200 else []
            if len(items) > 1:
                return person, items
            found[persona] = answered.status_code, len(items)
        raise AssertionError(f"nobody has two items of {path}: add them to `_furnish`, {found}")


@pytest.fixture
async def scene(http: httpx.AsyncClient) -> Scene:
    with deployed(rate_limits="off"):
        people = {persona: await world.sign_in(http, persona) for persona in PERSONAS}
        return Scene(people, await _furnish(people))


async def _furnish(people: dict[str, Person]) -> dict[str, str]:
    """Make two of everything that is listed, and return the ids that paths and queries name."""
    resident, head, company = people["resident"], people["grid_head"], people["property"]
    tickets = [await resident.report(contact_phone="13812345678") for _ in range(2)]
    for ticket in tickets:
        await head.act("accept", ticket)
        await head.dispatch(ticket)
        await head.get(f"/tickets/{ticket['id']}/phone")
        sealed = await resident.report(anonymous=True)
        asked = await people["community"].ask(
            "POST", f"/tickets/{sealed['id']}/unseal", json={"reason": "要联系报告人"}
        )
        answer(asked, 201)
    community = await world.id_of_code("wss")
    for grid in ("wss-g4", "wss-g3"):
        place_id = await world.id_of_code(grid)
        post = {"role": "member", "place_id": place_id}
        invited = answer(await people["community"].ask("POST", "/posts", json=post), 201)
        answer(await head.ask("POST", "/me/invitations", json={"code": invited["invitation_code"]}), 201)
    webhooks = [
        answer(await company.ask("POST", "/webhooks", json={"url": url, "events": ["ticket.*"]}), 201)
        for url in ("https://8.8.8.8/a", "https://8.8.8.8/b")
    ]
    for _ in range(2):
        answer(await company.ask("POST", f"/webhooks/{webhooks[0]['id']}/test"), 201)
    organisation = await head.organisation(tickets[0])
    key = {"name": "系统", "scopes": ["tickets:read"]}
    for _ in range(2):
        answer(await people["community"].ask("POST", f"/organisations/{organisation}/keys", json=key), 201)
    for _ in range(2):
        await resident.report(description="加微信办贷款")  # to be reviewed
    for n in range(2):
        answer(await head.ask("POST", "/views", json={"name": f"视图{n}", "query": ""}), 201)
    for quarter in ("2025Q1", "2025Q2"):
        draft = {"place_id": community, "quarter": quarter}
        answer(await people["community"].ask("POST", "/bulletins", json=draft), 201)
    for _ in range(2):
        await accounts.pay(resident, 5)
        await subjects.opinion(resident)
        await subjects.topic(people["community"])
        await subjects.project(people["community"])
        activity = await subjects.act(head, "activities", "publish", await subjects.activity(head))
        survey = await subjects.survey(people["community"])
        offered = await subjects.offer(people["community"])
        reservation = await subjects.reserve(resident, offered)
        await subjects.act(people["community"], "surveys", "open", survey)
    for person in (resident, people["neighbour"]):
        await subjects.act(person, "activities", "sign_up", activity)
    await _certify(resident, head)
    pairings = [await subjects.pairing(head, room=room) for room in ("301", "302")]
    pairing = await subjects.act(head, "relationships", "assess", pairings[0], need="high")
    disputes = [await subjects.dispute(resident) for _ in range(2)]
    dispute = await subjects.act(resident, "disputes", "withdraw", disputes[0])
    mediates = {"kind": "member", "organisation_id": await subjects.studio(people["community"])}
    member = await subjects.made(people["neighbour"], "relationships", **mediates)
    await subjects.act(people["department"], "relationships", "agree", member)
    await world.run_jobs()
    of = {
        f"{kind}_id": (await head.get(f"/{path}"))["items"][0]["id"]
        for kind, path in (("topic", "topics"), ("project", "projects"))
    }
    await _plan_shifts(head)
    opinion = await subjects.opinion(resident, place_id=tickets[0]["place"]["id"])
    await subjects.act(people["community"], "topics", "set", {"id": of["topic_id"]})
    await subjects.act(people["community"], "projects", "start", {"id": of["project_id"]})
    await subjects.act(people["community"], "offers", "pause", offered)
    await subjects.act(resident, "reservations", "cancel", reservation)
    await subjects.act(head, "opinions", "answer", opinion, text="好")
    return {
        **of,
        "opinion_id": opinion["id"],
        "activity_id": activity["id"],
        "survey_id": survey["id"],
        "offer_id": offered["id"],
        "reservation_id": reservation["id"],
        "account_id": (await resident.get("/accounts"))["items"][0]["id"],
        "relationship_id": pairing["id"],
        "dispute_id": dispute["id"],
        "ticket_id": tickets[0]["id"],
        "webhook_id": webhooks[0]["id"],
        "organisation_id": organisation,
        "unit_id": tickets[0]["place"]["id"],
        "place_id": community,
        "parent": community,
    }


async def _certify(resident: Person, head: Person) -> None:
    """Confirm an hour of the resident, and make two certificates of it."""
    times = {"starts_at": subjects.ahead(seconds=1), "ends_at": subjects.ahead(hours=1)}
    service = await subjects.act(head, "activities", "publish", await subjects.activity(head, **times))
    await subjects.act(resident, "activities", "sign_up", service)
    me = [(await resident.get("/me"))["id"]]
    for action, body in (
        ("start", {}),
        ("check_in", {"people": me}),
        ("close", {}),
        ("confirm", {"people": me, "hours": 1}),
    ):
        await subjects.act(head, "activities", action, service, **body)
    for _ in range(2):
        answer(await resident.ask("POST", "/me/certificates", json={}), 201)


async def _plan_shifts(head: Person) -> None:
    post_id = (await head.get("/me"))["posts"][0]["id"]
    for days in (1, 2):
        times = {"starts_at": subjects.ahead(days=days), "ends_at": subjects.ahead(days=days, hours=1)}
        answer(await head.ask("POST", "/duty/shifts", json={"post_id": post_id, **times}), 201)


def test_lists_are_found() -> None:
    """Lists that a client read whole in an earlier version are among them."""
    assert len(LISTS) > 15
    assert {f"{API}/categories", f"{API}/organisations", f"{API}/auth/demo", f"{API}/me/grids"} < LISTS.keys()


@pytest.mark.parametrize("path", LISTS)
def test_a_list_documents_its_pages(path: str) -> None:
    parameters = {one["name"]: one["schema"] for one in LISTS[path]["parameters"] if one["in"] == "query"}
    assert {"limit", "cursor"} <= parameters.keys()
    limit = parameters["limit"]
    assert (limit["minimum"], limit["maximum"]) == (1, 100)
    assert 1 <= limit["default"] <= 100


async def test_a_page_of_one_leads_to_the_next_and_to_the_end(scene: Scene) -> None:
    """The items of all pages are those of one page, in the same order, each once."""
    for path in LISTS:
        person, whole = await scene.reader(path)
        found, cursor = list[Any](), None
        while cursor or not found:
            page = answer(await scene.ask(person, path, limit="1", **({"cursor": cursor} if cursor else {})))
            assert len(page["items"]) == 1, path
            found += page["items"]
            cursor = page["next"]
            if len(found) == len(whole) and len(whole) == LISTS_DEFAULT[path]:
                break  # the list is longer than the page to compare with
        assert [_key(item) for item in found] == [_key(item) for item in whole], path


LISTS_DEFAULT: Final = {
    path: next(one["schema"]["default"] for one in operation["parameters"] if one["name"] == "limit")
    for path, operation in LISTS.items()
}


def _key(item: dict[str, Any]) -> Any:
    return next(item[name] for name in ("id", "code", "persona", "seq", "name") if name in item)


async def test_a_bad_limit_or_cursor_is_refused_at_its_name(scene: Scene) -> None:
    for path in LISTS:
        person, _ = await scene.reader(path)
        for name, value in BAD:
            refused = problem(await scene.ask(person, path, **{name: value}), 422, "invalid")
            assert [error["pointer"] for error in refused["errors"]] == [f"/{name}"], (path, value)


async def test_an_item_that_has_left_a_list_is_no_place_to_go_on_from(scene: Scene) -> None:
    """Of lists that are in memory whole: the cursor is the last item's key."""
    resident = scene.people["resident"]
    first = await resident.get("/categories", limit=1)
    assert first["next"] == first["items"][0]["code"]
    refused = problem(await resident.ask("GET", "/categories?cursor=left_the_list"), 422)
    assert refused["errors"] == [{"pointer": "/cursor", "detail": "翻页位置无效，请从第一页开始"}]
