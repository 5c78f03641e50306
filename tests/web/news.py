"""News that somebody waits for: it is written a moment after what it is about."""

import asyncio

from tests.world import Person


async def told(person: Person, *, more_than: int) -> None:
    """Wait until somebody's news is written."""
    while (await person.get("/notices", unread=True))["unread"] <= more_than:  # noqa: ASYNC110 - news has no event to wait for
        await asyncio.sleep(0.05)


async def unread(person: Person) -> int:
    count: int = (await person.get("/notices", unread=True))["unread"]
    return count


async def brings_news(reporter: Person, head: Person, words: str) -> None:
    """Report something and wait until the head's news of it is written."""
    before = await unread(head)
    await reporter.report(description=words)
    await told(head, more_than=before)
