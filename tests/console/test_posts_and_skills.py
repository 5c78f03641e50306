"""What posts are called, and which grid lacks which skill."""

import csv
import io
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.world import answer


@pytest.mark.excused("409")
async def test_titles_are_an_offices_own_and_two_do_not_overwrite_each_other(
    desk: Desk, signs: Signing
) -> None:
    community = await signs("community")
    page = await desk("community", "titles/head-grid")
    drawer = page.locator("aside")
    await drawer.get_by_role("button", name="加一行").press("Enter")
    await drawer.get_by_label("叫什么 1").fill("网格总长")
    place = (await community.get("/me"))["posts"][0]["place_id"]
    theirs = {"version": 0, "titles": [{"title": "先锋管家", "role": "member", "level": "grid"}]}
    answer(await community.ask("PUT", "/settings/titles", params={"place_id": place}, json=theirs))
    await drawer.get_by_role("button", name="保存").press("Enter")
    await expect(drawer.get_by_role("alert")).to_be_visible()
    await expect(page.locator("tr", has_text="先锋管家")).to_be_visible()
    await expect(drawer.get_by_label("叫什么 1")).to_have_value("网格总长")
    await drawer.get_by_role("button", name="保存").press("Enter")
    await expect(page.locator("tr.opened")).to_contain_text("网格总长")
    await expect(page.locator("tr", has_text="先锋管家")).to_be_visible()
    await drawer.get_by_role("button", name="恢复默认").press("Enter")
    await expect(page.locator("tr.opened")).not_to_contain_text("网格总长")


async def test_the_grids_skills_are_counted_and_a_grid_opens_its_duty_card(
    desk: Desk, signs: Signing
) -> None:
    community = await signs("community")
    posts = (await community.get("/posts", role="head", limit=50))["items"]
    head = next(post for post in posts if post["person"] and "第一网格" in post["label"])
    answer(await community.ask("PATCH", f"/posts/{head['id']}/card", json={"skills": ["policy"]}))
    page = await desk("community", "coverage")
    row = page.locator(f"tr[data-id='{head['place_id']}']")
    await expect(row.locator("td").nth(1)).to_have_text("1位，今天在1位")
    await expect(row.locator("td").nth(2)).to_have_text("缺")
    await row.locator("a").press("Enter")
    await expect(page.locator("aside")).to_contain_text("会答 政策宣传")
    await page.get_by_label("只看有缺的").press("Space")
    await expect(row).to_be_visible()


async def test_the_posts_that_are_filtered_are_a_file_that_can_be_imported(
    desk: Desk, tmp_path: Path
) -> None:
    page = await desk("community", "posts?role=head")
    await page.locator("tr.opens").first.wait_for()
    async with page.expect_download() as begun:
        await page.get_by_role("button", name="导出 CSV").press("Enter")
    file = tmp_path / "posts.csv"
    await (await begun.value).save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert len(rows) == await page.locator("tr.opens").count()
    assert {row["role"] for row in rows} == {"head"}
    assert all(row["post"] for row in rows)
