"""Submitting a report: route it, compute its limits, and write it in one statement that checks its assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db, ids, settings
from app.enums import SHANGHAI, Channel, Origin, Status
from app.errors import Conflict, ConsentRequired, Invalid, TooMany
from app.models.category import Category
from app.models.open311 import CitizenIn
from app.models.ticket import Position, Ticket, TicketIn
from app.rules import access, escalation, phones, routing, webhooks
from app.rules.access import Actor, Part
from app.rules.facts import Facts
from app.services import auth, encryption, idempotency, ledger, people, places, setup
from app.services.setup import Catalogue, PlaceRef, Rulebook, today
from app.services.tickets.actions import MAX_ATTEMPTS
from app.services.tickets.view import TicketView, load_ticket

_HOUR: Final = timedelta(hours=1)
# Earlier dates are typing errors, and a local time in year 1 has no equivalent in UTC.
_EARLIEST_OCCURRENCE: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NEAR_METRES: Final = 300  # a position this close to a building is taken for that building
FAR_METRES: Final = 20_000  # a position this close to a building is routed to the building's community


async def submit(
    actor: Actor, form: TicketIn, key: str | None, origin_override: Origin | None = None
) -> TicketView:
    """Write a report and return its ticket. A repeat of the same key and body returns it marked as replayed.

    `origin_override` replaces the origin that follows from who reports, for reports that arrive by another protocol.
    Raises Invalid, ConsentRequired, TooMany, and Conflict if the setup keeps changing.
    """
    bound = idempotency.key_of(actor, key, "submit", form)

    async def replay(ref: UUID) -> TicketView:
        return replace(await load_ticket(actor, ref), replayed=True)

    return await idempotency.once(
        bound, lambda: _submit(actor, form, bound, origin_override), replay, look_first=False
    )


async def _submit(
    actor: Actor, form: TicketIn, key: idempotency.IdempotencyKey | None, origin_override: Origin | None
) -> TicketView:
    catalogue = await setup.cached_catalogue()
    for _ in range(MAX_ATTEMPTS):
        row, entry, place = await draft(actor, form, catalogue, clock.now(), origin_override)
        guards = _guards(actor, row, catalogue)
        result = await ledger.open_ticket(row, entry, guards, no_prefix=no_prefix(), key=key)
        if result["no"]:
            ticket = cast(Facts, {**row, **dict(result)})
            return TicketView(ticket, place, access.find_parts(actor, ticket), actor, catalogue)
        actor, catalogue = await refuse_or_refresh(actor, result)
    raise Conflict("设置正在变动，请再提交一次")


async def submit_within(
    fetch: db.Fetch,
    actor: Actor,
    form: TicketIn,
    catalogue: Catalogue,
    *,
    reporter_id: UUID | None,
    contact: Mapping[str, Any],
) -> UUID:
    """Write a report in a transaction of the caller's and return the ticket's id.

    `reporter_id`: whose report it is, if not the actor's own; `contact`: the columns of their contact data. Raises Invalid, and Conflict if the setup just changed.
    """
    row, entry, _ = await draft(actor, form, catalogue, clock.now())
    row |= {**contact, "reporter_id": reporter_id or row["reporter_id"]}
    guards = _guards(actor, row, catalogue)
    (guarded,) = await fetch(*await ledger.opening(row, entry, guards, no_prefix=no_prefix(), key=None))
    if not guarded["no"]:
        raise Conflict("设置正在变动，请再提交一次")
    return cast(UUID, row["id"])


async def refuse_or_refresh(actor: Actor, guards: Any) -> tuple[Actor, Catalogue]:
    """Raise for a guard that will fail again; return the actor and catalogue reloaded for one that was out of date."""
    if not guards["session_valid"]:
        actor = await auth.load_actor(actor.login_id)
        if not actor.has_consented_to(people.consent().version):
            raise ConsentRequired(version=people.consent().version)
    elif guards["setup_current"] and not guards["photos_available"]:
        raise Invalid.at("/photo_ids", "照片没有上传成功，或已经用过，请重新拍照")
    elif guards["setup_current"] and not guards["within_rate_limit"]:
        raise TooMany(
            f"一小时内最多上报{ledger.REPORTS_AN_HOUR}件，请稍后再报", retry_after=int(_HOUR.total_seconds())
        )
    return actor, await setup.current_catalogue()


def no_prefix() -> str:
    """Return how the numbers of today's tickets begin."""
    return clock.now().astimezone(SHANGHAI).strftime("%y%m%d-")


