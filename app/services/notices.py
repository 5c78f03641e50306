"""One's own notices: what happened, in a sentence a person understands; and which of them were read."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from app import clock, db
from app.errors import Invalid
from app.models.notice import NoticeOut, NoticesOut, ReadIn
from app.rules.access import Actor
from app.rules.notices import DISSENTED, UNTAKEN

MOST: Final = 999  # counted no further: a badge says 999, not a scan of years

# What the reporter reads, and what everybody else does; by event without its prefix.
SAID: Final[dict[str, tuple[str, str]]] = {
    "submitted": ("您上报的{what}已登记", "有新的上报待受理：{what}"),
    "edited": ("您上报的{what}已补充修改", "报告人补充了内容：{what}"),
    "withdrawn": ("您已撤回上报的{what}", "报告人撤回了上报：{what}"),
    "accepted": ("您上报的{what}已受理，正在处置", "已受理：{what}"),
    "rejected": ("您上报的{what}未予受理，请查看原因", "未予受理：{what}"),
    "appealed": ("您已对{what}提出申诉", "报告人提出申诉：{what}"),
    "recategorised": ("您上报的{what}已更正类别", "类别已更正：{what}"),
    "merged": ("您上报的{what}已与相同的问题合并办理", "已并案：{what}"),
    "unmerged": ("您上报的{what}已恢复单独办理", "已取消并案：{what}"),
    "dispatched": ("您上报的{what}已派给承办单位", "有新的派单待接：{what}"),
    "taken": ("承办单位已接单：{what}", "承办单位已接单：{what}"),
    "handed_back": ("您上报的{what}由承办单位退回，正在重新安排", "承办单位退回了派单：{what}"),
    "recalled": ("您上报的{what}已收回，正在重新安排", "派单已收回：{what}"),
    "waiting": ("您上报的{what}暂时挂起，请查看原因和恢复时间", "已挂起：{what}"),
    "resumed": ("您上报的{what}已恢复处置", "已恢复处置：{what}"),
    "asked": ("办理人员有问题想请您答复：{what}", "已向报告人提问：{what}"),
    "answered": ("您已答复：{what}", "报告人已答复：{what}"),
    "claimed": ("承办单位报告已完工，正在核实：{what}", "承办单位报完工，请核实：{what}"),
    "resolved": ("您上报的{what}已办结，请评价", "已办结，等待报告人评价：{what}"),
    "confirmed": ("感谢您的评价：{what}", "报告人已评价：{what}"),
    "settled": ("您上报的{what}已结案", "已结案：{what}"),
    "reopened": ("您上报的{what}已重新办理", "要求重新办理：{what}"),
    "escalated": ("您上报的{what}已转上一级办理", "已转上一级办理：{what}"),
    "returned": ("您上报的{what}已转回下一级办理", "上级退回办理：{what}"),
    "reassigned": ("您上报的{what}已改由其他网格办理", "改派办理：{what}"),
    "extended": ("您上报的{what}办理期限已延长，请查看原因", "办理期限已延长：{what}"),
    "called_up": ("您上报的{what}已召集相关部门一起办理", "已吹哨，请相关部门报到：{what}"),
    "reported": ("相关部门已反馈：{what}", "部门已报到反馈：{what}"),
    "released": ("您上报的{what}有部门不再参与办理", "已解除吹哨，不用再报到：{what}"),
    "urged": ("已为您催办：{what}", "有人催办：{what}"),
    "commented": ("您上报的{what}有新留言", "有新留言：{what}"),
    "reminded": ("您上报的{what}即将到期，已提醒办理人员", "快到期限了，请尽快办理：{what}"),
    "overdue": ("您上报的{what}已超过期限，已督促办理", "已超过期限：{what}"),
}
# Told beside the ledger, which has no such event; only the reporter is.
_BESIDE: Final[dict[str, tuple[str, str]]] = {
    "unsealed": (
        "您匿名上报的{what}，经两位工作人员批准，已向他们公开您的姓名和电话，理由可在解封记录里查看",
        "匿名报告人已经批准查看：{what}",
    ),
}
_OTHER: Final = ("您上报的{what}有新进展", "有新进展：{what}")
# What a neighbour reads who follows it.
FOLLOWED: Final[dict[str, str]] = {
    "withdrawn": "您关注的{what}已由报告人撤回，问题还在的话请重新上报",
    "accepted": "您关注的{what}已受理，正在处置",
    "rejected": "您关注的{what}未予受理，请查看原因",
    "appealed": "您关注的{what}已由报告人申诉，重新待受理",
    "merged": "您关注的{what}已与相同的问题合并办理",
    "unmerged": "您关注的{what}已恢复单独办理",
    "dispatched": "您关注的{what}已派给承办单位",
    "waiting": "您关注的{what}暂时挂起，请查看原因和恢复时间",
    "resolved": "您关注的{what}已办结",
    "confirmed": "您关注的{what}已由报告人确认结案，还没好请告诉我们",
    "settled": "您关注的{what}已结案，还没好请告诉我们",
    "reopened": "您关注的{what}已重新办理",
    "commented": "您关注的{what}有新留言",
}
# Of notices that are not called as their event.
_NAMED: Final = {
    DISSENTED: ("有居民反映结案后问题还在：{what}", "多位居民反映结案后问题还在，请核实：{what}"),
    UNTAKEN: ("您上报的{what}有部门还没有报到，已督促", "有部门到时限还没有接单报到，请催一催：{what}"),
}

WEBHOOK_OFF: Final = "推送地址 {host} 收不到消息，已停用，请检查后重新启用"

# The count has a bound, written as a number so that one plan serves everybody.
_PAGE: Final = f"""
WITH mine AS (
    SELECT * FROM notice WHERE person_id = $1 AND id < $2 AND (NOT $3 OR read_at IS NULL) AND visible_at <= $5
    ORDER BY id DESC LIMIT $4
)
SELECT n.id, n.ticket_id, n.webhook_id, n.type, n.created_at, n.read_at, t.no, t.reporter_id = $1 AS mine, c.zh,
       p.label, h.url,
       t.followers > 0 AND EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = $1) AS follows,
       t.holder_id, i.id AS into_id, i.no AS into_no, i.holder_id AS into_holder_id,
       (SELECT count(*) FROM (SELECT FROM notice
                             WHERE person_id = $1 AND read_at IS NULL AND visible_at <= $5 LIMIT {MOST}) u) AS unread
