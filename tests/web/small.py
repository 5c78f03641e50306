"""A mini-program of a few lines, built and served on loopback, for tests of the harness itself."""

import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from app.routers.preview import POLICY
from tests.patience import HANGING

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "miniprogram/web/build.mjs"
_SUFFIXES: Final = ("json", "wxml", "wxss", "ts")


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write a program: `app.json` is made from its pages, a page's missing files are empty."""
    pages = sorted({name.rpartition(".")[0] for name in files if name.startswith("pages/")})
    whole = {f"{page}.{suffix}": "{}" if suffix == "json" else "" for page in pages for suffix in _SUFFIXES}
    whole |= {f"{page}.ts": "Page({})" for page in pages}
    whole |= {"app.json": json.dumps({"pages": pages}), "app.ts": "App({})"} | files
    for name, text in whole.items():
        path = folder / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build it into `folder/app`, as `make run` does with the real one."""
    node = shutil.which("node")
    assert node, "the browser tests need Node.js"
    command = [node, str(BUILD), "--src", str(folder / "src"), "--out", str(folder / "app")]
    return subprocess.run(command, capture_output=True, text=True, timeout=HANGING, check=False)


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files under the same policy as the real ones, and an API that says what it was sent."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_POST(self) -> None:
        self._answer({"got": len(self.rfile.read(int(self.headers["Content-Length"])))})

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self._answer({"path": self.path})
        else:
            super().do_GET()

    def _answer(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder`; its address."""
    handler = partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
