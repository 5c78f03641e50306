"""The Chinese label of each code, and the names shown in place of a person's."""

from app.enums import (
    AccountSort,
    ActivitySort,
    AgreementForm,
    AttendanceStatus,
    CareAct,
    CheckReason,
    CheckState,
    CircleKind,
    DeliveryStatus,
    DisputeSort,
    Level,
    OfferSort,
    OpinionSort,
    OrganisationKind,
    Origin,
    Outcome,
    PairingReason,
    QuestionKind,
    RelationshipSort,
    Role,
    Scope,
    SettingKind,
    SideRole,
    Skill,
    Status,
    SubjectKind,
    SurveySort,
    TransferReason,
    UnsealingStatus,
    Verdict,
)

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
    Level.ROOM: "户室",
}

# What an event of the ledger is of.
SUBJECT = {
    "ticket": "工单",
    SubjectKind.OPINION: "意见",
    SubjectKind.TOPIC: "议题",
    SubjectKind.PROJECT: "项目",
    SubjectKind.ACTIVITY: "活动",
    SubjectKind.SURVEY: "征询",
    SubjectKind.OFFER: "资源",
    SubjectKind.RESERVATION: "预约",
    "transfer": "账目",
    SubjectKind.RELATIONSHIP: "结对与协议",
    SubjectKind.DISPUTE: "调解事项",
}
OPINION_SORT = {OpinionSort.OPINION: "意见", OpinionSort.NEED: "需求", OpinionSort.SUGGESTION: "建议"}
ACTIVITY_SORT = {
    ActivitySort.PATROL: "巡查",
    ActivitySort.VISIT: "走访",
    ActivitySort.CARE: "关爱探访",
    ActivitySort.DUTY: "值守",
    ActivitySort.MEETING: "会议",
    ActivitySort.MEDIATION: "调解",
    ActivitySort.EVENT: "活动",
    ActivitySort.COURSE: "课程",
    ActivitySort.SERVICE: "便民服务",
}
OFFER_SORT = {
    OfferSort.GOODS: "物品",
    OfferSort.CONSUMABLE: "耗材",
    OfferSort.LOAN: "借用",
    OfferSort.SERVICE: "服务",
}
CARE_ACT = {CareAct.TALK: "聊", CareAct.ACCOMPANY: "带", CareAct.CHECK: "看", CareAct.HELP: "帮"}
RELATIONSHIP_SORT = {
    RelationshipSort.PAIRING: "结对帮扶",
    RelationshipSort.MEMBER: "成员",
    RelationshipSort.PARTNER: "共建协议",
    RelationshipSort.VOLUNTEER: "志愿者",
}
DISPUTE_SORT = {
    DisputeSort.DISPUTE: "矛盾纠纷",
    DisputeSort.SERVICE: "服务事项",
    DisputeSort.HARDSHIP: "困难诉求",
}
AGREEMENT_FORM = {AgreementForm.WRITTEN: "书面协议", AgreementForm.ORAL: "口头协议"}
PAIRING_REASON = {
    PairingReason.ELDERLY_ALONE: "独居老人",
    PairingReason.DISABLED: "残疾",
    PairingReason.HARDSHIP: "困难家庭",
    PairingReason.OTHER: "其他情况",
}
SIDE_ROLE = {
    SideRole.HELPER: "帮扶人",
    SideRole.HOUSEHOLD: "住户",
    SideRole.MEMBER: "成员",
    SideRole.GROUP: "组织",
    SideRole.PARTNER: "共建单位",
    SideRole.VOLUNTEER: "志愿者",
    SideRole.COMMUNITY: "社区",
    SideRole.PARTY: "当事人",
    SideRole.MEDIATOR: "调解员",
    SideRole.STUDIO: "调解工作室",
}
SURVEY_SORT = {SurveySort.SURVEY: "问卷", SurveySort.VOTE: "表决"}
# What one chooses from where the question does not say.
CHOICES = {
    QuestionKind.RATING: ("很不满意", "不满意", "一般", "满意", "很满意"),
    QuestionKind.VOTE: ("同意", "反对", "弃权"),
}
ATTENDANCE = {
    AttendanceStatus.SIGNED_UP: "已报名",
    AttendanceStatus.WAITING: "候补",
    AttendanceStatus.CAME: "已到场",
    AttendanceStatus.CONFIRMED: "已确认",
}
CIRCLE = {
    CircleKind.MEMBERS: "成员积分",
    CircleKind.RESIDENTS: "居民积分",
    CircleKind.THINGS: "物品",
}
ACCOUNT = {
    AccountSort.ISSUE: "发放",
    AccountSort.PERSON: "个人",
    AccountSort.HELD: "预约占用",
    AccountSort.STOCK: "库存",
    AccountSort.OUT: "借出",
    AccountSort.GIVEN: "已领取",
    AccountSort.LOST: "已核销",
}
TRANSFER = {
    TransferReason.AWARD: "获得积分",
    TransferReason.LAPSE: "积分到期",
    TransferReason.LEAVE: "注销收回",
    TransferReason.RESERVE: "预约",
    TransferReason.RELEASE: "预约退回",
    TransferReason.PAY: "兑换",
    TransferReason.BUY: "入库",
    TransferReason.LEND: "借出",
    TransferReason.GIVE: "领取",
    TransferReason.BACK: "归还",
    TransferReason.WRITE_OFF: "核销",
}
REVERSED = "冲正：{what}"

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
    Role.STEWARD: "楼长",
}

