"""The start page: links to the demo's personas, each in its own window, to the console, and to the documentation."""

from functools import cache
from html import escape
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app import settings
from app.enums import Role
from app.errors import NotFound
from app.html_page import HtmlPage
from app.services import auth, demo

router = APIRouter(include_in_schema=False)

_GROUPS: Final[dict[str, set[Role | None]]] = {
    "居民": {None},
    "网格": {Role.HEAD, Role.DEPUTY, Role.MEMBER},
    "社区与街道": {Role.COMMUNITY, Role.STREET},
    "物业与部门": {Role.AGENT},
    "监督与管理": {Role.AUDITOR, Role.ADMIN},
}
_CARD_HTML: Final = '<li><a class="card" href="/app/?persona={code}" target="_blank" rel="noopener"><b>{who}</b><span>{where}</span></a></li>'
_KEY_HTML: Final = (
    f"<h2>公司自己的系统</h2><p>“人和物业”的演示密钥：<code>{auth.DEMO_KEY}</code><br>"
    "从密钥到第一张办结的工单：<code>docs/partners.zh-CN.md</code>（<span lang=en>English: "
    "<code>docs/partners.md</code></span>）</p>"
)
_LINKS_HTML: Final = '<a href="/docs">接口文档</a><a href="/openapi.json">OpenAPI</a>'


_CONSOLE_HTML: Final = (
    "<h2>办公台</h2><ul>"
    '<li><a class="card" href="/console/" target="_blank" rel="noopener"><b>办公台</b><span>社区和街道在电脑上用</span></a></li>'
    '<li><a class="card" href="/beside" target="_blank" rel="noopener"><b>三个屏幕</b>'
    "<span>居民、网格长的手机和社区的电脑并排：报一盏楼道灯，看它怎么走</span></a></li></ul>"
)


@cache
def _load_page(name: str) -> HtmlPage:
    return HtmlPage(name, framing="frame-src 'self'")


@router.get("/", response_class=HTMLResponse)
async def start() -> HTMLResponse:
    """Return the start page."""
    conf = settings.get()
    page = _load_page("start.html")
    body = "".join(_group_html(title, roles) for title, roles in _GROUPS.items()) if conf.demo else ""
    if conf.demo:
        body += _CONSOLE_HTML + _KEY_HTML
    if conf.demo or conf.docs:
        body += f"<footer>{_LINKS_HTML}</footer>"
    return HTMLResponse(page.template.substitute(body=body), headers={"Content-Security-Policy": page.policy})


@router.get("/beside", response_class=HTMLResponse)
async def beside() -> HTMLResponse:
    """Return the stair light side by side: two phones and the console, live; only in demo mode. Raises NotFound."""
    if not settings.get().demo:
        raise NotFound
    page = _load_page("beside.html")
    return HTMLResponse(page.template.template, headers={"Content-Security-Policy": page.policy})


def _group_html(title: str, roles: set[Role | None]) -> str:
    cards = (_card_html(code, persona) for code, persona in demo.PERSONAS.items() if persona.role in roles)
    return f"<h2>{title}</h2><ul>{''.join(cards)}</ul>"


def _card_html(code: str, persona: demo.Persona) -> str:
    who, _, where = persona.label.rstrip("）").partition("（")
    return _CARD_HTML.format(code=escape(code), who=escape(who), where=escape(where))
