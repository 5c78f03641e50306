"""What is generated is never stale, and nothing of this machine is in it."""

import json
import re
from pathlib import Path

import pytest

from app import settings
from app.labels import EVENT, REASONS
from app.main import create_app
from app.rules import markdown
from app.rules.lifecycle import MOVES
from app.services.tickets.effects import ACTIONS

TOP = Path(__file__).parents[2]
AGAIN = "run `make docs`"


def test_the_settings_table_is_the_code() -> None:
    assert (TOP / "docs/settings.md").read_text("utf-8") == settings.table(), AGAIN


def test_the_lifecycle_is_printed_from_the_table() -> None:
    assert (TOP / "docs/lifecycle.md").read_text("utf-8") == markdown.lifecycle_page(), AGAIN


def test_the_openapi_document_is_the_application() -> None:
    kept = json.loads((TOP / "docs/openapi.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(create_app().openapi())), AGAIN


def test_every_act_that_works_has_an_example() -> None:
    document = create_app().openapi()
    for action, doing in ACTIONS.items():
        schema = document["components"]["schemas"][doing.shape.__name__]
        assert schema.get("examples") or not schema.get("properties"), action


def test_every_action_event_and_reason_has_its_chinese() -> None:
    said = [
        *(move.label for move in MOVES.values()),
        *EVENT.values(),
        *(text for codes in REASONS.values() for text in codes.values()),
    ]
    assert all(re.search("[\u4e00-\u9fff]", text) for text in said)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_file_a_readme_points_to_is_there(name: str) -> None:
    text = (TOP / name).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (TOP / target).exists(), target


def test_lock_files_name_no_registry() -> None:
    for lock in TOP.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text, lock.name
        assert "--hash=sha256:" in text, lock.name


# A path in backticks: from the root, or from app/ as the decision records name most files. `x` stands for any noun.
_NAMED_PATH = re.compile(r"`((?:[a-z0-9_]+/)+(?:[a-zA-Z0-9_-]+\.(?:py|csv|ts|mjs|txt|json))?)`")
_PAGES = [
    *sorted(TOP.glob("docs/decisions/*.md")),
    *(TOP / name for name in ("CONTRIBUTING.md", "docs/tour.md", "docs/glossary.md")),
]
_MADE_BY_TESTS = {"artefacts/"}


@pytest.mark.parametrize("page", _PAGES, ids=[page.name for page in _PAGES])
def test_every_path_a_page_for_developers_names_is_there(page: Path) -> None:
    named = {
        path
        for path in _NAMED_PATH.findall(page.read_text("utf-8"))
        if not re.search(r"/x(\.py|/)$|_x\.py$", path)
    }
    assert {
        path
        for path in named - _MADE_BY_TESTS
        if not any(
            (root / path).exists()
            for root in (TOP, TOP / "app", TOP / "miniprogram/src", TOP / "console/src")
        )
    } == set()
