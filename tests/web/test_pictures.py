"""The pictures of the README, taken from the program itself: `make pictures` writes them anew into docs/pictures."""

import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from tests.web import small
from tests.web.conftest import Holding, Signing, Window
from tests.web.hand import Hand
from tests.web.pictures import MOST, taken
from tests.world import answer

NAMES: Final = ("start", "home", "report", "ticket", "work", "kazakh", "desk", "dispatch", "figures")
SHARP: Final = {"device_scale_factor": 2}


def stairwell(*, lit: bool) -> bytes:
    """Return a drawn stairwell, dark or lit: nobody's real house."""
    wall, step = ((236, 222, 190), (150, 140, 125)) if lit else ((52, 54, 62), (30, 31, 36))
    image = Image.new("RGB", (900, 1200), wall)
    draw = ImageDraw.Draw(image)
    for n in range(9):
        draw.polygon(
            [(0, 1200 - n * 80), (900 - n * 60, 1200 - n * 80), (860 - n * 60, 1130 - n * 80), (0, 1130 - n * 80)],
            fill=tuple(channel + n * 5 for channel in step),
        )  # fmt: skip
    draw.rectangle((640, 380, 820, 760), fill=tuple(channel - 18 for channel in wall))
    if lit:
        glow = Image.new("RGB", image.size, wall)
        ImageDraw.Draw(glow).ellipse((180, -60, 720, 420), fill=(255, 246, 205))
        image = Image.blend(image, glow.filter(ImageFilter.GaussianBlur(90)), 0.45)
        draw = ImageDraw.Draw(image)
    draw.ellipse((400, 110, 500, 210), fill=(255, 250, 225) if lit else (88, 90, 98))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


async def test_the_pictures_of_the_readme(holds: Holding, signs: Signing, opened: Window, demo: str) -> None:
    resident, head, company = [await signs(name) for name in ("resident", "grid_head", "property")]
    dark, light = stairwell(lit=False), stairwell(lit=True)
    answer(await resident.ask("POST", "/notices/read", json={"all": True}))
    hand = await holds("resident", "/pages/report/index?category=stair_light", **SHARP)
    await shot_of(hand, dark)
    await hand.write("三楼到四楼的声控灯都不亮", 0)
    await taken(hand.page, "report")
    # A ticket with a past, and a desk with something to do.
    past = await resident.report(
        description="三楼到四楼的声控灯都不亮，老人上下楼看不见", place_note="3楼", photo_ids=[await resident.photo(dark)]
    )  # fmt: skip
    await head.act("accept", past)
    await head.dispatch(past)
    await company.act("take", past)
    await company.resolve(past, photo_ids=[await company.photo(light)])
    await resident.report(category="access_door", description="门禁刷卡没反应", place_note="单元门")
    await resident.report(category="sewage", description="一楼下水道反水", place_note="1楼")

    start = await opened(demo, viewport={"width": 1080, "height": 860})
    await taken(start, "start")
    hand = await holds("resident", **SHARP)
    await hand.sees("人和家园944号4单元")
    await taken(hand.page, "home")
    await hand.goes(f"/pages/ticket/index?id={past['id']}")
    await hand.sees("办理结果")
    await hand.page.set_viewport_size({"width": 375, "height": 1240})
    await taken(hand.page, "ticket")
    desk = await holds("grid_head", **SHARP)
    await desk.sees("单元门或门禁故障")
    await taken(desk.page, "work")
    kazakh = await holds("neighbour", **SHARP)
    await kazakh.page.evaluate("sessionStorage.setItem('harness:language', 'kk')")
    await kazakh.page.evaluate("wx.setStorageSync('size', 1.2)")
    await kazakh.page.reload()
    await kazakh.sees("نە بۇزىلدى؟")
    await taken(kazakh.page, "kazakh")


async def shot_of(hand: Hand, photo: bytes) -> None:
    await hand.page.locator(".add").filter(visible=True).last.wait_for()
    await hand.photograph(photo)


def test_every_picture_of_the_readme_is_there_and_small() -> None:
    for readme in ("README.md", "README.zh-CN.md"):
        said = (small.ROOT / readme).read_text("utf-8")
        for name in NAMES:
            path = Path("docs/pictures") / f"{name}.png"
            assert str(path) in said, readme
            assert (small.ROOT / path).stat().st_size <= MOST
