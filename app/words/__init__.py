"""What the server says, in the language its reader asked for: one CSV file a language, Chinese where it has no translation.

A file has the columns `part`, `zh` and `text`; lines that begin with # are notes. `zh` is the Chinese sentence as the code
has it, with `{name}` where a value stands. A file of the same name in `words/` of the data directory corrects the shipped
one, row by row; a file of another name (ug.csv) adds its language.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from app import process_state, settings
from app.errors import Misconfigured

CHINESE: Final = "zh"
COLUMNS: Final = ("part", "zh", "text")
SHIPPED: Final = Path(__file__).parent
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_ISOLATE, _END = "\u2068", "\u2069"  # around what keeps its own reading direction


@dataclass(frozen=True)
class Language:
    """The translations of one language by Chinese sentence, and its privacy guide, if it has one."""

    code: str
    texts: dict[str, str] = field(default_factory=dict)
    consent: str | None = None

    @cached_property
    def is_right_to_left(self) -> bool:
        """Tell whether its script is read from right to left."""
        return any(_is_right_to_left(text) for text in self.texts.values())

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """The sentences with values, those with most words of their own first."""
        with_values = [zh for zh in self.texts if _PLACEHOLDER.search(zh)]
        with_values.sort(key=lambda zh: len(_PLACEHOLDER.sub("", zh)), reverse=True)
        return [(_pattern(zh), self.texts[zh]) for zh in with_values]

    def fill(self, zh: str, **values: object) -> str:
        """Return the translation of `zh` with its values; without one, the Chinese sentence."""
        text = self.texts.get(zh)
        return zh.format(**values) if text is None else self._with_values(text, values)

    def translate(self, sentence: str) -> str:
        """Return the translation of a Chinese sentence whose values are already in it; without one, the sentence.

        A value that is itself a label, like the name of a status, is translated too.
        """
        if sentence in self.texts:
            return self.texts[sentence]
        for pattern, text in self._patterns:
            if found := pattern.fullmatch(sentence):
                values = found.groupdict()
                return self._with_values(
                    text, {name: self.texts.get(value, value) for name, value in values.items()}
                )
        return sentence

    def _with_values(self, text: str, values: dict[str, object]) -> str:
        if self.is_right_to_left:
            values = {name: _isolated(str(value)) for name, value in values.items()}
        return text.format(**values)


def _isolated(value: str) -> str:
    """Return a value as it stands in a sentence from right to left: its own direction is kept, if it has another."""
    return value if _is_right_to_left(value) else f"{_ISOLATE}{value}{_END}"


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def _pattern(zh: str) -> re.Pattern[str]:
    """Return what matches a sentence with any values in place of its placeholders."""
    parts = _PLACEHOLDER.split(zh)  # text, name, text, name, …
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.DOTALL
    )


_languages: dict[str, Language] = {}
_asked: ContextVar[Language | None] = ContextVar("asked_language", default=None)
_own: ContextVar[Language | None] = ContextVar("own_language", default=None)
_NO_TRANSLATION: Final = Language(CHINESE)


def load() -> dict[str, Language]:
    """Return the languages by code, read once. Raises Misconfigured, with one line, for a file that is wrong."""
    if not _languages:
        own = settings.get().data_dir / "words"
        files = [*sorted(SHIPPED.glob("*.csv")), *sorted(own.glob("*.csv"))]
        for code in sorted({file.stem for file in files}):
            texts: dict[str, str] = {}
            for file in files:
                if file.stem == code:
                    texts |= _read(file)
            guides = [path for path in (own / f"{code}.md", SHIPPED / f"{code}.md") if path.is_file()]
            consent = guides[0].read_text("utf-8").strip() if guides else None
            _languages[code] = Language(code, texts, consent)
        _languages[CHINESE] = _NO_TRANSLATION
    return _languages


def _read(file: Path) -> dict[str, str]:
    """Return the translations of one file. A row without a text is one that nobody has translated yet."""
    texts: dict[str, str] = {}
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{file}：不能读取（{error}），请存为 UTF-8 编码的 CSV") from None
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    rows = csv.DictReader(line for _, line in numbered)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise Misconfigured(f"{file}：第一行应当是 {','.join(COLUMNS)}")
    for (number, _), row in zip(numbered[1:], rows, strict=False):
        zh, text = row["zh"], row["text"]
        if None in row or zh is None or text is None:
            raise Misconfigured(f"{file}：第 {number} 行应当有 {len(COLUMNS)} 列，逗号前后的句子要加引号")
        if not text.strip():
            continue
        if sorted(_names(zh)) != sorted(_names(text)):
            raise Misconfigured(f"{file}：第 {number} 行的 {{…}} 和原文的不一样：{zh}")
        texts[zh] = text.strip()
    return texts


def _names(sentence: str) -> list[str]:
    """Return the placeholders of a sentence. Any other brace is an error, which no placeholder is equal to."""
    rest = _PLACEHOLDER.sub("", sentence)
    return [*_PLACEHOLDER.findall(sentence), *(brace for brace in rest if brace in "{}")]


def ask(header: str | None) -> None:
    """Speak, during this request, the first language of an Accept-Language header that there are words in."""
    _asked.set(_choose(header) if header else None)
    _own.set(None)


def fall_back_to(language: str | None) -> None:
    """Speak a person's own language, unless the request has asked for one."""
    _own.set(load().get(_primary(language)) if language else None)


def _choose(header: str) -> Language | None:
    weighted = []
    for n, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.partition("=")[2]) if weight.strip() else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighted.append((-quality, n, _primary(tag)))
    languages = load()
    return next((languages[code] for _, _, code in sorted(weighted) if code in languages), None)


def _primary(tag: str) -> str:
    """Return the language of a tag: kk of kk-Arab-CN."""
    return tag.strip().partition("-")[0].lower()


def language() -> Language:
    """Return the language of this request; Chinese outside of requests."""
    return _asked.get() or _own.get() or _NO_TRANSLATION


def say(zh: str, **values: object) -> str:
    """Return a Chinese sentence in the language of this request, with its values."""
    return language().fill(zh, **values)


def translate(sentence: str) -> str:
    """Return a Chinese sentence, whose values are already in it, in the language of this request."""
    return language().translate(sentence)


_SIGNS: Final = {"、": ",", "，": ",", "；": ";"}
_ARABIC_SIGNS: Final = {"、": "،", "，": "،", "；": "؛"}


def join(parts: Iterable[str], sign: str) -> str:
    """Return parts in the language of this request as one sentence, with its own sign for a Chinese one."""
    spoken = language()
    if spoken.code == CHINESE:
        return sign.join(parts)
    return f"{(_ARABIC_SIGNS if spoken.is_right_to_left else _SIGNS)[sign]} ".join(parts)


def name(zh: str, en: str) -> str:
    """Return the name of a category, which has an English one of its own, in the language of this request."""
    return en if language().code == "en" else say(zh)


@process_state.on_forget
def _forget() -> None:
    _languages.clear()
