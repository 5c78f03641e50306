"""Whoever signed up is told before an activity begins: a day and an hour, once each, never of what is over or cancelled."""

from datetime import datetime, timedelta

from app import clock
from app.enums import SHANGHAI
from app.services.subjects import remind_attendees
from tests import subjects, world
from tests.world import Everybody, Person, answer

DAY, HOUR = "您报名的活动“议事会”一天内开始", "您报名的活动“议事会”一小时内开始"


def at_noon(days: int, **more: float) -> str:
    """Return a moment around noon in Shanghai, some days ahead: it is night for nobody."""
    noon = clock.now().astimezone(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon + timedelta(days=days, **more)).isoformat()


async def signed_up(head: Person, resident: Person, **body: str) -> dict[str, object]:
    """Publish a meeting of the noon of the day after tomorrow, for which the resident signs up."""
    times = {"starts_at": at_noon(2), "ends_at": at_noon(2, hours=1)}
    meeting = await subjects.activity(head, **times | body)
    await subjects.act(head, "activities", "publish", meeting)
    return await subjects.act(resident, "activities", "sign_up", meeting)


async def told(person: Person, moment: str) -> list[str]:
    """Travel to a moment, let the worker remind twice, and return the reminders somebody has by then, newest first."""
    clock.travel(datetime.fromisoformat(moment) - clock.now())
    await remind_attendees()
    assert await remind_attendees() == 0
    fresh = await world.sign_in(person.http, "resident")
    return [label for label in await subjects.notices(fresh) if label in {DAY, HOUR}]


async def test_it_is_said_a_day_and_an_hour_before_once_each(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    moments = [at_noon(1, minutes=-5), at_noon(1, minutes=5), at_noon(2, minutes=-30), at_noon(2, minutes=1)]
    await signed_up(head, resident)
    assert [await told(resident, moment) for moment in moments] == [[], [DAY], [HOUR, DAY], [HOUR, DAY]]


async def test_what_is_cancelled_is_not_said(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    moment = at_noon(1, minutes=5)
    await subjects.act(head, "activities", "cancel", await signed_up(head, resident), text="停电")
    assert await told(resident, moment) == []


async def test_another_time_is_said_anew(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    first, later = at_noon(1, minutes=5), at_noon(3, minutes=5)
    times = {"starts_at": at_noon(4), "ends_at": at_noon(4, hours=1)}
    meeting = await signed_up(head, resident)
    assert await told(resident, first) == [DAY]
    head = await world.sign_in(head.http, "grid_head")
    await subjects.act(head, "activities", "reschedule", meeting, **times)
    assert await told(resident, later) == [DAY, DAY]


async def test_at_night_only_who_wants_to_be_told_is(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    groups = dict.fromkeys(("mine", "work", "reminders", "comments"), True)
    quiet = groups | {"quiet_nights": True}
    answer(await resident.ask("PUT", "/me/notice-settings", json=quiet))
    night, morning = at_noon(1, hours=-9), at_noon(1, minutes=5)
    times = {"starts_at": at_noon(1, hours=14), "ends_at": at_noon(1, hours=15)}
    await signed_up(head, resident, **times)
    assert [await told(resident, moment) for moment in (night, morning)] == [[], [DAY]]
