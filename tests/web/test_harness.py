"""The harness behaves as WeChat does where a program can tell: pages, storage, uploads, events."""

import base64
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.web import small
from tests.web.conftest import Window

HOME: Final = "pages/home/index"
MORE: Final = "pages/more/index"
PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC"
)
FILES: Final = {
    "app.json": '{"pages": ["pages/home/index", "pages/more/index"], "window": {"navigationBarTitleText": "测试"}}',
    "app.ts": "App({ onLaunch(o) { this.launched = o } })",
    f"{HOME}.json": '{"enablePullDownRefresh": true}',
    f"{HOME}.wxss": ".wide { width: 375rpx; height: 20px } .tall { height: 2000px }",
    f"{HOME}.wxml": """<view class="wide" style="margin-left: 75rpx">宽</view>
<button id="go" bindtap="go">去</button><button id="off" disabled bind:tap="go">不去</button>
<button id="photo" catch:tap="photo">拍照</button><text id="log">{{log}}</text>
<input id="in" value="{{typed}}" bindinput="typed"/><text id="typed">{{typed}}</text>
<view id="outer" bind:tap="outer" aria-role="button"><view id="inner" catchtap="inner" data-who="里" aria-role="button"><text>点</text></view></view>
<view aria-role="heading">标题</view><view id="switch" bind:tap="turn" aria-role="switch" aria-checked="{{on}}" aria-label="灯"/>
<button id="asks" bind:tap="ask">问</button><button id="asks-late" bind:tap="askLate">晚问</button>
<button id="opens" bind:tap="opens">开</button><view class="tall"/>""",
    f"{HOME}.ts": """Page({
  data: { log: '', typed: '', on: false },
  turn() { this.setData({ on: !this.data.on }) },
  say(what: string) { this.setData({ log: this.data.log + what + ';' }) },
  onLoad() { this.say('load') }, onShow() { this.say('show') }, onReady() { this.say('ready') }, onHide() { this.say('hide') },
  onReachBottom() { this.say('bottom') }, onPullDownRefresh() { this.say('pulled'); wx.stopPullDownRefresh() },
  onPageScroll() {},
  go() { wx.navigateTo({ url: '../more/index?scene=' + encodeURIComponent('a=1&b=楼') }) },
  typed(e: any) { this.setData({ typed: e.detail.value }) },
  outer() { this.say('outer') }, inner(e: any) { this.say('inner ' + e.currentTarget.dataset.who) },
  ask() { wx.requestSubscribeMessage({ tmplIds: ['T'],
    success: (r: any) => this.say('T ' + r.T), fail: (e: any) => this.say('refused ' + e.errCode) }) },
  async askLate() { await null; this.ask() }, opens() { (globalThis as any).opening() },
  photo() {
    wx.chooseMedia({ count: 1, sizeType: ['compressed'], success: ({ tempFiles: [one] }: any) => {
      const task = wx.uploadFile({ url: location_() + '/api/photos', filePath: one.tempFilePath, name: 'file',
        success: (r: any) => this.say('sent ' + r.statusCode), fail: (e: any) => this.say(e.errMsg) })
      task.onProgressUpdate((p: any) => this.say('at ' + p.progress))
    } })
  },
})
function location_() { return '' }""",
    f"{MORE}.wxml": '<view id="scene">{{scene}}</view><button id="back" bindtap="back">回</button>',
    f"{MORE}.ts": """Page({ data: { scene: '' },
  onLoad(q: any) { this.setData({ scene: q.scene + ' ' + decodeURIComponent(q.scene) }) },
  onUnload() { wx.setStorageSync('unloaded', getCurrentPages().length) },
  back() { wx.navigateBack() } })""",
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = small.write(tmp_path_factory.mktemp("small"), FILES)
    done = small.build(folder)
    assert done.returncode == 0, done.stderr
    with small.served(folder) as url:
        yield f"{url}/app/"


@pytest.fixture
async def page(address: str, opened: Window) -> Page:
    return await opened(f"{address}?persona=resident")


async def said(page: Page, words: str) -> None:
    await expect(page.locator("#log").first).to_have_text(words)


async def test_750_rpx_are_as_wide_as_the_window(page: Page) -> None:
    box = await page.locator("wx-view", has_text="宽").bounding_box()
    assert box
    assert (box["width"], box["x"]) == (187.5, 37.5)


async def test_a_page_opens_over_another_and_leaves_it_as_it_was(page: Page) -> None:
    await said(page, "load;show;ready;")
    await page.tap("#go")
    await expect(page.locator("#scene")).to_have_text("a%3D1%26b%3D%E6%A5%BC a=1&b=楼")
    assert await page.evaluate("getCurrentPages().map(page => page.route)") == [HOME, MORE]
    await page.tap("#back")
    await said(page, "load;show;ready;hide;show;")
    assert await page.evaluate("getCurrentPages().length") == 1
    assert "home" in page.url


async def test_the_browser_s_back_is_the_program_s(page: Page) -> None:
    await page.tap("#go")
    await page.locator("#scene").wait_for()
    await page.go_back()
    await said(page, "load;show;ready;hide;show;")
    assert await page.locator("#scene").count() == 0


async def test_a_reload_stays_on_its_page(page: Page) -> None:
    await page.tap("#go")
    await page.locator("#scene").wait_for()
    await page.reload()
    await expect(page.locator("#scene")).to_have_text("a%3D1%26b%3D%E6%A5%BC a=1&b=楼")


async def test_a_disabled_button_hears_no_tap(page: Page) -> None:
    await page.tap("#off", force=True)
    assert await page.evaluate("getCurrentPages().length") == 1


async def test_a_caught_tap_goes_no_further(page: Page) -> None:
    await page.tap("#inner")
    await said(page, "load;show;ready;inner 里;")


async def test_a_mouse_taps_once(address: str, opened: Window) -> None:
    page = await opened(address, has_touch=False)
    await page.click("#inner")
    await said(page, "load;show;ready;inner 里;")


async def test_a_key_presses_a_button(page: Page) -> None:
    await page.focus("#go")
    await page.keyboard.press("Enter")
    await page.locator("#scene").wait_for()


# What a tap opens, and what of it may lie under the finger by then.
OPENED: Final = [
    ("wx.showModal({ title: '撤回？' })", ".harness-card footer button"),
    ("wx.showActionSheet({ itemList: ['物业'], fail() {} })", ".harness-sheet button"),
    ("wx.showActionSheet({ itemList: ['物业'], fail() {} })", ".harness-over"),
    ("wx.previewImage({ urls: ['data:,'] })", ".harness-photos"),
]


@pytest.mark.parametrize(("call", "under"), OPENED)
async def test_a_tap_does_not_answer_what_it_has_opened(page: Page, call: str, under: str) -> None:
    await page.evaluate(f"void (window.opening = () => {call})")
    await page.tap("#opens")
    target = page.locator(under).first
    box = await target.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.touchscreen.tap(*middle)
    await expect(target).to_have_count(0)  # its own tap answers it
    await page.locator("#opens").evaluate("it => { it.style = 'position: fixed; inset: 0; z-index: 9' }")
    await page.touchscreen.tap(*middle)
    await page.evaluate("fetch(location.href).then(answer => answer.text())")  # the click has come meanwhile
    await expect(target).to_be_visible()


async def test_a_role_is_one_for_the_browser_too(page: Page) -> None:
    await expect(page.get_by_role("heading", name="标题", level=2)).to_be_visible()
    await expect(page.get_by_role("banner").get_by_role("heading", name="测试", level=1)).to_be_visible()
    await expect(page.get_by_role("main").get_by_role("button", name="去", exact=True)).to_be_visible()
    assert await page.locator("[aria-role]").count() == 0


async def test_a_state_is_written_out_and_changed_by_a_key(page: Page) -> None:
    switch = page.get_by_role("switch", name="灯")
    await expect(switch).to_have_attribute("aria-checked", "false")
    await switch.focus()
    await page.keyboard.press("Space")
    await expect(switch).to_have_attribute("aria-checked", "true")


async def test_typing_tells_its_value(page: Page) -> None:
    await page.fill("#in input", "灯坏了")
    await expect(page.locator("#typed")).to_have_text("灯坏了")


async def test_the_bottom_is_reached_once(page: Page) -> None:
    await page.evaluate("document.querySelector('.scroller').scrollTo(0, 99999)")
    await said(page, "load;show;ready;bottom;")


async def test_pulling_down_refreshes(page: Page) -> None:
    await page.evaluate("__harness.pullDown()")
    await said(page, "load;show;ready;pulled;")
    assert await page.locator(".is-refreshing").count() == 0


async def test_each_persona_stores_apart(address: str, opened: Window) -> None:
    first = await opened(f"{address}?persona=resident")
    await first.evaluate("wx.setStorageSync('draft', { text: '灯' })")
    await first.reload()
    assert await first.evaluate("wx.getStorageSync('draft')") == {"text": "灯"}
    await first.goto(f"{address}?persona=grid_head")
    assert await first.evaluate("wx.getStorageSync('draft')") == ""


async def test_a_saved_file_outlives_the_page(page: Page) -> None:
    saved = await page.evaluate("""async () => {
      await wx.getFileSystemManager().writeFile({ filePath: 'wxfile://usr/a', data: '照片' })
      return true }""")
    assert saved
    await page.reload()
    read = "wx.getFileSystemManager().readFile({ filePath: 'wxfile://usr/a', encoding: 'utf8' }).then(r => r.data)"
    assert await page.evaluate(read) == "照片"


async def photographed(page: Page) -> None:
    async with page.expect_file_chooser() as choosing:
        await page.tap("#photo")
    await (await choosing.value).set_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})


