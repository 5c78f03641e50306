"""Who gets what from every route: the table matrix.txt, rebuilt and compared.

A change of access is a change of that file. To write it anew: REWRITE, below.
"""

import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from starlette.routing import Route

from app import db
from app.enums import Role, SubjectKind
from app.main import create_app
from app.rules.lives import LIVES
from app.services.people import profile
from app.services.posts import invitations
from app.services.subjects import SHAPES
from app.services.tickets.effects import ACTIONS
from app.services.webhooks import endpoints
from tests import accounts, subjects, world
from tests.deployed import deployed
from tests.keys import machine
from tests.wechat_standin import Wechat, wechat_server
from tests.world import API, MADE_UP, Person, answer

REWRITE: Final = "REWRITE_MATRIX=1 .venv/bin/python -m pytest tests/api/contract/test_access_matrix.py"
FILE: Final = Path(__file__).with_name("matrix.txt")
HEADING: Final = """\
# Who gets what: the status each caller gets from each route, - being nobody. Written by test_access_matrix.py.
# The ticket: reported by resident in 万寿山社区第四网格, with a phone (one with a photo), dispatched by grid_head to 人和物业,
# not yet taken. The post: a vacant one of that grid; the organisation: 人和物业, whose the webhook and its delivery are,
# and whose system comes with `key`, a key of all scopes; the settings: those of 万寿山社区; the unsealing: asked for by
# community, of an anonymous report there; the review: of words in a report there; the view and the reply: of that grid.
# other_department was called up (吹哨) to its ticket, which is otherwise the same, and has not taken its part. follower and
# let_go are neighbour, who follows the ticket; from let_go it has turned private since (= as neighbour). The bulletin: a draft
# of 万寿山社区. The shift: of grid_head, whom member is asked to stand in for. The opinion: resident's; topic, project and activity: of 万寿山社区, where the act is possible. The account and the transfer: of resident; the reservation, too, of what the community offers. The relationship: community looks
# after a household of resident's unit, and for agree member is asked to; the dispute: resident's, of a studio that department heads. Every cell begins with a ticket like that; every body is one that would do.
"""
NOBODY: Final = "-"
CALLED: Final = "other_department"
FOLLOWER, LET_GO = "follower", "let_go"
AS_NEIGHBOUR: Final = "="
TEMPLATES: Final = '{"ticket.resolved": {"id": "resolved", "fields": {"thing1": "{place}"}}}'
COLUMNS: Final = (
    *(NOBODY, "resident", "neighbour", "member", "grid_head", "deputy", "other_grid_head"),
    *("community", "other_community", "street", "property", "other_property", "department", CALLED),
    *("auditor", "admin", FOLLOWER, LET_GO, "key"),
)


