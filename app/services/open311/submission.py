"""A new request over Open311 becomes a ticket, submitted by the organisation that owns the API key."""

import re
from typing import Final
from uuid import UUID

from app.enums import Origin
from app.errors import Invalid
from app.models.open311 import RequestIn
from app.models.ticket import Position, TicketIn
from app.rules import gcj02
from app.rules.access import Actor
from app.rules.gcj02 import Degrees
from app.services import places, setup, tickets
from app.services.open311 import services
from app.services.open311.jurisdictions import find_jurisdiction
from app.services.setup import Catalogue
from app.services.tickets import TicketView

_PHOTO_URL: Final = re.compile(r"(?:https?://[^/?#]+)?/api/v1/photos/([0-9a-fA-F-]{36})", re.ASCII)
_MAX_CANDIDATES: Final = 5  # places an address may mean
# The Open311 parameter for each field of a ticket that may be refused.
_POINTERS: Final = {"/photo_ids": "/media_url", "/on_behalf_of/phone": "/phone", "/place_id": ""}


async def submit_request(actor: Actor, form: RequestIn, key: str | None) -> TicketView:
    """Submit a request as a ticket and return it; the same Idempotency-Key again returns the same ticket.

    Positions are WGS84 here and stored as GCJ-02. Raises NotFound if there is no such service or jurisdiction, Invalid
    with the names of Open311's parameters for anything else.
    """
    catalogue, jurisdiction = await setup.current_catalogue(), await find_jurisdiction(form.jurisdiction_id)
    category = services.public_category(catalogue, form.service_code)
    if form.description is None and form.media_url is None:
        raise Invalid.at("/description", "请写一句话，或给一张照片（media_url）")
    position = _convert_position(form)
    ticket = TicketIn(
        category=category.code,
        place_id=await _find_place(form, position, jurisdiction, catalogue),
        position=position,
        place_note=form.address_string,
        description=form.description,
        photo_ids=[_parse_photo_url(form.media_url)] if form.media_url else [],
        on_behalf_of=form.citizen,
    )
    try:
        return await tickets.submit(actor, ticket, key, Origin.OPEN311)
    except Invalid as refusal:
        for error in refusal.extra.get("errors", ()):
            error["pointer"] = _POINTERS.get(error["pointer"], error["pointer"])
        raise


def _convert_position(form: RequestIn) -> Position | None:
    if form.lat is None or form.long is None:
        return None
    if not _is_in_china((form.lat, form.long)):
        if _is_in_china((form.long, form.lat)):
            raise Invalid.at(
                "/lat", "lat 和 long 写反了：在中国，lat 在 3 和 54 之间，long 在 73 和 136 之间"
            )
        raise Invalid.at("/lat", "这个位置不在中国，请检查 lat 和 long（WGS84，以度为单位的小数）")
    lat, lng = gcj02.from_wgs84((form.lat, form.long))
    return Position(lat=lat, lng=lng)


def _is_in_china(point: Degrees) -> bool:
    """Tell whether a point is roughly in China. No latitude there is also a longitude there: swapped values show."""
    return 3 <= point[0] <= 54 and 73 <= point[1] <= 136


async def _find_place(
    form: RequestIn, position: Position | None, jurisdiction: UUID | None, catalogue: Catalogue
) -> UUID | None:
    """Return the place a request names, None if it gives a position. Raises Invalid outside the jurisdiction."""
    if form.address_id:
        place_id = anchor = _parse_address_id(form.address_id)
    elif position:
        place_id, anchor = None, await _nearest_building(position)
    elif form.address_string:
        place_id = anchor = await _search_address(form.address_string, jurisdiction, catalogue)
    else:
        raise Invalid.at("/lat", "请给出位置：lat 和 long，或 address_id，或 address_string")
    place = await setup.place_ref(catalogue, anchor)
    if place is None:
        raise Invalid.at("/address_id", "没有这个地点")
    if jurisdiction and jurisdiction not in place.path:
        raise Invalid.at("/jurisdiction_id", "这个位置不在这个社区或街道")
    return place_id


def _parse_address_id(address_id: str) -> UUID:
    try:
        return UUID(address_id)
    except ValueError:
        raise Invalid.at("/address_id", "编号格式不对，请用地点的 id") from None


async def _nearest_building(position: Position) -> UUID:
    """Return the building nearest to a position. Raises Invalid if there is none."""
    building_id = await places.nearest_building(position.lat, position.lng, tickets.FAR_METRES)
    if building_id is None:
        raise Invalid.at("/lat", f"这个位置周围{tickets.FAR_METRES // 1000}公里内还没有开通楼灯")
    return building_id


async def _search_address(address: str, jurisdiction: UUID | None, catalogue: Catalogue) -> UUID:
    """Return the one place an address surely means. Raises Invalid, with the places it may mean, if there is doubt."""
    found = await places.find_places(address)
    refs = await setup.place_refs(catalogue, [one.place.id for one in found])
    inside = [one for one in found if jurisdiction is None or jurisdiction in refs[one.place.id].path]
    if not inside:
        raise Invalid.at("/address_string", "没有找到这个地址，请给 lat 和 long")
    best, *others = inside
    if not best.match.sure or (others and others[0].match.rank == best.match.rank):
        labels = "、".join(one.place.label for one in inside[:_MAX_CANDIDATES])
        raise Invalid.at(
            "/address_string", f"不能确定是哪里，可能是{labels}：请写上小区和楼号，或给 lat 和 long"
        )
    return best.place.id


def _parse_photo_url(url: str) -> UUID:
    """Return the photo of one of our own URLs. Raises Invalid for others: nothing is fetched from elsewhere."""
    match = _PHOTO_URL.fullmatch(url.strip())
    try:
        return UUID(match[1]) if match else UUID("")
    except ValueError:
        raise Invalid.at(
            "/media_url", "只收先传到 /api/v1/photos 的照片：请用那里返回的 url，别处的地址我们不去取"
        ) from None
