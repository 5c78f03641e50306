"""The file by which WeChat checks that a link's prefix is ours: copied by the operator into the data directory."""

import asyncio
import re
from pathlib import Path
from typing import Final

from app import settings
from app.errors import NotFound

FOLDER: Final = "wechat-check"  # of the data directory
MAX_BYTES: Final = 1024  # WeChat's have some 32
NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,64}\.txt", re.ASCII)


async def read_check_file(name: str) -> bytes:
    """Return the content of a file of FOLDER. Raises NotFound, also for any other name than WeChat gives its files."""
    if not NAME.fullmatch(name):
        raise NotFound
    content = await asyncio.to_thread(_read, settings.get().data_dir / FOLDER / name)
    if content is None or len(content) > MAX_BYTES:
        raise NotFound
    return content


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return None
