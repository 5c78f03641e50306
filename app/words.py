"""The domain's words, the Chinese of each once; a code with its meaning for people."""

from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the zone of every day and hour people name


class Level(StrEnum):
    """Levels of the tree of places. Offices may name them otherwise; these are the roles they play."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    ESTATE = "estate"
    BUILDING = "building"
    UNIT = "unit"


class Status(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"


class Role(StrEnum):
    MEMBER = "member"
    HEAD = "head"
    DEPUTY = "deputy"
    DUTY = "duty"
    COMMUNITY = "community"
    STREET = "street"
    AUDITOR = "auditor"
    ADMIN = "admin"
    AGENT = "agent"


class Origin(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"
    PARTNER = "partner"
    OPEN311 = "open311"


class Channel(StrEnum):
    """How what staff report came to them."""

    PATROL = "patrol"
    VISIT = "visit"
    CALL = "call"
    WALK_IN = "walk_in"


class Outcome(StrEnum):
    FIXED = "fixed"
    PARTIAL = "partial"
    EXPLAINED = "explained"
    REFERRED = "referred"
    LISTED = "listed"
    WITHDRAWN = "withdrawn"
    NO_FAULT = "no_fault"


class Verdict(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    SILENT = "silent"


class Kind(StrEnum):
    """What an organisation is."""

    PROPERTY = "property"
    DEPARTMENT = "department"


class Pausing(StrEnum):
    """What a pause is for."""

    WAIT = "wait"
    ASK = "ask"
    APPEAL = "appeal"  # the time spent rejected, once an appeal succeeds in coming back
    MERGE = "merge"  # the time spent merged, once it is unmerged


class Noun(StrEnum):
    """What an office may set for itself."""

    CATEGORIES = "categories"
    CALENDAR = "calendar"
    FRAMES = "frames"


class Leaving(StrEnum):
    """What becomes of the open tickets of somebody who deletes their account."""

    WITHDRAW = "withdraw"
    KEEP = "keep"


class UnsealingStatus(StrEnum):
    PENDING = "pending"
    CONSENTED = "consented"
    DECLINED = "declined"
    EXPIRED = "expired"


class Scope(StrEnum):
    """What an API key may do."""

    READ = "tickets:read"
    WRITE = "tickets:write"
    WEBHOOKS = "webhooks:manage"


class Delivered(StrEnum):
    """What became of a message to a webhook."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


STATUS = {
    Status.NEW: "待受理",
    Status.ACCEPTED: "处置中",
    Status.DISPATCHED: "已派遣",
    Status.WAITING: "挂起",
    Status.RESOLVED: "已办结（待评价）",
    Status.CLOSED: "已结案",
    Status.REJECTED: "不予受理",
    Status.MERGED: "已并案",
}

LEVEL = {
    Level.STREET: "街道",
    Level.COMMUNITY: "社区",
    Level.GRID: "网格",
    Level.ESTATE: "小区",
    Level.BUILDING: "楼栋",
    Level.UNIT: "单元",
}

ROLE = {
    Role.MEMBER: "网格员",
    Role.HEAD: "网格长",
    Role.DEPUTY: "副网格长",
    Role.DUTY: "值班员",
    Role.COMMUNITY: "社区工作人员",
    Role.STREET: "街道工作人员",
    Role.AUDITOR: "监督员",
    Role.ADMIN: "管理员",
    Role.AGENT: "经办人",
}

KIND = {Kind.PROPERTY: "物业公司", Kind.DEPARTMENT: "职能部门"}

NOUN = {Noun.CATEGORIES: "类别时限", Noun.CALENDAR: "节假日", Noun.FRAMES: "工作时间"}
SCOPE = {Scope.READ: "查看工单", Scope.WRITE: "办理工单", Scope.WEBHOOKS: "管理推送"}

DELIVERED = {Delivered.WAITING: "待送达", Delivered.DELIVERED: "已送达", Delivered.FAILED: "未送达"}

