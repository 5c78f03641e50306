"""The mini-program knows every action of the table, by the API's word alone, and has words for it in every language."""

import re
from pathlib import Path

import pytest

from app.labels import EVENT
from app.rules.lifecycle import MOVES

SOURCE = Path(__file__).parents[2] / "miniprogram/src"
# What every language has words for; the workbench has second names for some actions.
LANGUAGES = {
    "zh-Hans": ("zh.ts", "staff.zh.ts"),
    "en": ("en.ts", "staff.en.ts"),
    "kk": ("kk.ts",),
}


def read(path: str) -> str:
    return (SOURCE / path).read_text("utf-8")


def words(language: str, section: str) -> set[str]:
    """Return the keys of a section of a language's tables."""
    found = [re.findall(rf"^  {section}: {{(.*?)}},$", read(f"i18n/{file}"), re.DOTALL | re.MULTILINE)
             for file in LANGUAGES[language]]  # fmt: skip
    return {key for texts in found for text in texts for key in re.findall(r"\b(\w+):\s+['\"]", text)}


def test_which_actions_are_versioned_is_generated_from_the_table() -> None:
    rows = dict(re.findall(r"^  (\w+): (true|false),$", read("services/actions.ts"), re.MULTILINE))
    assert rows == {action: str(move.versioned).lower() for action, move in MOVES.items()}


def test_no_other_file_says_which_actions_name_no_version() -> None:
    """A list of the mini-program's own was wrong once the server had another."""
    assert [path for path in SOURCE.rglob("*.ts") if "UNVERSIONED" in path.read_text("utf-8")] == []


def test_every_action_has_its_form() -> None:
    forms = read("domain/forms.ts").partition("export const FORMS")[2]
    assert MOVES.keys() <= set(re.findall(r"^  (\w+): ", forms, re.MULTILINE))


@pytest.mark.parametrize("section", ["action", "done"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_its_words_in_every_language(language: str, section: str) -> None:
    assert MOVES.keys() - words(language, section) == set()


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_event_has_its_words(language: str) -> None:
    """In the others the server's label stands in."""
    assert EVENT.keys() - words(language, "event") == set()
