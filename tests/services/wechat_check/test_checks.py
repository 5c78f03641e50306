"""What `wechat-check` says: each thing that may be missing has its own line."""

import json
from typing import Any, Final

import pytest

from app.services import wechat_check
from tests.deployed import deployed
from tests.wechat_standin import RID, Wechat

pytestmark = pytest.mark.usefixtures("street")

PAGES: Final = {"pages/home/index", "pages/ticket/index"}
RESOLVED: Final = {
    "id": "t1",
    "page": "pages/ticket/index?id={id}",
    "fields": {"thing1": "{place}", "phrase2": "{status}"},
}
COMPLETE: Final = {
    "public_url": "https://lou.example.cn",
    "wechat_push_token": "pushtoken",
    "wechat_push_aes_key": "a" * 43,
    "wechat_templates": json.dumps({"ticket.resolved": RESOLVED}),
}


@pytest.fixture
def ready(wechat: Wechat) -> Wechat:
    """Let WeChat have what the complete settings name."""
    wechat.released = set(PAGES)
    wechat.has_template("t1", "维修地点 thing1", "当前进度 phrase2")
    return wechat


async def check(**changed: str | None) -> list[str]:
    with deployed(**COMPLETE | changed):
        return [str(finding) for finding in await wechat_check.check_all()]


async def missing(**changed: str | None) -> list[str]:
    """Return the lines of what is missing or could not be asked."""
    return [line for line in await check(**changed) if line.startswith(("【缺】", "【没查到】"))]


async def test_nothing_is_missing_of_a_complete_deployment(ready: Wechat) -> None:
    lines = await check()
    assert not [line for line in lines if not line.startswith(("【好】", "【请核对】"))]
    assert "【好】模板 ticket.resolved（已办结）：“维修进度提醒”，一次性订阅" in lines


# What is set wrongly: the setting, its value, the line's beginning and a part of it.
SETTINGS: Final[list[tuple[str, str | None, str, str]]] = [
    ("public_url", None, "【缺】服务器地址", "LOUDENG_PUBLIC_URL"),
    ("public_url", "http://lou.example.cn", "【缺】服务器地址", "https"),
    ("public_url", "https://203.0.113.7", "【缺】服务器地址", "域名"),
    ("public_url", "https://localhost", "【缺】服务器地址", "域名"),
    ("wechat_push_token", None, "【缺】消息推送", "LOUDENG_WECHAT_PUSH_TOKEN"),
    ("wechat_push_token", "a-b", "【缺】消息推送", "3 到 32 位"),
    ("wechat_appid", None, "【缺】AppID", "LOUDENG_WECHAT_APPID"),
    ("wechat_appid", "wx-other", "【缺】AppID", "40013"),
    ("wechat_secret", "other", "【缺】AppID", "40125"),
    ("wechat_templates", "{}", "【缺】订阅消息模板", "LOUDENG_WECHAT_TEMPLATES"),
]


@pytest.mark.parametrize(("setting", "value", "start", "part"), SETTINGS)
async def test_a_setting_that_is_wrong(
    ready: Wechat, setting: str, value: str | None, start: str, part: str
) -> None:
    lines = await missing(**{setting: value})
    assert len(lines) == 1
    assert lines[0].startswith(start)
    assert part in lines[0]


# What the template of the account differs in: its fields, whether it is long-term, what is said.
TEMPLATES: Final[list[tuple[list[str], bool, str]]] = [
    (["维修地点 thing1", "当前进度 phrase2", "完成时间 time3"], False, "还有 time3（完成时间）"),
    (["维修地点 thing1"], False, "没有 phrase2，它有的是 thing1"),
    (["维修地点 thing1", "当前进度 enum_string2"], False, "enum_string2（当前进度）这个程序填不了"),
    (["维修地点 thing1", "当前进度 phrase2"], True, "是长期订阅"),
]


@pytest.mark.parametrize(("fields", "long_term", "said"), TEMPLATES)
async def test_a_template_that_differs_from_the_account(
    ready: Wechat, fields: list[str], long_term: bool, said: str
) -> None:
    ready.templates.clear()
    ready.has_template("t1", *fields, long_term=long_term)
    (line,) = await missing()
    assert line.startswith("【缺】模板 ticket.resolved（已办结）：“维修进度提醒”")
    assert said in line


async def test_a_one_time_template_that_is_taken_for_a_long_term_one(ready: Wechat) -> None:
    (line,) = await missing(wechat_templates=json.dumps({"ticket.resolved": RESOLVED | {"long_term": True}}))
    assert "是一次性订阅，请去掉 long_term" in line


async def test_a_template_that_the_account_does_not_have(ready: Wechat) -> None:
    ready.templates.clear()
    (line,) = await missing()
    assert "账号里没有 t1" in line


async def test_a_page_that_is_not_released(ready: Wechat) -> None:
    ready.released.discard("pages/ticket/index")
    (line,) = await missing()
    assert line.startswith("【缺】页面 pages/ticket/index")


async def test_an_address_that_is_not_in_the_allow_list_is_named(ready: Wechat) -> None:
    message = f"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: {RID}"
    ready.says({"errcode": 40164, "errmsg": message}, tokens=True)
    (line,) = await missing()
    assert line.startswith("【缺】AppID")
    assert "加上 203.0.113.7（错误码 40164）" in line


# Errors are no verdicts: what WeChat answers, and to what.
NO_VERDICT: Final[dict[str, tuple[Any, str]]] = {
    "busy": ({"errcode": -1, "errmsg": "system error"}, "200 OK"),
    "html": (b"<html>", "200 OK"),
    "502": (b"<html>", "502 Bad Gateway"),
    "no list": ({"errcode": 0, "data": "none"}, "200 OK"),
    "no fields": ({"errcode": 0, "data": [{"priTmplId": "t1"}]}, "200 OK"),
}


@pytest.mark.parametrize("answer", NO_VERDICT)
async def test_what_wechat_does_not_say_is_not_missing(ready: Wechat, answer: str) -> None:
    said, status = NO_VERDICT[answer]
    ready.says(said, status)
    lines = await missing()
    assert lines
    assert all(line.startswith("【没查到】") for line in lines)


async def test_a_token_remembered_from_before_hides_no_wrong_secret(ready: Wechat) -> None:
    assert not await missing()
    (line,) = await missing(wechat_secret="other")
    assert "AppSecret 不对" in line


async def test_the_secret_is_in_no_line(ready: Wechat) -> None:
    lines = "\n".join(await check())
    assert "wx-test-secret" not in lines
    assert "a" * 43 not in lines
