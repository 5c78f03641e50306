"""The mini-program in the browser: files that `make run` has built, under a policy that lets nothing else in."""

import re
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

BUILT: Final = Path(__file__).parents[2] / "miniprogram/web/dist"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_NAMED_BY_CONTENT: Final = re.compile(r"\.[0-9a-f]{10}\.(js|css)$")
_MISSING: Final = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>楼灯</title>
<h1>小程序预览尚未构建</h1>
<p>在项目目录运行 <code>make run</code> 即可；它需要 Node.js 20 或更新版本，没有时会自行安装。</p>
<p>The browser preview has not been built: <code>make run</code> builds it. The API works without it.</p>
<p><a href="/">返回</a> · <a href="/docs">API</a></p></html>"""


class Preview(StaticFiles):
    """Static files with the policy, long caching of what is named by its content, and gzip made beforehand."""

    def __init__(self, built: Path = BUILT) -> None:
        super().__init__(directory=built, html=True, check_dir=False)
        self._built = built

    async def check_config(self) -> None:
        """Do not stop where nothing has been built: that is answered with a page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file; with a page that says what is missing where nothing has been built."""
        if path == "." and not (self._built / "index.html").exists():
            return HTMLResponse(_MISSING, headers={"Content-Security-Policy": "default-src 'none'"})
        if any(part.startswith(".") and part != "." for part in path.split("/")):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = POLICY
        kept = "public, max-age=31536000, immutable" if _NAMED_BY_CONTENT.search(path) else "no-cache"
        response.headers["Cache-Control"] = kept
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Send the file, or its gzip where there is one and the browser takes it."""
        asked = Headers(scope=scope)
        packed = Path(f"{full_path}.gz")
        if "gzip" not in asked.get("accept-encoding", "") or not packed.exists():
            return super().file_response(full_path, stat_result, scope, status_code)
        plain = FileResponse(full_path)
        response = FileResponse(
            packed,
            status_code,
            headers={"Content-Encoding": "gzip"},
            media_type=plain.media_type,
            stat_result=packed.stat(),
        )
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, asked)
            else response
        )


def routes() -> list[BaseRoute]:
    """Return what serves `/app/`."""
    return [Route("/app", _with_slash), Mount("/app", Preview())]


async def _with_slash(request: Request) -> Response:
    return RedirectResponse(f"/app/?{request.url.query}" if request.url.query else "/app/")
