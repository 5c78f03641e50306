"""Stories of the common life: what was said, met about and decided around 944号."""

from datetime import timedelta
from typing import Any, Final

from app.enums import SHANGHAI, SubjectKind
from app.services.demo.telling import Telling

_HALL, _ROOM, _GRID = "社区议事厅", "社区活动室", "wss-g4"
_OPINION, _TOPIC, _PROJECT, _ACTIVITY = (
    SubjectKind.OPINION,
    SubjectKind.TOPIC,
    SubjectKind.PROJECT,
    SubjectKind.ACTIVITY,
)
# How many days ago which door was visited, in which room, and what was said there.
_VISITS: Final[tuple[tuple[int, str, str | None, str | None], ...]] = (
    (118, "wss-950-4", None, None),
    (104, "wss-952-2", None, None),
    (71, "wss-944-1", "201", "门口的无障碍坡道有点陡，轮椅上不去"),
    (52, "wss-944-2", None, None),
    (45, "wss-944-5", "402", "夏天楼道里堆的纸箱，味道很大"),
    (38, "wss-946-1", None, None),
    (24, "wss-948-1", "102", None),
    (16, "wss-948-2", None, None),
    (9, "wss-950-1", "202", "希望请人教老人用手机挂号"),
    (3, "wss-944-6", None, None),
)


async def visits(telling: Telling, words: str) -> None:
    """Visit some of the doors; others were never visited, or too long ago."""
    for days, place, room, heard in _VISITS:
        begins = telling.at(-days, 15)
        ends = begins + timedelta(minutes=15)
        opinions = [{"kind": "need", "text": heard}] if heard else []
        done = {"headcount": 2 if room else 3, "households": 1} | ({"text": "家里都好"} if not heard else {})
        body: dict[str, Any] = {"room": room} if room else {}
        await telling.begin(
            "member",
            _ACTIVITY,
            ends,
            place,
            kind="visit",
            title=words,
            starts_at=begins,
            ends_at=ends,
            done=done,
            opinions=opinions,
            **body,
        )
    care = {"kind": "care", "title": "看望独居老人", "room": "101", "done": {"headcount": 1, "households": 1}}
    begins = telling.at(-12, 9)
    ends = begins + timedelta(minutes=30)
    await telling.begin("member", _ACTIVITY, ends, "wss-944-3", starts_at=begins, ends_at=ends, **care)


def _forum_day(telling: Telling) -> int:
    """Return how many days ago last month's forum was: on its last Thursday but one or so."""
    today = telling.now.astimezone(SHANGHAI).date()
    return today.day + 12


async def decided_topic(telling: Telling, words: str) -> None:
    """Raise a topic that is carried, decided at the forum and becomes projects: one late, one done, one to come."""
    day = -_forum_day(telling)
    text = "楼前那块空地常年堆杂物，孩子没处玩，老人没处坐"
    topic = await telling.begin(0, _TOPIC, telling.at(day - 25, 20), _GRID, title=words, text=text)
    await telling.act("community", _TOPIC, topic, "release", telling.at(day - 24, 9), threshold=8)
    for n in range(1, 9):
        await telling.act(n, _TOPIC, topic, "support", telling.at(day - 24 + n, 19, n))
    await telling.act("community", _TOPIC, topic, "discuss", telling.at(day - 4, 9))
    decided = "清走杂物；装一组健身器材；单元门口装两条长椅；角落留给孩子种花。"
    await telling.act("community", _TOPIC, topic, "decide", telling.at(day, 17), text=decided)
    late = await _plan(telling, day, 8, "楼前加装健身器材", topic)
    await telling.act("grid_head", _PROJECT, late, "start", telling.at(day + 4))
    delay = "器材已订货，厂家说还要一周"
    await telling.act("grid_head", _PROJECT, late, "report", telling.at(day + 6), text=delay)
    done = await _plan(telling, day, 10, "单元门口装两条长椅", topic)
    await telling.act("grid_head", _PROJECT, done, "start", telling.at(day + 3))
    result = "两条长椅已装好，4单元和5单元门口各一条"
    await telling.act("grid_head", _PROJECT, done, "finish", telling.at(day + 7), text=result)
    await _plan(telling, day, -day + 20, "楼角开一块儿童种花地", topic)
    await telling.act("community", _TOPIC, topic, "do", telling.at(day + 3, 9))


