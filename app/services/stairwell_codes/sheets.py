"""Sheets to print: the codes of all stairwells below a place, eight a page, as one PDF."""

import asyncio
import base64
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

import asyncpg

from app import db, log
from app.enums import Level, Role
from app.errors import Forbidden, Invalid, NotFound, Unavailable
from app.models.stairwell_code import SheetsOut
from app.rules.access import STAFF, Actor
from app.rules.routing import Unit
from app.services import places, setup, wechat
from app.services.setup import Catalogue
from app.services.stairwell_codes.images import mini_program_image
from app.sql import Statement

logger = log.get("sheets")

_SCRIPT: Final = Path(__file__).with_name("sheet_child.py")
A_SHEET: Final = 8  # codes, as the script lays them out
MAX_CODES: Final = 4000  # of one document; a street has some 3,000 stairwells
MAX_IMAGES: Final = (
    400  # WeChat's images, which are large and asked for one by one; longer documents have links
)
CONCURRENT: Final = 10  # images asked for at a time
TIMEOUT_SECONDS: Final = 300.0
CHUNK_BYTES: Final = 64 * 1024

_ROLES: Final = STAFF | {Role.ADMIN}


async def require_may_print(actor: Actor, place_id: UUID) -> None:
    """Raise Forbidden for who is no staff, NotFound for a place outside their posts' units and what these cover."""
    own = set(actor.units(_ROLES))
    if not own:
        raise Forbidden
    row = await db.execute_one(_SELECT_PATH, place_id=place_id)
    if row is None:
        raise NotFound
    grid_id = _grid_id(await setup.current_catalogue(), row["path"])
    if own.isdisjoint(row["path"]) and grid_id not in own:
        raise NotFound
    if row["level"] == Level.GRID:
        raise Invalid.at("/place_id", "楼道码按楼栋、小区、社区或街道打印，请选择其中之一")


_SELECT_PATH: Final = Statement("SELECT path, level FROM place WHERE id = :place_id AND ended_at IS NULL")


def _grid_id(catalogue: Catalogue, path: Sequence[UUID]) -> UUID | None:
    """Return the grid that is responsible for a place: the cover nearest to it."""
    return next((catalogue.covers[node] for node in reversed(path) if node in catalogue.covers), None)


async def draw_sheets(place_id: UUID) -> AsyncIterator[bytes]:
    """Return the document with the codes of a place and all below it, piece by piece.

    Raises Invalid where there are none or too many, Unavailable when the machine is too busy.
    """
    rows = await _stairs(place_id)
    slot = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(1))
    if slot.locked():
        raise Unavailable("正在给别人排版，请一分钟后再试", retry_after=60)
    catalogue = await setup.current_catalogue()
    pieces = _pieces(rows, catalogue, slot)
    first = await anext(pieces)  # whatever fails, fails before the answer begins
    return _with_first(first, pieces)


async def count_sheets(place_id: UUID) -> SheetsOut:
    """Return how many codes the document of a place has, and on how many sheets. Raises Invalid as `draw_sheets`."""
    codes = len(await _stairs(place_id))
    return SheetsOut(place_id=place_id, codes=codes, sheets=-(-codes // A_SHEET))


async def _stairs(place_id: UUID) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await db.execute(_SELECT_STAIRS, place_id=place_id, limit=MAX_CODES + 1)
    if not rows:
        raise Invalid.at("/place_id", "这里没有楼栋或单元，没有楼道码可以打印")
    if len(rows) > MAX_CODES:
        raise Invalid.at("/place_id", f"超过{MAX_CODES}个楼道码，请按社区打印")
    return rows


async def _with_first(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece


# One document at a time in a process: each takes a whole core.
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

# Every stairwell; a building without any is one. In the order of the tree.
_SELECT_STAIRS: Final = Statement("""
SELECT p.label, p.path, p.scene FROM place p
WHERE :place_id = ANY(p.path) AND p.ended_at IS NULL AND (p.level = 'unit' OR p.level = 'building' AND NOT EXISTS (
    SELECT FROM place u WHERE u.parent_id = p.id AND u.level = 'unit' AND u.ended_at IS NULL))
ORDER BY ARRAY(SELECT (a.sort, a.id) FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n)
LIMIT :limit
""")


async def _pieces(
    rows: Sequence[asyncpg.Record], catalogue: Catalogue, slot: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    async with slot:
        child = await _start()
        feeding = asyncio.create_task(_feed(child, rows, catalogue))
        try:
            assert child.stdout
            sent = 0
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while piece := await child.stdout.read(CHUNK_BYTES):
                    sent += len(piece)
                    yield piece
                if await child.wait() or not sent:
                    raise Unavailable("没有排好版，请稍后再试")
        except TimeoutError:
            raise Unavailable("排版太慢，请按社区打印") from None
        finally:
            feeding.cancel()
            if child.returncode is None:
                child.kill()
                await child.wait()


async def _start() -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_SCRIPT)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONIOENCODING": "utf-8"}
            | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
            start_new_session=True,  # Ctrl-C in the terminal is for the parent only
        )
    except OSError as error:  # out of memory, processes or descriptors
        logger.warning("sheet_script_not_started", error=type(error).__name__)
        raise Unavailable from error


async def _feed(
    child: asyncio.subprocess.Process, rows: Sequence[asyncpg.Record], catalogue: Catalogue
) -> None:
    """Write the codes to the script, in their order."""
    assert child.stdin
    with_images = wechat.is_configured() and len(rows) <= MAX_IMAGES
    with suppress(ConnectionError):  # the script has died: its end says so
        for n in range(0, len(rows), CONCURRENT):
            some = rows[n : n + CONCURRENT]
            images = await asyncio.gather(*(_image(row["scene"]) for row in some)) if with_images else []
            with_images = with_images and all(images)  # WeChat is away: the rest are links
            for row, image in zip(some, images or [None] * len(some), strict=True):
                code = _code(row, image, catalogue)
                child.stdin.write(json.dumps(code, ensure_ascii=True).encode() + b"\n")
            await child.stdin.drain()
        child.stdin.close()


async def _image(scene: str) -> bytes | None:
    try:
        return await mini_program_image(scene)
    except (wechat.NoAnswer, wechat.WeChatError):
        return None


def _code(row: asyncpg.Record, image: bytes | None, catalogue: Catalogue) -> dict[str, Any]:
    grid_id = _grid_id(catalogue, row["path"])
    path = [*row["path"], *([grid_id] if grid_id else [])]
    unit = next((catalogue.units[node] for node in reversed(path) if node in catalogue.units), None)
    reachable = catalogue.reachable_unit(path)
    return {
        "label": row["label"],
        "unit": _responsible(unit, catalogue) if unit else "",
        "phone": reachable.phone if reachable else "",
        "scene": row["scene"],
        "url": places.scene_url(row["scene"]),
        "image": base64.b64encode(image).decode() if image else None,
    }


def _responsible(unit: Unit, catalogue: Catalogue) -> str:
    """Return the post that is responsible for a unit today, or the unit where nobody is."""
    post = catalogue.responsible_post(unit.id)
    name = catalogue.unit_role_name(post.role, unit.id, post.title) if post else ""
    return f"{unit.label} {name}".rstrip()
