"""One's own notices: what happened, in a sentence a person understands; and which of them were read."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from app import clock, db
from app.errors import Invalid
from app.models.notice import NoticeOut, NoticesOut, ReadIn
from app.rules.access import Actor

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
    "called_up": ("您上报的{what}已召集相关部门一起办理", "吹哨，请报到：{what}"),
    "reported": ("相关部门已反馈：{what}", "部门已报到反馈：{what}"),
    "released": ("您上报的{what}有部门已办完退出", "已解除吹哨：{what}"),
    "urged": ("已为您催办：{what}", "有人催办：{what}"),
    "commented": ("您上报的{what}有新留言", "有新留言：{what}"),
    "reminded": ("您上报的{what}即将到期，已提醒办理人员", "快到期限了，请尽快办理：{what}"),
    "overdue": ("您上报的{what}已超过期限，已督促办理", "已超过期限：{what}"),
}
_OTHER: Final = ("您上报的{what}有新进展", "有新进展：{what}")

WEBHOOK_OFF: Final = "推送地址 {host} 收不到消息，已停用，请检查后重新启用"

# The count has a bound, written as a number so that one plan serves everybody.
_PAGE: Final = f"""
WITH mine AS (
    SELECT * FROM notice WHERE person_id = $1 AND id < $2 AND (NOT $3 OR read_at IS NULL) ORDER BY id DESC LIMIT $4
)
SELECT n.id, n.ticket_id, n.webhook_id, n.type, n.created_at, n.read_at, t.no, t.reporter_id = $1 AS mine, c.zh,
       p.label, h.url,
       (SELECT count(*) FROM (SELECT FROM notice WHERE person_id = $1 AND read_at IS NULL LIMIT {MOST}) u) AS unread
FROM (VALUES (1)) one LEFT JOIN mine n ON true LEFT JOIN ticket t ON t.id = n.ticket_id
LEFT JOIN category c ON c.code = t.category LEFT JOIN place p ON p.id = t.place_id
LEFT JOIN webhook h ON h.id = n.webhook_id
ORDER BY n.id DESC
"""


async def page(actor: Actor, *, unread: bool, limit: int, cursor: str | None) -> NoticesOut:
    """Return one page of the caller's notices, newest first."""
    rows = await db.fetch(_PAGE, actor.person_id, before(cursor), unread, limit + 1)
    found = [row for row in rows if row["id"]]
    items = [_notice(row) for row in found[:limit]]
    following = str(items[-1].id) if len(found) > limit else None
    return NoticesOut(items=items, next=following, unread=rows[0]["unread"])


def before(cursor: str | None) -> UUID:
    """Return the id a page ends before, the greatest of all without a cursor."""
    try:
        return UUID(cursor) if cursor else UUID(int=2**128 - 1)
    except ValueError:
        raise Invalid.at("/cursor", "翻页位置无效，请从第一页开始") from None


def _notice(row: Any) -> NoticeOut:
    return NoticeOut(
        id=row["id"],
        ticket_id=row["ticket_id"],
        no=row["no"],
        webhook_id=row["webhook_id"],
        type=row["type"],
        label=_sentence(row),
        at=row["created_at"],
        read=row["read_at"] is not None,
    )


def _sentence(row: Any) -> str:
    if row["webhook_id"]:
        return WEBHOOK_OFF.format(host=urlsplit(row["url"]).hostname)
    return sentence(row["type"], row["label"], row["zh"], mine=bool(row["mine"]))


def sentence(type_: str, place: str | None, category: str, *, mine: bool) -> str:
    """Return what a notice says: 您上报的“人和家园944号4单元 楼道灯不亮”已受理，正在处置."""
    to_reporter, to_others = SAID.get(type_.removeprefix("ticket."), _OTHER)
    what = f"“{place} {category}”" if place else f"“{category}”"
    return (to_reporter if mine else to_others).format(what=what)


async def read(actor: Actor, form: ReadIn) -> int:
    """Mark one's own notices as read; ids that are not one's own change nothing. Return how many stay unread."""
    await db.fetch(_READ, actor.person_id, form.ids, clock.now())
    row = await db.fetchrow(_UNREAD, actor.person_id)
    assert row is not None
    unread: int = row["unread"]
    return unread


_READ: Final = """
UPDATE notice SET read_at = $3 WHERE person_id = $1 AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY($2))
"""
_UNREAD: Final = f"""
SELECT count(*) AS unread FROM (SELECT FROM notice WHERE person_id = $1 AND read_at IS NULL LIMIT {MOST}) u
"""
