"""The commands an office types: a file loaded or refused line by line, a template filled in, somebody invited."""

import asyncio
from pathlib import Path

from tests.e2e.program import Serving, command

GRIDS = "code,community,name,covers\n"


async def test_an_import_names_the_bad_line_and_loads_nothing_then_loads_all(
    home: Path, serving: Serving, tmp_path: Path
) -> None:
    await serving()
    file = tmp_path / "grids.csv"
    file.write_text(GRIDS + "wss-g7,wss,第七网格,\nwss-g8,nowhere,第八网格,\n", "utf-8")
    refused = await asyncio.to_thread(command, home, "import", str(file))
    assert refused.returncode == 1
    assert "grids.csv 第 3 行" in refused.stdout
    assert "什么都没有导入" in refused.stdout
    missing = await asyncio.to_thread(command, home, "invite", "--role", "head", "--place", "wss-g7")
    assert missing.returncode == 2
    file.write_text(GRIDS + "wss-g7,wss,第七网格,\n", "utf-8")
    loaded = await asyncio.to_thread(command, home, "import", str(file))
    assert (loaded.returncode, loaded.stderr) == (0, "")
    assert loaded.stdout.startswith("已导入")
    invited = await asyncio.to_thread(command, home, "invite", "--role", "head", "--place", "wss-g7")
    assert invited.returncode == 0
    assert "第七网格 网格长" in invited.stdout


async def test_somebody_is_invited_only_to_where_the_role_is_held(home: Path, serving: Serving) -> None:
    await serving()
    refused = await asyncio.to_thread(command, home, "invite", "--role", "head", "--place", "人和街道")
    assert refused.returncode == 2
    assert refused.stderr == "loudeng: 网格长要设在网格，“人和街道”不是\n"
