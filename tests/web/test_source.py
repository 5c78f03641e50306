"""The mini-program as WeChat gets it: light enough, its types of the API not stale, nothing of the browser inside."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.web import small

PROGRAM = small.ROOT / "miniprogram"


def node(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("node")
    assert found, "the browser tests need Node.js"
    command = [found, str(PROGRAM / "web" / script), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_every_package_is_light_enough_for_wechat(built: None) -> None:
    weighed = node("sizes.mjs")
    assert weighed.returncode == 0, weighed.stdout


def test_a_heavy_package_is_told(tmp_path: Path) -> None:
    small.write(tmp_path, {"pages/home/index.wxml": "楼" * 200_000})
    weighed = node("sizes.mjs", str(tmp_path / "src"))
    assert weighed.returncode == 1
    assert "package main: 586 KB of at most 500 KB" in weighed.stdout


def test_the_types_of_the_api_are_those_of_its_document() -> None:
    checked = node("types.mjs", "--check")
    assert checked.returncode == 0, checked.stderr


def test_what_wechat_packs_holds_no_foreign_address(built: None) -> None:
    """The icon font of TDesign is the one that came from elsewhere."""
    for style in (PROGRAM / "src").rglob("*.wxss"):
        assert "//tdesign" not in style.read_text("utf-8"), style
    assert json.loads((PROGRAM / "project.config.json").read_text("utf-8"))["miniprogramRoot"] == "src/"
