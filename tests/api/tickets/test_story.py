"""The main job, end to end: a stair light is reported, routed, timed, fixed, confirmed."""

from tests.world import Everybody


async def test_a_stair_light_burns_again(people_of: Everybody) -> None:
    """From the resident's report over the grid head and the property company to five stars."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report(photo_ids=[await resident.photo()])
    grid = "万寿山社区第四网格"
    assert ticket["holder"] == {"post": "head", "role_name": "网格长", "label": grid, "name": "陈网格长"}
    inbox = await head.get("/tickets")
    assert [t["id"] for t in inbox["items"]] == [ticket["id"]]
    await head.act("accept", ticket)
    await head.dispatch(ticket)
    await company.act("take", ticket)
    await company.resolve(ticket)
    closed = await resident.act("confirm", ticket, verdict="solved", rating=5)
    assert (closed["status"], closed["verdict"], closed["rating"]) == ("closed", "solved", 5)
    assert await resident.events(ticket) == [
        "submitted",
        "accepted",
        "dispatched",
        "taken",
        "resolved",
        "confirmed",
    ]
