"""Whether WeChat answers us: asked before messages are handed to it again after an outage."""

from typing import Final

from app.rules.wechat_errors import Kind, Use
from app.services.wechat.client import NoAnswer, WeChatError
from app.services.wechat.tokens import get

_PATH: Final = "/cgi-bin/get_api_domain_ip"  # changes nothing and costs nothing


async def is_reachable() -> bool:
    """Tell whether WeChat answers and takes our token."""
    try:
        await get(Use.NOBODY_WAITS, _PATH)
    except NoAnswer:
        return False
    except WeChatError as error:
        return error.kind not in {Kind.BUSY, Kind.TOKEN, Kind.SETUP}
    return True
