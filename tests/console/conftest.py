"""The console in the browser of tests/web: signed in as one of the demo street's people, at one of its addresses."""

import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page

from app.pg import locks
from tests.patience import HANGING
from tests.web import small

# Fixtures of the browser, as these tests ask for them.
from tests.web.conftest import Signing, Window, browser, demo, opened, signs  # noqa: F401

BUILD: Final = small.ROOT / "console/build.mjs"
DESK: Final[Any] = {"width": 1440, "height": 900}

Desk = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def built(run_folder: Path) -> None:
    """The console, built; by one process of the run, the others find it built."""
    node = shutil.which("node")
    assert node, "the browser tests need Node.js"
    with locks.exclusive(run_folder / "console.lock", 120):
        done = subprocess.run(
            [node, str(BUILD)], capture_output=True, text=True, timeout=HANGING, check=False
        )
    assert done.returncode == 0, done.stderr


@pytest.fixture
async def three_tickets(signs: Signing) -> list[dict[str, Any]]:  # noqa: F811 - the fixture imported above
    """Three tickets of 944号4单元 for its grid head, the newest first; the newest has a photo."""
    resident = await signs("resident")
    photo = await resident.photo()
    return [await resident.report(photo_ids=[photo] if n == 2 else []) for n in range(3)][::-1]


@pytest.fixture
def desk(demo: str, opened: Window) -> Desk:  # noqa: F811 - the fixture imported above
    """Open the console at an address, signed in as a persona."""

    async def as_(persona: str, path: str = "", *, language: str = "", **options: Any) -> Page:
        page = await opened(f"{demo}/console/", **({"viewport": DESK, "has_touch": False} | options))
        answer = await page.request.post(
            f"{demo}/api/v1/auth/demo", data={"persona": persona}, headers={"X-Refresh-Token": "cookie"}
        )
        assert answer.ok
        await page.evaluate(
            "language => { localStorage['loudeng.signed-in'] = '1'; if (language) localStorage['loudeng.language'] = language }",
            language,
        )
        await page.goto(f"{demo}/console/{path}")
        await page.locator("nav").wait_for()
        return page

    return as_
