"""What group robots say: urgent things first, twenty messages a minute, the rest in one."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from app.rules import robots
from app.rules.robots import Group, Kind, Line

D, O, N = Kind.DANGER, Kind.OVERDUE, Kind.NEW  # noqa: E741 - the letters of the table

# What waits, how many messages were sent within the last minute, and the sizes of the messages to send now.
BATCHES: Final = {
    "nothing": ([], 0, []),
    "few": ([N, N], 0, [1, 1]),
    "as many as there is room for": ([N] * 15, 0, [1] * 15),
    "more": ([N] * 27, 0, [1] * 14 + [13]),
    "one place left": ([N] * 5, 14, [5]),
    "none left": ([N] * 5, 15, []),
    "a danger always finds room": ([N, D], 15, [1]),
    "twenty dangers": ([D] * 20, 0, [1] * 20),
    "a flood of dangers": ([D] * 30, 0, [1] * 19 + [11]),
    "none left for dangers either": ([D], 20, []),
}


@pytest.mark.parametrize("case", BATCHES)
def test_a_robot_keeps_to_its_rate(case: str) -> None:
    kinds, sent, sizes = BATCHES[case]
    found = robots.batches(list(zip(kinds, range(len(kinds)), strict=True)), sent)
    assert [len(batch) for batch in found] == sizes


def test_the_urgent_come_first() -> None:
    assert robots.batches([(N, "new"), (O, "late"), (D, "danger")], 0) == [["danger"], ["late"], ["new"]]


DUE: Final = datetime(2026, 3, 4, 1, 55, tzinfo=UTC)
TEXTS: Final[dict[str, tuple[list[Line], str | None, str]]] = {
    "danger": (
        [Line(D, "电梯困人", "人和家园944号4单元", DUE)],
        "https://x/",
        "【紧急】电梯困人，人和家园944号4单元，请在3月4日 09:55前处理\nhttps://x/",
    ),
    "late": ([Line(O, "楼道灯不亮", None, DUE)], None, "【超时】楼道灯不亮，期限3月4日 09:55"),
    "without a limit": ([Line(N, "楼道灯不亮", "1号", None)], None, "【新工单】楼道灯不亮，1号"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_message_says_what_where_and_until_when(case: str) -> None:
    lines, link, text = TEXTS[case]
    assert robots.text(lines, link) == text


def test_of_many_the_number_is_said_and_it_fits() -> None:
    text = robots.text(
        [Line(O, "字" * 12, "人和家园二期944号4单元楼道" * 2, DUE)] * 20, "https://x/" + "y" * 60
    )
    assert "另有 12 件" in text
    assert len(text.encode()) <= 2048


BASE: Final = "https://qyapi.weixin.qq.com"
KEY: Final = "693a91f6-7aaa-4bc4-97a0-0ec2a1b2c3d4"
GOOD: Final = f"{BASE}/cgi-bin/webhook/send?key={KEY}"
# Addresses, and whether they are a robot's.
URLS: Final = {
    GOOD: True,
    f"  {GOOD}\n": True,
    f"{GOOD}&debug=1": False,
    f"{GOOD}#x": False,
    GOOD.replace("https", "http"): False,
    GOOD.replace("qyapi", "qyapi.weixin.qq.com.evil"): False,
    GOOD.replace("qyapi.weixin.qq.com", "qyapi.weixin.qq.com@127.0.0.1"): False,
    GOOD.replace("qyapi.weixin.qq.com", "127.0.0.1"): False,
    GOOD.replace("qyapi.weixin.qq.com", "169.254.169.254"): False,
    GOOD.replace("send", "../send"): False,
    f"{BASE}/cgi-bin/webhook/send": False,
    f"{BASE}/cgi-bin/webhook/send?key=": False,
    f"{BASE}/cgi-bin/webhook/send?key=a/../b": False,
    f"{BASE}/cgi-bin/webhook/send?key={'a' * 65}": False,
    KEY: False,
    "": False,
}


@pytest.mark.parametrize("url", URLS)
def test_only_an_address_of_wecom_is_one(url: str) -> None:
    assert robots.key_of(url, BASE) == (KEY if URLS[url] else None)


# Events, their data, whether it is a danger; why they ring and where.
RINGS: Final[dict[str, tuple[str, dict[str, Any], bool, Any]]] = {
    "new": ("ticket.submitted", {}, False, (N, (Group.HOLDER,))),
    "danger": ("ticket.submitted", {}, True, (D, (Group.HOLDER, Group.NEXT))),
    "late": ("ticket.overdue", {"clock": "accept"}, False, (O, (Group.HOLDER, Group.NEXT))),
    "moved up by hand": ("ticket.escalated", {}, False, (N, (Group.HOLDER,))),
    "moved up by the clock": ("ticket.escalated", {"clock": "resolve"}, False, (O, (Group.HOLDER,))),
    "dispatched": ("ticket.dispatched", {}, False, (N, (Group.ORGANISATION,))),
    "a comment": ("ticket.commented", {}, True, None),
    "accepted": ("ticket.accepted", {}, True, None),
}


@pytest.mark.parametrize("case", RINGS)
def test_what_rings_where(case: str) -> None:
    type_, data, danger, expected = RINGS[case]
    assert robots.ring(type_, data, danger=danger) == expected
