"""Cleans an uploaded photo in a short-lived child process, two at a time."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from app import errors, log

# Run by path and never imported: image decoders stay out of the process that holds the keys.
_SCRIPT = Path(__file__).with_name("decode_child.py")
_MAX_PROCESSES = 2  # each may take a gigabyte
_TIMEOUT_SECONDS = 20.0  # of wall-clock time; the script itself is limited to 4 of CPU time
_REFUSALS = {
    "not-image": "只能上传照片（JPEG、PNG、WebP、HEIC、GIF）",
    "too-many-pixels": "照片太大，请缩小后再上传",
    "broken": "照片损坏，无法打开，请换一张",
}
# One arena: otherwise each thread of a decoder reserves 64 MB of the limited address space.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}
_log = log.get("photo")
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def clean_photo(source: Path, out: Path, thumb: Path, *, max_pixels: int) -> tuple[int, int]:
    """Write `out` (≤ 2048² pixels) and `thumb` (≤ 480²) as JPEGs without metadata; return width, height of `out`.

    Raises Invalid at `/file` for what is no photo, has too many pixels or is broken, StorageFull, and Unavailable when
    the machine is too busy. When it raises, neither file exists. The files are not synced; `storage.put` does that.
    """
    slot = _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_MAX_PROCESSES))
    try:
        async with slot:
            answer = await _run_script(str(source), str(out), str(thumb), str(max_pixels))
        return _read_size(answer)
    except BaseException:
        for incomplete in (out, thumb):
            incomplete.unlink(missing_ok=True)
        raise


def _read_size(answer: dict[str, Any]) -> tuple[int, int]:
    """Return the size in the script's answer, or raise what its error means."""
    error = answer.get("error")
    if error == "full":
        raise errors.StorageFull
    if error is not None:
        _log.info("photo-refused", error=error, why=answer.get("why"))
        raise errors.Invalid.at("/file", _REFUSALS.get(error, _REFUSALS["broken"]))
    return int(answer["width"]), int(answer["height"])


async def _run_script(*arguments: str) -> dict[str, Any]:
    """Run the script and return its answer; a script that crashes or exceeds its limits means a broken photo."""
    script = await _start(*arguments)
    try:
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            output, _ = await script.communicate()
    except TimeoutError:
        _log.warning("photo-timeout", seconds=_TIMEOUT_SECONDS)
        raise errors.Unavailable from None
    finally:
        if script.returncode is None:
            script.kill()
            await script.wait()
    return _parse_answer(output, script.returncode)


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_SCRIPT), *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_ENVIRONMENT | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
            start_new_session=True,  # Ctrl-C in the terminal is for the parent only
        )
    except OSError as error:  # out of memory, processes or descriptors
        _log.warning("photo-script-not-started", error=type(error).__name__)
        raise errors.Unavailable from error


def _parse_answer(output: bytes, code: int | None) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        # Not always the photo's fault: without Pillow every photo ends here.
        _log.warning("photo-script-died", code=code)
        answer = {"error": "broken", "why": f"exit {code}"}
    return answer