@dataclass
class Scene:
    """The callers, and the ticket they all look at; it is made anew once somebody has changed it."""

    http: httpx.AsyncClient
    wechat: Wechat
    callers: dict[str, Person] = field(default_factory=dict)
    photo_id: str = ""
    grid_id: str = ""
    organisation_id: str = ""  # of 城管, which is not called
    version: int = 0  # of the community's grids
    community_id: str = ""
    quarters: int = 0  # that have a bulletin
    other_id: str = ""
    post_id: str = ""  # of member
    days: int = 0  # that have a shift
    code: str = ""  # of the place
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    subjects: dict[str, dict[str, Any]] = field(default_factory=dict)  # of the common life, by the path asked
    subject_now: dict[str, Any] = field(default_factory=dict)  # for this cell
    offer: dict[str, Any] = field(default_factory=dict)  # of 万寿山社区
    known: dict[str, Any] = field(default_factory=dict)  # what bodies of acts name, see tests/subjects.py
    own: str = ""  # the column, if the ticket is one of its own: see the heading

    @property
    def ticket(self) -> dict[str, Any]:
        return self.tickets.get(self.own, {})

    async def dispatched(self) -> dict[str, Any]:
        """Return the ticket as the heading says it is."""
        if not self.ticket:
            resident, head = self.callers["resident"], self.callers["grid_head"]
            made = await resident.report(contact_phone="13812345678")
            await head.act("accept", made)
            self.tickets[self.own] = await head.dispatch(made)
            if self.own == CALLED:
                await self.call(made)
            if self.own in {FOLLOWER, LET_GO}:
                answer(await self.callers[FOLLOWER].ask("POST", f"/tickets/{made['id']}/follow"))
            if self.own == LET_GO:
                await head.act("recategorise", made, category="dispute", reason="是邻里纠纷")
                self.tickets[self.own] = await head.ticket(made["id"])
            self.other_id = self.other_id or (await resident.report())["id"]
        return self.ticket

    async def unsealing(self) -> str:
        """Return the id of a pending request by a colleague of `community` about an anonymous report there."""
        made = await self.callers["resident"].report(anonymous=True)
        asked = await self.callers["community"].ask(
            "POST", f"/tickets/{made['id']}/unseal", json={"reason": "要联系报告人"}
        )
        identifier: str = answer(asked, 201)["id"]
        return identifier

    async def review(self) -> str:
        """Return the id of what waits for a decision in the community of `community`."""
        made = await self.callers["resident"].report(description="加微信办贷款")
        await world.run_jobs()
        queue = await self.callers["community"].get("/reviews")
        return next(str(item["id"]) for item in queue["items"] if item["ticket_id"] == made["id"])

    def next_day(self, hours: int = 0) -> str:
        """Return a moment of a day on which nobody is on shift yet."""
        self.days += 0 if hours else 1
        return subjects.ahead(days=self.days, hours=hours)

    async def shift(self, path: str) -> str:
        """Return the id of a shift of grid_head, which member has been asked to take, unless that is still to be asked."""
        head, member = self.callers["grid_head"], self.callers["member"]
        own, other = [(await person.get("/me"))["posts"][0]["id"] for person in (head, member)]
        body = {"post_id": own, "starts_at": self.next_day(), "ends_at": self.next_day(hours=1)}
        made = answer(await head.ask("POST", "/duty/shifts", json=body), 201)
        self.post_id = other
        if path.endswith(("/accept", "DELETE")):
            answer(await head.ask("POST", f"/duty/shifts/{made['id']}/swap", json={"post_id": other}))
        return str(made["id"])

    def quarter(self) -> str:
        """Return a quarter of the past that has no bulletin yet."""
        self.quarters += 1
        return f"20{self.quarters // 4 + 5:02}Q{self.quarters % 4 + 1}"

    async def bulletin(self) -> dict[str, Any]:
        """Return a draft for the community of `community`."""
        body = {"place_id": self.community_id, "quarter": self.quarter()}
        made: dict[str, Any] = answer(
            await self.callers["community"].ask("POST", "/bulletins", json=body), 201
        )
        return made

    async def subject(self, path: str) -> dict[str, Any]:
        """Return a subject from whose status the act of the path is possible, made anew once somebody has acted."""
        if path not in self.subjects:
            noun, _, act = path.removeprefix(f"{API}/").partition("/")
            resident, community = self.callers["resident"], self.callers["community"]
            self.subjects[path] = await subjects.brought(noun, act.rpartition("/")[2], resident, community)
        self.subject_now = self.subjects[path]
        return self.subject_now

    async def transfer(self) -> str:
        """Return the id of points that were paid to resident and not taken back."""
        return await accounts.pay(self.callers["resident"], 5)

    async def account(self) -> str:
        """Return the id of the account of resident."""
        await self.transfer()
        page = await self.callers["resident"].get("/accounts", mine=True)
        return str(page["items"][0]["id"])

    async def call(self, ticket: dict[str, Any]) -> None:
        community = self.callers["community"]
        called = [await community.organisation(ticket, "消防")]
        await community.act("call_up", ticket, organisation_ids=called, text="来看看")

    async def of_grid(self, path: str, body: dict[str, Any]) -> str:
        """Return the id of a view or a reply of the grid."""
        made = answer(await self.callers["grid_head"].ask("POST", path, json=body), 201)
        identifier: str = made["id"]
        return identifier

    async def photo(self) -> str:
        """Return the id of a photo of such a ticket."""
        if not self.photo_id:
            resident, head = self.callers["resident"], self.callers["grid_head"]
            self.photo_id = await resident.photo()
            made = await head.dispatch(await resident.report(photo_ids=[self.photo_id]))
            await self.call(made)
        return self.photo_id