async def test_an_upload_tells_how_far_it_is(page: Page) -> None:
    await photographed(page)
    await said(page, "load;show;ready;at 100;sent 200;")


async def test_an_upload_can_break_off(page: Page) -> None:
    await page.evaluate("__harness.failUploads = 1")
    await photographed(page)
    await said(page, "load;show;ready;at 50;uploadFile:fail net::ERR_CONNECTION_RESET;")


async def test_without_a_network_requests_fail_and_the_program_is_told(page: Page) -> None:
    told = await page.evaluate("""async () => {
      const heard = []
      wx.onNetworkStatusChange(state => heard.push(state.isConnected))
      __harness.goOffline(true)
      heard.push(await new Promise(resolve => wx.request({ url: '/api/x', success: resolve, fail: e => resolve(e.errMsg) })))
      __harness.goOffline(false)
      heard.push(await new Promise(resolve => wx.request({ url: '/api/x', success: r => resolve(r.statusCode) })))
      return heard }""")
    assert told == [False, "request:fail net::ERR_INTERNET_DISCONNECTED", True, 200]


async def test_no_request_leaves_this_server(page: Page) -> None:
    asked = "new Promise(done => wx.request({ url: 'https://example.com/', fail: e => done(e.errMsg) }))"
    assert await page.evaluate(asked) == "request:fail url not in domain list: https://example.com/"


