"""The guide to WeChat (docs/wechat.md, docs/wechat.zh-CN.md) as something to follow: what it has an office set and choose."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests import guide
from tests.wechat_standin import Wechat

GUIDES: Final = (guide.DOCS / "wechat.md", guide.DOCS / "wechat.zh-CN.md")
PAGES: Final = guide.DOCS.parent / "miniprogram/src/app.json"
# What the office takes from the console, by the names the guide has for it.
TEMPLATE_IDS: Final = {
    "模板ID-进度": "Progress-6VtLwT3h0nD1bXgq5mYc8ZrKe2JpQaUs9fN4",
    "模板ID-完成": "Done-Xw7RzC1kLm0vQ9sB3tHd6FyJ2nGpEa8UqT5oWi4",
    "模板ID-待答复": "Question-8BnKc4ZyRt1VqLx6MhSd3GwPf0JuEa7T2oI9",
    "模板ID-新工单": "New-Q2mWx9LcVt5ZrKb7HnSd1GyPf4JuEa6T8oI0RwXe",
    "模板ID-到期": "Due-T6oI3RwXeQ0mWx8LcVt2ZrKb5HnSd9GyPf1JuEa4",
    "模板ID-议事": "Common-R5kTq8YwVn3HcZ1mLb6XdS0PfGu9JeA2iO7x",
}
_ROW: Final = re.compile(r"^\| (?:居民|网格长、经办人) \| (.+?) \| .+? \| (.+?) \|$", re.MULTILINE)


def public_url() -> str:
    """Return the address that the guide writes into the settings."""
    (commands,) = [text for kind, text in guide.blocks(GUIDES[1]) if kind == "sh" and "PUBLIC_URL" in text]
    return str(commands.strip().partition("=")[2])


def templates(path: Path = GUIDES[1]) -> str:
    """Return the guide's templates as one line, made by the command it names, with the office's own ids."""
    (several,) = [text for kind, text in guide.blocks(path) if kind == "json"]
    command = re.search(r"`python3 (-m json\.tool [^`]*) templates\.json`", path.read_text("utf-8"))
    assert command
    words = [sys.executable, *command[1].split()]
    line = subprocess.run(words, input=several, capture_output=True, text=True, check=True).stdout.strip()
    for name, own in TEMPLATE_IDS.items():
        line = line.replace(name, own)
    return line


def choose_templates(wechat: Wechat) -> None:
    """Have the account the templates that the guide's table has an office choose, their keywords numbered as WeChat does."""
    rows = _ROW.findall(GUIDES[1].read_text("utf-8"))
    for (_, keywords), template_id in zip(rows, TEMPLATE_IDS.values(), strict=True):
        kinds = re.findall(r"（(\w+)）", keywords)
        wechat.has_template(template_id, *(f"关键词{n} {kind}{n}" for n, kind in enumerate(kinds, 1)))


def events() -> dict[str, str]:
    """Return the id of the template of each event."""
    return {event: entry["id"] for event, entry in json.loads(templates()).items()}


def pages() -> Iterator[str]:
    """Yield the pages of the mini-program: all are released."""
    app = json.loads(PAGES.read_text("utf-8"))
    yield from app["pages"]
    yield from (f"{part['root']}/{page}" for part in app["subPackages"] for page in part["pages"])
