"""The sentences of notices, by event and by what the recipient has to do with the ticket.

They are written in Chinese and said in the language of the request.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from app import words
from app.enums import SHANGHAI, SubjectKind
from app.labels import ERASED
from app.rules.lives import LIVES
from app.rules.notices import (
    DISSENT_NOTICE,
    LET_GO_NOTICE,
    RELIEVED,
    STANDING_IN,
    UNASSIGNED_NOTICE,
    UNSTAFFED,
    UNTAKEN_NOTICE,
)
from app.rules.reservations import BACK_IN_A_DAY, BACK_TODAY, FOR_ANOTHER
from app.rules.subjects import COURT_SOON, IN_A_DAY, IN_AN_HOUR, MISSED, OVERDUE, VISIT_DUE, Audience

WHAT, WHAT_ALONE = "“{place} {category}”", "“{category}”"
# By event type without its prefix: the sentence for the reporter, and the one for everybody else.
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "submitted": ("您上报的{what}已登记", "有新的上报待受理：{what}"),
    "edited": ("您上报的{what}已补充修改", "报告人补充了内容：{what}"),
    "withdrawn": ("您已撤回上报的{what}", "报告人撤回了上报：{what}"),
    "accepted": ("您上报的{what}已受理，正在处置", "已受理：{what}"),
    "rejected": ("您上报的{what}未予受理，请查看原因", "未予受理：{what}"),
    "appealed": ("您已对{what}提出申诉", "报告人提出申诉：{what}"),
    "recategorised": ("您上报的{what}已更正类别", "类别已更正：{what}"),
    "merged": ("您上报的{what}已与相同的问题合并办理", "已并案：{what}"),
    "unmerged": ("您上报的{what}已恢复单独办理", "已取消并案：{what}"),
    "made_private": ("您上报的{what}已转为不公开办理", "已转为不公开办理：{what}"),
    "dispatched": ("您上报的{what}已派给承办单位", "有新的派单待接：{what}"),
    "taken": ("承办单位已接单：{what}", "承办单位已接单：{what}"),
    "handed_back": ("您上报的{what}由承办单位退回，正在重新安排", "承办单位退回了派单：{what}"),
    "recalled": ("您上报的{what}已收回，正在重新安排", "派单已收回：{what}"),
    "waiting": ("您上报的{what}暂时挂起，请查看原因和恢复时间", "已挂起：{what}"),
    "split": ("您上报的{what}拆成了两张工单分别办理，两张的进展都会通知您", "已拆出另一张工单：{what}"),
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
    "undone": (
        "您上报的{what}刚才那一步是误操作，已撤销，按原来的进度继续办理",
        "刚才那一步是误操作，已撤销：{what}",
    ),
    "urged": ("已为您催办：{what}", "有人催办：{what}"),
    "commented": ("您上报的{what}有新留言", "有新留言：{what}"),
    "reminded": ("您上报的{what}即将到期，已提醒办理人员", "快到期限了，请尽快办理：{what}"),
    "overdue": ("您上报的{what}已超过期限，已督促办理", "已超过期限：{what}"),
}
# Of notices that come from no event; only the reporter receives them.
SENTENCES_WITHOUT_EVENT: Final[dict[str, tuple[str, str]]] = {
    "unsealed": (
        "您匿名上报的{what}，经两位工作人员批准，已向他们公开您的姓名和电话，理由可在解封记录里查看",
        "匿名报告人已经批准查看：{what}",
    ),
}
FALLBACK: Final = ("您上报的{what}有新进展", "有新进展：{what}")
# The sentence for a neighbour who follows the ticket, where it is another.
FOLLOWER_SENTENCES: Final[dict[str, str]] = {
    "withdrawn": "您关注的{what}已由报告人撤回，问题还在的话请重新上报",
    "accepted": "您关注的{what}已受理，正在处置",
    "rejected": "您关注的{what}未予受理，请查看原因",
    "appealed": "您关注的{what}已由报告人申诉，重新待受理",
    "merged": "您关注的{what}已与相同的问题合并办理",
    "unmerged": "您关注的{what}已恢复单独办理",
    "split": "您关注的{what}拆成了两张工单分别办理",
    "dispatched": "您关注的{what}已派给承办单位",
    "undone": "您关注的{what}刚才那一步是误操作，已撤销，按原来的进度继续办理",
    "waiting": "您关注的{what}暂时挂起，请查看原因和恢复时间",
    "resolved": "您关注的{what}已办结",
    "confirmed": "您关注的{what}已由报告人确认结案，还没好请告诉我们",
    "settled": "您关注的{what}已结案，还没好请告诉我们",
    "reopened": "您关注的{what}已重新办理",
    "commented": "您关注的{what}有新留言",
}
_LET_GO: Final = "您关注的{what}涉及个人隐私，已转为不公开办理，今后不再通知您进展"
# Of notices whose type is not their event's.
SENTENCES_BY_TYPE: Final = {
    LET_GO_NOTICE: (_LET_GO, _LET_GO),
    DISSENT_NOTICE: ("有居民反映结案后问题还在：{what}", "多位居民反映结案后问题还在，请核实：{what}"),
    UNTAKEN_NOTICE: (
        "您上报的{what}有部门还没有报到，已督促",
        "有部门到时限还没有接单报到，请催一催：{what}",
    ),
    UNASSIGNED_NOTICE: ("您上报的{what}正在重新分派", "等您分派：{what}"),
}
_WEBHOOK_DISABLED: Final = "推送地址 {host} 收不到消息，已停用，请检查后重新启用"

# Of who stands in for the head of a unit: {why} is 网格长请假到12月7日, {tickets} the number of tickets the unit holds.
_STAND_IN: Final[dict[str, tuple[str, str]]] = {
    STANDING_IN: ("{unit}{why}，{tickets}件由您代办", "{unit}{why}，由您代办"),
    UNSTAFFED: ("{unit}{why}，没有人代办，{tickets}件请您安排", "{unit}{why}，没有人代办，请您安排"),
    RELIEVED: ("{unit}{role}已到岗，不再由您代办", "{unit}{role}已到岗，不再由您代办"),
}


def stand_in_sentence(type_: str, unit: str, role: str, data: Mapping[str, Any]) -> str:
    """Return the sentence of a notice of a unit: 万寿山社区第四网格网格长请假到12月7日，16件由您代办."""
    with_tickets, without = _STAND_IN[type_]
    until = data.get("until")
    away = f"请假到{_day(date.fromisoformat(until))}" if until else "请假"
    values = {"unit": unit, "role": role, "why": role + (away if data.get("away") else "空缺")}
    return (with_tickets if data.get("tickets") else without).format(**values, tickets=data.get("tickets"))


# Of shifts: {when} is 12-1 18:00到12-2 08:00.
SHIFT_SENTENCES: Final = {
    "shift.set": "{unit}：{when}由{role}值班",
    "shift.cancelled": "{unit}：{when}的值班取消了",
    "shift.asked": "{unit}：{role}请您替{when}的班",
    "shift.swapped": "{unit}：换班办好了，{when}由{role}值班",
    "shift.kept": "{unit}：{when}的班没有换，还按原来的",
}


def shift_sentence(type_: str, unit: str, role: str, data: Mapping[str, Any]) -> str:
    """Return the sentence of a notice of a shift."""
    starts, ends = (
        datetime.fromisoformat(data[name]).astimezone(SHANGHAI) for name in ("starts_at", "ends_at")
    )
    when = words.say("{starts}到{ends}", starts=_moment(starts), ends=_moment(ends))
    return words.say(SHIFT_SENTENCES[type_], unit=unit, role=words.say(role), when=when)


POINTS_LAPSE_SENTENCE: Final = "您在{unit}的{amount}积分将在{day}到期，请在那之前使用"


def points_sentence(unit: str, data: Mapping[str, Any]) -> str:
    """Return the sentence of a notice that points are about to lapse."""
    day = date.fromisoformat(data["on"]).isoformat()
    return words.say(POINTS_LAPSE_SENTENCE, unit=unit, amount=data["amount"], day=day)


def _moment(at: datetime) -> str:
    return f"{at.month}-{at.day} {at:%H:%M}"


def robot_disabled_sentence(unit: str | None) -> str:
    """Return the sentence of a notice that the group robot of a unit, or of one's organisation, has been disabled."""
    return f"{unit or '您单位'}的企业微信群机器人已失效，群里收不到提醒，请重新设置"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def sentence(type_: str, *, place: str | None, category: str, mine: bool, follows: bool = False) -> str:
    """Return a notice's sentence: 您上报的“人和家园944号4单元 楼道灯不亮”已受理，正在处置."""
    event = type_.removeprefix("ticket.")
    pair = SENTENCES_BY_TYPE.get(type_) or SENTENCES.get(event) or SENTENCES_WITHOUT_EVENT.get(event)
    to_reporter, to_others = pair or FALLBACK
    to_others = FOLLOWER_SENTENCES.get(event, to_others) if follows else to_others
    what = (
        words.say(WHAT, place=place, category=category) if place else words.say(WHAT_ALONE, category=category)
    )
    return words.say(to_reporter if mine else to_others, what=what)


