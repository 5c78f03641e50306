"""What a check has found, as one line for an office's clerk."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from app.services.wechat import NoAnswer, WeChatError


class State(Enum):
    """How it is; the value stands before the line."""

    GOOD = "【好】"
    MISSING = "【缺】"
    UNKNOWN = "【没查到】"
    BY_HAND = "【请核对】"  # WeChat tells it to nobody but the account's own people


class Finding(NamedTuple):
    """One line: of what, how it is, and what to do."""

    state: State
    subject: str
    text: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.state.value}{self.subject}：{self.text}"


def of_refusal(subject: str, error: WeChatError | NoAnswer) -> Finding:
    """Return the finding where WeChat did not say what was asked: an error of its own is no verdict."""
    if isinstance(error, NoAnswer):
        return Finding(State.UNKNOWN, subject, "微信没有回应。看看这台服务器能不能上网，过几分钟再查一次")
    remedy = _REMEDIES.get(error.errcode)
    if remedy is None:
        return Finding(State.UNKNOWN, subject, f"微信没有答应（错误码 {error.errcode}），过几分钟再查一次")
    text = remedy.format(address=error.address or "，见微信后台的提示")
    return Finding(State.MISSING, subject, f"{text}（错误码 {error.errcode}）")


_CONSOLE: Final = "登录 mp.weixin.qq.com，在“开发管理 → 开发设置”里"
_REMEDIES: Final = {
    40001: "令牌被微信拒绝。是不是还有别的程序在用同一个 AppID 取令牌？让它改用 stable_token 接口",
    40013: f"AppID 不对。{_CONSOLE}核对 AppID，改 LOUDENG_WECHAT_APPID",
    40125: f"AppSecret 不对。{_CONSOLE}重置 AppSecret，改 LOUDENG_WECHAT_SECRET",
    40164: f"这台服务器的地址不在 IP 白名单里。{_CONSOLE}找到“IP 白名单”，加上 {{address}}",
    48001: "小程序没有这个接口的权限。在微信后台“能力 → 功能”和“设置 → 服务类目”里看是否开通、类目是否通过",
    50002: "小程序被微信限制了。登录微信后台看站内信，按里面写的处理",
    50007: "小程序账号被冻结了。登录微信后台看站内信，按里面写的处理",
    61004: f"这台服务器的地址没有登记。{_CONSOLE}找到“IP 白名单”，加上 {{address}}",
    89503: "微信要管理员确认这台服务器。请管理员在手机微信里点确认",
    89506: "管理员拒绝了这台服务器，一天以后才能再确认",
    89507: "管理员拒绝了这台服务器，一小时以后才能再确认",
}


def summary(findings: Sequence[Finding]) -> str:
    """Return the last line: how much is missing."""
    count = Counter(finding.state for finding in findings)
    missing, unknown, by_hand = count[State.MISSING], count[State.UNKNOWN], count[State.BY_HAND]
    if missing or unknown:
        parts = [f"缺 {missing} 项"] * bool(missing) + [f"没查到 {unknown} 项"] * bool(unknown)
        return f"{'，'.join(parts)}。补好以后再运行一次 python -m app wechat-check"
    return f"能查的都好。还有 {by_hand} 项请人核对"
