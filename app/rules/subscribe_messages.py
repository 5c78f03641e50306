"""Subscribe messages: the templates of a deployment, and what is filled into each kind of field."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.enums import SHANGHAI

# What a field may say: `text` is the sentence of the notice, never somebody's own words; a subject is named by its title,
# which its office has written or released.
PLACEHOLDERS: Final = frozenset({"id", "no", "category", "place", "status", "at", "due", "holder", "text"})
# Which messages to ask for at which moment, the most wanted first: WeChat shows three at a time.
MOMENTS: Final[dict[str, tuple[str, ...]]] = {
    "report": ("ticket.resolved", "ticket.asked", "ticket.accepted", "ticket.rejected", "ticket.reopened"),
    "work": (
        *("ticket.submitted", "ticket.overdue", "ticket.dispatched", "ticket.reminded", "ticket.reopened"),
        *("ticket.urged", "ticket.handed_back", "ticket.called_up"),
    ),
    "common_life": ("topic.decided", "activity.rescheduled", "activity.cancelled", "survey.opened"),
}
# The events of subjects that have messages: what somebody waits for, or would else go to in vain.
OF_SUBJECTS: Final = frozenset(MOMENTS["common_life"])
MAX_ASKED: Final = 3
MAX_CREDIT: Final = 100  # acceptances that are remembered: whoever taps all day needs no more

_PLACEHOLDER: Final = re.compile(r"\{([a-z]*)\}")
_FIELD: Final = re.compile(r"([a-z_]+?)(\d{1,3})")


class TemplateError(ValueError):
    """A template of the setting is wrong; the message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as the deployment has it. `long_term`: one acceptance is good until it is taken back."""

    id: str
    page: str | None
    fields: Mapping[str, str]
    long_term: bool = False


def parse(setting: Mapping[str, Any], events: Collection[str]) -> dict[str, Template]:
    """Return the templates by the event they tell of; `events`: those there are. Raises TemplateError."""
    return {event: _template(event, entry, events) for event, entry in setting.items()}


def _template(event: str, entry: Any, events: Collection[str]) -> Template:
    if event not in events:
        raise TemplateError(f"{event}: no such event")
    if not isinstance(entry, dict):
        raise TemplateError(f"{event}: needs id and fields")
    for name, check, wanted in _ENTRIES:
        if not check(entry.get(name)):
            raise TemplateError(f"{event}: {name} is {wanted}")
    if unknown := entry.keys() - {name for name, _, _ in _ENTRIES}:
        raise TemplateError(f"{event}: knows id, page, fields and long_term, not {min(unknown)}")
    for name, text in entry["fields"].items():
        _check_field(event, name, text)
    _check_field(event, "page", entry.get("page") or "-")
    return Template(entry["id"], entry.get("page"), entry["fields"], bool(entry.get("long_term")))


# What an entry may have, whether a value will do, and what is wanted.
_ENTRIES: Final[tuple[tuple[str, Callable[[Any], bool], str], ...]] = (
    ("id", lambda value: isinstance(value, str) and bool(value), "the template's id"),
    ("fields", lambda value: isinstance(value, dict) and bool(value), "an object: field → text"),
    (
        "page",
        lambda value: value is None or (isinstance(value, str) and not value.startswith("/")),
        "a path without a leading slash",
    ),
    ("long_term", lambda value: value in (None, True, False), "true or false"),
)


def _check_field(event: str, name: str, text: Any) -> None:
    if not isinstance(text, str) or not text:
        raise TemplateError(f"{event}: {name} has to be a text")
    if missing := set(_PLACEHOLDER.findall(text)) - PLACEHOLDERS:
        raise TemplateError(f"{event}: {name} knows no {{{min(missing)}}}")
    if name != "page" and not can_fill(name):
        raise TemplateError(f"{event}: {name} is of no kind that can be filled")


def can_fill(field: str) -> bool:
    """Tell whether a field is of a kind that something can be filled into."""
    return _kind(field) in _FIT


def fill(template: Template, values: Mapping[str, str | datetime | None]) -> dict[str, str]:
    """Return the fields, each fitted to its kind and length; none is empty, since WeChat refuses that."""
    return {name: _FIT[_kind(name)](_text(pattern, values)) for name, pattern in template.fields.items()}


def page(template: Template, values: Mapping[str, str | datetime | None]) -> str | None:
    """Return the page that a tap on the message opens."""
    return template.page and _text(template.page, values)


def moment(name: str, templates: Mapping[str, Template], unwanted: Collection[str]) -> list[str]:
    """Return the events to ask for at a moment: at most three templates, none of the `unwanted` ids, none twice."""
    asked: dict[str, str] = {}
    for event in MOMENTS[name]:
        if (template := templates.get(event)) and template.id not in unwanted:
            asked.setdefault(template.id, event)
    return list(asked.values())[:MAX_ASKED]


def _kind(field: str) -> str:
    match = _FIELD.fullmatch(field)
    return match[1] if match else ""


def _text(pattern: str, values: Mapping[str, str | datetime | None]) -> str:
    return _PLACEHOLDER.sub(lambda match: _word(values.get(match[1])), pattern).strip()


def _word(value: str | datetime | None) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI)
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return value or ""


def cut(text: str, length: int) -> str:
    """Return at most `length` characters: "…" stands for the rest, and no number or letter with its marks is cut in two."""
    if len(text) <= length:
        return text
    end = length - 1
    while end > 0 and _joined(text[end - 1], text[end]):
        end -= 1
    return text[: end or length - 1] + "…"


def _joined(before: str, after: str) -> bool:
    return (
        (before.isdigit() and after.isdigit()) or unicodedata.combining(after) > 0 or after in "\u200d\ufe0f"
    )


def _thing(text: str) -> str:
    return cut(" ".join(text.split()), 20) or "无"


def _phrase(text: str) -> str:
    """Return up to five Chinese characters; what stands in brackets goes first."""
    bare = re.sub(r"[（(].*?[）)]", "", text)
    return "".join(re.findall(r"[\u4e00-\u9fff]", bare))[:5] or "无"


def _character_string(text: str) -> str:
    return re.sub(r"[^\x20-\x7e]", "", text).strip()[:32] or "-"


def _name(text: str) -> str:
    return cut(text, 10) or "无"


def _time(text: str) -> str:
    return text if re.search(r"\d:\d\d", text) else "00:00"


def _phone_number(text: str) -> str:
    return re.sub(r"[^-+\d]", "", text)[:17] or "-"


def _number(text: str) -> str:
    return re.sub(r"\D", "", text)[:32] or "0"


# By the kind of a field, as WeChat names them.
_FIT: Final = {
    "thing": _thing,
    "phrase": _phrase,
    "character_string": _character_string,
    "name": _name,
    "time": _time,
    "date": _time,
    "phone_number": _phone_number,
    "number": _number,
}
