"""The cache of places: bounded, and whatever its bound, every ticket of a list has its place and is found by it."""

import pytest

from app.services.setup import place_cache
from tests.world import Everybody


async def test_a_full_cache_still_names_the_place_of_every_ticket(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    (head,) = await people_of("grid_head")
    addresses = ["944号4单元", "944号3单元", "944号2单元", "944号1单元"]
    reported = [await head.report(place_id=await head.place(address)) for address in addresses]
    labels = {ticket["place"]["label"] for ticket in reported}
    assert len(labels) == len(addresses)
    monkeypatch.setattr(place_cache, "MAX_PLACES", 1)
    place_cache._cache.forget()  # noqa: SLF001 - as in a new process
    for _ in range(2):  # the first page fills the cache over its bound
        for ticket in reported[:2]:
            assert (await head.ticket(ticket["id"]))["place"] is not None
        listed = (await head.get("/tickets", box="mine"))["items"]
        assert {ticket["place"] and ticket["place"]["label"] for ticket in listed} == labels
