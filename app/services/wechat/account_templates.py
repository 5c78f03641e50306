"""The templates of subscribe messages that the mini-program's account has."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from app.rules.wechat_errors import Use
from app.services.wechat import client
from app.services.wechat.tokens import get

_PATH: Final = "/wxaapi/newtmpl/gettemplate"
_LONG_TERM: Final = 3  # type; 2 is good for one message
_FIELD: Final = re.compile(r"(?:^|\n)([^{}\n]*?)[:：]?\s*\{\{(\w+)\.DATA\}\}")


class AccountTemplate(NamedTuple):
    """A template as the account has it; `fields`: what each is called there, by its name (`thing1`)."""

    title: str
    fields: Mapping[str, str]
    long_term: bool


async def account_templates() -> dict[str, AccountTemplate]:
    """Return the account's templates by id. Raises NoAnswer and WeChatError."""
    listed = (await get(Use.NOBODY_WAITS, _PATH)).get("data")
    if not isinstance(listed, list) or not all(_is_template(entry) for entry in listed):
        raise client.no_answer(_PATH, "no templates")
    return {entry["priTmplId"]: _template(entry) for entry in listed}


def _is_template(entry: Any) -> bool:
    return isinstance(entry, dict) and all(
        isinstance(entry.get(key), str) for key in ("priTmplId", "content")
    )


def _template(entry: dict[str, Any]) -> AccountTemplate:
    fields = {name: label.strip() for label, name in _FIELD.findall(entry["content"])}
    return AccountTemplate(str(entry.get("title") or ""), fields, str(entry.get("type")) == str(_LONG_TERM))
