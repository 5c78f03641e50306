"""What is shipped for operators names only what there is."""

import re
from pathlib import Path
from typing import Final

import httpx
import pytest

from app.rules.subscribe_messages import MOMENTS
from app.services.subscriptions import templates
from app.settings import PREFIX, Settings
from tests.deployed import deployed

TOP: Final = Path(__file__).parents[2]
RULES: Final = TOP / "deploy/prometheus/loudeng.rules.yml"
PAGES: Final = [TOP / "docs" / name for name in ("operations.md", "wechat.md", "wechat.zh-CN.md")]


@pytest.mark.usefixtures("street")
async def test_alerts_are_about_figures_that_are_shown(http: httpx.AsyncClient) -> None:
    await http.get("/health")
    with deployed(metrics_token="t" * 32):
        shown = (await http.get("/metrics", headers={"Authorization": f"Bearer {'t' * 32}"})).text
    named = set(re.findall(r"loudeng_\w+", "".join(re.findall(r"expr: (.*)", RULES.read_text("utf-8")))))
    assert named
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