def _seen_version(**body: Any) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"version": scene.ticket["version"]} | body


def _report(scene: Scene) -> dict[str, Any]:
    place = scene.ticket["place"]["id"]
    return {"category": "stair_light", "place_id": place, "description": "灯不亮"}


FILES: Final = {
    "POST /photos": {"file": ("a.jpg", world.jpeg())},
    "POST /imports": {"files": ("a.csv", b"role,unit,phone,name\n")},
}
PARAMS: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "POST /imports": lambda _: {"preview": "true"},
    "GET /imports/template": lambda _: {"kind": "places"},
    "GET /organisations": lambda row: {"place_id": row["id"]},
    "GET /places/search": lambda row: {"place_id": row["id"], "q": "944号"},
    "GET /tickets/{ticket_id}/related": lambda _: {"kind": "place"},
    "GET /tickets/similar": lambda row: {"place_id": row["id"], "category": "stair_light"},
    "GET /auth/scan/{scan_id}": lambda _: {"secret": "made up"},
    "GET /duty": lambda row: {"place_id": row["id"]},
    "GET /duty/card": lambda row: {"place_id": row["id"]},
    "GET /activities/due": lambda row: {"place_id": row["community_id"]},
    "GET /duty/gaps": lambda row: {"place_id": row["community_id"]},
}
BODIES: Final[dict[str, Callable[[Scene], Any]]] = {
    "POST /auth/wechat": lambda scene: {"code": scene.wechat.code_for(f"matrix-{len(scene.wechat.asked)}")},
    "POST /auth/refresh": lambda _: {"refresh_token": "made up"},
    "POST /auth/logout": lambda _: {"refresh_token": "made up"},
    "POST /auth/demo": lambda _: {"persona": "resident"},
    "PATCH /me": lambda _: {},
    "unseal": lambda _: {"reason": "要联系报告人"},
    "consent": lambda _: {},
    "decline": lambda _: {},
    "POST /me/subscriptions": lambda _: {"templates": [{"event": "ticket.resolved", "accepted": True}]},
    "PUT /me/consent": lambda _: {"version": profile.consent().version},
    "POST /me/phone": lambda _: {"phone": "13812345678"},
    "POST /me/invitations": lambda _: {"code": "MADEUPCODE"},
    "POST /posts": lambda scene: {"role": "member", "place_id": scene.grid_id},
    "POST /views": lambda _: {"name": "今天到期", "query": "due_to=today", "shared": True},
    "PATCH /views/{view_id}": lambda _: {"version": 1},
    "POST /replies": lambda _: {"action": "comment", "text": "已派人去看"},
    "PATCH /replies/{reply_id}": lambda _: {"version": 1},
    "PATCH /posts/{post_id}": lambda _: {"absent_from": None},
    "PATCH /posts/{post_id}/card": lambda _: {"skills": ["policy"]},
    "POST /organisations": lambda scene: {
        "name": "新物业",
        "kind": "property",
        "place_ids": [scene.ticket["place"]["id"]],
    },
    "PATCH /organisations/{organisation_id}": lambda _: {},
    "PUT /settings/categories": lambda _: {"version": 0, "categories": []},
    "PUT /settings/calendar": lambda _: {"version": 0, "days": []},
    "PUT /settings/robots": lambda _: {"url": None},
    "PUT /settings/frames": lambda _: {"version": 0, "frames": []},
    "PUT /settings/titles": lambda _: {"version": 0, "titles": []},
    "PUT /settings/weights": lambda _: {"version": 0, "weights": []},
    "POST /duty/shifts": lambda scene: {
        "post_id": scene.post_id,
        "starts_at": scene.next_day(),
        "ends_at": scene.next_day(hours=1),
    },
    "POST /duty/shifts/{shift_id}/swap": lambda scene: {"post_id": scene.post_id},
    "POST /duty/shifts/{shift_id}/swap/accept": lambda _: None,
    "PUT /settings/opinions": lambda _: {"version": 0, "days": None},
    "PUT /settings/points": lambda _: {"version": 0, "lapse": None},
    "POST /organisations/{organisation_id}/keys": lambda _: {"name": "系统", "scopes": ["tickets:read"]},
    "POST /webhooks": lambda _: {"url": "https://8.8.8.8/", "events": ["ticket.*"]},
    "PATCH /webhooks/{webhook_id}": lambda _: {},
    "rotate": lambda _: None,
    "test": lambda _: None,
    "redeliver": lambda _: None,
    "POST /auth/scan": lambda _: None,
    "POST /auth/scan/approve": lambda _: {"scene": "made up"},
    "POST /notices/read": lambda _: {"all": True},
    "PUT /me/notice-settings": lambda _: dict.fromkeys(
        ("mine", "work", "reminders", "comments", "quiet_nights"), True
    ),
    "PUT /settings/grids": lambda scene: {"version": scene.version, "grids": []},
    "replace": lambda scene: {"scene": scene.code},
    "POST /tickets": _report,
    "edit": _seen_version(description="灯还是不亮"),
    "withdraw": _seen_version(),
    "accept": _seen_version(),
    "reject": _seen_version(reason="not_ours", text="不归我们"),
    "dispatch": lambda scene: _seen_version(organisation_id=scene.ticket["organisation"]["id"])(scene),
    "take": _seen_version(),
    "hand_back": _seen_version(reason="not_our_trade", text="不会修"),
    "recall": _seen_version(),
    "resolve": _seen_version(outcome="explained", text="已说明"),
    "confirm": _seen_version(verdict="solved"),
    "settle": _seen_version(text="到现场看过"),
    "reopen": _seen_version(text="又不亮了"),
    "escalate": _seen_version(reason="要社区协调"),
    "wait": _seen_version(reason="parts", until=world.soon()),
    "resume": _seen_version(),
    "ask": _seen_version(text="三楼还是四楼？", until=world.soon()),
    "answer": _seen_version(text="三楼"),
    "appeal": _seen_version(text="这是公共楼道"),
    "recategorise": _seen_version(category="access_door", reason="坏的是门禁"),
    "return": _seen_version(reason="网格可以办"),
    "reassign": lambda scene: _seen_version(place_id=scene.ticket["place"]["id"])(scene),
    "not_mine": _seen_version(reason="不是我们网格的楼"),
    "extend": _seen_version(minutes=60, reason="等配件"),
    "call_up": lambda scene: _seen_version(organisation_ids=[scene.organisation_id], text="来看看")(scene),
    "report": _seen_version(text="已清理"),
    "release": lambda scene: _seen_version(organisation_id=scene.organisation_id, reason="不用来")(scene),
    "urge": lambda _: {},
    "comment": lambda _: {"text": "知道了"},
    "merge": lambda scene: _seen_version(into=scene.other_id)(scene),
    "unmerge": _seen_version(),
    "split": _seen_version(description="门禁也坏了"),
    "POST /tickets/selections": lambda _: {},
    "POST /tickets/acts": lambda scene: {
        "action": "comment",
        "tickets": [{"id": scene.ticket["id"], "version": scene.ticket["version"]}],
        "text": "知道了",
    },
    "vote": lambda _: {"still_there": True},
    "POST /me/certificates": lambda _: {},
    "POST /relationships": lambda scene: {"place_id": scene.community_id, "kind": "volunteer"},
    "POST /disputes": lambda scene: {
        "place_id": scene.community_id,
        "organisation_id": scene.known["studio_id"],
        "text": "漏水",
        "parties": [{"name": "王某"}],
    },
    "POST /relationships/calls": lambda scene: {
        "place_id": scene.community_id,
        "due_at": subjects.ahead(days=3),
    },
    "undo": _seen_version(),
    "follow": lambda _: None,
    "POST /bulletins": lambda scene: {"place_id": scene.community_id, "quarter": scene.quarter()},
    "PATCH /bulletins/{bulletin_id}": lambda _: {"version": 1, "title": "公示"},
    "publish": lambda _: {"version": 1},
    "POST /reviews/{review_id}/release": lambda _: None,
    "POST /reviews/{review_id}/remove": lambda _: None,
    "POST /wechat/push": lambda _: {},
    "POST /opinions": lambda scene: {"place_id": scene.community_id, "text": "想装晾衣架"},
    "POST /topics": lambda scene: {"place_id": scene.community_id, "title": "装充电桩"},
    "POST /projects": lambda scene: {
        "place_id": scene.community_id,
        "title": "装两台",
        "due_at": subjects.ahead(days=3),
    },
    "POST /activities": lambda scene: {
        "place_id": scene.community_id,
        "kind": "meeting",
        "title": "议事会",
        "starts_at": subjects.ahead(days=1),
        "ends_at": subjects.ahead(days=1, hours=1),
    },
    "POST /surveys": lambda scene: {
        "place_id": scene.community_id,
        "kind": "survey",
        "title": "物业服务评价",
        "ends_at": subjects.ahead(days=7),
        "questions": [{"text": "停车管理", "kind": "rating"}],
    },
    "POST /transfers/{transfer_id}/reverse": lambda _: {"text": "登记错了人"},
    "POST /offers": lambda scene: {
        "place_id": scene.community_id,
        "kind": "goods",
        "title": "抽纸",
        "quantity": 5,
    },
    "POST /reservations": lambda scene: {"offer_id": scene.offer["id"]},
    "POST /surveys/{survey_id}/responses": lambda _: {"answers": [{"question": 0, "choices": [1]}]},
}


