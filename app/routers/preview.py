"""The mini-program in the browser: the files built by `make run`, with a strict Content-Security-Policy."""

from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route

from app.routers.built_files import BuiltFiles

BUILD_DIR: Final = Path(__file__).parents[2] / "miniprogram/web/dist"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_NOT_BUILT_PAGE: Final = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>楼灯</title>
<h1>小程序预览尚未构建</h1>
<p>在项目目录运行 <code>make run</code> 即可；它需要 Node.js 20 或更新版本，没有时会自行安装。</p>
<p>The browser preview has not been built: <code>make run</code> builds it. The API works without it.</p>
<p><a href="/">返回</a> · <a href="/docs">API</a></p></html>"""


class Preview(BuiltFiles):
    """The files of the mini-program built for the browser."""

    def __init__(self, build_dir: Path = BUILD_DIR) -> None:
        super().__init__(build_dir, POLICY, _NOT_BUILT_PAGE)


def routes() -> list[BaseRoute]:
    """Return the routes of `/app/`."""
    return [Route("/app", _redirect_to_slash), Mount("/app", Preview())]


async def _redirect_to_slash(request: Request) -> Response:
    return RedirectResponse(f"/app/?{request.url.query}" if request.url.query else "/app/")
