"""The plain start page: who one can be in the demo, and where the documentation is."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app import settings
from app.services import demo

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>楼灯</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.125rem/1.7 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: 2rem 1.25rem }}
h1 {{ font-size: 2rem; margin: 0 }} h2 {{ font-size: 1.25rem; margin-top: 2.5rem }}
ul {{ padding: 0; list-style: none }} li {{ padding: .6rem 0; border-bottom: 1px solid #8884 }}
code {{ font-size: .95em }} a {{ color: #0b6b4f }} @media (prefers-color-scheme: dark) {{ a {{ color: #6fd3b0 }} }}
pre {{ overflow-x: auto; padding: 1rem; background: #8881; border-radius: .75rem }}
</style>
<h1>楼灯</h1><p>晚上报的楼道灯，睡前就亮。<br>A stair light reported in the evening burns before bedtime.</p>{body}</html>"""

_DEMO = """<h2>演示街道的人物</h2><ul>{people}</ul>
<h2>登录其中一位</h2>
<pre>curl -X POST {base}/api/v1/auth/demo -H 'Content-Type: application/json' -d '{{"persona": "resident"}}'</pre>"""
_DOCS = '<h2>接口文档</h2><p><a href="/docs">/docs</a> · <a href="/openapi.json">/openapi.json</a></p>'


@router.get("/", response_class=HTMLResponse)
async def start() -> str:
    """Greet whoever opens the address in a browser."""
    conf = settings.get()
    body = ""
    if conf.demo:
        people = "".join(
            f"<li>{escape(label)} <code>{escape(name)}</code></li>" for name, label in demo.PERSONAS.items()
        )
        body += _DEMO.format(people=people, base=f"http://{conf.host}:{conf.port}")
    if conf.demo or conf.docs:
        body += _DOCS
    return _PAGE.format(body=body)
