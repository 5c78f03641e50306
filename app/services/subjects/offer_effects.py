"""What acts on offers and reservations change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.enums import SHANGHAI, AccountSort, OfferSort, TransferReason
from app.errors import Conflict, Invalid
from app.models.fields import Strict
from app.models.offer import GiveBackIn, HandOutIn, LossIn, StockIn
from app.models.subject import TextIn
from app.rules import reservations
from app.rules import subjects as rules
from app.services import accounts, setup
from app.services.subjects import stocks, waiting
from app.services.subjects.effect import Act, Decide, Effect, conclude, nothing
from app.services.subjects.stocks import Move, Mover
from app.services.subjects.view import post_of


def _mover(act: Act, action: str) -> Mover:
    view = act.view
    part = rules.acting_part(view.life, action, view.parts)
    return Mover(
        fetch=act.fetch,
        now=act.now,
        part=part,
        person_id=view.actor.person_id,
        post_id=post_of(view.actor, view.parts[part]),
    )


async def _release(_: Act, __: Strict) -> Effect:
    return Effect({"released": True})


async def _stock(act: Act, form: StockIn) -> Effect:
    """Put things into the stock at a place; whoever waits gets theirs at once."""
    mover, data = _mover(act, "stock"), await add_stock(_mover(act, "stock"), act.view.subject, form)
    await waiting.move_up(mover, act.view.subject)
    return Effect(data=data)


async def add_stock(mover: Mover, offer: Mapping[str, Any], form: StockIn) -> dict[str, Any]:
    """Put things into the stock at a place, and return what the event says of it."""
    circle, stock, place_id = await _stock_at(mover, offer, form.place_id)
    issue = await accounts.open_account(mover.fetch, circle, AccountSort.ISSUE)
    await mover.move([Move(TransferReason.BUY, circle, issue, stock, form.quantity)])
    return {"quantity": form.quantity, "at": str(place_id)}


async def _loss(act: Act, form: LossIn) -> Effect:
    mover = _mover(act, "write_off")
    circle, stock, place_id = await _stock_at(mover, act.view.subject, form.place_id)
    lost = await accounts.open_account(mover.fetch, circle, AccountSort.LOST)
    (left,) = await mover.run(stocks.BALANCE, account_id=stock)
    if left["balance"] < form.quantity:
        raise Conflict(f"库存只有{left['balance']}件，报损不能更多；预约占用的要先取消预约")
    await mover.move([Move(TransferReason.WRITE_OFF, circle, stock, lost, form.quantity)])
    return Effect(data={"quantity": form.quantity, "at": str(place_id)}, text=form.text)


async def _stock_at(mover: Mover, offer: Mapping[str, Any], place_id: UUID | None) -> tuple[UUID, UUID, UUID]:
    """Return the circle of an offer's things, the stock at a place, and the place. Raises Invalid for one outside."""
    place_id = place_id or offer["place_id"]
    await require_station(offer, place_id)
    circle = await stocks.things_of(mover.fetch, offer)
    stock = await accounts.open_account(mover.fetch, circle, AccountSort.STOCK, place_id=place_id)
    return circle, stock, place_id


async def require_station(offer: Mapping[str, Any], place_id: UUID) -> None:
    """Raise Invalid for a place that lies outside an offer's."""
    place = await setup.place_ref(await setup.current_catalogue(), place_id)
    units = {offer["place_id"], offer["grid_id"] if offer["grid_id"] == offer["place_id"] else None}
    if place is None or units.isdisjoint(place.path):
        raise Invalid.at("/place_id", "这里不是这项资源的存放点，请重新选择")


async def _grant(act: Act, _: Strict) -> Effect:
    return Effect({"ends_at": reservations.collect_by(act.now)})


async def _cancel(act: Act, _: Strict) -> Effect:
    return await _give_up(act, "cancel", Effect())


async def _refuse(act: Act, form: TextIn) -> Effect:
    return await _give_up(act, "refuse", await conclude(act, form))


async def _give_up(act: Act, action: str, effect: Effect) -> Effect:
    """Return what is held to the stock and the points to their owner; whoever waits longest gets it."""
    offer = await waiting.lock_offer(act.fetch, act.view.subject["source_id"])
    await stocks.put_back(_mover(act, action), act.view.subject)
    await waiting.move_up(Mover(fetch=act.fetch, now=act.now), offer)
    return effect


async def _hand_out(act: Act, form: HandOutIn) -> Effect:
    reservation = act.view.subject
    has_code = reservation["on_behalf_name_sealed"] is None and reservation["outcome_id"] is None
    by_name = form.code is None and has_code
    if by_name:
        _require_staff(act)
    elif form.code is not None and form.code.strip().upper() != reservation["code"]:
        raise Invalid.at("/code", "领取码不对，请让对方出示这项预约的码")
    lent = reservation["offer_sort"] == OfferSort.LOAN
    await stocks.hand_over(_mover(act, "hand_out"), reservation, lent=lent)
    changes: dict[str, Any] = {"status": reservations.status_when_handed_out(reservation["offer_sort"])}
    if lent:
        changes |= {"starts_at": act.now, "due_at": last_moment(act.now, reservation["days"])}
    return Effect(changes, event=reservations.BY_NAME if by_name else None)


def _require_staff(act: Act) -> None:
    """Raise Invalid for a hand-over by name that is not one by staff, who know whom they hand it to."""
    if rules.acting_part(act.view.life, "hand_out", act.view.parts) not in rules.STAFF:
        raise Invalid.at("/code", "请填写领取码：只有网格和社区的工作人员可以凭姓名交付")


def last_moment(now: datetime, days: int) -> datetime:
    """Return the end of a loan's last day in Shanghai."""
    last = (now.astimezone(SHANGHAI) + timedelta(days=days)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return last + timedelta(days=1)


async def _give_back(act: Act, form: GiveBackIn) -> Effect:
    reservation = act.view.subject
    offer = await waiting.lock_offer(act.fetch, reservation["source_id"])
    if form.place_id:
        await require_station(offer, form.place_id)
    await stocks.bring_back(_mover(act, "give_back"), reservation, form.place_id)
    await waiting.move_up(Mover(fetch=act.fetch, now=act.now), offer)
    return Effect(data={"at": str(form.place_id)} if form.place_id else {})


async def _write_off(act: Act, form: TextIn) -> Effect:
    await stocks.lose(_mover(act, "write_off"), act.view.subject)
    return await conclude(act, form)


OFFER_DECISIONS: Final[Mapping[str, Decide]] = {
    "release": _release,
    "stock": _stock,
    "write_off": _loss,
    "pause": nothing,
    "resume": nothing,
    "end": conclude,
}
RESERVATION_DECISIONS: Final[Mapping[str, Decide]] = {
    "grant": _grant,
    "refuse": _refuse,
    "cancel": _cancel,
    "hand_out": _hand_out,
    "give_back": _give_back,
    "write_off": _write_off,
}
