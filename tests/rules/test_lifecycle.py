"""The table of moves: every state, part and action against moves.txt, the way out of every state, the conditions."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.enums import Outcome, Role, Status
from app.errors import Forbidden, WrongState
from app.labels import EVENT
from app.rules import departments
from app.rules.access import Part, Parts, Seat
from app.rules.departments import DepartmentCall
from app.rules.facts import Facts
from app.rules.lifecycle import (
    MOVES,
    TOP_LEVEL,
    acting_part,
    allowed_actions,
    refusal_reason,
    require_permission,
    require_possible,
)
from app.rules.moves import PREVIOUS_STATUS, SAME_STATUS
from app.rules.statuses import OPEN

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
SOMEBODY, ANOTHER, DEPARTMENT = UUID(int=1), UUID(int=2), UUID(int=3)
AGENT = Seat(UUID(int=8), Role.AGENT, None, DEPARTMENT)
HEAD = Seat(UUID(int=9), Role.HEAD, None, None)
TABLE = Path(__file__).with_name("moves.txt")
LINE = re.compile(r"(?P<action>\w+): (?P<sources>[\w ]+) -> (?P<target>\w+) by (?P<parts>[\w ]+)")
STATES, PARTS = tuple(Status), tuple(Part)


class Written(NamedTuple):
    """A line of moves.txt."""

    sources: set[str]
    target: str
    parts: set[str]


def written() -> dict[str, Written]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = {}
    for line in lines:
        match = LINE.fullmatch(line)
        assert match, line
        assert match["action"] not in found, line
        sources = set(Status) if match["sources"] == "any" else set(match["sources"].split())
        found[match["action"]] = Written(set(map(str, sources)), match["target"], set(match["parts"].split()))
    return found


def ticket(status: str, **changes: Any) -> Facts:
    """Return a ticket of the community that no condition stands against."""
    facts: dict[str, Any] = {
        "status": status,
        "level": 2,
        "acknowledged_at": None,
        "hand_backs": 0,
        "reporter_id": SOMEBODY,
        "handler_ids": [],
        "outcome": None,
        "closed_at": None,
        **dict.fromkeys(("waits", "appeals", "returns", "extra_minutes"), 0),
        "appeal_until": NOW + timedelta(days=5),
        "paused_for": "question",
        **dict.fromkeys(("grid_id", "community_id", "holder_id"), ANOTHER),
        **{key: [] for key in ("called", "called_ids", "awaited_ids")},
        "seq": 7,
        "undo": last_act(),
    }
    return cast(Facts, facts | changes)


def last_act(**changes: str) -> dict[str, Any]:
    """Return what a ticket remembers of an act of HEAD that may be undone for another second."""
    until = (NOW + timedelta(seconds=1)).isoformat()
    return {"seq": 7, "post": str(HEAD.id), "until": until} | changes


def called(**changes: Any) -> dict[str, Any]:
    """Return the facts of a ticket to which a department was called that has not taken its part."""
    part = DepartmentCall(DEPARTMENT, NOW, 120, NOW + timedelta(hours=2))
    return departments.call_columns(ticket("accepted"), [replace(part, **changes)])


# What must hold besides; take: a partner takes only what is dispatched to it.
BESIDES = {"take": called(), "report": called(), "release": called()}
NOT_SO = {("take", Part.PARTNER, Status.ACCEPTED), ("take", Part.PARTNER, Status.WAITING)}
NOT_SO |= {("undo", Part.DEPARTMENT, state) for state in Status}  # it was not from an agent's post


def playing(*parts: Part) -> Parts:
    """Return parts, each played from a seat; whatever may be undone was done from HEAD."""
    return {part: AGENT if part is Part.DEPARTMENT else HEAD for part in parts}


def test_the_table_says_what_the_office_wrote_and_nothing_else() -> None:
    said = {
        move.action: Written(set(map(str, move.sources)), str(move.target), set(map(str, move.parts)))
        for move in MOVES.values()
    }
    assert said == written()


@pytest.mark.parametrize("action", MOVES)
def test_each_part_may_do_in_each_state_what_is_written(action: str) -> None:
    line = written()[action]
    for state, part in product(STATES, PARTS):
        facts, parts = ticket(state, **BESIDES.get(action, {})), playing(part)
        possible = state in line.sources and (action, part, state) not in NOT_SO
        assert (action in allowed_actions(facts, parts, NOW)) is (possible and part in line.parts), (
            state,
            part,
        )
        assert (refusal_reason(action, facts, parts, NOW) is None) is possible, (state, part)
        if part in line.parts:
            require_permission(action, parts)
        else:
            with pytest.raises(Forbidden):
                require_permission(action, parts)


def test_somebody_without_a_part_may_do_nothing() -> None:
    assert [state for state in STATES if allowed_actions(ticket(state), {}, NOW)] == []


def leaving(state: str) -> list[Written]:
    return [
        line
        for line in written().values()
        if state in line.sources and line.target not in {SAME_STATUS, state}
    ]


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_a_way_out_for_a_person(state: str) -> None:
    assert any(line.parts - {Part.TIMER} for line in leaving(state))


@pytest.mark.parametrize("state", sorted(OPEN))
def test_no_open_state_is_left_to_itself_by_the_timer(state: str) -> None:
    assert any(Part.TIMER in line.parts for line in written().values() if state in line.sources)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_those_above_can_move_every_open_ticket_on(state: str) -> None:
    assert any(Part.ABOVE in line.parts for line in leaving(state))


def test_every_state_is_reached_from_new_and_only_states_are_reached() -> None:
    reached, grown = set[str](), {str(Status.NEW)}
    while reached != grown:
        reached = set(grown)
        for line in written().values():
            if line.sources & reached and line.target not in {SAME_STATUS, PREVIOUS_STATUS}:
                grown.add(line.target)
    assert grown == set(map(str, STATES))


def test_only_waiting_and_merged_remember_where_they_came_from() -> None:
    """What is undone has a memory of its own."""
    going_back = [move for move in MOVES.values() if move.target == PREVIOUS_STATUS and move.action != "undo"]
    assert {state for move in going_back for state in move.sources} == {Status.WAITING, Status.MERGED}


def test_a_ticket_that_is_over_comes_back_only_by_appeal_reopening_or_unmerging() -> None:
    over = set(STATES) - OPEN
    back = {move.action for move in MOVES.values() if move.sources & over and move.target != SAME_STATUS}
    assert back == {"appeal", "reopen", "unmerge", "undo"}


def test_whoever_is_above_may_do_whatever_the_holder_may() -> None:
    held = [move for move in MOVES.values() if move.parts & {Part.MEMBER, Part.HEAD}]
    assert [move.action for move in held if Part.ABOVE not in move.parts] == []


def test_the_head_may_do_whatever_a_member_may() -> None:
    assert [m.action for m in MOVES.values() if Part.MEMBER in m.parts and Part.HEAD not in m.parts] == []


@pytest.mark.parametrize("state", STATES)
def test_auditors_never_move_or_comment(state: Status) -> None:
    assert allowed_actions(ticket(state), playing(Part.AUDITOR), NOW) == []


@pytest.mark.parametrize("state", STATES)
def test_a_helper_only_comments(state: Status) -> None:
    assert allowed_actions(ticket(state), playing(Part.HELPER), NOW) == ["comment"]


def test_only_words_leave_the_version_alone() -> None:
    assert {move.action for move in MOVES.values() if not move.versioned} == {"comment", "urge", "vote"}


def test_every_action_and_event_has_its_chinese_word() -> None:
    assert all(re.search("[\u4e00-\u9fff]", move.label) for move in MOVES.values())
    assert {move.event for move in MOVES.values()} <= EVENT.keys()


# What must also hold: the action, the state it is tried in, the facts that hinder it, a word of the reason.
@pytest.mark.parametrize(
    ("action", "state", "part", "hindrance", "reason"),
    [
        ("escalate", "accepted", Part.HEAD, {"level": TOP_LEVEL}, "街道"),
        ("return", "accepted", Part.HEAD, {"level": 1}, "网格"),
        ("return", "accepted", Part.HEAD, {"returns": 1}, "退回过一次"),
        ("return", "accepted", Part.HEAD, {"grid_id": None}, "下级"),
        ("return", "accepted", Part.HEAD, {"level": TOP_LEVEL, "community_id": None}, "下级"),
        ("not_mine", "new", Part.HEAD, {"holder_id": None}, "待分派"),
        ("extend", "accepted", Part.ABOVE, {"extra_minutes": 1}, "延期过一次"),
        ("appeal", "rejected", Part.REPORTER, {"appeals": 1}, "申诉过一次"),
        ("appeal", "rejected", Part.REPORTER, {"appeal_until": NOW}, "申诉期"),
        ("wait", "accepted", Part.HEAD, {"waits": 1}, "上级"),
        ("wait", "dispatched", Part.PARTNER, {"waits": 1}, "上级"),
        ("ask", "accepted", Part.MEMBER, {"waits": 1}, "上级"),
        ("ask", "accepted", Part.HEAD, {"reporter_id": None}, "没有报告人"),
        ("answer", "waiting", Part.REPORTER, {"paused_for": "parts"}, "答复"),
        ("take", "dispatched", Part.PARTNER, {"acknowledged_at": NOW}, "已经接单"),
        ("hand_back", "dispatched", Part.PARTNER, {"hand_backs": 2}, "退回两次"),
        ("confirm", "resolved", Part.REPORTER, {"handler_ids": [ANOTHER, SOMEBODY]}, "自己办结"),
        ("reopen", "closed", Part.REPORTER, {"outcome": Outcome.WITHDRAWN}, "撤回"),
        ("reopen", "closed", Part.HEAD, {"outcome": Outcome.WITHDRAWN}, "撤回"),
        ("reopen", "closed", Part.REPORTER, {"closed_at": NOW - timedelta(days=14, seconds=1)}, "14天"),
        ("vote", "closed", Part.FOLLOWER, {"closed_at": NOW - timedelta(days=14, seconds=1)}, "14天"),
        ("undo", "rejected", Part.HEAD, {"undo": None}, "又有了变化"),
        ("undo", "dispatched", Part.MEMBER, {"seq": 8}, "又有了变化"),
        ("undo", "merged", Part.ABOVE, {"undo": last_act(post=str(ANOTHER))}, "只有刚才办这一步的人"),
        ("undo", "merged", Part.HEAD, {"undo": last_act(until=NOW.isoformat())}, "过了一分钟"),
    ],
)
def test_a_condition_stands_against_an_act(
    action: str, state: str, part: Part, hindrance: dict[str, Any], reason: str
) -> None:
    assert action in allowed_actions(ticket(state), playing(part), NOW)
    hindered = ticket(state, **hindrance)
    assert action not in allowed_actions(hindered, playing(part), NOW)
    with pytest.raises(WrongState, match=reason):
        require_possible(action, hindered, playing(part), NOW)


@pytest.mark.parametrize(
    ("action", "state", "part", "facts"),
    [
        ("escalate", "new", Part.HEAD, {"level": 1}),
        ("escalate", "new", Part.HEAD, {"level": TOP_LEVEL - 1}),
        ("return", "new", Part.HEAD, {"level": TOP_LEVEL}),
        ("return", "new", Part.HEAD, {"level": TOP_LEVEL, "grid_id": None}),
        ("appeal", "rejected", Part.REPORTER, {"appeal_until": NOW + timedelta(microseconds=1)}),
        ("wait", "accepted", Part.ABOVE, {"waits": 1}),
        ("ask", "dispatched", Part.STREET, {"waits": 3}),
        ("extend", "accepted", Part.STREET, {"level": TOP_LEVEL}),
        ("hand_back", "dispatched", Part.PARTNER, {"hand_backs": 1}),
        ("hand_back", "dispatched", Part.PARTNER, {"acknowledged_at": NOW}),
        ("confirm", "resolved", Part.REPORTER, {"handler_ids": [ANOTHER]}),
        ("reopen", "closed", Part.REPORTER, {"closed_at": NOW - timedelta(days=14)}),
        ("vote", "closed", Part.FOLLOWER, {"closed_at": NOW - timedelta(days=14)}),
        ("reopen", "closed", Part.HEAD, {"closed_at": NOW - timedelta(days=400)}),
        ("reopen", "closed", Part.ABOVE, {"closed_at": NOW - timedelta(days=400)}),
    ],
)
def test_an_act_just_inside_its_condition_goes_through(
    action: str, state: str, part: Part, facts: dict[str, Any]
) -> None:
    require_possible(action, ticket(state, **facts), playing(part), NOW)


def test_a_trial_shortens_the_time_to_reopen_too() -> None:
    closed = ticket("closed", closed_at=NOW - timedelta(hours=1))
    require_possible("reopen", closed, playing(Part.REPORTER), NOW)
    with pytest.raises(WrongState):
        require_possible("reopen", closed, playing(Part.REPORTER), NOW, scale=0.002)


def test_a_refusal_says_what_is_allowed_instead() -> None:
    with pytest.raises(WrongState) as refused:
        require_possible("accept", ticket("closed"), playing(Part.HEAD), NOW)
    assert refused.value.extra == {"allowed": ["reopen", "comment"]}
    assert "受理" in str(refused.value)
    assert "已结案" in str(refused.value)


def test_only_acts_that_are_built_are_offered() -> None:
    assert allowed_actions(ticket("new"), playing(Part.HEAD), NOW, among=("accept", "confirm")) == ["accept"]


# A person with several posts acts from the narrowest that allows it: their parts, the act, the part recorded.
@pytest.mark.parametrize(
    ("played", "action", "acts"),
    [
        ((Part.MEMBER, Part.ABOVE), "accept", Part.MEMBER),
        ((Part.MEMBER, Part.ABOVE), "reject", Part.ABOVE),
        ((Part.HEAD, Part.ABOVE, Part.COMMUNITY), "reject", Part.HEAD),
        ((Part.HEAD, Part.ABOVE, Part.COMMUNITY), "reassign", Part.COMMUNITY),
        ((Part.HELPER, Part.HEAD), "accept", Part.HEAD),
        ((Part.REPORTER, Part.HEAD), "comment", Part.REPORTER),
        ((Part.REPORTER, Part.HEAD), "accept", Part.HEAD),
        ((Part.AUDITOR, Part.REPORTER), "comment", Part.REPORTER),
    ],
)
def test_the_narrowest_post_that_may_acts(played: Collection[Part], action: str, acts: Part) -> None:
    seats = {part: Seat(uuid4(), Role.HEAD, None, None) for part in played}
    assert acting_part(action, seats) is acts


moments = st.none() | st.integers(-30 * 24, 24).map(lambda hours: NOW + timedelta(hours=hours))
tickets = st.builds(
    ticket,
    st.sampled_from(STATES),
    level=st.integers(1, TOP_LEVEL),
    acknowledged_at=moments,
    closed_at=moments,
    hand_backs=st.integers(0, 3),
    reporter_id=st.sampled_from((None, SOMEBODY, ANOTHER)),
    handler_ids=st.lists(st.sampled_from((SOMEBODY, ANOTHER)), max_size=2),
    outcome=st.sampled_from((None, *Outcome)),
)


@given(tickets, st.sets(st.sampled_from(PARTS)), st.sampled_from((1.0, 0.002)))
def test_the_buttons_are_exactly_what_goes_through(facts: Facts, played: set[Part], scale: float) -> None:
    parts = playing(*played)

    def goes_through(action: str) -> bool:
        try:
            require_permission(action, parts)
            require_possible(action, facts, parts, NOW, scale=scale)
        except (Forbidden, WrongState):
            return False
        return True

    assert allowed_actions(facts, parts, NOW, scale=scale) == [
        action for action in MOVES if goes_through(action)
    ]
