"""The sender: says what is due in each group, merged where a robot would say too much."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app import log, settings
from app.errors import Unreadable
from app.models.robot import RingRow
from app.rules import robots as rules
from app.rules.robots import Kind, Line
from app.services import encryption, wechat
from app.services.robots import client, queue
from app.services.robots.queue import RobotRow

logger = log.get("robots")

CONCURRENT: Final = 10  # robots in one round, served side by side
LINK_SECONDS: Final = 1.5  # that a message waits for the link in it
FULL: Final = timedelta(seconds=5)  # until a robot that has said all it may is looked at again


async def ring_due() -> bool:
    """Serve robots that have something to say; tell whether there were any."""
    claimed = await queue.claim_robots(CONCURRENT)
    await asyncio.gather(*(_serve(robot) for robot in claimed))
    return bool(claimed)


async def _serve(robot: RobotRow) -> None:
    try:
        key = encryption.decrypt(robot["sealed"])
    except Unreadable:  # the key of the database was lost: the address has to be given anew
        await queue.disable(robot["owner_id"])
        return
    waiting = await queue.due_messages(robot["owner_id"])
    batches = rules.batches([(Kind(message["kind"]), message) for message in waiting], robot["sent"])
    links = await asyncio.gather(*(_link(batch) for batch in batches))
    for batch, link in zip(batches, links, strict=True):
        if not await _say(robot, key, batch, link):
            return
    said = sum(len(batch) for batch in batches)
    await queue.release(robot, wait=FULL if said < len(waiting) else None)


async def _say(robot: RobotRow, key: str, batch: Sequence[RingRow], link: str | None) -> bool:
    """Say one message and write what became of it; False when the robot says nothing more for now."""
    lines = [Line(Kind(one["kind"]), _what(one), one["place"], one["due"]) for one in batch]
    danger = lines[0].kind is Kind.DANGER
    message_ids = [one["id"] for one in batch]
    try:
        errcode = await client.send(key, rules.text(lines, link), to_all=danger)
    except client.NoAnswer as error:
        # Never twice, but for a danger: a second ring harms nobody, a missing one may.
        if error.sent and not (danger and robot["failures"] == 0):
            await queue.settle(robot["owner_id"], message_ids, "unknown")
        await queue.release(robot, failed=True)
        return False
    if errcode in client.INVALID:
        await queue.disable(robot["owner_id"])
        return False
    if errcode == client.TOO_OFTEN:  # somebody else uses it too
        await queue.release(robot, wait=queue.MINUTE)
        return False
    if errcode == -1:  # WeCom is busy
        await queue.release(robot, failed=True)
        return False
    await queue.settle(robot["owner_id"], message_ids, "refused" if errcode else "sent")
    return True


def _page(message: RingRow) -> tuple[str, str]:
    """Return the page of the mini-program that shows what a message is of, and its query."""
    if message["subject"] == "ticket":
        return "pages/ticket/index", f"id={message['ticket_id']}"
    return "subjects/detail/index", f"noun={message['subject']}&id={message['ticket_id']}"


def _what(message: RingRow) -> str:
    return message["category"] or rules.subject_words(message["subject"], Kind(message["kind"]))


async def _link(batch: Sequence[RingRow]) -> str | None:
    """Return a link that opens the ticket or subject, of several the workbench; None where there is none to give."""
    page, query = "pages/work/index", ""
    if len(batch) == 1:
        page, query = _page(batch[0])
    if wechat.is_configured():
        try:
            async with asyncio.timeout(LINK_SECONDS):
                return await wechat.url_link(page, query)
        except (wechat.NoAnswer, wechat.WeChatError, TimeoutError):
            pass  # a message without a link is better than a late one
    conf = settings.get()
    if conf.public_url and (conf.demo or conf.preview):
        return f"{conf.public_url.rstrip('/')}/app/#/{page}{f'?{query}' if query else ''}"
    return None
