"""Subscribe messages: what a person has allowed us to send, shown in WeChat itself."""

from typing import Final, Literal

from app.rules.wechat_errors import Use
from app.services.wechat.tokens import post

Release = Literal["formal", "trial", "developer"]  # which version of the mini-program a message opens
_PATH: Final = "/cgi-bin/message/subscribe/send"


async def send_message(
    openid: str, template_id: str, fields: dict[str, str], page: str | None, *, release: Release = "formal"
) -> str:
    """Send one message; return WeChat's id of it, "" where it gives none. Raises NoAnswer and WeChatError."""
    body = {
        "touser": openid,
        "template_id": template_id,
        "data": {name: {"value": value} for name, value in fields.items()},
        "miniprogram_state": release,
        "lang": "zh_CN",
    } | ({"page": page} if page else {})

    answer = await post(Use.NOBODY_WAITS, _PATH, body)
    return str(answer.get("msgid") or "")  # 64 bits: more than a float keeps
