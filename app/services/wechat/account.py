"""The mini-program's account: appid and secret."""

from app import settings
from app.errors import Unavailable
from app.rules import wechat_errors
from app.rules.wechat_errors import Use


def is_configured() -> bool:
    """Tell whether appid and secret are set."""
    conf = settings.get()
    return bool(conf.wechat_appid and conf.wechat_secret)


def account(use: Use) -> dict[str, str]:
    """Return appid and secret as WeChat names them. Raises Unavailable where they are not set."""
    conf = settings.get()
    if not (conf.wechat_appid and conf.wechat_secret):
        raise Unavailable(wechat_errors.NOT_SET_UP[use])
    return {"appid": conf.wechat_appid, "secret": conf.wechat_secret}