def _guards(actor: Actor, row: dict[str, Any], catalogue: Catalogue) -> ledger.Guards:
    limited = row["origin"] == Origin.RESIDENT and settings.get().rate_limits == "on"
    since = ids.floor(row["created_at"] - _HOUR if limited else row["created_at"] + _HOUR)
    return ledger.Guards(
        login_id=actor.login_id, auth_version=actor.auth_version, setup_version=catalogue.version, since=since
    )


async def draft(
    actor: Actor, form: TicketIn, catalogue: Catalogue, now: datetime, origin_override: Origin | None = None
) -> tuple[dict[str, Any], ledger.Entry, PlaceRef | None]:
    """Return a new ticket's columns, its first event and its place. Raises Invalid for a form that breaks a rule."""
    if form.category not in catalogue.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    place, path = await _locate(form, catalogue)
    route = routing.route(path, catalogue.covers, catalogue.units, today())
    rules = catalogue.rules((route.street_id, route.community_id))
    category = rules.categories[form.category]
    seat, origin = _reporting_capacity(
        actor, {*path, route.grid_id}, catalogue, on_behalf=form.on_behalf_of is not None
    )
    origin = origin_override or origin
    if form.on_behalf_of and origin not in {Origin.STAFF, Origin.OPEN311}:
        raise Invalid.at("/on_behalf_of", "只有工作人员可以代报")
    if form.channel and origin is not Origin.STAFF:
        raise Invalid.at("/channel", "只有本辖区工作人员上报时可以写明来源")
    if form.occurred_at and not _EARLIEST_OCCURRENCE <= form.occurred_at <= now + timedelta(minutes=5):
        raise Invalid.at("/occurred_at", "发生时间不能晚于现在，也不能早于2000年")
    row = {
        **NEW_TICKET,
        **_content(form),
        **_contact(form),
        "id": ids.new(),
        "status": Status.NEW,
        "origin": origin,
        "category": category.code,
        "place_id": place and place.id,
        "street_id": route.street_id,
        "community_id": route.community_id,
        "grid_id": route.grid_id,
        "level": route.level,
        "holder_id": route.holder_id,
        "first_unit_id": route.holder_id,
        "reporter_id": actor.person_id,
        "reporter_organisation_id": seat.organisation_id if seat else None,
        **initial_limits(category, now),
    }
    row |= initial_clocks(row, rules)
    return row, _first_entry(row, form, seat, catalogue), place


def initial_limits(category: Category, now: datetime) -> dict[str, Any]:
    """Return the columns of a new ticket's limits, which run from now."""
    return {
        "accept_minutes": category.accept_minutes,
        "acknowledge_minutes": category.acknowledge_minutes,
        "resolve_minutes": category.resolve_minutes,
        **dict.fromkeys(("accept_from", "resolve_from", "created_at", "updated_at"), now),
    }


