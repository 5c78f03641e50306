"""The build refuses what the browser would not show as WeChat does, in one line that says where."""

from pathlib import Path

import pytest

from tests.web import small

PAGE = "pages/home/index"


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({f"{PAGE}.wxml": "<view>\n<marquee>x</marquee></view>"}, f"{PAGE}.wxml:2: unknown tag <marquee>"),
        ({f"{PAGE}.wxml": '<view colour="red"/>'}, f"{PAGE}.wxml:1: <view> has no attribute colour"),
        ({f"{PAGE}.wxml": '<view bind:swipe="x"/>'}, f"{PAGE}.wxml:1: <view> has no attribute bind:swipe"),
        ({f"{PAGE}.wxml": "<view>{{ a + }}</view>"}, f"{PAGE}.wxml:1: "),
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