def _act_on_subject(kind: str, action: str, *, versioned: bool) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: (
        ({"version": scene.subject_now["version"]} if versioned else {})
        | subjects.body_of(action, **scene.known, kind=kind, code=scene.subject_now.get("code"))
    )


BODIES.update(
    {
        f"POST /{SHAPES[kind].path}/{{{kind}_id}}/{action}": _act_on_subject(
            SHAPES[kind].path, action, versioned=move.versioned
        )
        for kind in SubjectKind
        for action, move in LIVES[kind].moves.items()
    }
)


def routes() -> list[tuple[str, str]]:
    """Name every route of the application, path and method; what is mounted serves files to all."""
    found = [route for route in create_app().routes if isinstance(route, Route)]
    return sorted((route.path, method) for route in found for method in (route.methods or set()) - {"HEAD"})


_NAMES: Final = """
SELECT (SELECT o.id::text FROM organisation o WHERE o.code = 'cg') AS organisation_id, p.id::text, p.scene, g.id::text AS grid_id, c.id::text AS community_id, c.version
FROM place p, place g, place c WHERE p.code = 'wss-944-4' AND g.code = 'wss-g4' AND c.code = 'wss'
"""


async def vacant(grid_id: str) -> UUID:
    """Return a post nobody holds yet in 第四网格."""
    return await invitations.create_vacant_post(Role.MEMBER, place_id=UUID(grid_id))


