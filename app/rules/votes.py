"""Rules of votes: how many must take part and agree, by heads and by area, and what that rests on.

Data, not judgement: the program counts, it is not the assembly.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

_SHARE: Final = re.compile(r"(>=|>)(\d+)/(\d+)")
SHARES: Final = ("turnout_heads", "turnout_area", "majority_heads", "majority_area")
OWN: Final = "own"  # the office's: 居民会议 under 《城市居民委员会组织法》, whose thresholds it states itself

# 民法典第二百七十八条: at least two thirds by area and heads take part; of those more than half agree, or three quarters
# for raising or using repair funds as reserves, rebuilding, and changing what common parts are used for.
LAWS: Final[dict[str, dict[str, Any]]] = {
    "general": {
        "name": "一般事项",
        "basis": "《民法典》第二百七十八条第二款",
        **dict.fromkeys(("turnout_heads", "turnout_area"), ">=2/3"),
        **dict.fromkeys(("majority_heads", "majority_area"), ">1/2"),
    },
    "special": {
        "name": "维修资金筹集、改建重建、改变共有部分用途",
        "basis": "《民法典》第二百七十八条第二款（第一款第六项至第八项）",
        **dict.fromkeys(("turnout_heads", "turnout_area"), ">=2/3"),
        **dict.fromkeys(("majority_heads", "majority_area"), ">=3/4"),
    },
}
OWN_NAME: Final = "自定规则"


@dataclass(frozen=True, slots=True)
class Weights:
    """Heads and area (in hundredths of a square metre) of some households."""

    heads: int
    area: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether enough took part, and whether, besides, enough of them agree."""

    valid: bool
    passed: bool


def by_area(rule: Mapping[str, Any] | None) -> bool:
    """Tell whether a rule weighs area."""
    return bool(rule and (rule["turnout_area"] or rule["majority_area"]))


def meets(part: int, whole: int, share: str | None) -> bool:
    """Tell whether a part of a whole reaches a share, exactly; without a share it does."""
    if share is None:
        return True
    match = _SHARE.fullmatch(share)
    assert match, "checked by the shape"
    wanted, reached = Fraction(int(match[2]), int(match[3])), Fraction(part, whole) if whole else Fraction(0)
    return reached >= wanted if match[1] == ">=" else reached > wanted


def judge(rule: Mapping[str, Any], asked: Weights, took_part: Weights, agree: Weights) -> Verdict:
    """Return what a vote on one question comes to."""
    valid = meets(took_part.heads, asked.heads, rule["turnout_heads"])
    valid &= meets(took_part.area, asked.area, rule["turnout_area"])
    passed = meets(agree.heads, took_part.heads, rule["majority_heads"])
    passed &= meets(agree.area, took_part.area, rule["majority_area"])
    return Verdict(valid, valid and passed)
