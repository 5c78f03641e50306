"""What is shipped for operators names only what there is."""

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

import httpx
import pytest

import app.worker  # noqa: F401 - has metrics of its own
from app.rules.subscribe_messages import MOMENTS
from app.services.subscriptions import templates
from app.settings import PREFIX, Settings
from tests.deployed import deployed

TOP: Final = Path(__file__).parents[2]
RULES: Final = TOP / "deploy/prometheus/loudeng.rules.yml"
DASHBOARD: Final = TOP / "deploy/grafana/loudeng.json"
PAGES: Final = [TOP / "docs" / name for name in ("operations.md", "wechat.md", "wechat.zh-CN.md")]


def alerts() -> list[str]:
    return re.findall(r"expr: (.*)", RULES.read_text("utf-8"))


def panels() -> list[str]:
    found = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    assert [panel["id"] for panel in found] == list(range(1, len(found) + 1))
    return [target["expr"] for panel in found for target in panel["targets"]]


_METRIC: Final = re.compile(r"\b(?:loudeng|process)_\w+")


@pytest.mark.usefixtures("street")
@pytest.mark.parametrize("expressions", [alerts(), panels()], ids=["alerts", "dashboard"])
async def test_alerts_and_panels_are_about_figures_that_are_shown(
    expressions: list[str], http: httpx.AsyncClient
) -> None:
    await http.get("/health")
    with deployed(metrics_token="t" * 32):
        shown = (await http.get("/metrics", headers={"Authorization": f"Bearer {'t' * 32}"})).text
    named = {name for each in expressions for name in _METRIC.findall(each)}
    assert len(named) > 5
    assert {name for name in named if not re.search(rf"^{name}[ {{]", shown, re.MULTILINE)} == set()


def test_the_example_of_settings_names_only_settings() -> None:
    text = (TOP / "deploy/env.example").read_text("utf-8")
    names = re.findall(rf"^#?{PREFIX}(\w+)=", text, re.MULTILINE)
    assert names
    assert {name for name in names if name.lower() not in Settings.model_fields} == set()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_pages_for_operators_name_only_settings(page: Path) -> None:
    named = re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", page.read_text("utf-8"))
    assert {name for name in named if name.lower() not in Settings.model_fields} == set()


GUIDES: Final = [page for page in PAGES if page.name.startswith("wechat")]


@pytest.mark.parametrize("page", GUIDES, ids=[page.name for page in GUIDES])
def test_the_templates_of_the_guide_are_taken_as_they_are(page: Path) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    with deployed(wechat_templates=example):
        known = templates()
    assert all(events[0] in known for events in MOMENTS.values())


# A path in backticks below a folder of the repository.
_PATH: Final = re.compile(r"`((?:deploy|miniprogram|docs|app)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_file_a_page_for_operators_names_is_there(page: Path) -> None:
    named = _PATH.findall(page.read_text("utf-8"))
    assert named
    assert {path for path in named if not (TOP / path).exists()} == set()


ANSWERS: Final = [
    ({"api": 200, "worker": 200}, 0),
    ({"worker": 200}, 0),
    ({"api": 503, "worker": 200}, 1),
    ({}, 1),
]


@pytest.mark.parametrize(("answers", "status"), ANSWERS)
def test_the_image_is_healthy_when_its_api_answers_or_without_one_its_worker(
    answers: dict[str, int], status: int
) -> None:
    with ExitStack() as serving, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        refused = nobody.getsockname()[1]
        ports = {name: serving.enter_context(_answering(code)) for name, code in answers.items()}
        environment = {
            "LOUDENG_PORT": str(ports.get("api", refused)),
            "LOUDENG_HEALTH_PORT": str(ports.get("worker", refused)),
        }
        check = [sys.executable, "-S", str(TOP / "deploy/healthcheck.py")]
        assert subprocess.run(check, env=environment, timeout=30, check=False).returncode == status


@contextmanager
def _answering(code: int) -> Iterator[int]:
    """Have somebody who answers every request with a status; the port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
