"""Serves what a build has written: a policy, long caching of files with a hash in their name, prepared gzip files."""

import re
from os import PathLike, stat_result
from pathlib import Path
from typing import Final

from fastapi import Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

# Ours are hexadecimal, esbuild's are of capital letters and digits.
_HASHED_NAME: Final = re.compile(r"[.-]([0-9a-f]{10}|[0-9A-Z]{8})\.(js|css)$")


class BuiltFiles(StaticFiles):
    """The files of a build directory under a Content-Security-Policy; without a build, a page that says how to build."""

    def __init__(self, build_dir: Path, policy: str, not_built_page: str) -> None:
        super().__init__(directory=build_dir, html=True, check_dir=False)
        self.build_dir, self.policy, self._not_built_page = build_dir, policy, not_built_page

    async def check_config(self) -> None:
        """Accept a missing directory: `get_response` returns a page for it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file; if nothing has been built, a page that says how to build it."""
        if path == "." and not (self.build_dir / "index.html").exists():
            return HTMLResponse(
                self._not_built_page, headers={"Content-Security-Policy": "default-src 'none'"}
            )
        if any(part.startswith(".") and part != "." for part in path.split("/")):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = self.policy
        cache = "public, max-age=31536000, immutable" if _HASHED_NAME.search(path) else "no-cache"
        response.headers["Cache-Control"] = cache
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Return the file, or its gzip file if there is one and the browser accepts it."""
        request_headers = Headers(scope=scope)
        gzip_file = Path(f"{full_path}.gz")
        if "gzip" not in request_headers.get("accept-encoding", "") or not gzip_file.exists():
            return super().file_response(full_path, stat_result, scope, status_code)
        plain = FileResponse(full_path)
        response = FileResponse(
            gzip_file,
            status_code,
            headers={"Content-Encoding": "gzip"},
            media_type=plain.media_type,
            stat_result=gzip_file.stat(),
        )
        return (
            NotModifiedResponse(response.headers)
            if self.is_not_modified(response.headers, request_headers)
            else response
        )
