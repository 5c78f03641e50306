"""The checks: first what is set here, then what WeChat says of it."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from app import settings
from app.labels import EVENT
from app.rules import subscribe_messages
from app.rules.subscribe_messages import MOMENTS, Template
from app.services import subscriptions, wechat
from app.services.wechat import AccountTemplate, NoAnswer, WeChatError
from app.services.wechat_check.findings import Finding, State, of_refusal

_OFFICIAL: Final = "https://api.weixin.qq.com"
# What a code on a wall opens, and what a message opens.
_PAGES: Final = ("pages/home/index", "pages/ticket/index")
_PUSH_TOKEN: Final = re.compile(r"[0-9A-Za-z]{3,32}")


async def check_all() -> list[Finding]:
    """Return all findings, in the order in which an office mends them. Asks WeChat for nothing that changes anything."""
    return [*_public_url(), *_push(), *await _ask_wechat(), *_by_hand()]


def _public_url() -> Iterator[Finding]:
    subject, url = "服务器地址", settings.get().public_url
    parts = urlsplit(url or "")
    if not url:
        yield Finding(State.MISSING, subject, "没有设置 LOUDENG_PUBLIC_URL，例如 https://lou.example.cn")
    elif parts.scheme != "https":
        yield Finding(State.MISSING, subject, f"{url} 不是 https。微信只连 https，请先装好证书")
    elif not _is_domain(parts.hostname):
        yield Finding(State.MISSING, subject, f"{url} 不是域名。微信只连备过案的域名，不连 IP 地址")
    else:
        yield Finding(State.GOOD, subject, url)


def _is_domain(host: str | None) -> bool:
    if not host or "." not in host:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def _push() -> Iterator[Finding]:
    conf, subject = settings.get(), "消息推送"
    console = "在微信后台“开发管理 → 开发设置 → 消息推送”里"
    if not (conf.wechat_push_token and conf.wechat_push_aes_key):
        names = "LOUDENG_WECHAT_PUSH_TOKEN 和 LOUDENG_WECHAT_PUSH_AES_KEY"
        yield Finding(
            State.MISSING, subject, f"没有设置 {names}，收不到照片检查的结果。{console}生成，两边填一样的"
        )
    elif not _PUSH_TOKEN.fullmatch(conf.wechat_push_token):
        yield Finding(State.MISSING, subject, "LOUDENG_WECHAT_PUSH_TOKEN 要是 3 到 32 位字母和数字")
    else:
        yield Finding(State.GOOD, subject, "令牌和密钥的样子都对")


async def _ask_wechat() -> list[Finding]:
    subject, conf = "AppID 和 AppSecret", settings.get()
    if not wechat.is_configured():
        text = "没有设置 LOUDENG_WECHAT_APPID 和 LOUDENG_WECHAT_SECRET。它们在微信后台“开发管理 → 开发设置”里"
        return [Finding(State.MISSING, subject, text)]
    try:
        await wechat.check_account()
    except (NoAnswer, WeChatError) as error:
        return [of_refusal(subject, error)]
    good = Finding(State.GOOD, subject, f"微信认可 {conf.wechat_appid}，也认可这台服务器的地址")
    return [good, *await _check_templates(), *await _check_pages()]


async def _check_templates() -> list[Finding]:
    ours = subscriptions.templates()
    if not ours:
        text = "没有设置 LOUDENG_WECHAT_TEMPLATES，小程序关着的人收不到提醒。怎么选、怎么写：docs/wechat.zh-CN.md"
        return [Finding(State.MISSING, "订阅消息模板", text)]
    try:
        account = await wechat.account_templates()
    except (NoAnswer, WeChatError) as error:
        return [of_refusal("订阅消息模板", error)]
    findings = [
        _check_template(event, template, account.get(template.id)) for event, template in ours.items()
    ]
    if left := [event for events in MOMENTS.values() for event in events if event not in ours]:
        names = "、".join(dict.fromkeys(map(_label, left)))
        text = f"{names}：没有模板，只在小程序里提醒。不需要就不用管"
        findings.append(Finding(State.BY_HAND, "没有模板的事", text))
    return findings


def _label(event: str) -> str:
    return EVENT.get(event.removeprefix("ticket."), event)


def _check_template(event: str, ours: Template, theirs: AccountTemplate | None) -> Finding:
    subject = f"模板 {event}（{_label(event)}）"
    if theirs is None:
        text = f"账号里没有 {ours.id}。在微信后台“订阅消息 → 我的模板”里复制模板 ID，注意不是“模板编号”"
        return Finding(State.MISSING, subject, text)
    if wrong := [*_differences(ours, theirs)]:
        return Finding(State.MISSING, subject, f"“{theirs.title}”{'；'.join(wrong)}")
    return Finding(State.GOOD, subject, f"“{theirs.title}”，{'长期' if theirs.long_term else '一次性'}订阅")


def _differences(ours: Template, theirs: AccountTemplate) -> Iterator[str]:
    """Yield what WeChat would refuse, or what would be counted wrongly."""
    for name, label in theirs.fields.items():
        if not subscribe_messages.can_fill(name):
            yield f"的 {name}（{label}）这个程序填不了，请另选关键词"
        elif name not in ours.fields:
            yield f"还有 {name}（{label}），fields 里没有写"
    for name in sorted(ours.fields.keys() - theirs.fields.keys()):
        yield f"没有 {name}，它有的是 {'、'.join(theirs.fields)}"
    if ours.long_term and not theirs.long_term:
        yield "是一次性订阅，请去掉 long_term"
    if theirs.long_term and not ours.long_term:
        yield '是长期订阅，请写上 "long_term": true'


async def _check_pages() -> list[Finding]:
    opened = (template.page for template in subscriptions.templates().values() if template.page)
    pages = dict.fromkeys([*_PAGES, *(page.partition("?")[0] for page in opened)])
    return [await _check_page(page) for page in pages]


async def _check_page(page: str) -> Finding:
    subject = f"页面 {page}"
    try:
        if await wechat.is_released(page):
            return Finding(State.GOOD, subject, "已经发布")
    except (NoAnswer, WeChatError) as error:
        return of_refusal(subject, error)
    text = "正式版里没有。在微信后台“版本管理”里提交审核，通过以后点“发布”；名字写错了也会这样"
    return Finding(State.MISSING, subject, text)


def _by_hand() -> Iterator[Finding]:
    """Yield what WeChat does not tell a server."""
    conf = settings.get()
    url = (conf.public_url or "https://……").rstrip("/")
    text = f"在“开发管理 → 服务器域名”里，request、uploadFile、downloadFile 三项都要有 {url}"
    yield Finding(State.BY_HAND, "服务器域名", text)
    text = f"miniprogram/src/platform/config.ts 的 release 要是 {url}，project.config.json 要是同一个 AppID"
    yield Finding(State.BY_HAND, "小程序的代码", text)
    text = f"网址要是 {url}/wechat/push，安全模式，JSON；令牌和密钥与这里的一样"
    yield Finding(State.BY_HAND, "消息推送的设置", text)
    text = "微信只检查刚用过小程序的人写的字，这里试不了。发布以后用自己的微信报一件事，看它能不能通过"
    yield Finding(State.BY_HAND, "内容检查", text)
    text = "“用户隐私保护指引”要写全手机号、位置、照片、剪贴板，写漏了功能会悄悄失灵"
    yield Finding(State.BY_HAND, "隐私指引", text)
    if conf.wechat_api_base.rstrip("/") != _OFFICIAL:
        text = f"LOUDENG_WECHAT_API_BASE 是 {conf.wechat_api_base}，不是微信的。正式使用时去掉它"
        yield Finding(State.BY_HAND, "微信接口地址", text)
