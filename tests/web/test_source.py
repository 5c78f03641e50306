"""The mini-program as WeChat gets it: light enough, its types of the API not stale, nothing of the browser inside."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from tests.patience import HANGING
from tests.web import small

PROGRAM = small.ROOT / "miniprogram"


def node(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("node")
    assert found, "the browser tests need Node.js"
    command = [found, str(PROGRAM / "web" / script), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=HANGING, check=False)


def test_every_package_is_light_enough_for_wechat(built: None) -> None:
    weighed = node("sizes.mjs")
    assert weighed.returncode == 0, weighed.stdout


def test_a_heavy_package_is_told(tmp_path: Path) -> None:
    small.write(tmp_path, {"pages/home/index.wxml": "楼" * 240_000})
    weighed = node("sizes.mjs", str(tmp_path / "src"))
    assert weighed.returncode == 1
    assert "package main: 703 KB of at most 500 KB" in weighed.stdout


def test_only_the_office_shows_the_texts_of_its_package() -> None:
    """They are there once one of its pages has opened."""
    source = PROGRAM / "src"

    def sections(table: str) -> set[str]:
        return set(re.findall(r"^  (\w+): \{", (source / table).read_text("utf-8"), re.MULTILINE))

    own = sections("office/words/zh.ts") - sections("i18n/office.ts")
    assert own
    shown = re.compile(rf"(words: \[[^\]]*|wordsOf\()'({'|'.join(own)})'")
    others = [file for file in source.rglob("*.ts") if "office/" not in file.relative_to(source).as_posix()]
    assert [file.name for file in others if shown.search(file.read_text("utf-8"))] == []


def test_the_types_of_the_api_are_those_of_its_document() -> None:
    checked = node("types.mjs", "--check")
    assert checked.returncode == 0, checked.stderr


def test_what_wechat_packs_holds_no_foreign_address(built: None) -> None:
    """The icon font of TDesign is the one that came from elsewhere."""
    for style in (PROGRAM / "src").rglob("*.wxss"):
        assert "//tdesign" not in style.read_text("utf-8"), style
    assert json.loads((PROGRAM / "project.config.json").read_text("utf-8"))["miniprogramRoot"] == "src/"


def test_an_import_from_a_higher_layer_is_refused() -> None:
    """The file named here is linted as if it said this."""
    found = shutil.which("node")
    assert found, "the browser tests need Node.js"
    eslint = [found, "node_modules/eslint/bin/eslint.js", "--config", "eslint.layers.mjs"]

    def lint(file: str, imported: str) -> subprocess.CompletedProcess[str]:
        command = [*eslint, "--stdin", "--stdin-filename", f"src/{file}"]
        text = f"import {{ store }} from '{imported}'\n"
        return subprocess.run(
            command, input=text, cwd=PROGRAM, capture_output=True, text=True, timeout=HANGING, check=False
        )

    assert lint("ui/ticker.ts", "../domain/store").returncode == 0
    upward = lint("platform/files.ts", "../domain/store")
    assert upward.returncode == 1
    assert "platform/ may not import this" in upward.stdout
    assert lint("pages/home/index.ts", "../../office/communities").returncode == 1


def test_formatting_a_template_never_changes_a_text() -> None:
    """Whitespace in <text> is shown by WeChat, so the Prettier plugin only breaks lines inside tags."""
    found = shutil.which("node")
    assert found, "the browser tests need Node.js"
    command = [found, "node_modules/prettier/bin/prettier.cjs", "--stdin-filepath", "src/x.wxml"]
    long = " ".join(f'data-n{n}="{n}"' for n in range(15))
    template = (
        f"<view><text {long}> two  spaces\n a line </text><view>{{{{a < b}}}} <text>c</text> </view></view>"
    )

    def formatted(text: str) -> str:
        return subprocess.run(
            command, input=text, cwd=PROGRAM, capture_output=True, text=True, timeout=HANGING, check=True
        ).stdout

    once = formatted(template)
    assert "> two  spaces\n a line </text>" in once
    assert "<view>{{a < b}} <text>c</text> </view>" in once
    assert max(len(line) for line in once.splitlines()) <= 110
    assert formatted(once) == once
