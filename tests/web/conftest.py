"""A browser; windows in it that fail on an error of the page and on any request that leaves this machine."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect
from playwright.async_api import TimeoutError as TookTooLong

from app.pg import locks
from tests import databases
from tests.patience import HANGING
from tests.served_street import ServedStreet
from tests.web import small
from tests.web.hand import Hand
from tests.world import Person, sign_in

ARTEFACTS: Final = small.ROOT / "artefacts"
PHONE: Final[Any] = {"width": 375, "height": 812}
_AT_HOME: Final = {"127.0.0.1", ""}  # '' is a blob: or data: address
PATIENCE: Final = 20_000  # milliseconds: a machine that does much else beside is slow, not wrong
expect.set_options(timeout=PATIENCE)

Window = Callable[..., Awaitable[Page]]
Holding = Callable[..., Awaitable[Hand]]
Signing = Callable[[str], Awaitable[Person]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "tests/web/install.sh installs chromium"
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        await chromium.close()


@pytest.fixture
async def opened(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Window]:
    """Open an address in a window of its own; at the end its errors fail the test, a picture goes to artefacts/."""
    wrong: list[str] = []
    pages: list[Page] = []

    async def open_(url: str, **options: Any) -> Page:
        context = await browser.new_context(**({"viewport": PHONE, "has_touch": True} | options))
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(f"{error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: _stays(asked.url, wrong))
        await page.goto(url)
        pages.append(page)
        return page

    yield open_
    ARTEFACTS.mkdir(exist_ok=True)
    for number, page in enumerate(page for page in pages if not page.is_closed()):
        with suppress(TookTooLong):  # what a test says does not hang on its picture
            await page.screenshot(path=ARTEFACTS / f"{request.node.name}-{number}.png")
        await page.context.close()
    excused = [marker.args[0] for marker in request.node.iter_markers("excused")]
    assert [what for what in wrong if not any(words in what for words in excused)] == []


def _stays(url: str, wrong: list[str]) -> None:
    if (urlsplit(url).hostname or "") not in _AT_HOME:
        wrong.append(f"asked for {url}")


@pytest.fixture(scope="session")
def built(run_folder: Path) -> None:
    """The real mini-program, built for the browser; by one process of the run, the others find it built."""
    node = shutil.which("node")
    assert node, "the browser tests need Node.js"
    with locks.exclusive(run_folder / "web.lock", 120):
        done = subprocess.run(
            [node, str(small.BUILD)], capture_output=True, text=True, timeout=HANGING, check=False
        )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
async def web_home(run_folder: Path) -> AsyncIterator[Path]:
    """A data directory with the demo street in it, for a file that serves it with settings of its own."""
    data_dir = databases.folder(run_folder) / "data"
    await databases.copy_seed(run_folder, data_dir)
    yield data_dir
    databases.remove(data_dir)


@pytest.fixture(scope="module")
async def demo(built: None, served: ServedStreet) -> str:
    """The demo street, served, laid out anew for each file: what one leaves there another does not meet. Its address."""
    return await served.renewed()


@pytest.fixture
def window(demo: str, opened: Window) -> Window:
    """Open the mini-program as one of the demo street's people: give a persona, and a page if not the first."""

    async def as_(persona: str, path: str = "", **options: Any) -> Page:
        page = await opened(f"{demo}/app/?persona={persona}{f'#{path}' if path else ''}", **options)
        await page.locator("wx-page").first.wait_for()
        return page

    return as_


@pytest.fixture
def holds(window: Window) -> Holding:
    """Put a phone into somebody's hand: give a persona, and a page if not the first."""

    async def as_(persona: str, path: str = "", **options: Any) -> Hand:
        return Hand(await window(persona, path, **options))

    return as_


@pytest.fixture
async def signs(demo: str) -> AsyncIterator[Signing]:
    """Sign in somebody over HTTP, to bring a ticket to where a test begins."""
    async with httpx.AsyncClient(base_url=demo, timeout=20) as http:
        yield lambda persona: sign_in(http, persona)
