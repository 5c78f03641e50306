"""What is generated is never stale, and nothing of this machine is in it."""

import json
import re
from pathlib import Path

import pytest

from app import settings
from app.main import create_app
from app.rules import printed
from app.services.acts import ACTS
from app.words import ACTION, EVENT, REASONS

TOP = Path(__file__).parents[1]
AGAIN = "run `make docs`"


def test_the_settings_table_is_the_code() -> None:
    assert (TOP / "docs/settings.md").read_text("utf-8") == settings.table(), AGAIN


def test_the_lifecycle_is_printed_from_the_table() -> None:
    assert (TOP / "docs/lifecycle.md").read_text("utf-8") == printed.lifecycle(), AGAIN


def test_the_openapi_document_is_the_application() -> None:
    kept = json.loads((TOP / "docs/openapi.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(create_app().openapi())), AGAIN


def test_every_act_that_works_has_an_example() -> None:
    document = create_app().openapi()
    for action, doing in ACTS.items():
        schema = document["components"]["schemas"][doing.shape.__name__]
        assert schema.get("examples") or not schema.get("properties"), action


def test_every_action_event_and_reason_has_its_chinese() -> None:
    said = [
        *ACTION.values(),
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
