"""Points 积分: which events of the ledger pay whom how much, as a table. Nothing else pays.

Never for a report, an opinion, support or a vote: what somebody says is not bought. Never below zero, and nobody is ranked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.enums import ActivitySort


@dataclass(frozen=True, slots=True)
class Award:
    """What is paid for taking part in an activity once it is confirmed: so much, and so much at most in a month."""

    label: str  # Chinese
    sorts: frozenset[ActivitySort]
    amount: int
    month: int


AWARDS: Final[Mapping[str, Award]] = {
    "event": Award("参加活动", frozenset({ActivitySort.EVENT}), 5, 40),
    "course": Award("参加课程", frozenset({ActivitySort.COURSE}), 5, 40),
    "service": Award("参加志愿服务", frozenset({ActivitySort.SERVICE}), 10, 60),
    "visit": Award("协助走访关爱", frozenset({ActivitySort.VISIT, ActivitySort.CARE}), 10, 60),
}
