"""Stories of mutual help: umbrellas that are lent, one too long, and two households that the grid looks after."""

from datetime import timedelta
from typing import Final

from app.enums import SubjectKind
from app.services.demo.telling import Telling

_OFFER, _RESERVATION = SubjectKind.OFFER, SubjectKind.RESERVATION
_STATION: Final = "wss"
# Which neighbour took one how many days ago, and brought it back how many days later.
_LENT: Final = ((1, 12, 2), (2, 9, None), (3, 6, 1), (4, 1, None))


async def umbrellas(telling: Telling, words: str) -> None:
    """Offer umbrellas for three days each; four neighbours take one, of whom one keeps it too long."""
    where = "社区服务站门口的架子上，借三天"
    offer = await telling.begin(
        "community",
        _OFFER,
        telling.at(-40),
        _STATION,
        kind="loan",
        title=words,
        text=where,
        days=3,
        quantity=20,
    )
    for neighbour, days, kept in _LENT:
        taken = telling.at(-days, 18)
        lent = await telling.begin(neighbour, _RESERVATION, taken, _STATION, offer_id=str(offer))
        await telling.act("grid_head", _RESERVATION, lent, "hand_out", taken)
        if kept is not None:
            await telling.act("grid_head", _RESERVATION, lent, "give_back", telling.at(kept - days, 17))


async def visited_household(telling: Telling, words: str) -> None:  # noqa: ARG001 - named after its room
    """Look after somebody who lives alone; the last visit was two days ago."""
    await _pair(telling, -20, "wss-944-3", "101", need="key", text="老伴去年走了，儿女在外地")
    begins = telling.at(-2, 10)
    ends = begins + timedelta(minutes=30)
    done = {"acts": ["talk", "help"], "headcount": 1, "households": 1}
    await telling.begin(
        "grid_head",
        SubjectKind.ACTIVITY,
        ends,
        "wss-944-3",
        kind="care",
        title="上门看望",
        room="101",
        starts_at=begins,
        ends_at=ends,
        done=done,
    )


async def missed_household(telling: Telling, words: str) -> None:  # noqa: ARG001 - named after its room
    """Look after somebody every week; the visit is overdue."""
    await _pair(telling, -10, "wss-944-5", "402", need="high", text="八十六岁，腿脚不便")


async def _pair(telling: Telling, days: int, place: str, room: str, *, need: str, text: str) -> None:
    post_id = str(telling.who("grid_head").seats[0].id)
    await telling.begin(
        "grid_head",
        SubjectKind.RELATIONSHIP,
        telling.at(days),
        place,
        kind="pairing",
        room=room,
        post_id=post_id,
        need=need,
        reason="elderly_alone",
        text=text,
        agreed=True,
    )
