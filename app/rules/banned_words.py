"""Words that a person has to look at, found however they are written."""

import unicodedata
from collections.abc import Iterable


def normalise(text: str) -> str:
    """Return a text as words are compared: one width and case, letters and digits only (加 微-信 is 加微信)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def parse(lines: Iterable[str]) -> frozenset[str]:
    """Return the normalised words of a list: one a line, # begins a comment."""
    return frozenset(filter(None, (normalise(line.partition("#")[0]) for line in lines)))


def has_banned(text: str, words: Iterable[str]) -> bool:
    """Tell whether a text has one of the normalised words."""
    normalised = normalise(text)
    return any(word in normalised for word in words)
