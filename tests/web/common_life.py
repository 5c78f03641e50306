"""Subjects of the common life, made and moved over HTTP, for tests of the pages that show them."""

import asyncio
from typing import Any, Final

from tests.subjects import ahead
from tests.world import Person, answer

_UNVERSIONED: Final = {"support", "sign_up"}


async def home_of(resident: Person) -> str:
    """Return the id of where a resident lives."""
    home: str = (await resident.get("/me"))["home_id"]
    return home


async def community_of(somebody: Person) -> str:
    """Return the id of the community somebody works for."""
    place: str = (await somebody.get("/me"))["posts"][0]["place_id"]
    return place


async def made(person: Person, path: str, **body: Any) -> dict[str, Any]:
    """Create a subject."""
    subject: dict[str, Any] = answer(await person.ask("POST", f"/{path}", json=body), 201)
    return subject


async def acted(person: Person, path: str, subject: dict[str, Any], act: str, **body: Any) -> dict[str, Any]:
    """Do an act on a subject as it is now."""
    fresh = await person.get(f"/{path}/{subject['id']}")
    if act not in _UNVERSIONED:
        body = {"version": fresh["version"]} | body
    after: dict[str, Any] = answer(await person.ask("POST", f"/{path}/{subject['id']}/{act}", json=body))
    return after


async def meeting(community: Person, **body: Any) -> dict[str, Any]:
    """Publish a meeting of the community far enough away."""
    times = {"starts_at": "2099-03-01T15:00:00+08:00", "ends_at": "2099-03-01T16:30:00+08:00"}
    whole = {"kind": "meeting", "title": "充电桩议事会", "place_id": await community_of(community)} | times
    return await acted(
        community, "activities", await made(community, "activities", **whole | body), "publish"
    )


async def asked(community: Person, **body: Any) -> dict[str, Any]:
    """Open a survey of the community that ends far enough away."""
    questions = [
        {"text": "停车管理", "kind": "rating"},
        {"text": "最想先改什么", "kind": "choice", "choices": ["停车", "保洁", "电梯"]},
        {"text": "哪些时候有空开会", "kind": "choices", "choices": ["工作日晚上", "周末上午", "周末下午"]},
    ]
    whole: dict[str, Any] = {
        "kind": "survey",
        "title": "物业服务评价",
        "ends_at": "2099-03-01T18:00:00+08:00",
    }
    whole |= {"place_id": await community_of(community), "questions": questions, "households": 1000}
    return await acted(community, "surveys", await made(community, "surveys", **whole | body), "open")


VOTE: Final = {
    "kind": "vote",
    "title": "东门加装充电桩",
    "questions": [{"text": "是否同意在东门装两台充电桩", "kind": "vote"}],
    "rule": {"code": "own", "majority_heads": ">1/2", "basis": "居民会议议事规则第六条"},
}


async def paper(community: Person, survey: dict[str, Any], unit_id: str, *choices: int) -> None:
    """Add paper ballots of as many rooms of a unit, each with a choice of the first question."""
    ballots = [
        {
            "place_id": unit_id,
            "room": str(901 + n),
            "answers": [{"question": 0, "choices": [choice]}],
        }
        for n, choice in enumerate(choices)
    ]
    await acted(community, "surveys", survey, "paper", ballots=ballots)


async def rostered(head: Person, deputy: Person) -> None:
    """Plan an evening for the head, and one for the deputy, who asks the head to take it."""
    posts = [(await somebody.get("/me"))["posts"][0]["id"] for somebody in (head, deputy)]
    for days, post_id in enumerate(posts, 1):
        times = {"starts_at": ahead(days=days), "ends_at": ahead(days=days, hours=14)}
        shift = answer(await head.ask("POST", "/duty/shifts", json={"post_id": post_id, **times}), 201)
    answer(await deputy.ask("POST", f"/duty/shifts/{shift['id']}/swap", json={"post_id": posts[0]}))


async def offered(community: Person, **body: Any) -> dict[str, Any]:
    """Offer something of the community, for nothing unless said."""
    whole = {
        "kind": "loan",
        "title": "雨伞",
        "days": 3,
        "quantity": 1,
        "place_id": await community_of(community),
    }
    return await made(community, "offers", **whole | body)