# Of subjects of the common life: {kind} is 议题, {title} its title, {event} what happened.
SUBJECT_SENTENCES: Final = {
    "mine": "您的{kind}“{title}”：{event}",
    "others": "{kind}“{title}”：{event}",
    "teller": "{kind}“{title}”：{event}，请您告知说的人",
    OVERDUE: "{kind}“{title}”已过期限，还没有办结",
    COURT_SOON: "调解协议可以由双方共同申请司法确认，{day}是最后一天",
    VISIT_DUE: "{day}要回访一件调解事项，看看协议有没有履行",
    "untitled": "{kind}：{event}",
    MISSED: "“{title}”连着两次到期都没有人走访，请安排人看一看",
    IN_A_DAY: "您报名的{kind}“{title}”一天内开始",
    IN_AN_HOUR: "您报名的{kind}“{title}”一小时内开始",
    BACK_IN_A_DAY: "您借的“{title}”明天到期，请在任一站点归还",
    BACK_TODAY: "您借的“{title}”今天到期，请在任一站点归还",
    BACK_IN_A_DAY + FOR_ANOTHER: "您替居民登记的“{title}”明天到期，请提醒对方归还",
    BACK_TODAY + FOR_ANOTHER: "您替居民登记的“{title}”今天到期，请提醒对方归还",
}


