"""Every act that is measured: how a ticket is brought to where the act begins, who does it, and what they say.

Merge and unmerge change a second ticket and its followers; their bare twins change the one ticket only.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

Say = Mapping[str, Any]
Step = tuple[str, str, Say]  # who, action, body

COMPANY: Final = "{company}"  # stands for the organisation's id
TOMORROW: Final = "{tomorrow}"
DEPARTMENT: Final = "{department}"
ELSEWHERE: Final = "{elsewhere}"  # another unit's id
OTHER: Final = "{other}"  # a neighbour's ticket about the same, each time another

_ACCEPT: Final[Step] = ("grid_head", "accept", {})
_DISPATCH: Final[Step] = (
    "grid_head",
    "dispatch",
    {"organisation_id": COMPANY, "note": "请先看三楼"},
)
_TAKE: Final[Step] = ("property", "take", {})
_WAIT: Final[Step] = ("grid_head", "wait", {"reason": "parts", "until": TOMORROW})
_ASK: Final[Step] = ("grid_head", "ask", {"text": "是三楼的灯还是四楼的灯？", "until": TOMORROW})
_REJECT: Final[Step] = ("grid_head", "reject", {"reason": "not_ours", "text": "请联系产权单位"})
_RESOLVE: Final[Step] = ("property", "resolve", {"outcome": "explained", "text": "换了灯泡"})
_ESCALATE: Final[Step] = ("grid_head", "escalate", {"reason": "需要社区协调"})
_CONFIRM: Final[Step] = ("resident", "confirm", {"verdict": "solved", "rating": 5})
_MERGE: Final[Step] = ("grid_head", "merge", {"into": OTHER})
_CALL: Final[Step] = ("community", "call_up", {"organisation_ids": [DEPARTMENT], "text": "请到现场一起看"})


class Measured(NamedTuple):
    """An act and the steps before it."""

    before: Sequence[Step]
    step: Step


_IN_HAND: Final = (_ACCEPT, _DISPATCH)
ACTS: Final[dict[str, Measured]] = {
    step[1]: Measured(before, step)
    for before, step in (
        ((), ("resident", "edit", {"description": "三楼和四楼的灯都不亮"})),
        ((), ("resident", "withdraw", {})),
        ((), _ACCEPT),
        ((), _REJECT),
        ((_REJECT,), ("resident", "appeal", {"text": "这是公共楼道的灯"})),
        ((), ("grid_head", "recategorise", {"category": "power_out", "reason": "整个单元停电"})),
        ((_ACCEPT,), _DISPATCH),
        (_IN_HAND, _TAKE),
        ((*_IN_HAND, _TAKE), ("property", "hand_back", {"reason": "not_our_trade", "text": "线路不归我们"})),
        (_IN_HAND, ("grid_head", "recall", {})),
        ((_ACCEPT,), _WAIT),
        ((_ACCEPT, _WAIT), ("grid_head", "resume", {})),
        ((_ACCEPT,), _ASK),
        ((_ACCEPT, _ASK), ("resident", "answer", {"text": "三楼的灯"})),
        ((*_IN_HAND, _TAKE), _RESOLVE),
        ((*_IN_HAND, _RESOLVE), _CONFIRM),
        ((*_IN_HAND, _RESOLVE), ("community", "settle", {"text": "到现场看过"})),
        ((*_IN_HAND, _RESOLVE), ("resident", "reopen", {"text": "今晚又不亮了"})),
        ((), _ESCALATE),
        ((_ESCALATE,), ("community", "return", {"reason": "网格可以办"})),
        ((_ACCEPT,), ("community", "reassign", {"place_id": ELSEWHERE})),
        ((_ACCEPT,), ("grid_head", "not_mine", {"reason": "不是我的楼"})),
        ((_ACCEPT,), ("community", "extend", {"minutes": 60, "reason": "配件要从外地调来"})),
        ((_ACCEPT,), _CALL),
        ((_ACCEPT, _CALL), ("department", "report", {"text": "已经看过，不影响通行"})),
        ((_ACCEPT, _CALL), ("community", "release", {"organisation_id": DEPARTMENT, "reason": "不需要了"})),
        ((), _MERGE),
        ((_MERGE,), ("grid_head", "unmerge", {})),
        ((*_IN_HAND, _RESOLVE, _CONFIRM), ("neighbour", "vote", {"still_there": True})),
        ((), ("resident", "urge", {})),
        ((), ("resident", "comment", {"text": "今晚能修好吗？"})),
    )
}
# Whose tickets have one of the neighbour's beside them, or the neighbour as a follower.
PAIRED: Final = frozenset({"merge", "unmerge", "vote"})