async def helped(resident: Person, community: Person) -> None:
    """Let a resident serve for two hours, confirmed by the community: ten points."""
    times = {"starts_at": ahead(minutes=5), "ends_at": ahead(hours=2)}
    about = {"kind": "service", "title": "清扫楼道", "place_id": await community_of(community)}
    activity = await made(community, "activities", **about | times)
    people = {"people": [(await resident.get("/me"))["id"]]}
    await acted(community, "activities", activity, "publish")
    await acted(resident, "activities", activity, "sign_up")
    await acted(community, "activities", activity, "start")
    await acted(community, "activities", activity, "check_in", **people)
    await acted(community, "activities", activity, "close")
    await acted(community, "activities", activity, "confirm", **people, hours=2)
    for _ in range(100):  # the worker pays
        if [own["balance"] for own in (await resident.get("/accounts", mine=True))["items"]] == [10]:
            return
        await asyncio.sleep(0.2)
    raise AssertionError("no points")


async def looked_after(resident: Person, helper: Person, room: str = "301") -> dict[str, Any]:
    """Propose that somebody's post looks after the household that a resident is of."""
    answer(await resident.ask("PATCH", "/me", json={"room": room}))
    me, post = (await resident.get("/me")), (await helper.get("/me"))["posts"][0]["id"]
    about = {"kind": "pairing", "place_id": me["home_id"], "room": room, "post_id": post, "need": "high"}
    return await made(helper, "relationships", **about, person_id=me["id"], reason="elderly_alone")


async def quarrel(resident: Person, community: Person, text: str = "楼上漏水不肯赔") -> dict[str, Any]:
    """Let a new studio of the community be asked to mediate."""
    place = await community_of(community)
    studio = {"name": "老李调解工作室", "kind": "studio", "place_ids": [place]}
    answer(await community.ask("POST", "/organisations", json=studio), 201)
    parties = [{"name": "王某"}]
    return await made(resident, "disputes", text=text, parties=parties, place_id=await home_of(resident))


async def street_life(resident: Person, community: Person) -> dict[str, str]:
    """Let people say, support, decide and meet; return the ids of what pages show."""
    home, office = await home_of(resident), await community_of(community)
    answered = await made(resident, "opinions", text="想在楼下装一排晾衣架", place_id=home)
    await acted(community, "opinions", answered, "answer", text="下周三装，谢谢您")
    opinion = await made(resident, "opinions", text="单元门关不严", kind="need", place_id=home)
    text = "晚上从窗户拉线充电，下雨天很危险"
    topic = await made(community, "topics", title="小区东门要不要装电动车充电桩", text=text, place_id=office)
    await acted(resident, "topics", topic, "support")
    await acted(community, "topics", topic, "set")
    due = "2099-04-30T18:00:00+08:00"
    await acted(community, "topics", topic, "decide", text="先装两台试用三个月")
    await made(
        community, "projects", title="装两台充电桩", place_id=office, due_at=due, source_id=topic["id"]
    )
    activity = await meeting(community, source_id=topic["id"], venue="社区议事厅", capacity=40)
    await acted(resident, "activities", activity, "sign_up")
    survey = await asked(community, text="看看物业这一季做得怎么样")
    over = await asked(community, **VOTE, households=20)
    await paper(community, over, home, *[0] * 9, 1, 1, 2)
    await acted(community, "surveys", over, "close", text="人都到齐了")
    umbrella = await offered(community, quantity=3)
    await acted(community, "offers", umbrella, "stock", quantity=2, place_id=home)
    reservation = await made(resident, "reservations", offer_id=umbrella["id"])
    tissues = {"kind": "goods", "title": "抽纸", "days": None, "quantity": 5}
    goods = await offered(community, **tissues, price=5, points="residents")
    pairing, dispute = await looked_after(resident, community), await quarrel(resident, community)
    return {
        "offer": goods["id"],
        "reservation": reservation["id"],
        "pairing": pairing["id"],
        "dispute": dispute["id"],
        "opinion": opinion["id"],
        "topic": topic["id"],
        "activity": activity["id"],
        "survey": survey["id"],
        "over": over["id"],
    }
