"""A street leader goes through the figures of the communities: each number opens the tickets it counts, as many as it says."""

from typing import Final

from playwright.async_api import Page, expect

from tests.console.conftest import Desk
from tests.web.conftest import Signing

COMMUNITIES: Final = 11
LINKS: Final = 2  # looked into of each community: all tickets of a week, and one source of them


async def test_each_number_of_eleven_communities_opens_its_tickets(desk: Desk, signs: Signing) -> None:
    street = await signs("street")
    (own,) = (await street.get("/places", level="street"))["items"]
    places = (await street.get("/places", parent=own["id"], level="community", limit=50))["items"]
    assert len(places) == COMMUNITIES
    for n, place in enumerate(places):
        for _ in range(1 + n % 3):
            await street.report(place_id=place["id"], category="noise", description="夜里施工")
    page = await desk("street", "figures/received")
    for place in places:
        await page.locator(".filters select").select_option(place["id"])
        await expect(page.locator("article p").first).to_contain_text(place["label"])
        for n in range(LINKS):
            await opens_as_many_as_it_says(page, n)


async def opens_as_many_as_it_says(page: Page, number: int) -> None:
    link = page.locator("td a").nth(number)
    said = await link.inner_text()
    await link.click()
    await expect(page.locator(".note[role=status]")).to_contain_text(f"共{said}件")
    await expect(page.locator("tr.opens")).to_have_count(int(said))
    await page.go_back()
    await page.locator("td a").first.wait_for()
