"""Staff lend and give to somebody without the program: by name, without a code, never for points."""

from typing import Any

from app.services import subjects as service
from tests import accounts, subjects
from tests.subjects import act, loan, offer, reserve, try_to_reserve
from tests.world import Arriving, Everybody, problem

GRANDMA = {"name": "刘奶奶", "phone": "13900000000"}


async def test_an_umbrella_is_lent_to_a_name_and_comes_back_without_a_code(people_of: Everybody) -> None:
    head, community = await people_of("grid_head", "community")
    umbrellas = await loan(community, quantity=2)
    taken = [
        await reserve(head, umbrellas, on_behalf_of=somebody) for somebody in (GRANDMA, {"name": "王爷爷"})
    ]
    assert [(one["status"], one["name"], one["phone_masked"]) for one in taken] == [
        ("granted", "刘奶奶", "139****0000"),
        ("granted", "王爷爷", None),
    ]
    assert taken[0]["author"]["post"] == "head"
    out = await act(head, "reservations", "hand_out", taken[0])
    assert (out["status"], out["on_behalf"]) == ("out", True)
    back = await act(community, "reservations", "give_back", out)
    assert (back["status"], back["name"]) == ("back", "刘奶奶")
    assert await accounts.broken() is None


async def test_nobody_takes_for_others_what_costs_points_and_residents_never(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    tissues, dear = await offer(community), await offer(community, price=10, points="residents")
    for person, offered, status, why in (
        (resident, tissues, 403, "只有本辖区工作人员可以替别人记录"),
        (head, dear, 409, "要积分的请本人用自己的积分兑换，不能替别人换"),
    ):
        refused = await try_to_reserve(person, offered, on_behalf_of=GRANDMA)
        assert problem(refused, status)["detail"] == why
    unnamed = await try_to_reserve(head, tissues, on_behalf_of={"phone": "13900000000"})
    assert problem(unnamed, 422)["detail"] == "替别人预约要写明对方怎么称呼"


async def test_whoever_lent_it_is_asked_to_remind_them(on: Arriving) -> None:
    head, community = await on("grid_head", "community")
    taken: Any = await reserve(head, await loan(community), on_behalf_of=GRANDMA)
    await act(head, "reservations", "hand_out", taken)
    (head,) = await on("grid_head", at="2026-03-07 09:50")
    await service.remind_borrowers()
    assert (await subjects.notices(head))[0] == "您替居民登记的“雨伞”今天到期，请提醒对方归还"
