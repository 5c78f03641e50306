"""A course on the phone: signed up for as a whole, who comes is scanned, hours are confirmed, and a certificate says so."""

from typing import Final

from tests.subjects import ahead
from tests.web.common_life import acted, community_of, made
from tests.web.conftest import ARTEFACTS, Holding, Signing

COPIED: Final = (
    "__harness.calls.filter(({ call }) => call === 'setClipboardData').map(({ options }) => options.data)"
)


async def test_a_course_is_signed_up_for_scanned_confirmed_and_certified(
    holds: Holding, signs: Signing
) -> None:
    resident, community = [await signs(one) for one in ("resident", "community")]
    about = {"kind": "course", "title": "书法课", "place_id": await community_of(community)}
    now = {"starts_at": ahead(minutes=-5), "ends_at": ahead(hours=2)}
    first = await made(community, "activities", **about | now)
    later = {"starts_at": ahead(days=7), "ends_at": ahead(days=7, hours=2), "series": first["id"]}
    second = await made(community, "activities", **about | later)
    for run in (first, second):
        await acted(community, "activities", run, "publish")

    hand = await holds("resident", f"/subjects/detail/index?noun=activity&id={first['id']}")
    await hand.sees("共2场，算一门课")
    await hand.tap("整门课都报名（2场）")
    await hand.sees("到场时给工作人员扫一下")
    assert (await resident.get(f"/activities/{second['id']}"))["attending"] == "signed_up"
    code = await hand.scannable()

    staff = await holds("community", f"/subjects/detail/index?noun=activity&id={first['id']}")
    await staff.tap("开始")
    await staff.does("", scan="R000000000000")
    await staff.tap("扫参加者的码签到")
    await staff.sees("名单里没有这个人，请先报名")
    await staff.does("", scan=code)
    await staff.tap("扫参加者的码签到")
    await staff.sees("已到场")
    await staff.tap("结束")
    await staff.page.locator(".sheet .send").tap()
    await staff.page.get_by_role("checkbox").filter(visible=True).tap()
    await staff.page.get_by_label("每人几小时").filter(visible=True).fill("2")
    await staff.page.screenshot(path=ARTEFACTS / "confirm-hours.png", full_page=True)
    await staff.tap("确认参加（1人）")
    await staff.sees("已确认")

    await hand.opens("/pages/me/index")
    await hand.tap("志愿服务证明")
    await hand.tap("出具今年的证明")
    await hand.sees("2小时，1次")
    await hand.page.get_by_role("button", name="复制链接").filter(visible=True).tap()
    (made_one,) = (await resident.get("/me/certificates"))["items"]
    assert [made_one["code"] in copied for copied in await hand.page.evaluate(COPIED)] == [True]
    await hand.page.get_by_role("button", name="作废").filter(visible=True).tap()
    await hand.tap("确定")
    await hand.sees("还没有出具过证明")
