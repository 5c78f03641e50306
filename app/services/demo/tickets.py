"""The demo street's first tickets, one in every state, made by the acts that bring a ticket there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, settings
from app.models.ticket import TicketIn
from app.rules.access import Actor
from app.services import auth, tickets
from app.sql import Statement


class Step(NamedTuple):
    """What a persona does: an action and its body. In a body, `organisation_id` is a code and `until` a number of hours."""

    persona: str
    action: str
    body: Mapping[str, Any] = {}


class Story(NamedTuple):
    """A report by a persona, and what becomes of it. `place` is a code; `into` merges it into the story before."""

    reporter: str
    category: str
    place: str
    note: str | None
    text: str
    steps: tuple[Step, ...] = ()


_ACCEPT: Final = Step("grid_head", "accept")
_TAKE: Final = Step("property", "take")


def _dispatch(note: str | None = None) -> Step:
    return Step("grid_head", "dispatch", {"organisation_id": "rhwy"} | ({"note": note} if note else {}))


STORIES: Final = (
    Story("neighbour", "ponding", "wss-944", None, "楼前积水，老人出门要绕路"),
    Story("member", "garbage", "wss-946", None, "垃圾桶满了没有清运"),
    Story("resident", "lift_fault", "wss-946-1", None, "电梯停在五楼不动，没有人在里面", (_ACCEPT,)),
    Story("neighbour", "water_out", "wss-944-4", "6楼", "早上起来没有水", (_dispatch("请先看水泵房"),)),
    Story("resident", "power_out", "wss-944-4", "3楼", "楼道和家里都没电", (_dispatch(), _TAKE)),
    Story(
        "neighbour",
        "heating_out",
        "wss-944-4",
        "6楼",
        "暖气不热",
        (_dispatch(), _TAKE, Step("property", "wait", {"reason": "parts", "until": 24})),
    ),
    Story(
        "resident",
        "noise",
        "wss-944-4",
        None,
        "楼上半夜装修",
        (_ACCEPT, Step("grid_head", "ask", {"text": "是五楼还是六楼？一般几点？", "until": 24})),
    ),
    Story(
        "neighbour",
        "sewage",
        "wss-944",
        None,
        "下水道往外冒水",
        (
            _dispatch(),
            _TAKE,
            Step("property", "hand_back", {"reason": "not_our_trade", "text": "井在市政路上，不归物业管"}),
        ),
    ),
    Story(
        "resident",
        "care",
        "wss-948",
        None,
        "一楼独居老人腿脚不便，想请人帮忙买菜",
        (
            _ACCEPT,
            Step("grid_head", "resolve", {"outcome": "fixed", "text": "已联系志愿者每周二、周五上门"}),
        ),
    ),
    Story(
        "neighbour",
        "consult",
        "wss-944-4",
        None,
        "老年卡在哪里办？",
        (
            _ACCEPT,
            Step(
                "grid_head", "resolve", {"outcome": "explained", "text": "带身份证到社区便民窗口，当天可取"}
            ),
            Step("neighbour", "confirm", {"verdict": "solved", "rating": 5}),
        ),
    ),
    Story(
        "resident",
        "parking",
        "wss-944",
        None,
        "想要一个固定车位",
        (Step("grid_head", "reject", {"reason": "private_matter", "text": "车位租赁请直接找物业办公室"}),),
    ),
    Story("resident", "manhole", "wss-946", None, "门口井盖松动"),
    Story(
        "neighbour",
        "manhole",
        "wss-946",
        None,
        "井盖翘起来了，差点绊倒人",
        (Step("grid_head", "merge", {"into": "the story before"}),),
    ),
    Story(
        "resident",
        "illegal_build",
        "wss-950",
        None,
        "楼顶搭了棚子",
        (_ACCEPT, Step("grid_head", "escalate", {"reason": "需要社区协调产权单位"})),
    ),
    Story(
        "neighbour",
        "road_light",
        "wss-932",
        None,
        "小区门口路灯不亮",
        (Step("other_grid_head", "not_mine", {"reason": "门口的路灯在第四网格一侧"}),),
    ),
)


async def load_tickets() -> None:
    """Make the tickets of STORIES. The personas sign in for it and out again."""
    tokens = {persona: (await auth.sign_in_as(persona))[0] for persona in sorted(_personas())}
    actors = {persona: await auth.verify_token(given.access_token) for persona, given in tokens.items()}
    ids = {row["code"]: row["id"] for row in await db.execute(_IDS, codes=sorted(_codes()))}
    before: UUID | None = None
    for story in STORIES:
        before = await _tell(story, actors, ids, before)
    for given in tokens.values():
        await auth.sign_out(given.refresh_token)


def _personas() -> set[str]:
    return {story.reporter for story in STORIES} | {step.persona for story in STORIES for step in story.steps}


def _codes() -> set[str]:
    organisations = {step.body.get("organisation_id") for story in STORIES for step in story.steps}
    return {story.place for story in STORIES} | {code for code in organisations if code}


_IDS: Final = Statement("""
SELECT code, id FROM place WHERE code = ANY(:codes::text[])
UNION ALL SELECT code, id FROM organisation WHERE code = ANY(:codes::text[])
""")


async def _tell(
    story: Story, actors: Mapping[str, Actor], ids: Mapping[str, UUID], before: UUID | None
) -> UUID:
    """Make a ticket, do the steps of its story, and return its id. `before` is the ticket of the story before."""
    form = TicketIn(
        category=story.category, place_id=ids[story.place], place_note=story.note, description=story.text
    )
    view = await tickets.submit(actors[story.reporter], form, None)
    ticket_id: UUID = view.ticket["id"]
    for persona, action, body in story.steps:
        view = await tickets.load_ticket(actors[persona], ticket_id)
        values = {"version": view.ticket["version"], **body}
        if "organisation_id" in body:
            values["organisation_id"] = ids[body["organisation_id"]]
        if "into" in body:
            values["into"] = before
        if "until" in body:
            pause = timedelta(hours=body["until"]) * min(1.0, settings.get().sla_scale)  # as its longest is
            values["until"] = (clock.now() + pause).isoformat()
        await tickets.perform(view, action, tickets.ACTIONS[action].shape.model_validate(values), None)
    return ticket_id
