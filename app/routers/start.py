"""The start page: who one can be in the demo, each in a window of their own, and where the documentation is."""

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app import settings
from app.services import demo, passes
from app.words import Role

router = APIRouter(include_in_schema=False)

_GROUPS: Final[dict[str, set[Role | None]]] = {
    "居民": {None},
    "网格": {Role.HEAD, Role.DEPUTY, Role.MEMBER},
    "社区与街道": {Role.COMMUNITY, Role.STREET},
    "物业与部门": {Role.AGENT},
    "监督与管理": {Role.AUDITOR, Role.ADMIN},
}
_CARD: Final = '<li><a class="card" href="/app/?persona={name}" target="_blank" rel="noopener"><b>{who}</b><span>{where}</span></a></li>'
_KEY: Final = (
    f"<h2>公司自己的系统</h2><p>“人和物业”的演示密钥：<code>{passes.DEMO}</code><br>"
    "从密钥到第一张办结的工单：<code>docs/partners.zh-CN.md</code>（<span lang=en>English: "
    "<code>docs/partners.md</code></span>）</p>"
)
_LINKS: Final = '<a href="/docs">接口文档</a><a href="/openapi.json">OpenAPI</a>'


@cache
def _page() -> tuple[Template, str]:
    """Return the page, and a policy that allows its own style and nothing else."""
    text = (Path(__file__).parents[1] / "start.html").read_text("utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return Template(text), policy


@router.get("/", response_class=HTMLResponse)
async def start() -> HTMLResponse:
    """Greet whoever opens the address in a browser."""
    conf = settings.get()
    page, policy = _page()
    body = "".join(_group(title, roles) for title, roles in _GROUPS.items()) if conf.demo else ""
    if conf.demo:
        body += _KEY
    if conf.demo or conf.docs:
        body += f"<footer>{_LINKS}</footer>"
    return HTMLResponse(page.substitute(body=body), headers={"Content-Security-Policy": policy})


def _group(title: str, roles: set[Role | None]) -> str:
    cards = (_card(name) for name, role in demo.ROLES.items() if role in roles)
    return f"<h2>{title}</h2><ul>{''.join(cards)}</ul>"


def _card(name: str) -> str:
    who, _, where = demo.PERSONAS[name].rstrip("）").partition("（")
    return _CARD.format(name=escape(name), who=escape(who), where=escape(where))