async def webhook(scene: Scene) -> tuple[str, str]:
    """Return a webhook of the property company, and a message of it."""
    company = scene.callers["property"]
    body = {"url": "https://8.8.8.8/", "events": ["ticket.*"]}
    made = answer(await company.ask("POST", "/webhooks", json=body), 201)
    sent = answer(await company.ask("POST", f"/webhooks/{made['id']}/test"), 201)
    return made["id"], sent["id"]


async def one_key_left(scene: Scene, *, revoking: bool) -> str:
    """Return a key of the property company that may be revoked, after all but the caller's were."""
    community, organisation = scene.callers["community"], scene.ticket["organisation"]["id"]
    path = f"/organisations/{organisation}/keys"
    for key in (await community.get(path, limit=100))["items"]:
        if key["name"] == "系统" and not key["revoked_at"]:
            answer(await community.ask("DELETE", f"{path}/{key['id']}"))
    if revoking:
        made = await community.ask("POST", path, json={"name": "系统", "scopes": ["tickets:read"]})
        return str(answer(made, 201)["id"])
    return MADE_UP


async def ask(scene: Scene, column: str, method: str, path: str) -> httpx.Response:
    """Send a request that is right in everything but, perhaps, who sends it."""
    if any(f"{{{kind}_id}}" in path for kind in SubjectKind):
        return await ask_about_subject(scene, column, method, path)
    scene.own = column if column in {CALLED, FOLLOWER, LET_GO} else ""
    if path.endswith("/undo"):  # of a dispatch of this minute
        scene.tickets.pop(scene.own, None)
    ticket = await scene.dispatched()
    row = await db.fetchrow(_NAMES)
    assert row is not None
    scene.organisation_id = row["organisation_id"]
    scene.grid_id, scene.version, scene.code = row["grid_id"], row["version"], row["scene"]
    scene.community_id = row["community_id"]
    if path.startswith(f"{API}/reservations"):
        scene.offer = await subjects.offer(scene.callers["community"])
    hook, sent_before = await webhook(scene) if "{webhook_id}" in path else ("", "")
    url = path.format_map(
        {
            "ticket_id": ticket["id"],
            "photo_id": await scene.photo(),
            "place_id": row["id"],
            "scene": row["scene"],
            "name": row["scene"],
            "figure_name": "received",
            "scan_id": MADE_UP,
            "organisation_id": ticket["organisation"]["id"],
            "post_id": await vacant(row["grid_id"]) if "{post_id}" in path else "",
            "unsealing_id": await scene.unsealing() if "{unsealing_id}" in path else "",
            "key_id": await one_key_left(scene, revoking="{key_id}" in path) if "/keys" in path else "",
            "webhook_id": hook,
            "delivery_id": sent_before,
            "shift_id": await scene.shift(f"{path}{method if path.endswith('/swap') else ''}")
            if "/shifts" in path
            else "",
            "certificate_id": MADE_UP,
            "bulletin_id": (await scene.bulletin())["id"] if "{bulletin_id}" in path else "",
            "code": MADE_UP,
            "review_id": await scene.review() if "{review_id}" in path else "",
            "view_id": await scene.of_grid("/views", BODIES["POST /views"](scene))
            if "{view_id}" in path
            else "",
            "reply_id": await scene.of_grid("/replies", BODIES["POST /replies"](scene))
            if "{reply_id}" in path
            else "",
            "account_id": await scene.account() if "{account_id}" in path else "",
            "transfer_id": await scene.transfer() if "{transfer_id}" in path else "",
            "extension": "json",
            "service_code": "stair_light",
            "service_request_id": ticket["id"],
            "token": ticket["id"],
        }
    )
    sent: dict[str, Any] = {"headers": {} if column == NOBODY else scene.callers[column].headers}
    short = f"{method} {path.removeprefix(API)}"
    if short in FILES:
        sent["files"] = FILES[short]
    elif short == "POST /open311/v2/requests.{extension}":
        place = ticket["place"]["id"]
        sent["data"] = {"service_code": "stair_light", "address_id": place, "description": "灯不亮"}
    elif method not in {"GET", "DELETE"}:
        sent["json"] = (BODIES.get(short) or BODIES[path.rpartition("/")[2]])(scene)
    if short in PARAMS:
        sent["params"] = PARAMS[short](row)
    elif short == "GET /reservations/scan":
        taken = await subjects.reserve(scene.callers["resident"], scene.offer)
        sent["params"] = {"code": taken["code"]}
    elif path.startswith(f"{API}/settings/"):
        preview = (
            {}
            if path.endswith(("/robots", "/titles", "/weights", "/opinions", "/points"))
            else {"preview": "true"}
        )
        sent["params"] = {"place_id": row["community_id"]} | preview
    return await scene.http.request(method, url, **sent)