SKILL = {
    Skill.POLICY: "政策宣传",
    Skill.SERVICE: "便民服务",
    Skill.SELF_GOVERNMENT: "社区自治",
    Skill.PROPERTY: "物业服务",
    Skill.SAFETY: "综治安全",
    Skill.CULTURE: "文体服务",
}

ORGANISATION_KIND = {
    OrganisationKind.PROPERTY: "物业公司",
    OrganisationKind.DEPARTMENT: "职能部门",
    OrganisationKind.PARTNER: "共建单位",
    OrganisationKind.GROUP: "居民团队",
    OrganisationKind.BRANCH: "党支部",
    OrganisationKind.COMMITTEE: "委员会",
    OrganisationKind.STUDIO: "调解工作室",
    OrganisationKind.STATION: "服务驿站",
}

SETTING_KIND = {
    SettingKind.CATEGORIES: "类别时限",
    SettingKind.CALENDAR: "节假日",
    SettingKind.FRAMES: "工作时间",
    SettingKind.TITLES: "岗位名称",
    SettingKind.WEIGHTS: "综合权重",
    SettingKind.OPINIONS: "意见时限",
    SettingKind.POINTS: "积分到期日",
}
SCOPE = {
    Scope.READ: "查看工单",
    Scope.WRITE: "办理工单",
    Scope.WEBHOOKS: "管理推送",
    Scope.OFFERS: "管理资源和预约",
}

DELIVERY_STATUS = {
    DeliveryStatus.WAITING: "待送达",
    DeliveryStatus.DELIVERED: "已送达",
    DeliveryStatus.FAILED: "未送达",
}

CHECK_STATE = {
    CheckState.PENDING: "检查中",
    CheckState.PASSED: "已通过",
    CheckState.REVIEW: "待审核",
    CheckState.RISKY: "疑似违规",
    CheckState.RELEASED: "已放行",
    CheckState.REMOVED: "已删除",
}
CHECK_REASON = {
    CheckReason.WORDS: "含有敏感词",
    CheckReason.UNSEEN: "微信无法自动检查",
    CheckReason.SILENT: "微信没有及时给出结果",
    CheckReason.UNREACHABLE: "没有配置对外地址，微信取不到照片",
    CheckReason.SENDER: "由其他系统提交的照片",
}
CHECK_LABEL = {  # by WeChat's number
    100: "微信建议人工审核",
    10001: "疑似广告",
    20001: "疑似涉及时政",
    20002: "疑似色情",
    20003: "疑似辱骂",
    20006: "疑似违法犯罪",
    20008: "疑似欺诈",
    20012: "疑似低俗",
    20013: "疑似侵犯版权",
}
CHECK_LABEL_OTHER = "疑似违规"

ORIGIN = {
    Origin.RESIDENT: "居民",
    Origin.STAFF: "工作人员",
    Origin.PARTNER: "单位",
    Origin.OPEN311: "其他系统",
}

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

# Reason codes by action.
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

# Timeline entries, by an event's type without its "ticket." prefix.
EVENT = {
    "submitted": "已上报",
    "edited": "已补充修改",
    "withdrawn": "已撤回",
    "accepted": "已受理",
    "rejected": "不予受理",
    "appealed": "已申诉",
    "recategorised": "已改类别",
    "merged": "已并案",
    "split": "已拆出另一张工单",
    "unmerged": "已取消并案",
    "made_private": "已转为不公开办理",
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
    "undone": "已撤销",
}

SPLIT_OFF = "由另一张工单拆出"  # the first event of a ticket that was split from another
UNASSIGNED = "待重新分派"  # a ticket that a grid gave to its community's queue: no unit has it yet
CALL_NOT_ACKNOWLEDGED = "到时限未接单报到"  # a department has not acknowledged its call in time
REPORTER = "报告人"
ANONYMOUS = "匿名报告人"
FOLLOWER = "关注人"
TIMER = "系统计时"
ERASED = "内容已删除"
ERASED_PERSON = "已注销用户"
RESIDENT = "居民"
