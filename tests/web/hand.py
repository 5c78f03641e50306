"""A hand on a phone: taps words, types, takes photos, turns pages; what one sees is asked of the page in front."""

import io
import re
from typing import Any, Final

import zxingcpp
from PIL import Image, ImageDraw
from playwright.async_api import Locator, Page, expect

SEND: Final = "提交"
CAMERA: Final = re.compile("拍照或选图|添加")
LOOK: Final = re.compile(r"/notices\?unread=true")  # what the program asks every half minute
HALF_A_MINUTE: Final = 34_000  # milliseconds; with the spread between phones


def photo(width: int = 1200, height: int = 1600, *, shade: int = 80, orientation: int = 1) -> bytes:
    """Return a photo with something round and bright in its upper left."""
    image = Image.new("RGB", (width, height), (shade, shade - 10, shade - 20))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.1, height * 0.1, width * 0.4, height * 0.4), fill=(250, 225, 120))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


class Counting:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    async def tap(self, what: Locator) -> None:
        await what.tap()
        self.taps += 1


class Hand:
    """One person's hand on the page in front."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def front(self) -> Locator:
        """The page in front; those under it are still there."""
        return self.page.locator("wx-page").last

    async def sees(self, words: str | re.Pattern[str]) -> None:
        await expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()

    async def misses(self, words: str | re.Pattern[str]) -> None:
        await expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0)

    async def tap(self, words: str | re.Pattern[str], *, exact: bool = True) -> None:
        """Tap the last thing on the screen that says just this."""
        await self.page.get_by_text(words, exact=exact).filter(visible=True).last.tap()

    async def chooses(self, words: str) -> None:
        """Tap what stands under "more"."""
        await self.page.get_by_role("button", name="更多").filter(visible=True).last.tap()
        await self.tap(words)

    async def tap_first(self, words: str | re.Pattern[str]) -> None:
        await self.page.get_by_text(words, exact=True).filter(visible=True).first.tap()

    async def photograph(self, *shots: bytes) -> None:
        """Take photos: the camera of a browser is a file input."""
        async with self.page.expect_file_chooser() as choosing:
            await self.page.get_by_role("button", name="拍照或选图").last.tap()
        given: list[Any] = [
            {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": shot} for n, shot in enumerate(shots)
        ]
        there = await self.shots.count()
        await (await choosing.value).set_files(given)
        await expect(self.shots).to_have_count(there + len(shots))

    @property
    def shots(self) -> Locator:
        """The photos taken and not sent yet."""
        return self.page.get_by_role("button", name="删除这张照片").filter(visible=True)

    async def write(self, words: str, at: int = -1) -> None:
        """Type into the last box of the page in front, or another."""
        box = self.page.locator("textarea").filter(visible=True).nth(at)
        await box.fill(words)

    async def goes(self, path: str) -> None:
        """Open a page by its path, over the one in front."""
        await self.page.evaluate("url => wx.navigateTo({ url })", path)

    async def opens(self, path: str) -> None:
        """Open a page as the only one, and wait until it shows what it fetched."""
        await self.page.evaluate("url => wx.reLaunch({ url })", path)
        await self.page.locator(".content").last.wait_for()
        await self.page.locator(".t-skeleton").filter(visible=True).first.wait_for(state="hidden")

    async def turns(self, tab: str) -> None:
        await self.page.evaluate("url => wx.switchTab({ url })", f"/pages/{tab}/index")

    async def does(self, what: str, **values: object) -> None:
        """Turn something of the harness: offline, slow, failUploads."""
        for name, value in values.items():
            await self.page.evaluate("([name, value]) => { __harness[name] = value }", [name, value])
        if what:
            await self.page.evaluate(what)

    async def offline(self, off: bool) -> None:
        await self.page.evaluate("off => __harness.goOffline(off)", off)

    async def scannable(self) -> str:
        """Return what a scanner reads of the code on the screen."""
        shown = await self.page.locator(".squares").last.screenshot()
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(shown)))
        return str(code.text)

    async def said(self) -> list[str]:
        """Return the words of every toast and question so far."""
        said: list[str] = await self.page.evaluate(
            "__harness.calls.map(({ options }) => options?.title ?? options?.content ?? '')"
        )
        return said

    async def ticket_id(self) -> str:
        """Return the id of the ticket in front."""
        return self.page.url.rpartition("id=")[2]

    async def keeps_time(self) -> None:
        """Begin the page in front anew, where it is the test that says how time passes."""
        await self.page.clock.install()
        await self.page.reload()
        await self.page.locator("wx-page").first.wait_for()

    async def half_a_minute(self) -> None:
        """Let time pass until the next look for news is over, and what it may have set going."""
        async with self.page.expect_response(LOOK) as looked:
            await self.page.clock.fast_forward(HALF_A_MINUTE)
        await (await looked.value).finished()
        for _ in range(5):
            await self.page.evaluate("fetch('/health').then(said => said.text())")
