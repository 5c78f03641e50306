"""Random walks through the life of a ticket over HTTP, beside the model: same answers, same buttons, same state, whoever looks."""

import asyncio
from collections.abc import Collection, Coroutine, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app import clock, db
from app.services.ledger import verify
from app.services.outbox import jobs
from app.services.tickets.clocks import timers
from tests import world
from tests.deployed import deployed
from tests.lifecycle_model import (
    ANOTHER,
    EXTENSION,
    MOVING,
    PAUSE,
    PERSONAS,
    START,
    UNVERSIONED,
    WALKED,
    Model,
)
from tests.world import Person, answer

STEADY = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
MARGIN = timedelta(seconds=20)  # no moment so near that the two could see it differently
AN_HOUR = timedelta(hours=1)
TELLING = {"reminded", "overdue"}  # what the timer only says

_BACK = (("grid_head", "dispatch"), ("property", "hand_back"))
_AGAIN = (("member", "resolve"), ("resident", "reopen"))
WAYS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("grid_head", "dispatch"), ("property", "take")),
    (*_BACK, *_BACK, ("community", "dispatch")),
    (("member", "accept"), *_AGAIN, *_AGAIN),
    (("grid_head", "reject"),),
    (("member", "accept"), ("member", "ask")),
    (("grid_head", "merge"),),
    (("member", "accept"), ("community", "call_up")),
    (("member", "accept"), ("member", "resolve"), ("resident", "confirm")),
)
T = TypeVar("T")