FROM (VALUES (1)) one LEFT JOIN mine n ON true LEFT JOIN ticket t ON t.id = n.ticket_id
LEFT JOIN category c ON c.code = t.category LEFT JOIN place p ON p.id = t.place_id
LEFT JOIN ticket i ON n.type = 'ticket.merged' AND i.id = t.merged_into_id
LEFT JOIN webhook h ON h.id = n.webhook_id
ORDER BY n.id DESC
"""


async def page(actor: Actor, *, unread: bool, limit: int, cursor: str | None) -> NoticesOut:
    """Return one page of the caller's notices, newest first; one that waits for office hours or morning is not there yet."""
    rows = await db.fetch(_PAGE, actor.person_id, before(cursor), unread, limit + 1, clock.now())
    found = [row for row in rows if row["id"]]
    items = [_notice(row, actor) for row in found[:limit]]
    following = str(items[-1].id) if len(found) > limit else None
    return NoticesOut(items=items, next=following, unread=rows[0]["unread"])


def before(cursor: str | None) -> UUID:
    """Return the id a page ends before, the greatest of all without a cursor."""
    try:
        return UUID(cursor) if cursor else UUID(int=2**128 - 1)
    except ValueError:
        raise Invalid.at("/cursor", "翻页位置无效，请从第一页开始") from None


def _notice(row: Any, actor: Actor) -> NoticeOut:
    # Who answers only for the ticket it was merged into is led there: the other is not theirs to see.
    led = row["into_holder_id"] in actor.at and row["holder_id"] not in actor.at
    return NoticeOut(
        id=row["id"],
        ticket_id=row["into_id"] if led else row["ticket_id"],
        no=row["into_no"] if led else row["no"],
        webhook_id=row["webhook_id"],
        type=row["type"],
        label=_sentence(row),
        at=row["created_at"],
        read=row["read_at"] is not None,
    )


def _sentence(row: Any) -> str:
    if row["webhook_id"]:
        return WEBHOOK_OFF.format(host=urlsplit(row["url"]).hostname)
    return sentence(
        row["type"], row["label"], row["zh"], mine=bool(row["mine"]), follows=bool(row["follows"])
    )


def sentence(type_: str, place: str | None, category: str, *, mine: bool, follows: bool = False) -> str:
    """Return what a notice says: 您上报的“人和家园944号4单元 楼道灯不亮”已受理，正在处置."""
    event = type_.removeprefix("ticket.")
    to_reporter, to_others = _NAMED.get(type_) or (SAID | _BESIDE).get(event, _OTHER)
    to_others = FOLLOWED.get(event, to_others) if follows else to_others
    what = f"“{place} {category}”" if place else f"“{category}”"
    return (to_reporter if mine else to_others).format(what=what)


async def read(actor: Actor, form: ReadIn) -> int:
    """Mark one's own notices as read; ids that are not one's own change nothing. Return how many stay unread."""
    now = clock.now()
    await db.fetch(_READ, actor.person_id, form.ids, now)
    row = await db.fetchrow(_UNREAD, actor.person_id, now)
    assert row is not None
    unread: int = row["unread"]
    return unread


_READ: Final = """
UPDATE notice SET read_at = $3
WHERE person_id = $1 AND read_at IS NULL AND visible_at <= $3 AND ($2::uuid[] IS NULL OR id = ANY($2))
"""
_UNREAD: Final = f"""
SELECT count(*) AS unread
FROM (SELECT FROM notice WHERE person_id = $1 AND read_at IS NULL AND visible_at <= $2 LIMIT {MOST}) u
"""
