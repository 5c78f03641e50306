"""What a new offer has besides its subject: its row, whose it is, and what there is of it at its own place."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import db
from app.models.offer import OfferIn, StockIn
from app.rules.access import Actor
from app.rules.subjects import STAFF, Parts, SubjectPart
from app.services import setup
from app.services.setup import Catalogue
from app.services.subjects.offer_effects import add_stock
from app.services.subjects.stocks import Mover
from app.services.subjects.view import post_of
from app.sql import Statement


def begin_offer(form: OfferIn, part: SubjectPart) -> dict[str, Any]:
    """Return the columns of a new offer. Residents see what a company offers once the office has released it."""
    return {"title": form.title, "text": form.text, "sort": form.kind, "released": part in STAFF}


async def serving(actor: Actor, place_id: UUID, catalogue: Catalogue) -> UUID | None:
    """Return which of the caller's organisations serves a place, or something within it."""
    place = await setup.place_ref(catalogue, place_id) if actor.seats_by_organisation else None
    for organisation_id in actor.seats_by_organisation if place else ():
        values = {"organisation_id": organisation_id, "place_id": place_id}
        if place and await db.execute(_SERVES, **values, path=list(place.path)):
            return organisation_id
    return None


async def insert_offer(
    fetch: db.Fetch, actor: Actor, row: Mapping[str, Any], parts: Parts, part: SubjectPart, form: OfferIn
) -> None:
    """Write what an offer has besides its subject, and put what there is into the stock at its place."""
    seat = parts.get(part)
    names = ("price", "points", "days", "needs_grant")
    values = {name: getattr(form, name) for name in names} | {"subject_id": row["id"]}
    values["organisation_id"] = seat.organisation_id if seat and part is SubjectPart.COMPANY else None
    await fetch(_INSERT.text, *_INSERT.arguments(values))
    if form.quantity:
        mover = Mover(
            fetch=fetch,
            now=row["created_at"],
            part=part,
            person_id=actor.person_id,
            post_id=post_of(actor, seat),
        )
        await add_stock(mover, row, StockIn(version=1, quantity=form.quantity))


_INSERT: Final = Statement("""
INSERT INTO offer (subject_id, price, points, days, needs_grant, organisation_id)
VALUES (:subject_id, :price, :points, :days, :needs_grant, :organisation_id)
""")
_SERVES: Final = Statement("""
SELECT FROM service_area a JOIN place p ON p.id = a.place_id
WHERE a.organisation_id = :organisation_id AND (a.place_id = ANY(:path::uuid[]) OR :place_id = ANY(p.path))
""")