def subject_sentence(
    type_: str, kind: SubjectKind, title: str | None, *, mine: bool, data: Mapping[str, Any] | None = None
) -> str:
    """Return the sentence of a notice of a subject: 议题“东门装充电桩”：列入议程."""
    life, event = LIVES[kind], type_.partition(".")[2]
    shown = {"kind": words.say(life.label), "title": title or words.say(ERASED)}
    if event in {COURT_SOON, VISIT_DUE}:
        day = date.fromisoformat((data or {})["day"])
        return words.say(SUBJECT_SENTENCES[event], day=_day(day))
    if kind is SubjectKind.DISPUTE:  # no notice says what it is about
        return words.say(
            SUBJECT_SENTENCES["untitled"], kind=shown["kind"], event=words.say(life.events[event])
        )
    if event == MISSED:
        return words.say(SUBJECT_SENTENCES[MISSED], title=shown["title"])
    if event in {OVERDUE, IN_A_DAY, IN_AN_HOUR} or event.removesuffix(FOR_ANOTHER) in {
        BACK_IN_A_DAY,
        BACK_TODAY,
    }:
        return words.say(SUBJECT_SENTENCES[event], **shown)
    tells = not mine and Audience.TELLER in life.audiences.get(event, ())
    reader = "mine" if mine else "teller" if tells else "others"
    return words.say(SUBJECT_SENTENCES[reader], **shown, event=words.say(life.events[event]))


def webhook_disabled_sentence(url: str) -> str:
    """Return the sentence of a notice that a webhook has been disabled."""
    return _WEBHOOK_DISABLED.format(host=urlsplit(url).hostname)
