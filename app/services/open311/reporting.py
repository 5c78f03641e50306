"""A request of another city system becomes a report of the organisation its key is of."""

import re
from typing import Final
from uuid import UUID

from app.errors import Invalid
from app.models.open311 import RequestIn
from app.models.ticket import Position, TicketIn
from app.rules import gcj02
from app.rules.access import Actor
from app.rules.gcj02 import Degrees
from app.services import catalogue, places, reports
from app.services.catalogue import Catalogue
from app.services.open311 import jurisdictions, offered
from app.services.tickets import Seen
from app.words import Origin

_PHOTO: Final = re.compile(r"(?:https?://[^/?#]+)?/api/v1/photos/([0-9a-fA-F-]{36})", re.ASCII)
_LOOKED_AT: Final = 5  # places an address may mean
# By what name a report's fields are known to who asked.
_NAMED: Final = {"/photo_ids": "/media_url", "/on_behalf_of/phone": "/phone", "/place_id": ""}


async def submit(actor: Actor, form: RequestIn, key: str | None) -> Seen:
    """Write a request as a report and return it; the same Idempotency-Key again returns the same one.

    NotFound: no such service or jurisdiction. Invalid: all else, by the standard's names. A position is WGS84 here
    and kept as GCJ-02.
    """
    known, office = await catalogue.refresh(), await jurisdictions.find(form.jurisdiction_id)
    category = offered.named(known, form.service_code)
    if form.description is None and form.media_url is None:
        raise Invalid.at("/description", "请写一句话，或给一张照片（media_url）")
    position = _position(form)
    report = TicketIn(
        category=category.code,
        place_id=await _place(form, position, office, known),
        position=position,
        place_note=form.address_string,
        description=form.description,
        photo_ids=[_photo(form.media_url)] if form.media_url else [],
        on_behalf_of=form.citizen,
    )
    try:
        return await reports.submit(actor, report, key, Origin.OPEN311)
    except Invalid as refusal:
        for error in refusal.extra.get("errors", ()):
            error["pointer"] = _NAMED.get(error["pointer"], error["pointer"])
        raise


def _position(form: RequestIn) -> Position | None:
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
    """Tell whether a point is roughly there; no latitude of China is a longitude of it."""
    return 3 <= point[0] <= 54 and 73 <= point[1] <= 136


async def _place(
    form: RequestIn, position: Position | None, office: UUID | None, known: Catalogue
) -> UUID | None:
    """Return the place a request names, None where its position says it; Invalid outside the jurisdiction."""
    if form.address_id:
        place_id = anchor = _address_id(form.address_id)
    elif position:
        place_id, anchor = None, await _near(position)
    elif form.address_string:
        place_id = anchor = await _found(form.address_string, office, known)
    else:
        raise Invalid.at("/lat", "请给出位置：lat 和 long，或 address_id，或 address_string")
    await catalogue.spots(known, [anchor])
    spot = known.spots.get(anchor)
    if spot is None:
        raise Invalid.at("/address_id", "没有这个地点")
    if office and office not in spot.path:
        raise Invalid.at("/jurisdiction_id", "这个位置不在这个社区或街道")
    return place_id


def _address_id(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Invalid.at("/address_id", "编号格式不对，请用地点的 id") from None


async def _near(position: Position) -> UUID:
    """Return the building nearest to a position, however it is routed."""
    near = await places.nearest_building(position.lat, position.lng, reports.FAR)
    if near is None:
        raise Invalid.at("/lat", f"这个位置周围{reports.FAR // 1000}公里内还没有开通楼灯")
    return near


async def _found(said: str, office: UUID | None, known: Catalogue) -> UUID:
    """Return the one place an address means; Invalid where it means none, or several."""
    found = await places.search(said, _LOOKED_AT)
    await catalogue.spots(known, [place.id for place in found])
    here = [place for place in found if office is None or office in known.spots[place.id].path]
    if not here:
        raise Invalid.at("/address_string", "没有找到这个地址，请给 lat 和 long")
    alike = [place for place in here if (place.level, place.name) == (here[0].level, here[0].name)]
    if len(alike) > 1:
        labels = "、".join(place.label for place in alike)
        raise Invalid.at("/address_string", f"这个地址可能是{labels}，请写上小区，或给 lat 和 long")
    return here[0].id


def _photo(url: str) -> UUID:
    """Return the photo an address of ours names: nothing is fetched from elsewhere."""
    named = _PHOTO.fullmatch(url.strip())
    try:
        return UUID(named[1]) if named else UUID("")
    except ValueError:
        raise Invalid.at(
            "/media_url", "只收先传到 /api/v1/photos 的照片：请用那里返回的 url，别处的地址我们不去取"
        ) from None