def initial_clocks(row: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    """Return the due times and the timer of a new ticket; `row` has its other columns."""
    clocks, facts = rules.clocks(row["category"]), cast(Facts, row)
    dues = {f"{clock}_due": escalation.due_at(facts, clock, 100, clocks) for clock in ("accept", "resolve")}
    due = escalation.next_due_action(cast(Facts, row | dues), row["created_at"], clocks)
    return dues | {"timer_at": due and due.at}


def initial_data(row: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a new ticket's first event."""
    codes = ("category", "origin", "place_id", "grid_id", "holder_id", "level")
    data = {name: row[name] if isinstance(row[name], int) else str(row[name]) for name in codes if row[name]}
    return data | {name: row[name].isoformat() for name in ("accept_due", "resolve_due")}


def _first_entry(
    row: dict[str, Any], form: TicketIn, seat: access.Seat | None, catalogue: Catalogue
) -> ledger.Entry:
    data = initial_data(row)
    if channel := _channel(row, form):
        data["channel"] = str(channel)
    return ledger.Entry(
        ticket_id=row["id"],
        seq=1,
        at=row["created_at"],
        type="ticket.submitted",
        part=Part.REPORTER,
        person_id=row["reporter_id"],
        post_id=seat.id if seat else None,
        organisation_id=row["reporter_organisation_id"],
        data=data,
        text=form.description,
        photo_ids=form.photo_ids,
        ticket_state=webhooks.ticket_state(None, cast(Facts, row)) if catalogue.listeners else {},
    )


def _channel(row: dict[str, Any], form: TicketIn) -> Channel | None:
    """Return how the report came to staff. What they report for nobody else they have seen themselves."""
    seen = row["origin"] == Origin.STAFF and form.on_behalf_of is None
    return form.channel or (Channel.PATROL if seen else None)


async def _locate(form: TicketIn, catalogue: Catalogue) -> tuple[PlaceRef | None, Sequence[UUID]]:
    """Return the place and the path to route by. The place is None for a position with no building near.

    Raises Invalid for a position that is far from every building.
    """
    if form.place_id:
        place = await setup.place_ref(catalogue, form.place_id)
        if place is None:
            raise Invalid.at("/place_id", "没有这个地点，请重新选择")
        return place, place.path
    position = cast(Position, form.position)
    near = await places.nearest_building(position.lat, position.lng, _NEAR_METRES)
    anchor = near or await places.nearest_building(position.lat, position.lng, FAR_METRES)
    place = await setup.place_ref(catalogue, anchor)
    if place is None:
        raise Invalid.at(
            "/position", f"这个位置周围{FAR_METRES // 1000}公里内还没有开通楼灯，请选择地点后再报"
        )
    return (place, place.path) if near else (None, place.path[:2])


def _reporting_capacity(
    actor: Actor, place_ids: set[UUID | None], catalogue: Catalogue, *, on_behalf: bool
) -> tuple[access.Seat | None, Origin]:
    """Return the seat and origin of a report: by staff of this place, by a company that serves it, or by a resident.

    On behalf of somebody, staff report wherever it is: whoever takes a call files it.
    """
    if on_behalf:
        staff = [seat for seat in actor.seats if seat.role in access.STAFF]
        if staff:
            return min(staff, key=lambda seat: seat.unit_id not in place_ids), Origin.STAFF
    for seat in actor.seats:
        if seat.role in access.STAFF and seat.unit_id in place_ids:
            return seat, Origin.STAFF
        company = catalogue.organisations.get(seat.organisation_id) if seat.organisation_id else None
        if company and company.areas & place_ids:
            return seat, Origin.PARTNER
    if actor.key:
        raise Invalid.at("/place_id", "这里不在本单位的服务范围内，不能上报")
    return None, Origin.RESIDENT


def _content(form: TicketIn) -> dict[str, Any]:
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
    """Return the contact data of the person the report is about: encrypted, and masked for display."""
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
    contact = {"on_behalf_name_sealed": encryption.encrypt(name) if name else None}
    if phone is None and mail:
        masked = f"{mail[0]}***{mail[mail.rindex('@') :]}"
        return contact | {"contact_sealed": encryption.encrypt(mail), "contact_masked": masked}
    return contact if phone is None else contact | sealed_number(phone, pointer)


def sealed_number(phone: str, pointer: str) -> dict[str, Any]:
    """Return the columns of somebody's number: encrypted, and masked for display. Raises Invalid for what is none."""
    try:
        number = phones.normalise(phone)
    except ValueError as error:
        raise Invalid.at(pointer, str(error)) from None
    full = number.e164 or number.display
    return {"contact_sealed": encryption.encrypt(full), "contact_masked": phones.mask(full)}


# The default of every column of a new ticket.
NEW_TICKET: Final[dict[str, Any]] = {
    name: field.get_default(call_default_factory=True)
    for name, field in Ticket.model_fields.items()
    if not field.is_required() and name != "id"
}
