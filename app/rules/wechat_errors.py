"""What WeChat's errcodes mean: whose fault each is, the sentence for the user, the line for the operator."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final


class Kind(Enum):
    """Whose fault an error is, and what helps."""

    CODE = auto()  # the user's code is invalid, expired or used: they ask for another one
    RISKY = auto()  # WeChat distrusts the account
    TOO_OFTEN = auto()  # the user's requests come too fast
    QUOTA = auto()  # the mini-program has used up its calls of the day
    TOKEN = auto()  # the access token is no longer valid: it is renewed once
    SETUP = auto()  # the operator has to set something up
    UNSUBSCRIBED = auto()  # the person refuses such messages, or has used up what they allowed
    UNSEEN = auto()  # WeChat has not seen the person within two hours: it does not check their text
    TEMPLATE = auto()  # the template or what was filled into it is wrong: the operator has to mend its entry
    BUSY = auto()  # WeChat cannot do it now


class Use(Enum):
    """What the user wanted of WeChat."""

    SIGN_IN = auto()
    PHONE = auto()
    NOBODY_WAITS = auto()  # a message, a check, a code


# Of messages, checks and codes: no person who asked for something is answered with them.
UNSEEN_BY_PEOPLE: Final = frozenset({Kind.UNSUBSCRIBED, Kind.UNSEEN, Kind.TEMPLATE})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an errcode means; `line` is for the operator."""

    kind: Kind
    line: str


_BUSY: Final = "微信暂时繁忙，请稍后再试"
NOT_SET_UP: Final = {  # also the answer where no appid is configured
    Use.SIGN_IN: "微信登录暂未开通，请联系社区或管理员",
    Use.PHONE: "微信手机号暂未开通，请自己填写手机号",
    Use.NOBODY_WAITS: "还没有配置微信",
}
SENTENCES: Final[dict[Use, dict[Kind, str]]] = {
    Use.SIGN_IN: {
        Kind.CODE: "微信登录码无效、已过期或已用过，请重新打开小程序",
        Kind.RISKY: "微信提示该账号存在风险，暂时无法登录",
        Kind.TOO_OFTEN: "登录太频繁，请一分钟后再试",
        Kind.QUOTA: "今天用微信登录的人太多，请稍后再试",
        Kind.TOKEN: _BUSY,
        Kind.SETUP: NOT_SET_UP[Use.SIGN_IN],
        Kind.BUSY: _BUSY,
    },
    Use.PHONE: {
        Kind.CODE: "手机号授权无效或已过期，请再点一次按钮",
        Kind.RISKY: "微信提示该账号存在风险，请自己填写手机号",
        Kind.TOO_OFTEN: "操作太频繁，请一分钟后再试",
        Kind.QUOTA: "今天验证手机号的人太多，请改为自己填写",
        Kind.TOKEN: _BUSY,
        Kind.SETUP: NOT_SET_UP[Use.PHONE],
        Kind.BUSY: _BUSY,
    },
}
ERRORS: Final[dict[int, Meaning]] = {
    -1: Meaning(Kind.BUSY, "WeChat is busy"),
    40001: Meaning(
        Kind.TOKEN, "access token refused; does another program fetch one with /cgi-bin/token for this appid?"
    ),
    40014: Meaning(Kind.TOKEN, "access token refused"),
    42001: Meaning(Kind.TOKEN, "access token expired"),
    40029: Meaning(Kind.CODE, "code invalid or expired, or of another mini-program than this appid's"),
    40163: Meaning(Kind.CODE, "code used before"),
    40226: Meaning(Kind.RISKY, "account at risk"),
    45009: Meaning(Kind.QUOTA, "quota of the day used up"),
    45011: Meaning(Kind.TOO_OFTEN, "calls too frequent"),
    40003: Meaning(Kind.UNSUBSCRIBED, "openid is not one of this mini-program"),
    43101: Meaning(Kind.UNSUBSCRIBED, "the person refuses the message or has used up what they allowed"),
    43108: Meaning(Kind.BUSY, "two messages to one person at once"),
    40037: Meaning(Kind.TEMPLATE, "template id unknown"),
    41030: Meaning(Kind.TEMPLATE, "page unknown or not released"),
    40169: Meaning(Kind.TEMPLATE, "scene of a code too long or with other characters"),
    47003: Meaning(Kind.TEMPLATE, "a field of the template is missing, too long or of another kind"),
    61010: Meaning(Kind.UNSEEN, "the person was not in the mini-program within two hours"),
    40013: Meaning(Kind.SETUP, "appid or secret wrong"),
    40125: Meaning(Kind.SETUP, "secret wrong"),
    41002: Meaning(Kind.SETUP, "appid missing"),
    41004: Meaning(Kind.SETUP, "secret missing"),
    40164: Meaning(Kind.SETUP, "this server's IP address is not in the mini-program's allow-list"),
    48001: Meaning(Kind.SETUP, "the mini-program has no permission for this interface"),
    50002: Meaning(Kind.SETUP, "the mini-program is restricted"),
    50007: Meaning(Kind.SETUP, "the mini-program's account is frozen"),
    61004: Meaning(Kind.SETUP, "this server's IP address is not registered"),
    89503: Meaning(Kind.SETUP, "this server's IP address waits for the administrator's confirmation"),
    89506: Meaning(Kind.SETUP, "this server's IP address was refused by the administrator, for a day"),
    89507: Meaning(Kind.SETUP, "this server's IP address was refused by the administrator, for an hour"),
}
_UNKNOWN: Final = Meaning(Kind.BUSY, "unknown error")


def meaning(errcode: int) -> Meaning:
    """Return what an errcode means; one that is not in the table is nobody's fault."""
    return ERRORS.get(errcode, _UNKNOWN)


def operator_line(errcode: int) -> str:
    """Return an errcode as the log and `/ready` say it: `appid or secret wrong (40013)`."""
    return f"{meaning(errcode).line} ({errcode})"
