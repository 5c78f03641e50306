"""Offers 资源: what somebody can give, as things, a loan or a service; how much of it is where is in the accounts."""

from typing import Final

from app.enums import OfferSort, SubjectKind
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import HEADS, INSIDERS, OFFICES, Audience, Condition, Life, SubjectPart, table

KEEPERS: Final = HEADS | {SubjectPart.COMPANY}  # who puts things in and writes them off
THINGS: Final = frozenset({OfferSort.GOODS, OfferSort.CONSUMABLE, OfferSort.LOAN})  # that are counted

_OPEN: Final = {"open", "paused"}
_HAS_THINGS: Final = Condition(lambda offer, *_: offer["sort"] in THINGS, "服务没有库存")

LIFE: Final = Life(
    kind=SubjectKind.OFFER,
    statuses={"open": "可预约", "paused": "暂停预约", "ended": "已下架"},
    ended=frozenset({"ended"}),
    creators=KEEPERS,
    insiders=INSIDERS | {SubjectPart.COMPANY},
    moves=table(
        move("release", "公开", {"open"}, SAME_STATUS, OFFICES, "released"),
        move("stock", "入库", _OPEN, SAME_STATUS, KEEPERS, "stocked", "StockIn"),
        move("write_off", "报损", _OPEN, SAME_STATUS, KEEPERS, "written_off", "LossIn"),
        move("pause", "暂停", {"open"}, "paused", KEEPERS, "paused"),
        move("resume", "恢复", {"paused"}, "open", KEEPERS, "resumed"),
        move("end", "下架", _OPEN, "ended", KEEPERS, "ended", "TextIn"),
    ),
    conditions={
        "release": (Condition(lambda offer, *_: not offer["released"], "已经公开"),),
        "stock": (_HAS_THINGS,),
        "write_off": (_HAS_THINGS,),
    },
    events={
        "raised": "新建资源",
        "released": "公开",
        "stocked": "入库",
        "written_off": "报损",
        "paused": "暂停预约",
        "resumed": "恢复预约",
        "ended": "下架",
    },
    audiences={"raised": frozenset({Audience.OFFICE})},
)
