"""Messages as WeChat's server pushes them, signed and encrypted by wechatpy."""

import json
import secrets
from typing import Any, Final

import httpx
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from app import clock

TOKEN: Final = "pushtokenofthetests"
AES_KEY: Final = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PLAIN: Final = {"wechat_push_token": TOKEN}
SAFE: Final = {"wechat_push_token": TOKEN, "wechat_push_aes_key": AES_KEY}


def media_verdict(trace_id: str, suggest: str = "pass", **more: Any) -> dict[str, Any]:
    """Return the event by which WeChat tells what it found in an image."""
    return {
        "ToUserName": "gh_loudeng",
        "FromUserName": "o1",
        "CreateTime": 1700000000,
        "MsgType": "event",
        "Event": "wxa_media_check",
        "appid": "wx-test",
        "trace_id": trace_id,
        "version": 2,
        "result": {"suggest": suggest, "label": 100 if suggest == "pass" else 20002},
    } | more


def as_json(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False)


def as_xml(message: dict[str, Any]) -> str:
    """Return a message as XML, its text in CDATA as WeChat has it."""

    def tag(name: str, value: Any) -> str:
        inner = (
            "".join(tag(*one) for one in value.items()) if isinstance(value, dict) else f"<![CDATA[{value}]]>"
        )
        return f"<{name}>{inner}</{name}>"

    return tag("xml", message)


def signature(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    made: str = signer.signature
    return made


def query(**changes: str) -> dict[str, str]:
    """Return the parameters of a request that is signed now, with a nonce of its own."""
    timestamp = changes.pop("timestamp", str(int(clock.now().timestamp())))
    nonce = changes.pop("nonce", secrets.token_hex(8))
    signed = {"signature": signature(TOKEN, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    return signed | changes


def encrypted(content: str, *, appid: str = "wx-test", as_: str = "json") -> tuple[dict[str, str], str]:
    """Return the parameters and the body of a message in safe mode."""
    parameters = query(encrypt_type="aes")
    sealed = WeChatCrypto(TOKEN, AES_KEY, appid).encrypt_message(
        content, parameters["nonce"], parameters["timestamp"]
    )
    inside = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    parameters["msg_signature"] = signature(TOKEN, parameters["timestamp"], parameters["nonce"], inside)
    outside = {"ToUserName": "gh_loudeng", "Encrypt": inside}
    return parameters, as_json(outside) if as_ == "json" else as_xml(outside)


async def push(http: httpx.AsyncClient, parameters: dict[str, str], body: str | bytes) -> httpx.Response:
    return await http.post("/wechat/push", params=parameters, content=body)
