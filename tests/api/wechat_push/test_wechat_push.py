"""WeChat's message push: only WeChat's own messages are taken, each once, and no message makes the server fail."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from tests.deployed import deployed
from tests.pushes import (
    PLAIN,
    SAFE,
    TOKEN,
    as_json,
    as_xml,
    encrypted,
    media_verdict,
    push,
    query,
    signature,
)
from tests.world import problem

UNKNOWN: dict[str, Any] = {"ToUserName": "gh", "FromUserName": "o1", "CreateTime": 1, "MsgType": "event"}


@pytest.fixture
def safe() -> Iterator[None]:
    with deployed(**SAFE):
        yield


@pytest.fixture
def plain() -> Iterator[None]:
    with deployed(**PLAIN):
        yield


async def stored() -> list[tuple[str, str, int]]:
    rows = await db.fetch("SELECT trace_id, suggest, label FROM content_verdict ORDER BY 1, 2")
    return [tuple(row) for row in rows]


def taken(response: httpx.Response) -> None:
    assert (response.status_code, response.text) == (200, "success")


async def test_the_console_is_answered_with_what_it_sent(http: httpx.AsyncClient, safe: None) -> None:
    echo = await http.get("/wechat/push", params=query(echostr="<b>4711</b>"))
    assert (echo.status_code, echo.text) == (200, "<b>4711</b>")
    assert echo.headers["content-type"] == "text/plain; charset=utf-8"


async def test_the_console_has_to_sign(http: httpx.AsyncClient, plain: None) -> None:
    for wrong in (query(echostr="1", signature="0" * 40), query(echostr="1", nonce="x") | {"nonce": "y"}, {}):
        problem(await http.get("/wechat/push", params=wrong), 403)


async def test_without_a_token_there_is_no_push(http: httpx.AsyncClient) -> None:
    problem(await http.get("/wechat/push", params=query(echostr="1")), 404)
    problem(await push(http, query(), as_json(media_verdict("t1"))), 404)


@pytest.mark.parametrize("write", [as_json, as_xml])
async def test_a_plain_message_is_taken_in_both_formats(
    http: httpx.AsyncClient, plain: None, write: Any
) -> None:
    taken(await push(http, query(), write(media_verdict("t1", "risky"))))
    assert await stored() == [("t1", "risky", 20002)]


@pytest.mark.parametrize("inside", [as_json, as_xml])
@pytest.mark.parametrize("outside", ["json", "xml"])
async def test_an_encrypted_message_is_taken_in_both_formats(
    http: httpx.AsyncClient, safe: None, inside: Any, outside: str
) -> None:
    taken(await push(http, *encrypted(inside(media_verdict("t1")), as_=outside)))
    assert await stored() == [("t1", "pass", 100)]


async def test_a_label_may_be_text_and_the_details_a_list_or_one(http: httpx.AsyncClient, safe: None) -> None:
    for n, detail in enumerate(([{"label": 1}, {"label": 2}], {"label": 1}, [])):
        message = media_verdict(f"t{n}", detail=detail)
        message["result"]["label"] = "100"
        taken(await push(http, *encrypted(as_json(message))))
    assert len(await stored()) == 3


async def test_in_safe_mode_a_plain_message_is_refused(http: httpx.AsyncClient, safe: None) -> None:
    """Signed well: whoever knows an old signature could else say what they like."""
    for parameters in (query(), query(encrypt_type="raw"), query(encrypt_type="aes")):
        problem(await push(http, parameters, as_json(media_verdict("t1"))), 403)
        problem(await push(http, parameters, as_xml(media_verdict("t2"))), 403)
    assert await stored() == []


async def test_the_signature_of_the_plain_mode_does_not_do_in_safe_mode(
    http: httpx.AsyncClient, safe: None
) -> None:
    parameters, body = encrypted(as_json(media_verdict("t1")))
    for wrong in ("", parameters["signature"]):
        problem(await push(http, parameters | {"msg_signature": wrong}, body), 403)


async def test_a_message_for_another_mini_program_is_refused(http: httpx.AsyncClient, safe: None) -> None:
    problem(await push(http, *encrypted(as_json(media_verdict("t1")), appid="wx-other")), 403)
    problem(await push(http, *encrypted(as_json(media_verdict("t1", appid="wx-other")))), 403)
    assert await stored() == []


async def test_a_delivery_is_taken_once(http: httpx.AsyncClient, safe: None) -> None:
    delivery = encrypted(as_json(media_verdict("t1")))
    taken(await push(http, *delivery))
    problem(await push(http, *delivery), 403)


async def test_an_old_signature_is_refused(http: httpx.AsyncClient, plain: None, safe: None) -> None:
    delivery = encrypted(as_json(media_verdict("t1")))
    clock.travel(timedelta(minutes=11))
    problem(await push(http, *delivery), 403)
    clock.travel(timedelta(minutes=-30))
    problem(await push(http, *delivery), 403)
    assert await stored() == []


async def test_an_event_that_comes_twice_is_one(http: httpx.AsyncClient, safe: None) -> None:
    for _ in range(2):
        taken(await push(http, *encrypted(as_json(media_verdict("t1")))))
    assert len(await stored()) == 1


@pytest.mark.parametrize(
    "message",
    [
        UNKNOWN | {"Event": "subscribe_msg_popup_event", "List": {"TemplateId": "t"}},
        UNKNOWN | {"Event": "wxa_media_check"},
        UNKNOWN | {"Event": "wxa_media_check", "trace_id": "t", "result": {"suggest": "who knows"}},
        UNKNOWN | {"Event": "wxa_media_check", "trace_id": {"a": 1}, "result": []},
        UNKNOWN | {"MsgType": "text", "Content": "你好"},
        {"MsgType": "something_new"},
    ],
)
@pytest.mark.parametrize("write", [as_json, as_xml])
async def test_what_we_do_not_know_is_taken_and_left(
    http: httpx.AsyncClient, safe: None, message: dict[str, Any], write: Any
) -> None:
    taken(await push(http, *encrypted(write(message))))
    assert await stored() == []


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", '"x"', "<xml>", "<xml></xml>", "<a/>", "x", "\x00", "{}" * 2),
        *("[" * 100_000, '{"a":' * 30_000, "<xml>" + "<a>" * 20_000),
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><MsgType>&b;</MsgType></xml>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><MsgType>&f;</MsgType></xml>',
    ],
    ids=lambda body: body[:12],
)
async def test_what_is_no_message_is_refused(http: httpx.AsyncClient, plain: None, body: str) -> None:
    answered = await push(http, query(), body)
    assert answered.status_code == 400, answered.text
    assert "passwd" not in answered.text


async def test_whatever_a_changed_byte_makes_of_it_is_refused(http: httpx.AsyncClient, safe: None) -> None:
    """Signed anew, as if the token had leaked: it does not open, and nothing fails."""
    parameters, body = encrypted(as_json(media_verdict("t1")))
    sealed = json.loads(body)["Encrypt"]
    for changed in (
        *("", "=", "A", "汉字", sealed[:40], sealed[:-4], sealed[4:], "A" * 44, sealed.swapcase()),
        *(sealed[:n] + ("A" if sealed[n] != "A" else "B") + sealed[n + 1 :] for n in range(24, 84, 5)),
    ):
        signed = parameters | {
            "msg_signature": signature(TOKEN, parameters["timestamp"], parameters["nonce"], changed)
        }
        for written in (as_json({"Encrypt": changed}), as_xml({"Encrypt": changed})):
            answered = await push(http, signed, written)
            assert answered.status_code in {400, 403}, (changed, answered.text)
        unsigned = await push(http, parameters, as_json({"Encrypt": changed}))
        assert unsigned.status_code == 403, (changed, unsigned.text)
    for content in (b"\xff\xfe", b"\x89PNG"):
        assert (await push(http, parameters, content)).status_code == 400
    assert await stored() == []


async def test_parameters_may_be_anything(http: httpx.AsyncClient, plain: None) -> None:
    body = as_json(media_verdict("t1"))
    for parameters in (
        {},
        query(timestamp="9" * 30),
        query(timestamp="-1"),
        query(timestamp="١٢٣"),
        query(timestamp=""),
        query() | {"signature": "汉字"},
        query() | {"nonce": "\x00"},
    ):
        problem(await push(http, parameters, body), 403)
    for nonce in ("n" * 5000, "\x00", "汉字", ""):
        taken(await push(http, query(nonce=nonce, openid="o1"), body))
