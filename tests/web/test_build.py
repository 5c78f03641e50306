"""The build refuses what the browser would not show as WeChat does, in one line that says where."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.patience import HANGING
from tests.web import small

PAGE = "pages/home/index"


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({f"{PAGE}.wxml": "<view>\n<marquee>x</marquee></view>"}, f"{PAGE}.wxml:2: unknown tag <marquee>"),
        ({f"{PAGE}.wxml": '<view colour="red"/>'}, f"{PAGE}.wxml:1: <view> has no attribute colour"),
        ({f"{PAGE}.wxml": '<view bind:swipe="x"/>'}, f"{PAGE}.wxml:1: <view> has no attribute bind:swipe"),
        (
            {f"{PAGE}.wxml": '<view bind:tap="x"/>'},
            f"{PAGE}.wxml:1: <view> is tapped: its aria-role has to be one",
        ),
        (
            {f"{PAGE}.wxml": '<image catchtap="x" aria-role="img"/>'},
            f"{PAGE}.wxml:1: <image> is tapped: its aria-role has to be one",
        ),
        ({f"{PAGE}.wxml": "<view>{{ a + }}</view>"}, f"{PAGE}.wxml:1: "),
        ({f"{PAGE}.wxml": "<view>\n<view wx:else/></view>"}, f"{PAGE}.wxml:2: invalid attribute"),
        (
            {f"{PAGE}.ts": "// wx.fly()\n\nPage({ onLoad() { wx.fly() } })"},
            f"{PAGE}.ts:3: wx.fly: the harness",
        ),
        (
            {f"{PAGE}.wxss": ".a { background: url(https://x.cn/a.png) }"},
            f"{PAGE}.wxss: url(https://x.cn/a.png)",
        ),
        (
            {f"{PAGE}.json": '{"usingComponents": {"a": "/nowhere/a"}}'},
            f"{PAGE}.json: no such page or component: nowhere/a",
        ),
        ({f"{PAGE}.wxml": '<import src="gone.wxml"/>'}, "pages/home/gone.wxml: no such file"),
        (
            {f"{PAGE}.ts": "import x from 'left-pad'; Page({ x })"},
            "left-pad: only tdesign-miniprogram can be imported",
        ),
        ({f"{PAGE}.json": "{"}, f"{PAGE}.json: "),
    ],
)
def test_what_is_unknown_fails_the_build(tmp_path: Path, files: dict[str, str], line: str) -> None:
    done = small.build(small.write(tmp_path, files | {f"{PAGE}.wxss": files.get(f"{PAGE}.wxss", "")}))
    assert done.returncode == 1
    assert line in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "app").exists()


def test_a_component_imported_template_may_use_the_component_s_tags(tmp_path: Path) -> None:
    files = {
        f"{PAGE}.json": '{"usingComponents": {"c-part": "/parts/part"}}',
        f"{PAGE}.wxml": '<import src="/parts/t.wxml"/><template is="t"/>',
        "parts/t.wxml": '<template name="t"><c-part/></template>',
        "parts/part.json": '{"component": true}',
        "parts/part.wxml": "<view/>",
        "parts/part.ts": "Component({})",
    }
    done = small.build(small.write(tmp_path, files))
    assert done.returncode == 0, done.stderr


def test_units_tags_and_scopes_become_those_of_a_browser(tmp_path: Path) -> None:
    files = {
        f"{PAGE}.wxss": "page { color: red } .a, view { width: 750rpx; height: 50vh }",
        f"{PAGE}.json": '{"usingComponents": {"c-part": "/parts/part"}}',
        f"{PAGE}.wxml": "<c-part/>",
        "parts/part.json": '{"component": true}',
        "parts/part.wxml": "<view/>",
        "parts/part.ts": "Component({})",
        "parts/part.wxss": ":host { margin: 15rpx } .inner { color: blue }",
    }
    assert small.build(small.write(tmp_path, files)).returncode == 0
    style = next((tmp_path / "app").glob("app.*.css")).read_text()
    assert f'wx-page:where([is="{PAGE}"])' in style.replace("'", '"').replace(
        "[is=pages/home/index]", f'[is="{PAGE}"]'
    )
    assert "width:100vw" in style
    assert "calc(50 * var(--vh, 1vh))" in style
    assert "margin:2vw" in style
    assert "--inner{" in style


def test_an_unchanged_program_is_not_built_again(tmp_path: Path) -> None:
    folder = small.write(tmp_path, {f"{PAGE}.wxml": "<view>1</view>"})
    assert "built" in small.build(folder).stdout
    assert small.build(folder).stdout == ""
    small.write(tmp_path, {f"{PAGE}.wxml": "<view>2</view>"})
    assert "built" in small.build(folder).stdout


def test_wechat_s_compilers_refuse_what_the_browser_s_accepts(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "the browser tests need Node.js"
    command = [node, str(small.ROOT / "miniprogram/web/wechat.mjs"), str(tmp_path / "src")]
    small.write(tmp_path, {f"{PAGE}.wxml": "<view>{{ a || b }}</view>"})
    checked = subprocess.run(command, capture_output=True, text=True, timeout=HANGING, check=False)
    assert checked.returncode == 0, checked.stderr
    if "skipped" in checked.stdout:  # there are no such compilers for this platform
        return
    small.write(tmp_path, {f"{PAGE}.wxml": "<view>{{ a ?? b }}</view>"})
    assert small.build(tmp_path).returncode == 0
    checked = subprocess.run(command, capture_output=True, text=True, timeout=HANGING, check=False)
    assert checked.returncode == 1
    assert f"{PAGE}.wxml:1" in checked.stderr


def test_what_holds_on_glass_easel_only_is_refused(tmp_path: Path) -> None:
    """WeChat may run the pages on its older framework, where an observer sees copies of the data."""
    node = shutil.which("node")
    assert node, "the browser tests need Node.js"
    shutil.copytree(small.ROOT / "miniprogram/src", tmp_path / "src")
    command = [node, str(small.ROOT / "miniprogram/web/exparser.mjs"), str(tmp_path / "src")]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=HANGING, check=False)
    assert checked.returncode == 0, checked.stderr
    if "skipped" in checked.stdout:  # there are no compilers of WeChat's for this platform
        return
    comparison = tmp_path / "src/ui/sameContent.ts"
    comparison.write_text(
        "export const sameContent = (one: unknown, other: unknown) => one === other", "utf-8"
    )
    checked = subprocess.run(command, capture_output=True, text=True, timeout=HANGING, check=False)
    assert checked.returncode == 1
    assert "a sheet keeps what was typed when the language changes" in checked.stderr
