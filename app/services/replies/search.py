"""How a reply is found: by its words, or by the initials of their pinyin.

pypinyin is imported when it is first needed, and without its phrases: with them it takes 57 MB, without them 13 MB, and
the first letter of a character hardly ever depends on the word it is in.
"""

import os
import re
from functools import lru_cache

_PLACEHOLDER = re.compile(r"\{\w+\}")


@lru_cache(maxsize=1024)  # the phrases that come with the program, again and again
def initials(text: str) -> str:
    """Return the first letters of a text's syllables, and its digits: 已换灯泡 → yhdp."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - see above

    letters = "".join(lazy_pinyin(_PLACEHOLDER.sub("", text), style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum()).lower()


def matches(text: str, its_initials: str | None, query: str) -> bool:
    """Tell whether a text has the words of a query, or its initials have those letters in a row.

    `its_initials`: None where they are not stored.
    """
    query = query.strip().casefold()
    letters = query.replace(" ", "")
    if query in text.casefold():
        return True
    return letters.isascii() and letters in (initials(text) if its_initials is None else its_initials)