async def test_the_font_scale_is_wechat_s(page: Page) -> None:
    async with page.expect_navigation():
        await page.evaluate("__harness.setFontScale(1.5)")
    assert await page.evaluate("wx.getAppBaseInfo().fontSizeScaleFactor") == 1.5


async def test_a_question_is_answered(page: Page) -> None:
    await page.evaluate(
        "void wx.showModal({ title: '撤回？', content: '不可恢复' }).then(r => (window.answered = r))"
    )
    await page.get_by_role("dialog").get_by_text("确定").tap()
    assert await page.evaluate("answered.confirm") is True
    await page.evaluate(
        "void wx.showActionSheet({ itemList: ['物业', '城管'] }).then(r => (window.chose = r))"
    )
    await page.get_by_text("城管").tap()
    assert await page.evaluate("chose.tapIndex") == 1


@pytest.mark.parametrize("button", ["confirmText", "cancelText"])
async def test_a_question_with_a_long_button_is_not_shown(page: Page, button: str) -> None:
    failed = await page.evaluate(
        "async name => wx.showModal({ title: '撤回？', [name]: 'Cancel' }).catch(({ errMsg }) => errMsg)",
        button,
    )
    assert failed.startswith(f"showModal:fail {button} length")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_subscribe_messages_are_asked_for_straight_from_a_tap(page: Page) -> None:
    await page.evaluate("__harness.subscribe = 'accept'")
    await page.tap("#asks")
    await said(page, "load;show;ready;T accept;")
    await page.tap("#asks-late")
    await said(page, "load;show;ready;T accept;refused 20001;")


async def test_an_unknown_page_is_refused(page: Page) -> None:
    refused = await page.evaluate("wx.navigateTo({ url: '/pages/none/index' }).catch(e => e.errMsg)")
    assert refused == 'navigateTo:fail page "pages/none/index" is not found'


async def test_a_wide_screen_shows_a_phone(address: str, opened: Window) -> None:
    page = await opened(f"{address}?persona=resident", viewport={"width": 1200, "height": 900})
    inside = page.frame_locator(".phone iframe")
    await expect(inside.locator("#log")).to_have_text("load;show;ready;")
    box = await page.locator(".phone iframe").bounding_box()
    assert box
    assert box["width"] == 375
