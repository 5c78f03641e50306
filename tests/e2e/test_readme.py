"""The README's story, word for word, against the running program."""

import asyncio
import os
import re
import subprocess
from pathlib import Path

from tests import world
from tests.e2e.program import ROOT, Serving
from tests.patience import HANGING

TIMELINE = """\
1 已上报 报告人
2 已受理 万寿山社区第四网格 网格长
3 已派遣 万寿山社区第四网格 网格长
4 已接单 人和物业
5 已办结 人和物业
6 报告人已确认 报告人
"""


async def test_the_story_in_the_readme_happens_as_it_is_told(serving: Serving, tmp_path: Path) -> None:
    program = await serving()
    readme = (ROOT / "README.md").read_text("utf-8")
    story = next(block for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if "resident=" in block)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(world.jpeg(800, 600))
    told = await asyncio.to_thread(
        subprocess.run,
        ["bash", "-eu", "-c", story],
        env={"PATH": os.environ["PATH"], "API": program.url, "PHOTO": str(photo)},
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.endswith(TIMELINE)
    assert TIMELINE in readme