async def ask_about_subject(scene: Scene, column: str, method: str, path: str) -> httpx.Response:
    """Send a request about a subject of the common life."""
    subject = await scene.subject(path)
    url = re.sub(r"\{\w+_id\}", subject["id"], path)
    sent: dict[str, Any] = {"headers": {} if column == NOBODY else scene.callers[column].headers}
    if method == "POST":
        sent["json"] = BODIES[f"{method} {path.removeprefix(API)}"](scene)
    response = await scene.http.request(method, url, **sent)
    if response.is_success and method != "GET":
        del scene.subjects[path]
    return response


async def row(scene: Scene, method: str, path: str) -> str:
    """Return one line of the table."""
    cells = []
    for column in COLUMNS:
        if column in {FOLLOWER, LET_GO} and "{ticket_id}" not in path:
            cells.append(AS_NEIGHBOUR.ljust(len(column)).ljust(3))
            continue
        answered = await ask(scene, column, method, path)
        cells.append(str(answered.status_code).ljust(len(column)).ljust(3))
        changing = {*ACTIONS, "follow"} - {"comment", "urge"}
        if answered.is_success and "{ticket_id}" in path and path.rpartition("/")[2] in changing:
            scene.tickets.pop(scene.own)  # who follows it sees it from then on
    return f"{method:6} {path:56} {' '.join(cells)}".rstrip()


