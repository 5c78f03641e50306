"""The refusals of the API: a class each, with its status, its slug and one Chinese sentence."""

from collections.abc import Mapping
from typing import Any, ClassVar


class Refusal(Exception):
    """A request that is understood but not carried out. `extra` becomes members of the problem document."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "请求有误，请检查后重试"

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra


class BadRequest(Refusal):
    pass


class Unauthenticated(Refusal):
    status, slug, title = 401, "unauthenticated", "请先登录"

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **extra)


class Forbidden(Refusal):
    status, slug, title = 403, "forbidden", "您没有权限做这件事"


class ConsentRequired(Refusal):
    status, slug, title = 403, "consent-required", "请先阅读并同意隐私保护指引"


class Risky(Refusal):
    status, slug, title = 403, "risky-account", "微信提示该账号存在风险，暂时无法登录"


class NotFound(Refusal):
    status, slug, title = 404, "not-found", "没有找到，或您看不到它"


class Gone(Refusal):
    """An Idempotency-Key is repeated whose object was removed since."""

    status, slug, title = (
        410,
        "gone",
        "这次请求已经办成过，但办成的内容后来已删除；要再做一次，请用新的幂等键",
    )


class CodeReplaced(Refusal):
    """A stairwell code that the office has replaced."""

    status, slug, title = 410, "code-replaced", "这个码已作废，请扫楼道里新贴的码"


class Conflict(Refusal):
    status, slug, title = 409, "conflict", "这件事现在不能这样做"


class Duplicate(Conflict):
    slug, title = "duplicate", "已经有了，请不要重复提交"


class Overdrawn(Conflict):
    """The database keeps every balance of a person or a stock at zero or above."""

    slug, title = "overdrawn", "余额不足，请刷新后再试"


class Unreadable(Conflict):
    """Something was encrypted with a key that is lost, or was damaged."""

    slug, title = "unreadable", "这项内容是用以前的密钥加密的，现在读不出来，请联系管理员"


class StaleVersion(Refusal):
    status, slug, title = 409, "stale-version", "刚刚有了变化，请看最新情况再操作"


class WouldMakeOverdue(Refusal):
    status, slug, title = 409, "would-make-overdue", "这样改会让未办结的工单立即超时，请先确认"


class StaleSettings(StaleVersion):
    title = "设置刚刚有人改过，请看最新内容再改"


class Unconfirmed(Conflict):
    slug, title = "unconfirmed", "这样改会影响正在办理的工单或岗位，请确认后再改"


class WrongState(Refusal):
    status, slug, title = 409, "wrong-state", "现在的状态不能这样操作"


class TooLarge(Refusal):
    status, slug, title = 413, "too-large", "内容太大了，请压缩后再上传"


class Unsupported(Refusal):
    status, slug, title = 415, "unsupported-media-type", "不支持这种内容格式"


class Invalid(Refusal):
    status, slug, title = 422, "invalid", "填写的内容有误，请按提示修改"

    @classmethod
    def at(cls, pointer: str, detail: str) -> "Invalid":
        """Return the refusal of one field; `pointer` is its JSON pointer."""
        return cls(detail, errors=[{"pointer": pointer, "detail": detail}])


class KeyReused(Refusal):
    status, slug, title = 422, "idempotency-key-reused", "同一个幂等键已用于另一份内容"


class TooMany(Refusal):
    status, slug, title = 429, "too-many", "操作太频繁，请稍后再试"

    def __init__(self, detail: str | None = None, *, retry_after: int = 60) -> None:
        super().__init__(detail, headers={"Retry-After": str(max(1, retry_after))})


class NotInstalled(Refusal):
    status, slug, title = 501, "not-installed", "这台服务器没有安装这项功能"


class Unavailable(Refusal):
    status, slug, title = 503, "unavailable", "服务暂时不可用，请稍后再试"

    def __init__(self, detail: str | None = None, *, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class StorageFull(Refusal):
    status, slug, title = 507, "storage-full", "服务器存储空间不足，请稍后再试"


class Misconfigured(Exception):
    """The program cannot run as it is configured; the message is one line for the person who starts it."""
