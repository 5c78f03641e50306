"""The smallest body of every action on a ticket."""

from typing import Any
from uuid import uuid4

from tests import world

# Without its version.
BODIES: dict[str, dict[str, Any]] = {
    "edit": {"description": "二楼和三楼的灯都不亮"},
    "withdraw": {},
    "accept": {},
    "reject": {"reason": "not_ours", "text": "请联系产权单位"},
    "dispatch": {"organisation_id": str(uuid4())},
    "take": {},
    "hand_back": {"reason": "not_our_trade"},
    "recall": {},
    "resolve": {"outcome": "explained", "text": "已向报告人说明"},
    "confirm": {"verdict": "solved"},
    "settle": {"text": "现场看过，灯亮着"},
    "reopen": {"text": "又不亮了"},
    "escalate": {"reason": "需要社区协调"},
    "wait": {"reason": "parts", "until": world.soon()},
    "resume": {},
    "ask": {"text": "三楼还是四楼？", "until": world.soon()},
    "answer": {"text": "三楼"},
    "appeal": {"text": "这是公共楼道"},
    "recategorise": {"category": "access_door", "reason": "坏的是门禁"},
    "return": {"reason": "网格可以办"},
    "reassign": {"place_id": str(uuid4())},
    "not_mine": {"reason": "不是我们网格的楼"},
    "extend": {"minutes": 60, "reason": "等配件"},
    "call_up": {"organisation_ids": [str(uuid4())], "text": "请到现场一起看看"},
    "report": {"text": "已清理"},
    "release": {"organisation_id": str(uuid4()), "reason": "不涉及你们"},
    "urge": {},
    "comment": {"text": "什么时候来修？"},
    "merge": {"into": str(uuid4())},
    "unmerge": {},
    "split": {"description": "门禁也坏了"},
    "vote": {"still_there": True},
    "undo": {},
}
UNVERSIONED = {"urge", "comment", "vote"}
