"""The envelope of a pushed message: its signature, its encryption, XML or JSON; opened by wechatpy.

wechatpy is imported when it is first needed: it brings a client of its own that this program does not use.
"""

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json


class Foreign(Exception):
    """Somebody else made it: not signed with our key, not encrypted where it has to be, or for another appid."""


class Unreadable(Exception):
    """It is no message: cut off, of another format, or changed on its way."""


def is_signed(token: str, query: Mapping[str, str]) -> bool:
    """Tell whether timestamp and nonce are signed with the token. It says nothing about the body."""
    from wechatpy.exceptions import InvalidSignatureException  # noqa: PLC0415 - see above
    from wechatpy.utils import check_signature  # noqa: PLC0415

    try:
        check_signature(token, query.get("signature", ""), query.get("timestamp", ""), query.get("nonce", ""))
    except InvalidSignatureException:
        return False
    return True


def decrypt(token: str, key: str, appid: str, query: Mapping[str, str], body: bytes) -> str:
    """Return the content of an encrypted message; a plain one is refused. Raises Foreign, Unreadable."""
    from wechatpy.crypto import WeChatCrypto  # noqa: PLC0415 - see above
    from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException  # noqa: PLC0415

    outside = _fields(body)
    if query.get("encrypt_type") != "aes" or not isinstance(outside.get("Encrypt"), str):
        raise Foreign("plain")
    signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    try:
        content: str = WeChatCrypto(token, key, appid).decrypt_message(
            {"Encrypt": outside["Encrypt"]}, signature, timestamp, nonce
        )
    except InvalidSignatureException:
        raise Foreign("signature") from None
    except InvalidAppIdException:
        raise Foreign("appid") from None
    except Exception as error:  # noqa: BLE001 - whatever a changed byte makes of it
        raise Unreadable(type(error).__name__) from None
    return content


def parse(content: str) -> dict[str, Any]:
    """Return the fields of a message in XML or JSON. Raises Unreadable."""
    from wechatpy import parse_message  # noqa: PLC0415 - see above

    if content.lstrip().startswith("{"):
        return _fields(content.encode())
    try:
        message = parse_message(content)
        fields = dict(message._data)  # noqa: SLF001 - the one way to what wechatpy has no attribute for
    except Exception as error:  # noqa: BLE001 - whatever the XML is
        raise Unreadable(type(error).__name__) from None
    return fields


def _fields(body: bytes) -> dict[str, Any]:
    """Return the fields of JSON, or of XML without a type of its own. Raises Unreadable."""
    import xmltodict  # noqa: PLC0415 - comes with wechatpy

    try:
        text = body.decode()
        fields = from_json(text) if text.lstrip().startswith("{") else xmltodict.parse(text)["xml"]
    except Exception as error:  # noqa: BLE001 - whatever it is
        raise Unreadable(type(error).__name__) from None
    if not isinstance(fields, dict):
        raise Unreadable("no object")
    return fields
