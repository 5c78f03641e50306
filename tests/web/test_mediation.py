"""Mediation on the phone: asked for, agreed to, settled with the court's last day, ended by either; nobody else sees it."""

from typing import Final

from tests.web.common_life import community_of, home_of, made
from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.web.hand import Hand
from tests.world import Person, answer, problem

WORDS: Final = "楼上水管漏了三次，天花板都泡坏了"


async def studio(community: Person, head: Person) -> None:
    """Let a studio of the community be headed by somebody."""
    place = await community_of(community)
    body = {"name": "老李调解工作室", "kind": "studio", "place_ids": [place]}
    made_id = answer(await community.ask("POST", "/organisations", json=body), 201)["id"]
    post = {"role": "agent", "organisation_id": made_id}
    code = answer(await community.ask("POST", "/posts", json=post), 201)["invitation_code"]
    answer(await head.ask("POST", "/me/invitations", json={"code": code}), 201)


async def acts(hand: Hand, act: str, *lines: str) -> None:
    """Do an act that has a form, with its texts filled in from the top."""
    await hand.tap(act)
    for n, words in enumerate(lines):
        await hand.page.locator(".sheet").locator("textarea, input").nth(n).fill(words)
    await hand.page.locator(".sheet .send").tap()


async def test_a_quarrel_is_mediated_from_asking_to_the_agreement(holds: Holding, signs: Signing) -> None:
    neighbour, community = [await signs(one) for one in ("neighbour", "community")]
    await studio(community, neighbour)
    hand = await holds("resident", "/pages/me/index")
    await hand.tap("调解")
    await hand.tap("申请调解")
    await hand.sees("网格、社区、街道只看到件数，看不到内容。")
    await hand.write(WORDS)
    await hand.page.locator("input").filter(visible=True).last.fill("王某")
    await hand.sees("人和家园944号4单元")
    await hand.page.get_by_role("button", name="申请调解").filter(visible=True).last.tap()
    await hand.sees("已发出")
    await hand.tap("打开看看")
    await hand.sees("待各方同意")
    await hand.sees("只有当事人、调解员和工作室负责人看得到这件事")
    identifier = hand.page.url.rpartition("id=")[2]
    problem(await community.ask("GET", f"/disputes/{identifier}"), 404)

    head = await holds("neighbour", "/pages/me/index")
    await head.tap("调解")
    await head.tap(WORDS)
    await head.tap("当事人口头同意了")
    await head.sees("已同意调解")
    await head.tap("指定调解员")
    await head.page.get_by_role("radio", name="944号邻居").filter(visible=True).tap()
    await head.sees("已指定，各方会收到通知")
    await head.tap("开始调解")
    await head.sees("调解中")
    terms = ("住944号的两户", "三楼水管漏水", "赔偿修缮费八百元", "当面交付", "一周内")
    await acts(head, "达成协议", *terms)
    await head.sees("已记下协议，各方会收到通知")
    await head.sees("可以到法院申请确认协议")
    await head.page.screenshot(path=ARTEFACTS / "agreement.png", full_page=True)

    await hand.opens(hand.page.url.partition("#")[2])
    await hand.sees("赔偿修缮费八百元")
    await hand.tap("已向法院申请")
    await hand.tap("确定")
    await hand.sees("已记下")
    await hand.misses("可以到法院申请确认协议")


async def test_either_party_ends_it_in_two_taps(holds: Holding, signs: Signing) -> None:
    (resident,) = [await signs("resident")]
    body = {"text": "楼道堆物", "parties": [{"name": "赵某"}], "place_id": await home_of(resident)}
    dispute = await made(resident, "disputes", **body)
    hand = await holds("resident", f"/subjects/detail/index?noun=dispute&id={dispute['id']}")
    await acts(hand, "不调解了")
    await hand.sees("已终止，各方会收到通知")
    assert (await resident.get(f"/disputes/{dispute['id']}"))["status"] == "withdrawn"
