"""A bulletin printed by Chromium on A4 and A3: heads on every page, no row cut, nothing from elsewhere."""

import io
import unicodedata
from pathlib import Path

import pypdf
import pytest
from playwright.async_api import Browser

from app import clock, ids
from app.models.bulletin import (
    BulletinOut,
    BulletinWords,
    HeadlineOut,
    LeftOutOut,
    LineOut,
    NumbersOut,
    RateOut,
)
from app.services import bulletins

LINES = 160


def bulletin() -> BulletinOut:
    return BulletinOut(
        id=ids.new(),
        place_id=ids.new(),
        place="万寿山社区",
        quarter="2026Q3",
        title="公示",
        version=2,
        published_at=clock.now(),
        url="/b/X",
        words=BulletinWords(
            title="万寿山社区2026年第三季度诉求办理公示",
            opening="各位居民：",
            projects="",
            activities="",
            objection="请到居委会",
        ),
        numbers=NumbersOut(
            headlines=[HeadlineOut(label="收到", count=900, before=None)],
            rates=[RateOut(key="response", label="响应率", share=0.9, of=800, before=0.8)],
            excluded=[LeftOutOut(label="已并案", count=12)],
            categories=[HeadlineOut(label="楼道灯不亮", count=90, before=80)],
            done=[
                LineOut(
                    estate="人和家园",
                    category="楼道灯不亮或者别的什么需要写得很长的类别",
                    outcome="已修好",
                    days=1000 + n,
                )
                for n in range(LINES)
            ],
            listed=[],
            corrections=[],
        ),
        as_of=clock.now(),
        digest="0" * 64,
    )


@pytest.mark.parametrize("paper", ["A4", "A3"])
async def test_heads_are_on_every_page_and_no_row_is_cut(
    browser: Browser, tmp_path: Path, paper: str
) -> None:
    file = tmp_path / "bulletin.html"
    file.write_text(bulletins.to_html(bulletin(), "https://loudeng.example.cn/b/X"), "utf-8")
    page = await browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(file.as_uri())
    printed = pypdf.PdfReader(io.BytesIO(await page.pdf(format=paper, print_background=True)))
    await page.close()
    assert asked == [file.as_uri()]
    texts = [unicodedata.normalize("NFKC", one.extract_text()) for one in printed.pages]
    assert len(texts) > 1
    found = []
    for text in texts:
        days = [n for n in range(LINES) if f"{1000 + n} 天" in text]
        assert text.count("已修好") == len(days)  # every row has all of its cells on one page
        assert not days or "用时" in text
        found += days
    assert found == list(range(LINES))
