"""Submitting a report: routed, timed and written in one statement that checks what it was decided from."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from app import clock, ids, settings
from app.errors import Conflict, ConsentRequired, Duplicate, Invalid, Refusal, TooMany
from app.models.open311 import CitizenIn
from app.models.ticket import Position, Ticket, TicketIn
from app.rules import access, concerns, escalation, phones, routing
from app.rules.access import Actor, Part
from app.rules.facts import Facts
from app.services import auth, catalogue, ledger, people, places, vault
from app.services.catalogue import Catalogue, today
from app.services.tickets import ATTEMPTS, Seen, load, remembered
from app.words import SHANGHAI, Level, Origin, Status

_HOUR: Final = timedelta(hours=1)
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)  # earlier is a slip, and year 1 is no moment in UTC
_NEAR, FAR = 300, 20_000  # metres: the building it must be; the community it may be


async def submit(actor: Actor, form: TicketIn, key: str | None, way: Origin | None = None) -> Seen:
    """Write a report and return it; the same key and body again return the same ticket, marked as replayed.

    `way` is how it came, where that says more than who reports.
    """
    written = ledger.Key(actor.person_id, key, _digest(form)) if key else None
    try:
        return await _submit(actor, form, written, way)
    # The first time may have used up what the second is refused for: its photos, the hour's share.
    except Refusal as refusal:
        ref = await remembered(written) if written else None
        if (
            ref is None and written and isinstance(refusal, Duplicate)
        ):  # the key was old, and is forgotten now
            return await _submit(actor, form, written, way)
        if ref is None:
            raise
        return replace(await load(actor, ref), replayed=True)


async def _submit(actor: Actor, form: TicketIn, key: ledger.Key | None, way: Origin | None) -> Seen:
    known = await catalogue.current()
    for _ in range(ATTEMPTS):
        row, entry = await _draft(actor, form, known, way)
        guard = await ledger.open_ticket(row, entry, _guards(actor, row, known), _day(), key)
        if guard["no"]:
            ticket = cast(Facts, {**row, **dict(guard)})
            return Seen(ticket, access.parts(actor, ticket), actor, known)
        actor, known = await _look_again(actor, guard)
    raise Conflict("设置正在变动，请再提交一次")


async def _look_again(actor: Actor, guard: Any) -> tuple[Actor, Catalogue]:
    """Refuse for what failed for good; read anew what was out of date."""
    if not guard["live"]:
        actor = await auth.read(actor.login_id)
        if not actor.agrees(people.consent().version):
            raise ConsentRequired(version=people.consent().version)
    elif guard["current"] and not guard["photos"]:
        raise Invalid.at("/photo_ids", "照片没有上传成功，或已经用过，请重新拍照")
    elif guard["current"] and not guard["unhurried"]:
        raise TooMany(
            f"一小时内最多上报{ledger.REPORTS_AN_HOUR}件，请稍后再报", retry_after=int(_HOUR.total_seconds())
        )
    return actor, await catalogue.refresh()


def _digest(form: TicketIn) -> bytes:
    return hashlib.sha256(b"submit " + form.model_dump_json(exclude_unset=True).encode()).digest()


def _day() -> str:
    return clock.now().astimezone(SHANGHAI).strftime("%y%m%d-")


def _guards(actor: Actor, row: dict[str, Any], known: Catalogue) -> ledger.Guards:
    limited = row["origin"] == Origin.RESIDENT and settings.get().rate_limits == "on"
    since = ids.floor(row["created_at"] - _HOUR if limited else row["created_at"] + _HOUR)
    return ledger.Guards(actor.login_id, actor.stamp, known.version, since)


async def _draft(
    actor: Actor, form: TicketIn, known: Catalogue, way: Origin | None
) -> tuple[dict[str, Any], ledger.Entry]:
    """Decide everything about a new ticket: where it goes, by when, and what its first event says."""
    if form.category not in known.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    place_id, path = await _where(form, known)
    route = routing.route(path, known.covers, known.units, today())
    rules = known.rules((route.street_id, route.community_id))
    category = rules.categories[form.category]
    seat, origin = _capacity(actor, path, route, known)
    origin = way or origin
    if form.on_behalf_of and origin not in {Origin.STAFF, Origin.OPEN311}:
        raise Invalid.at("/on_behalf_of", "只有本辖区工作人员可以代报")
    if form.channel and origin is not Origin.STAFF:
        raise Invalid.at("/channel", "只有本辖区工作人员上报时可以写明来源")
    now = clock.now()
    if form.occurred_at and not _EARLIEST <= form.occurred_at <= now + timedelta(minutes=5):
        raise Invalid.at("/occurred_at", "发生时间不能晚于现在，也不能早于2000年")
    row = {
        **_BLANK,
        **_said(form),
        **_contact(form),
        "id": ids.new(),
        "status": Status.NEW,
        "origin": origin,
        "category": category.code,
        "place_id": place_id,
        "street_id": route.street_id,
        "community_id": route.community_id,
        "grid_id": route.grid_id,
        "level": route.level,
        "holder_id": route.holder_id,
        "first_unit_id": route.holder_id,
        "reporter_id": actor.person_id,
        "reporter_organisation_id": seat.organisation_id if seat else None,
        "accept_minutes": category.accept_minutes,
        "acknowledge_minutes": category.acknowledge_minutes,
        "resolve_minutes": category.resolve_minutes,
        **dict.fromkeys(("accept_from", "resolve_from", "created_at", "updated_at"), now),
    }
    clocks, facts = rules.clocks(category.code), cast(Facts, row)
    row["accept_due"] = escalation.due(facts, "accept", 100, clocks)
    row["resolve_due"] = escalation.due(facts, "resolve", 100, clocks)
    due = escalation.upcoming(facts, now, clocks)
    row["timer_at"] = due and due.at
    return row, _first(row, form, seat, known)


def _first(row: dict[str, Any], form: TicketIn, seat: access.Seat | None, known: Catalogue) -> ledger.Entry:
    ids_only = ("category", "origin", "place_id", "grid_id", "holder_id", "level")
    dues = {name: row[name].isoformat() for name in ("accept_due", "resolve_due")}
    return ledger.Entry(
        row["id"],
        1,
        row["created_at"],
        "ticket.submitted",
        Part.REPORTER,
        row["reporter_id"],
        seat.id if seat else None,
        row["reporter_organisation_id"],
        {name: row[name] if isinstance(row[name], int) else str(row[name]) for name in ids_only if row[name]}
        | dues
        | ({"channel": str(form.channel)} if form.channel else {}),
        form.description,
        photo_ids=form.photo_ids,
        standing=concerns.standing(None, cast(Facts, row)) if known.listeners else {},
    )


async def _where(form: TicketIn, known: Catalogue) -> tuple[UUID | None, Sequence[UUID]]:
    """Return the place (None: only a position, no building near) and the path that routes it."""
    if form.place_id:
        await catalogue.spots(known, [form.place_id])
        spot = known.spots.get(form.place_id)
        if spot is None:
            raise Invalid.at("/place_id", "没有这个地点，请重新选择")
        return spot.id, spot.path
    position = cast(Position, form.position)
    near = await places.nearest_building(position.lat, position.lng, _NEAR)
    anchor = near or await places.nearest_building(position.lat, position.lng, FAR)
    await catalogue.spots(known, [anchor])
    if near:
        return near, known.spots[near].path
    streets = [unit for unit in known.units.values() if unit.level is Level.STREET]
    if not streets:
        raise Invalid.at("/position", "这里还没有开通楼灯")
    return None, known.spots[anchor].path[:2] if anchor else streets[0].path


def _capacity(
    actor: Actor, path: Sequence[UUID], route: routing.Route, known: Catalogue
) -> tuple[access.Seat | None, Origin]:
    """Return whether they report as staff of this place, as a company that serves it, or as a resident."""
    here = {*path, route.grid_id}
    for seat in actor.seats:
        if seat.role in access.STAFF and seat.unit_id in here:
            return seat, Origin.STAFF
        company = known.organisations.get(seat.organisation_id) if seat.organisation_id else None
        if company and company.areas & here:
            return seat, Origin.PARTNER
    if actor.key:
        raise Invalid.at("/place_id", "这里不在本单位的服务范围内，不能上报")
    return None, Origin.RESIDENT


def _said(form: TicketIn) -> dict[str, Any]:
    return {
        "description": form.description,
        "place_note": form.place_note,
        "photo_ids": form.photo_ids,
        "anonymous": form.anonymous,
        "occurred_at": form.occurred_at,
        "lat": form.position and form.position.lat,
        "lng": form.position and form.position.lng,
    }


def _contact(form: TicketIn) -> dict[str, Any]:
    """Return how to reach the person it is about, encrypted, with what may be shown of it."""
    behalf = form.on_behalf_of
    if behalf and behalf.phone and form.contact_phone:
        raise Invalid.at("/contact_phone", "代报只留被代报人的电话，请不要再填联系电话")
    pointer, phone = (
        ("/on_behalf_of/phone", behalf.phone)
        if behalf and behalf.phone
        else ("/contact_phone", form.contact_phone)
    )
    mail = behalf.email if isinstance(behalf, CitizenIn) else None
    name = " ".join(filter(None, (behalf.name if behalf else None, mail if phone else None)))
    contact = {"on_behalf_name_sealed": vault.seal(name) if name else None}
    if phone is None and mail:
        shown = f"{mail[0]}***{mail[mail.rindex('@') :]}"
        return contact | {"contact_sealed": vault.seal(mail), "contact_masked": shown}
    if phone is None:
        return contact
    try:
        number = phones.normalise(phone)
    except ValueError as error:
        raise Invalid.at(pointer, str(error)) from None
    full = number.e164 or number.display
    return contact | {"contact_sealed": vault.seal(full), "contact_masked": phones.masked(full)}


# A ticket nothing has happened to yet.
_BLANK: Final[dict[str, Any]] = {
    name: field.get_default(call_default_factory=True)
    for name, field in Ticket.model_fields.items()
    if not field.is_required() and name != "id"
}
