"""The list of words: the shipped ones and an office's own."""

from functools import cache
from pathlib import Path
from typing import Final

from app import process_state, settings
from app.rules import banned_words

_SHIPPED: Final = Path(__file__).parents[2] / "banned_words.txt"


def has_banned(text: str) -> bool:
    """Tell whether a text has a word that a person has to look at."""
    return banned_words.has_banned(text, _words(settings.get().banned_words))


@cache
def _words(own: Path | None) -> frozenset[str]:
    files = (_SHIPPED, *([own] if own else []))
    return frozenset().union(*(banned_words.parse(file.read_text("utf-8").splitlines()) for file in files))


process_state.on_forget(_words.cache_clear)
