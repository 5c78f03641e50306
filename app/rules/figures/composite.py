"""The composite of the three rates, by the weights an office has entered; without weights there is none."""

from collections.abc import Mapping
from typing import Any, Final

from app.enums import Rate
from app.rules.figures.table import Row

KEY: Final = "composite"
WHOLE: Final = 100  # what an office's weights add up to
# Shown beside the switch: what an office should know before it enters weights.
RULE: Final = (
    "综合只在本单位填写权重后显示：三率各乘权重后相加，没有数据的一率不计。"
    "它会盖住三率各自的变化，也不宜用来给网格或社区排名；留空就不显示。"
)
_NAMES: Final = {Rate.RESPONSE: "响应率", Rate.RESOLUTION: "解决率", Rate.SATISFACTION: "满意率"}

Weights = Mapping[Rate, int]


def weights_of(entries: list[dict[str, Any]]) -> Weights:
    """Return the weights that an office's entries name."""
    return {Rate(entry["rate"]): entry["weight"] for entry in entries}


def composite(shares: Mapping[str, float | None], weights: Weights) -> float | None:
    """Return the weighted mean of the shares there are, None if there is none that counts."""
    known = {rate: share for rate in weights if (share := shares.get(rate)) is not None}
    whole = sum(weights[rate] for rate in known)
    return round(sum(share * weights[rate] for rate, share in known.items()) / whole, 3) if whole else None


def composite_row(rows: list[Row], weights: Weights) -> Row:
    """Return the row of the composite beside those of the rates."""
    shares = {row.key: share for row in rows if isinstance(share := row.cells["share"], float)}
    return Row(KEY, "综合", {"yes": None, "half": None, "of": None, "share": composite(shares, weights)})


def definition(weights: Weights) -> str:
    """Return in words how the composite is made."""
    parts = "、".join(f"{_NAMES[rate]}{weight}%" for rate, weight in weights.items())
    return f"综合：按本单位填写的权重，{parts}。"
