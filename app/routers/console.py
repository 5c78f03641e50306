"""The office's console at `/console/`: one page for every address of it, its files under a strict Content-Security-Policy."""

import secrets
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Scope

from app.routers.built_files import BuiltFiles

BUILD_DIR: Final = Path(__file__).parents[2] / "console/dist"
# React Aria writes two <style> elements; they carry the page's nonce.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'{nonce}; img-src 'self' blob: data:; connect-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_NONCE_MARK: Final = "NONCE"
_NOT_BUILT_PAGE: Final = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>楼灯办公台</title>
<h1>办公台尚未构建</h1>
<p>在项目目录运行 <code>make run</code> 即可；它需要 Node.js 20 或更新版本，没有时会自行安装。</p>
<p>The console has not been built: <code>make run</code> builds it. The API works without it.</p>
<p><a href="/">返回</a></p></html>"""


class Console(BuiltFiles):
    """The console's files. An address without a suffix is one of its screens, and gets the page."""

    def __init__(self, build_dir: Path = BUILD_DIR) -> None:
        super().__init__(build_dir, _POLICY.format(nonce=""), _NOT_BUILT_PAGE)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or the page with a nonce of its own."""
        page = self.build_dir / "index.html"
        if Path(path).suffix or not page.exists():
            return await super().get_response(path if page.exists() else ".", scope)
        nonce = secrets.token_urlsafe(16)
        return HTMLResponse(
            page.read_text("utf-8").replace(_NONCE_MARK, nonce),
            headers={
                "Content-Security-Policy": _POLICY.format(nonce=f" 'nonce-{nonce}'"),
                "Cache-Control": "no-store",
            },
        )


def routes() -> list[BaseRoute]:
    """Return the routes of `/console/`."""
    return [Route("/console", _redirect_to_slash), Mount("/console", Console())]


async def _redirect_to_slash(_: Request) -> Response:
    return RedirectResponse("/console/")
