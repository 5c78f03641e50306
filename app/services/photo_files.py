"""Clean an uploaded photo in a short-lived process of its own, two at a time, and never leave one behind."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from app import errors, log

# By path and never imported: the decoders stay out of the process that holds the keys.
_SCRIPT = Path(__file__).with_name("decode.py")
_AT_ONCE = 2  # each may take a gigabyte
_PATIENCE = 20.0  # seconds of wall clock; the script itself stops after 4 of work
_REFUSED = {
    "not-image": "只能上传照片（JPEG、PNG、WebP、HEIC、GIF）",
    "too-many-pixels": "照片太大，请缩小后再上传",
    "broken": "照片损坏，无法打开，请换一张",
}
# One arena: otherwise each thread of a decoder reserves 64 MB of the address space it is allowed.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
_log = log.get("photo")
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def clean(source: Path, out: Path, thumb: Path, *, max_pixels: int) -> tuple[int, int]:
    """Write `out` (longest side ≤ 2048) and `thumb` (≤ 480) as JPEGs without metadata; return width, height of `out`.

    `Invalid` at `/file` for what is no photo, too many pixels or broken, `StorageFull`, and `Unavailable` when the
    machine is too busy to tell. A refusal leaves neither file; none of the two is synced yet (`storage.put` does).
    """
    slot = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
    try:
        async with slot:
            answer = await _develop(str(source), str(out), str(thumb), str(max_pixels))
        return _size(answer)
    except BaseException:
        for half_written in (out, thumb):
            half_written.unlink(missing_ok=True)
        raise


def _size(answer: dict[str, Any]) -> tuple[int, int]:
    """Read the script's answer: a size, or the reason there is none."""
    error = answer.get("error")
    if error == "full":
        raise errors.StorageFull
    if error is not None:
        _log.info("photo-refused", error=error, why=answer.get("why"))
        raise errors.Invalid.at("/file", _REFUSED.get(error, _REFUSED["broken"]))
    return int(answer["width"]), int(answer["height"])


async def _develop(*arguments: str) -> dict[str, Any]:
    """Run the script; a crash, a memory-limit or a time-limit death of it means a broken photo."""
    script = await _start(*arguments)
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _ = await script.communicate()
    except TimeoutError:
        _log.warning("photo-timeout", seconds=_PATIENCE)
        raise errors.Unavailable from None
    finally:
        if script.returncode is None:
            script.kill()
            await script.wait()
    return _heard(said, script.returncode)


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_SCRIPT), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_ENVIRONMENT | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
            start_new_session=True,  # Ctrl-C is ours to pass on
        )
    except OSError as error:  # no memory, process or descriptor left
        _log.warning("photo-script-not-started", error=type(error).__name__)
        raise errors.Unavailable from error


def _heard(said: bytes, code: int | None) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        # Not always the photo: an interpreter without Pillow ends here too, and then every photo does.
        _log.warning("photo-script-died", code=code)
        answer = {"error": "broken", "why": f"exit {code}"}
    return answer