@pytest.fixture
async def scene(street: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    async with AsyncExitStack() as stack:
        stack.enter_context(deployed(rate_limits="off", wechat_templates=TEMPLATES))
        wechat = await stack.enter_async_context(wechat_server())
        http = await stack.enter_async_context(world.client())
        made = Scene(http, wechat)
        for column in COLUMNS[1:-1]:
            persona = "neighbour" if column in {FOLLOWER, LET_GO} else column
            made.callers[column] = await world.sign_in(http, persona)
        made.callers["key"] = await machine(http)
        await subjects.studio(made.callers["community"])
        made.known = await subjects.known_of(made.callers["resident"])
        monkeypatch.setattr(endpoints, "MAX_PER_OWNER", 1000)
        yield made


@pytest.mark.timeout(900)  # some 2,500 requests
async def test_everybody_gets_from_every_route_what_the_table_says(scene: Scene) -> None:
    head = f"{'':63} {' '.join(column.ljust(3) for column in COLUMNS)}".rstrip()
    last = (f"{API}/me", "DELETE")  # after it there are no callers left
    made = {one: await row(scene, one[1], one[0]) for one in sorted(routes(), key=lambda one: one == last)}
    lines = [head, *(made[one] for one in routes())]
    built = HEADING + "\n".join(lines) + "\n"
    if os.environ.get("REWRITE_MATRIX"):
        FILE.write_text(built, "utf-8")
    written = FILE.read_text("utf-8") if FILE.exists() else ""
    hint = f"access has changed; if it should have, write the table anew: {REWRITE}"
    diff = unified_diff(written.splitlines(), built.splitlines(), "matrix.txt", "as it is", lineterm="", n=0)
    assert written == built, "\n".join([hint, *diff])


async def test_a_made_up_ticket_is_refused_like_one_out_of_scope(scene: Scene) -> None:
    """Nothing tells them apart: neither status nor words."""
    ticket = await scene.dispatched()
    stranger = scene.callers["other_grid_head"]
    for path, method in routes():
        if "{ticket_id}" not in path or path.endswith(
            "/follow"
        ):  # neighbours are shown it: see test_following.py
            continue
        short = path.removeprefix(API)
        answers = []
        for ticket_id in (ticket["id"], MADE_UP):
            refused = await stranger.ask(method, short.format(ticket_id=ticket_id), json={})
            answers.append({**answer(refused, 404), "request_id": ""})
        assert answers[0] == answers[1], path
