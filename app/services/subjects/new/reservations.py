"""Reserving what is offered: one statement holds things and points, so that of many who claim the last ones none gets a twin."""

import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import SubjectKind
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models.offer import ReservationIn
from app.rules import reservations
from app.rules import subjects as rules
from app.rules.access import Actor
from app.rules.lives import LIVES
from app.rules.subjects import STAFF, SubjectPart
from app.services import ledger
from app.services.idempotency import IdempotencyKey
from app.services.subjects import stocks, waiting
from app.services.subjects.new.beginning import SHARED, new_row
from app.services.subjects.new.rate import require_within_rate
from app.services.subjects.offer_effects import require_station
from app.services.subjects.speakers import contact_columns, require_may_name
from app.services.subjects.stocks import Mover, NothingLeft
from app.services.subjects.view import SubjectView, load_subject, post_of
from app.sql import Statement

_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another
_CODE_LENGTH: Final = 8


async def reserve(actor: Actor, form: ReservationIn, key: IdempotencyKey | None) -> UUID:
    """Reserve an offer that the caller sees, and return the reservation's id. Raises Invalid, Forbidden, TooMany, Conflict."""
    offer = await _load_offer(actor, form.offer_id)
    part = rules.require_creator(LIVES[SubjectKind.RESERVATION], offer.parts)
    await require_within_rate(actor, part, clock.now())
    if form.place_id:
        await require_station(offer.subject, form.place_id)
    where = {name: offer.subject[name] for name in SHARED}
    about = {"source_id": form.offer_id, **{name: offer.subject[name] for name in ("sort", "title")}}
    about |= _on_behalf(form, part, offer.subject)
    if form.project_id:
        about["outcome_id"] = await _project_for(form, part, offer.subject)
    row = new_row(SubjectKind.RESERVATION, actor, where) | about
    async with db.atomic() as fetch:
        return await _reserve(fetch, offer, row, form, part, key)


async def _load_offer(actor: Actor, offer_id: UUID) -> SubjectView:
    """Return an offer that the caller sees. Raises Invalid for any other."""
    try:
        return await load_subject(actor, SubjectKind.OFFER, offer_id)
    except NotFound:
        raise Invalid.at("/offer_id", "没有这项资源，请重新选择") from None


async def _reserve(
    fetch: db.Fetch,
    offer_view: SubjectView,
    row: dict[str, Any],
    form: ReservationIn,
    part: SubjectPart,
    key: IdempotencyKey | None,
) -> UUID:
    """Write a reservation for the caller: granted, asked for, or waiting where nothing is left.

    Raises Conflict where the offer cannot be reserved, somebody has reserved it already, or has too few points.
    """
    actor, now = offer_view.actor, row["created_at"]
    offer = await waiting.lock_offer(fetch, form.offer_id)
    if problem := reservations.problem_of(offer, form.quantity):
        raise Conflict(problem)
    is_own = row["on_behalf_name_sealed"] is None and row["outcome_id"] is None
    if is_own and await fetch(
        _OWN.text, *_OWN.arguments({"offer_id": offer["id"], "person_id": actor.person_id})
    ):
        raise Conflict("您已经预约了这一项，用完或取消后才能再约")
    seat = offer_view.parts.get(part)
    mover = Mover(fetch=fetch, now=now, part=part, person_id=actor.person_id, post_id=post_of(actor, seat))
    row["status"] = await _status(mover, offer, form)
    if row["status"] == "granted":
        row["ends_at"] = reservations.collect_by(now)
    if not is_own:
        row["post_id"] = post_of(actor, seat)
    entry = ledger.Entry(
        ticket_id=row["id"],
        seq=1,
        at=now,
        type=f"{SubjectKind.RESERVATION}.raised",
        part=part,
        person_id=actor.person_id,
        post_id=row["post_id"],
        data={"offer": str(offer["id"]), "quantity": form.quantity, "waiting": row["status"] == "waiting"},
        subject=SubjectKind.RESERVATION,
    )
    await ledger.open_subject(fetch, row, entry, key)
    code = "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))
    await mover.run(_INSERT, subject_id=row["id"], quantity=form.quantity, code=code)
    if row["status"] != "waiting":
        await stocks.hold(mover, offer, {**row, "quantity": form.quantity}, form.place_id)
    subject_id: UUID = row["id"]
    return subject_id


async def _status(mover: Mover, offer: Mapping[str, Any], form: ReservationIn) -> str:
    """Return the status of a new reservation: waiting, if no stock has so many. The offer is locked: it stays so."""
    try:
        await stocks.require_stock(mover, offer, form.quantity, form.place_id)
    except NothingLeft:
        return "waiting"
    return reservations.status_when_held(offer)


def _on_behalf(form: ReservationIn, part: SubjectPart, offer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of whom staff reserve something for. Raises Forbidden for others, Conflict where it costs points."""
    if form.on_behalf_of is None:
        return {}
    require_may_name(part, form.on_behalf_of)
    if offer["price"]:
        raise Conflict("要积分的请本人用自己的积分兑换，不能替别人换")
    return contact_columns(form.on_behalf_of, "/on_behalf_of/phone")


async def _project_for(form: ReservationIn, part: SubjectPart, offer: Mapping[str, Any]) -> UUID:
    """Return the project that staff take something for. Raises Forbidden for others, Invalid unless it goes on there."""
    if part not in STAFF:
        raise Forbidden("只有本辖区工作人员可以为项目预约")
    row = await db.execute_one(
        _PROJECT, project_id=form.project_id, **{name: offer[name] for name in ("community_id", "street_id")}
    )
    if row is None:
        raise Invalid.at("/project_id", "本社区没有这个项目，或它已经结束，请重新选择")
    project_id: UUID = row["id"]
    return project_id


_OWN: Final = Statement("""
SELECT FROM subject WHERE kind = 'reservation' AND source_id = :offer_id AND author_id = :person_id AND ended_at IS NULL
  AND on_behalf_name_sealed IS NULL AND outcome_id IS NULL
""")
_PROJECT: Final = Statement("""
SELECT id FROM subject WHERE id = :project_id AND kind = 'project' AND ended_at IS NULL AND street_id = :street_id
  AND (community_id = :community_id OR :community_id::uuid IS NULL)
""")
_INSERT: Final = Statement(
    "INSERT INTO reservation (subject_id, quantity, code) VALUES (:subject_id, :quantity, :code)"
)
