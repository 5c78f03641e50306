"""The composite of the three rates: only where an office has entered weights, and only for moments after that."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.enums import Rate
from app.rules.figures.composite import composite
from tests.lively_street import liven_up
from tests.office_settings import current, put, try_to_put
from tests.world import Everybody, id_of_code, problem

HALVES = [{"rate": "resolution", "weight": 50}, {"rate": "satisfaction", "weight": 50}]


def shares(figure: Any) -> dict[str, Any]:
    return {row["key"]: row["cells"]["share"] for row in figure["rows"]}


async def test_there_is_no_composite_until_an_office_enters_weights(people_of: Everybody) -> None:
    street = await liven_up(people_of)
    before = await street.get("/figures/rates")
    assert "composite" not in shares(before)
    asked = await current(street, "weights", "rh")
    assert (asked["own"], asked["effective"]) == ([], [])
    assert "排名" in asked["rule"]
    clock.travel(timedelta(seconds=1))
    await put(street, "weights", HALVES, "rh")
    clock.travel(timedelta(seconds=1))
    after = await street.get("/figures/rates")
    rates = shares(after)
    assert rates["composite"] == round((rates["resolution"] + rates["satisfaction"]) / 2, 3)
    assert after["definition"].endswith("综合：按本单位填写的权重，解决率50%、满意率50%。")
    assert await street.get("/figures/rates", as_of=before["as_of"]) == before
    for format_ in ("csv", "xlsx", "svg"):
        assert (await street.ask("GET", "/figures/rates", params={"format": format_})).status_code == 200
    await put(street, "weights", [], "rh")
    clock.travel(timedelta(seconds=1))
    assert "composite" not in shares(await street.get("/figures/rates"))


async def test_a_community_has_its_streets_weights_or_its_own(people_of: Everybody) -> None:
    street, community = await people_of("street", "community")
    await put(street, "weights", HALVES, "rh")
    assert (await current(community, "weights"))["effective"] == HALVES
    own = [{"rate": "response", "weight": 100}]
    await put(community, "weights", own)
    assert (await current(community, "weights"))["effective"] == own
    clock.travel(timedelta(seconds=1))
    place_id = await id_of_code("wss")
    assert "响应率100%" in (await community.get("/figures/rates", place_id=place_id))["definition"]


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ([{"rate": "response", "weight": 99}], "权重加起来要正好是100，现在是99"),
        ([{"rate": "response", "weight": 50}] * 2, "这一率写了两次"),
        ([{"rate": "response", "weight": 0}], None),
        ([{"rate": "speed", "weight": 100}], None),
    ],
)
async def test_weights_that_make_no_sense_are_refused(
    people_of: Everybody, weights: list[Any], sentence: str | None
) -> None:
    (community,) = await people_of("community")
    refused = problem(await try_to_put(community, "weights", weights), 422)
    assert sentence is None or refused["errors"][0]["detail"] == sentence


def test_a_rate_of_nothing_does_not_count() -> None:
    weights = {Rate.RESPONSE: 30, Rate.RESOLUTION: 40, Rate.SATISFACTION: 30}
    assert composite({"response": 1.0, "resolution": 0.5, "satisfaction": None}, weights) == round(50 / 70, 3)
    assert composite({"response": None}, weights) is None