class Walk(RuleBasedStateMachine):
    """One ticket, everybody around it, and what the model expects of each act."""

    loop: asyncio.AbstractEventLoop
    http: httpx.AsyncClient
    category: str
    checked: frozenset[str]

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, Person] = {}
        clock.reset()
        clock.travel(START - clock.now())
        self.ticket: dict[str, Any] = self.wait(self._report())
        self.events = ["submitted"]
        self.model = Model(world.moment(self.ticket["created_at"]), self.category, self.checked)

    def wait(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something in the tests' loop; hypothesis walks in a thread of its own."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(60)

    async def _report(self) -> dict[str, Any]:
        self.place = await (await self._as("resident")).place("人和家园")  # of the grid beside
        await self._report_another()
        ticket = await (await self._as("resident")).report(category=self.category)
        answer(await (await self._as("neighbour")).ask("POST", f"/tickets/{ticket['id']}/follow"))
        return ticket

    async def _report_another(self) -> None:
        """Report what the ticket may be merged into."""
        self.other = await (await self._as("other_grid_head")).report()

    async def _as(self, who: str) -> Person:
        if who not in self.people:
            self.people[who] = await world.sign_in(self.http, who)
        return self.people[who]

    # What happens.

    @initialize(way=st.sampled_from(WAYS))
    def it_has_come_some_way(self, way: Sequence[tuple[str, str]]) -> None:
        """Begin where a walk from the start would seldom come."""
        for who, action in way:
            self.wait(self._try(who, action, stale=False))

    @rule(who=st.sampled_from(PERSONAS), action=st.sampled_from(WALKED), stale=st.integers(0, 9))
    def somebody_tries_something(self, who: str, action: str, stale: int) -> None:
        self.wait(self._try(who, action, stale=stale == 0))

    @rule(data=st.data())
    def somebody_does_what_they_may(self, data: st.DataObject) -> None:
        self._goes_on(data, WALKED)

    @rule(data=st.data())
    def the_ticket_moves_on(self, data: st.DataObject) -> None:
        self._goes_on(data, MOVING)

    def _goes_on(self, data: st.DataObject, among: Collection[str]) -> None:
        """Let somebody do one of the actions that are possible; the action is drawn first, or comments would drown the rest."""
        able = {action: [who for who in PERSONAS if action in self.model.allowed(who)] for action in among}
        possible = [action for action, people in able.items() if people]
        if possible:
            action = data.draw(st.sampled_from(possible))
            who = data.draw(st.sampled_from(able[action]))
            self.wait(self._try(who, action, stale=False))

    @rule(minutes=st.sampled_from((7, 29, 61, 250, 800, 2000, 6000)))
    def time_passes(self, minutes: int) -> None:
        self.wait(self._let_pass(timedelta(minutes=minutes)))

    @rule(rejected=st.booleans())
    def the_other_ends_unsolved(self, rejected: bool) -> None:
        self.wait(self._end_other(rejected=rejected))

    async def _end_other(self, *, rejected: bool) -> None:
        other = await (await self._as("other_grid_head")).ticket(self.other["id"])
        if other["status"] != "new":  # the timer only reminds of it, or gave it to somebody else
            return
        if rejected:
            body = {"reason": "not_ours", "text": "请联系产权单位"}
            response = await (await self._as("street")).try_to("reject", other, **body)
        else:
            response = await (await self._as("other_grid_head")).try_to("withdraw", other)
        answer(response)
        self.model.now = clock.now()
        if self.model.status == "merged":
            after = await (await self._as("auditor")).ticket(self.ticket["id"])
            self.model.now = world.moment(after["updated_at"])
        self.events += self.model.other_ends_unsolved()
        self.model.passed_on = 0
        await self._report_another()

    async def _let_pass(self, time: timedelta) -> None:
        clock.travel(time)
        self.people.clear()  # tokens do not outlive a journey
        before = self.model.copy()
        while self._is_close(clock.now()):
            clock.travel(2 * MARGIN)
        while await timers.sweep_timers():
            pass
        self.model = before
        self.events += self.model.pass_time(clock.now())

    def _is_close(self, now: Any) -> bool:
        trial = self.model.copy()
        trial.pass_time(now)
        upcoming = trial.upcoming()
        earlier = self.model.copy()
        earlier.pass_time(now - MARGIN)
        return bool(upcoming and upcoming[0] <= now + MARGIN) or earlier.status != trial.status

    async def _try(self, who: str, action: str, *, stale: bool) -> None:
        model, person = self.model, await self._as(who)
        model.now = clock.now()
        fresh = await (await self._as("auditor")).ticket(self.ticket["id"])
        version = fresh["version"] - 1 if stale and fresh["version"] > 1 else fresh["version"]
        body = await self._body(action, version)
        expected = self._expected(who, action, stale=version != fresh["version"])
        response = await person.ask("POST", f"/tickets/{self.ticket['id']}/{action}", json=body)
        expected = 201 if expected == 200 and action == "split" else expected  # the answer is another ticket
        assert response.status_code == expected, (who, action, expected, response.text)
        if response.is_success:
            after = await (await self._as("auditor")).ticket(self.ticket["id"])
            model.now = world.moment(after["updated_at"])
            self.events.append(model.do(who, action))

    def _expected(self, who: str, action: str, *, stale: bool) -> int:
        """Return the status of the answer: the first refusal that applies, in the order of the contract."""
        model = self.model
        refusals = (
            (404, not model.parts(who)),
            (403, not model.may(who, action)),
            (409, action not in UNVERSIONED and stale),
            (409, not model.can(who, action)),
            (409, action == "vote" and model.voted),
            (422, action == "call_up" and model.awaited),
            (429, action == "urge" and model.urged is not None and model.now < model.urged + AN_HOUR),
        )
        return next((status for status, refused in refusals if refused), 200)

    async def _body(self, action: str, version: int) -> dict[str, Any]:
        said: dict[str, dict[str, Any]] = {
            "reject": {"reason": "not_ours", "text": "请联系产权单位"},
            "appeal": {"text": "是公共楼道的灯"},
            "edit": {"description": "三楼和四楼"},
            "recategorise": {"category": ANOTHER[self.model.category], "reason": "看过现场"},
            "hand_back": {"reason": "not_our_trade", "text": "线路是供电公司的"},
            "wait": {"reason": "parts", "until": (clock.now() + PAUSE).isoformat()},
            "ask": {"text": "三楼还是四楼？", "until": (clock.now() + PAUSE).isoformat()},
            "answer": {"text": "三楼"},
            "resolve": {"outcome": "explained", "text": "已说明"},
            "confirm": {"verdict": "solved", "rating": 5},
            "settle": {"text": "到现场看过"},
            "reopen": {"text": "又不亮了"},
            "escalate": {"reason": "要协调"},
            "return": {"reason": "网格可以办"},
            "reassign": {"place_id": self.place},
            "not_mine": {"reason": "不是我的楼"},
            "extend": {"minutes": EXTENSION, "reason": "等配件"},
            "comment": {"text": "看到了"},
            "merge": {"into": self.other["id"]},
            "split": {"description": "门禁也坏了"},
            "vote": {"still_there": True},
            "report": {"text": "看过了"},
        }
        if action == "dispatch":
            said["dispatch"] = {"organisation_id": await self._company("人和物业")}
        if action == "call_up":
            said["call_up"] = {"organisation_ids": [await self._company("城管")], "text": "请来看看"}
        if action == "release":
            said["release"] = {"organisation_id": await self._company("城管"), "reason": "不用了"}
        return ({} if action in UNVERSIONED else {"version": version}) | said.get(action, {})

    async def _company(self, name: str) -> str:
        near = {"place": {"id": self.place}, "category": {"code": "stair_light"}}
        return await (await self._as("community")).organisation(near, name)

    # What must hold after every step.

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        self.model.now = clock.now()
        for who in PERSONAS:
            self.wait(self._sees(who))

    async def _sees(self, who: str) -> None:
        response = await (await self._as(who)).ask("GET", f"/tickets/{self.ticket['id']}")
        if not self.model.parts(who):
            assert response.status_code == 404, (who, response.text)
            return
        seen = answer(response)
        assert seen["status"] == self.model.status
        assert seen["level"] == self.model.level
        assert (seen["organisation"] is not None) == self.model.company
        assert set(seen["actions"]) & set(WALKED) == self.model.allowed(who), who

    @invariant()
    def words_on_a_merged_ticket_are_on_the_other(self) -> None:
        if self.model.status != "merged":
            return  # none can have come since the last look
        page = self.wait(self._lines_of_other())
        passed_on = [line for line in page["items"] if "passed_from" in line["data"]]
        assert len(passed_on) == self.model.passed_on

    async def _lines_of_other(self) -> Any:
        return await (await self._as("auditor")).get(f"/tickets/{self.other['id']}/events")

    @invariant()
    def the_timeline_tells_what_happened(self) -> None:
        told = [event for event in self.wait(self._told()) if event not in TELLING]
        assert told == self.events

    async def _told(self) -> list[str]:
        page = await (await self._as("auditor")).get(f"/tickets/{self.ticket['id']}/events")
        return [event["type"].removeprefix("ticket.") for event in page["items"]]


async def _walk(http: httpx.AsyncClient, category: str, checked: frozenset[str] = frozenset()) -> None:
    await db.fetch("UPDATE category SET verify_claim = code = ANY($1::text[])", list(checked))
    await db.fetch("UPDATE setup SET version = version + 1")
    known = {"loop": asyncio.get_running_loop(), "http": http, "category": category, "checked": checked}
    with deployed(rate_limits="off"):
        await asyncio.to_thread(run_state_machine_as_test, type("Walk", (Walk,), known), settings=STEADY)
    while await jobs.run_due():
        pass
    assert (await verify.verify_ledger()).broken is None


async def test_a_walk_goes_as_the_rules_say(http: httpx.AsyncClient) -> None:
    await _walk(http, "stair_light")


async def test_a_walk_with_claims_that_are_checked_goes_as_the_rules_say(http: httpx.AsyncClient) -> None:
    await _walk(http, "sewage", frozenset({"sewage"}))