OUTCOME = {
    Outcome.FIXED: "已修好",
    Outcome.PARTIAL: "部分解决",
    Outcome.EXPLAINED: "已解释说明",
    Outcome.REFERRED: "已转介",
    Outcome.LISTED: "已挂账",
    Outcome.WITHDRAWN: "报告人撤回",
    Outcome.NO_FAULT: "现场无故障",
}

VERDICT = {
    Verdict.SOLVED: "已解决",
    Verdict.PARTLY: "部分解决",
    Verdict.NOT_SOLVED: "没有解决",
    Verdict.SILENT: "未评价",
}

UNSEALING = {
    UnsealingStatus.PENDING: "待第二人同意",
    UnsealingStatus.CONSENTED: "已同意",
    UnsealingStatus.DECLINED: "未同意",
    UnsealingStatus.EXPIRED: "已过期",
}

# Reason codes by act.
REASONS = {
    "reject": {
        "not_ours": "不属于本辖区管理",
        "private_matter": "属于私人事务",
        "duplicate": "重复上报",
        "no_fault": "现场无故障",
        "unclear": "情况不清楚",
        "illegal_request": "诉求不合法",
    },
    "wait": {
        "parts": "等待配件",
        "weather": "天气原因",
        "access": "无法进入现场",
        "fund": "等待资金",
        "third_party": "等待第三方",
        "question": "等待报告人答复",
    },
    "hand_back": {
        "not_our_place": "不是我们服务的地方",
        "not_our_trade": "不是我们的业务",
        "no_contract": "不在合同范围内",
        "needs_other": "需要其他单位处理",
    },
}

ACTION = {
    "submit": "上报",
    "edit": "补充修改",
    "withdraw": "撤回",
    "accept": "受理",
    "reject": "不予受理",
    "appeal": "申诉",
    "recategorise": "改类别",
    "merge": "并案",
    "unmerge": "取消并案",
    "dispatch": "派遣",
    "take": "接单",
    "hand_back": "退回",
    "recall": "收回",
    "wait": "挂起",
    "resume": "恢复处置",
    "ask": "询问报告人",
    "answer": "答复",
    "resolve": "办结",
    "confirm": "确认评价",
    "settle": "核实结案",
    "reopen": "重新办理",
    "escalate": "上报上级",
    "return": "退回下级",
    "reassign": "改派网格",
    "not_mine": "不属于本网格",
    "extend": "延期",
    "call_up": "吹哨",
    "report": "报到反馈",
    "release": "解除吹哨",
    "urge": "催办",
    "comment": "留言",
    "vote": "反馈是否修好",
}

# Timeline lines; an event's type without its "ticket." prefix.
EVENT = {
    "submitted": "已上报",
    "edited": "已补充修改",
    "withdrawn": "已撤回",
    "accepted": "已受理",
    "rejected": "不予受理",
    "appealed": "已申诉",
    "recategorised": "已改类别",
    "merged": "已并案",
    "unmerged": "已取消并案",
    "dispatched": "已派遣",
    "taken": "已接单",
    "handed_back": "已退回",
    "recalled": "已收回",
    "waiting": "已挂起",
    "resumed": "已恢复处置",
    "asked": "已询问报告人",
    "answered": "报告人已答复",
    "claimed": "承办单位报完工",
    "resolved": "已办结",
    "confirmed": "报告人已确认",
    "settled": "已结案",
    "reopened": "已重新办理",
    "escalated": "已转上级",
    "returned": "已退回下级",
    "reassigned": "已改派",
    "extended": "已延期",
    "called_up": "已吹哨",
    "reported": "已报到反馈",
    "released": "已解除吹哨",
    "urged": "已催办",
    "commented": "留言",
    "reminded": "临期提醒",
    "overdue": "已超时",
}

UNTAKEN = "到时限未接单报到"  # a department that was called
REPORTER = "报告人"
ANONYMOUS = "匿名报告人"
FOLLOWER = "关注人"
TIMER = "系统计时"
ERASED = "内容已删除"
ERASED_PERSON = "已注销用户"
