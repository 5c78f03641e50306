"""A street on which everything happens that a figure tells apart, for tests that count it."""

from typing import Any

from tests.world import Everybody, Person, later, soon


async def liven_up(people_of: Everybody) -> Person:
    """Let some forty tickets take every course there is, over a few days; return the street's office."""
    resident, neighbour, member, head, company = await people_of(
        "resident", "neighbour", "member", "grid_head", "property"
    )
    community, other = await people_of("community", "other_community")
    await _work(resident, head, company)
    await _asides(resident, neighbour, head, community)
    await _found(member, head)
    await resident.report(place_id=await other.place("柏林社区"), category="noise")
    street = await later(community, "street", hours=5)
    resident, head, company = await people_of("resident", "grid_head", "property")
    await _work(resident, head, company)  # the same again, late
    return await later(street, "street", hours=30)


async def _work(resident: Person, head: Person, company: Person) -> None:
    """Dispatch reports and have them answered in every way."""
    answers: tuple[dict[str, Any] | None, ...] = (
        {"verdict": "solved", "rating": 5},
        {"verdict": "solved", "rating": 3},
        {"verdict": "partly", "rating": 2},
        {"verdict": "solved"},
        None,
    )
    for said in answers:
        ticket = await resident.report()
        await head.dispatch(ticket)
        await company.act("take", ticket)
        await company.resolve(ticket)
        if said:
            await resident.act("confirm", ticket, **said)
    again = await resident.report()
    await head.act("accept", again)
    await head.resolve(again)
    await resident.act("reopen", again, text="还是不亮")
    back = await resident.report(category="water_out")
    await head.dispatch(back)
    await company.act("hand_back", back, reason="not_our_trade", text="不归我们管")


async def _asides(resident: Person, neighbour: Person, head: Person, community: Person) -> None:
    """Reject, withdraw, merge, list, pause, escalate, unassign, and call up departments."""
    await head.act("reject", await resident.report(), reason="not_ours", text="请找产权单位")
    wrong = await resident.report()
    await head.act("reject", wrong, reason="private_matter", text="请自行处理")
    await resident.act("appeal", wrong, text="是公共部分")
    await resident.act("withdraw", await resident.report(category="parking"))
    kept = await resident.report(category="manhole")
    await head.act("merge", await neighbour.report(category="manhole"), into=kept["id"])
    listed = await resident.report(category="illegal_build")
    await head.act("accept", listed)
    await head.act("resolve", listed, outcome="listed", text="列入计划")
    await resident.act("confirm", listed, verdict="partly", rating=4)
    paused = await resident.report(category="lift_fault")
    await head.act("accept", paused)
    await head.act("wait", paused, reason="parts", until=soon(hours=3))
    asked = await resident.report(category="noise")
    await head.act("accept", asked)
    await head.act("ask", asked, text="几楼？", until=soon(hours=3))
    await head.act("escalate", await resident.report(category="garbage"), reason="要社区协调")
    await head.act("not_mine", await resident.report(category="ponding"), reason="不是我们的楼")
    undone = await resident.report(category="garbage")
    await head.dispatch(undone)
    await head.act("undo", undone)


async def _found(member: Person, head: Person) -> None:
    """Staff find something themselves, and it is fixed."""
    found = await member.report(category="garbage", channel="patrol")
    await head.act("accept", found)
    await head.resolve(found)
