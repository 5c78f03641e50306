"""Phone number: exchange the code of the phone button."""

from typing import Any, Final

from app import settings
from app.rules import phones
from app.rules.wechat_errors import Use
from app.services.wechat import client
from app.services.wechat.client import WeChatError
from app.services.wechat.refusals import refusal
from app.services.wechat.tokens import post

_PATH: Final = "/wxa/business/getuserphonenumber"


async def phone_of(code: str) -> str:
    """Exchange the code of the phone button for the number, E.164. Raises Invalid when the code has expired."""
    try:
        answer = await post(Use.PHONE, _PATH, {"code": code})
    except WeChatError as error:
        raise refusal(error, Use.PHONE) from None
    return _number(answer.get("phone_info"))


def _number(phone_info: Any) -> str:
    """Return the number of an answer; its watermark has to be of this mini-program."""
    info = phone_info if isinstance(phone_info, dict) else {}
    watermark = info.get("watermark")
    if not isinstance(watermark, dict) or watermark.get("appid") != settings.get().wechat_appid:
        raise client.no_answer(_PATH, "not for us")
    country, pure = str(info.get("countryCode") or "86"), str(info.get("purePhoneNumber") or "")
    try:
        number = phones.normalise(f"+{country.lstrip('+')} {pure}").e164
    except ValueError:
        number = None
    if number is None:
        raise client.no_answer(_PATH, "no number")
    return number
