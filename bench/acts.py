"""The acts that are measured: the steps that bring a ticket to where the act begins, who performs it, and its body.

Merge and unmerge change a second ticket and its followers; their bare versions change one ticket only.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

# Placeholders in bodies; Dataset replaces them.
COMPANY: Final = "{company}"  # id of the property company
DEPARTMENT: Final = "{department}"  # id of a city department
TOMORROW: Final = "{tomorrow}"
OTHER_UNIT: Final = "{other_unit}"  # id of a place in another grid
NEIGHBOUR_TICKET: Final = (
    "{neighbour_ticket}"  # id of a neighbour's ticket about the same; a different one each time
)


class Step(NamedTuple):
    """One act on a ticket: the persona who performs it, its name in the API, the request body."""

    persona: str
    act: str
    body: Mapping[str, Any]


class ActCase(NamedTuple):
    """An act to measure, and the steps that come before it."""

    setup: Sequence[Step]
    step: Step


_ACCEPT: Final = Step("grid_head", "accept", {})
_DISPATCH: Final = Step("grid_head", "dispatch", {"organisation_id": COMPANY, "note": "请先看三楼"})
_TAKE: Final = Step("property", "take", {})
_WAIT: Final = Step("grid_head", "wait", {"reason": "parts", "until": TOMORROW})
_ASK: Final = Step("grid_head", "ask", {"text": "是三楼的灯还是四楼的灯？", "until": TOMORROW})
_REJECT: Final = Step("grid_head", "reject", {"reason": "not_ours", "text": "请联系产权单位"})
_RESOLVE: Final = Step("property", "resolve", {"outcome": "explained", "text": "换了灯泡"})
_ESCALATE: Final = Step("grid_head", "escalate", {"reason": "需要社区协调"})
_CONFIRM: Final = Step("resident", "confirm", {"verdict": "solved", "rating": 5})
_MERGE: Final = Step("grid_head", "merge", {"into": NEIGHBOUR_TICKET})
_CALL_UP: Final = Step("community", "call_up", {"organisation_ids": [DEPARTMENT], "text": "请到现场一起看"})

_DISPATCH_STEPS: Final = (_ACCEPT, _DISPATCH)
_TAKE_STEPS: Final = (*_DISPATCH_STEPS, _TAKE)
_RESOLVE_STEPS: Final = (*_DISPATCH_STEPS, _RESOLVE)
_CASES: Final = (
    ActCase((), Step("resident", "edit", {"description": "三楼和四楼的灯都不亮"})),
    ActCase((), Step("resident", "withdraw", {})),
    ActCase((), _ACCEPT),
    ActCase((), _REJECT),
    ActCase((_REJECT,), Step("resident", "appeal", {"text": "这是公共楼道的灯"})),
    ActCase((), Step("grid_head", "recategorise", {"category": "power_out", "reason": "整个单元停电"})),
    ActCase((_ACCEPT,), _DISPATCH),
    ActCase(_DISPATCH_STEPS, _TAKE),
    ActCase(_TAKE_STEPS, Step("property", "hand_back", {"reason": "not_our_trade", "text": "线路不归我们"})),
    ActCase(_DISPATCH_STEPS, Step("grid_head", "recall", {})),
    ActCase((_ACCEPT,), _WAIT),
    ActCase((_ACCEPT, _WAIT), Step("grid_head", "resume", {})),
    ActCase((_ACCEPT,), _ASK),
    ActCase((_ACCEPT, _ASK), Step("resident", "answer", {"text": "三楼的灯"})),
    ActCase(_TAKE_STEPS, _RESOLVE),
    ActCase(_RESOLVE_STEPS, _CONFIRM),
    ActCase(_RESOLVE_STEPS, Step("community", "settle", {"text": "到现场看过"})),
    ActCase(_RESOLVE_STEPS, Step("resident", "reopen", {"text": "今晚又不亮了"})),
    ActCase((), _ESCALATE),
    ActCase((_ESCALATE,), Step("community", "return", {"reason": "网格可以办"})),
    ActCase((_ACCEPT,), Step("community", "reassign", {"place_id": OTHER_UNIT})),
    ActCase((_ACCEPT,), Step("grid_head", "not_mine", {"reason": "不是我的楼"})),
    ActCase((_ACCEPT,), Step("community", "extend", {"minutes": 60, "reason": "配件要从外地调来"})),
    ActCase((_ACCEPT,), _CALL_UP),
    ActCase((_ACCEPT, _CALL_UP), Step("department", "report", {"text": "已经看过，不影响通行"})),
    ActCase(
        (_ACCEPT, _CALL_UP),
        Step("community", "release", {"organisation_id": DEPARTMENT, "reason": "不需要了"}),
    ),
    ActCase((), _MERGE),
    ActCase((_MERGE,), Step("grid_head", "unmerge", {})),
    ActCase((*_RESOLVE_STEPS, _CONFIRM), Step("neighbour", "vote", {"still_there": True})),
    ActCase((), Step("resident", "urge", {})),
    ActCase((), Step("resident", "comment", {"text": "今晚能修好吗？"})),
)
ACTS: Final = {case.step.act: case for case in _CASES}
# Acts that need a ticket of the neighbour's, or the neighbour as a follower.
NEIGHBOUR_ACTS: Final = frozenset({"merge", "unmerge", "vote"})
