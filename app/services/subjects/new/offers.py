"""What an offer begins with: whose it is, its terms, and what there is of it at its own place."""

from typing import Any, Final
from uuid import UUID

from app import db
from app.models.offer import StockIn
from app.rules.access import Actor
from app.rules.subjects import STAFF, SubjectPart
from app.services import setup
from app.services.setup import Catalogue
from app.services.subjects.new.beginning import Beginning, New
from app.services.subjects.offer_effects import add_stock
from app.services.subjects.stocks import Mover
from app.services.subjects.view import parts_of, post_of
from app.sql import Statement


async def _find_parts(new: New) -> None:
    """Add the part of the caller's organisation that serves the place."""
    organisation_id = await _serving(new.actor, new.row["place_id"], new.catalogue)
    about = {"home_path": new.home_path, "organisation_id": organisation_id}
    new.parts = parts_of(new.actor, new.row | about, new.catalogue)


async def _serving(actor: Actor, place_id: UUID, catalogue: Catalogue) -> UUID | None:
    """Return which of the caller's organisations serves a place, or something within it."""
    place = await setup.place_ref(catalogue, place_id) if actor.seats_by_organisation else None
    for organisation_id in actor.seats_by_organisation if place else ():
        values = {"organisation_id": organisation_id, "place_id": place_id}
        if place and await db.execute(_SERVES, **values, path=list(place.path)):
            return organisation_id
    return None


def _columns(new: New) -> dict[str, Any]:
    """Return its columns. Residents see what a company offers once the office has released it."""
    form = new.form
    return {"title": form.title, "text": form.text, "sort": form.kind, "released": new.part in STAFF}


async def _after(fetch: db.Fetch, new: New) -> None:
    """Write its terms, and put what there is into the stock at its place."""
    form, row, seat = new.form, new.row, new.parts.get(new.part)
    names = ("price", "points", "days", "needs_grant")
    values = {name: getattr(form, name) for name in names} | {"subject_id": row["id"]}
    values["organisation_id"] = seat.organisation_id if seat and new.part is SubjectPart.COMPANY else None
    await fetch(_INSERT.text, *_INSERT.arguments(values))
    if form.quantity:
        mover = Mover(
            fetch=fetch,
            now=row["created_at"],
            part=new.part,
            person_id=new.actor.person_id,
            post_id=post_of(new.actor, seat),
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

OFFER: Final = Beginning(find_parts=_find_parts, columns=_columns, after=_after)