async def _plan(telling: Telling, day: int, due: int, title: str, topic: Any) -> Any:
    """Plan a project the day after the forum, due so many days after it."""
    body = {"title": title, "due_at": telling.at(day + due, 18), "source_id": str(topic)}
    return await telling.begin("grid_head", _PROJECT, telling.at(day + 1), _GRID, **body)


async def forum(telling: Telling, words: str) -> None:
    """Hold last month's forum: who came, the minutes, and what became of what was said there."""
    day = -_forum_day(telling)
    begins, ends = telling.at(day, 15), telling.at(day, 16, 30)
    body = {"kind": "meeting", "title": words, "starts_at": begins, "ends_at": ends, "venue": _HALL}
    text = "商量944号楼前空地；大家有什么想法都可以提"
    held = await telling.begin(
        "community", _ACTIVITY, telling.at(day - 8), _GRID, **body, text=text, capacity=40
    )
    await telling.act("community", _ACTIVITY, held, "publish", telling.at(day - 8))
    for n in range(11):
        await telling.act(n, _ACTIVITY, held, "sign_up", telling.at(day - 7 + n // 3, 20, n))
    came = [str(telling.who(n).person_id) for n in range(9)]
    await telling.act("community", _ACTIVITY, held, "start", begins)
    await telling.act("community", _ACTIVITY, held, "check_in", telling.at(day, 15, 10), people=came)
    await telling.act("community", _ACTIVITY, held, "close", ends, headcount=23)
    minutes = "到会23人。议定：清走楼前杂物，装健身器材和长椅，留一角给孩子种花；楼道感应灯另行投票。网格长负责，月底前看进展。"
    await telling.act("community", _ACTIVITY, held, "minutes", telling.at(day, 18), text=minutes)
    await telling.act("community", _ACTIVITY, held, "confirm", telling.at(day, 18, 5), people=came)
    await _heard(telling, day, str(held))


async def _heard(telling: Telling, day: int, forum_id: str) -> None:
    """Write down what was said at the forum, with its fates; one has none yet."""

    async def hear(
        speaker: str | int, text: str, action: str | None = None, sort: str = "opinion", /, **body: Any
    ) -> Any:
        said = {"kind": sort, "text": text, "activity_id": forum_id}
        said |= {"person_id": str(telling.who(speaker).person_id)}
        opinion = await telling.begin("community", _OPINION, telling.at(day, 17), _GRID, **said)
        if action is None:
            return None
        return await telling.act("community", _OPINION, opinion, action, telling.at(day + 2), **body)

    answer = "可以。社区活动室周一到周五下午两点到五点开放，带身份证登记即可。"
    await hear(1, "活动室能不能给老人下棋用", "answer", text=answer)
    await hear(2, "广场舞音量太大，能不能早点结束", "answer", "need", text="已与领队约定，晚上八点半结束。")
    due = telling.at(day + 40, 18)
    led = await hear(3, "单元门口的台阶破了，容易绊倒", "to_project", title="修补3单元门口台阶", due_at=due)
    mended = "台阶已修补，加了防滑条"
    await telling.act("grid_head", _PROJECT, led["outcome_id"], "finish", telling.at(day + 9), text=mended)
    await hear(
        4, "希望多办几次以旧换新", "note", "suggestion", text="已转街道商贸专班，今年计划已满，明年一并安排。"
    )
    await hear(6, "快递都堆在门卫室，想要一个快递柜", None, "need")


async def raised_topic(telling: Telling, words: str) -> None:
    """Raise a topic that three more supporters would bring on the table."""
    text = "晚上从窗户拉线充电很危险，东门外有一块空地"
    topic = await telling.begin("neighbour", _TOPIC, telling.at(-9, 20), _GRID, title=words, text=text)
    await telling.act("community", _TOPIC, topic, "release", telling.at(-8, 9))
    for n in range(7):
        await telling.act(n, _TOPIC, topic, "support", telling.at(-7 + n % 6, 19, n))


async def declined_topic(telling: Telling, words: str) -> None:
    """Raise a topic that is declined, with the reason."""
    topic = await telling.begin(11, _TOPIC, telling.at(-34, 12), _GRID, title=words)
    reason = "车位归全体业主共有，收费用于公共维修，能否减免要由业主大会表决，不在居民议事的范围。"
    await telling.act("community", _TOPIC, topic, "decline", telling.at(-32), text=reason)


async def held_topic(telling: Telling, words: str) -> None:
    """Raise a topic that the office has not looked at yet."""
    await telling.begin(5, _TOPIC, telling.at(-1, 20), _GRID, title=words, text="家里的书可以拿出来一起看")


async def opinions(telling: Telling, words: str) -> None:
    """Say something from home: one waits, one is answered, one becomes a ticket, one is noted, one goes into a topic."""
    await telling.begin("resident", _OPINION, telling.at(-4, 21), "wss-944-4", text=words, kind="need")
    hedge = "楼前绿化带的灌木太高，晚上看不清路"
    said = await telling.begin("resident", _OPINION, telling.at(-20, 8), "wss-944", text=hedge)
    done = "已请绿化队修剪到一米以下，本月15日前完成。"
    await telling.act("grid_head", _OPINION, said, "answer", telling.at(-18), text=done)
    light = await telling.begin(
        "resident", _OPINION, telling.at(-1, 7), "wss-944-4", text="4单元二楼的灯又不亮了"
    )
    async with telling.signed_in("grid_head") as here:
        await here.act("grid_head", _OPINION, light, "to_ticket", telling.now, category="stair_light")
    wire = await telling.begin(
        "neighbour", _OPINION, telling.at(-2, 21), "wss-944-4", text="有人从五楼拉电线下来给电动车充电"
    )
    await telling.act(
        "grid_head", _OPINION, wire, "to_topic", telling.at(-1), title="944号楼下怎么停放电动车"
    )
    dogs = await telling.begin(
        "neighbour", _OPINION, telling.at(-40, 21), "wss-944", text="建议给养狗的人家建一个群"
    )
    noted = "楼长愿意牵头，等登记完养犬户再建，已记下。"
    await telling.act("grid_head", _OPINION, dogs, "note", telling.at(-36), text=noted)


async def coming_meeting(telling: Telling, words: str) -> None:
    """Announce this month's forum, in four days."""
    body = {"kind": "meeting", "title": words, "venue": _HALL, "capacity": 40}
    times = {"starts_at": telling.at(4, 15), "ends_at": telling.at(4, 16, 30)}
    text = "听一听楼前空地的进展，议一议东门充电桩"
    coming = await telling.begin("community", _ACTIVITY, telling.at(-3), _GRID, **body, **times, text=text)
    await telling.act("community", _ACTIVITY, coming, "publish", telling.at(-3))
    for n in range(6):
        await telling.act(n, _ACTIVITY, coming, "sign_up", telling.at(-2, 19, n))


async def full_event(telling: Telling, words: str) -> None:
    """Announce an event that is full: two wait."""
    body = {
        "kind": "event",
        "title": words,
        "venue": _ROOM,
        "capacity": 8,
        "text": "面和馅都备好，带上围裙就行",
    }
    times = {"starts_at": telling.at(8, 9, 30), "ends_at": telling.at(8, 11, 30)}
    coming = await telling.begin("community", _ACTIVITY, telling.at(-5), _GRID, **body, **times)
    await telling.act("community", _ACTIVITY, coming, "publish", telling.at(-5))
    for n in range(10):
        await telling.act(n, _ACTIVITY, coming, "sign_up", telling.at(-4, 12, n))
