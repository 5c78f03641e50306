"""An office's own limits, holidays and working hours: shown, tried, changed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from app.deps import API, Caller, SignedIn
from app.errors import Invalid
from app.models.setting import SettledOut
from app.models.setting_calendar import CalendarIn, CalendarOut
from app.models.setting_categories import CategoriesIn, CategoriesOut
from app.models.setting_frames import FramesIn, FramesOut
from app.rules.access import Actor
from app.services import appointing, offices
from app.words import Noun


class OfOffice(SignedIn):
    """A route about one street or community, for who runs it; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for who runs nothing, NotFound outside their place, Invalid for no office."""
        request.state.actor = actor = await super().admit(request)
        appointing.own_places(actor)
        try:
            place_id = UUID(request.query_params.get("place_id", ""))
        except ValueError:
            raise Invalid.at("/place_id", "请给出街道或社区的编号 place_id") from None
        request.state.office = await offices.scope(actor, place_id)
        return actor


async def _office(
    request: Request,
    place_id: Annotated[UUID, Query(description="A street or community of one's own.")],  # noqa: ARG001 - read by admit, before the body; here for the docs
) -> offices.Office:
    office: offices.Office = request.state.office
    return office


Office = Annotated[offices.Office, Depends(_office)]
Preview = Annotated[bool, Query(description="Only say what it would do.")]
Confirm = Annotated[bool, Query(description="Do it though open tickets become overdue at once.")]

router = APIRouter(prefix=f"{API}/settings", tags=["settings"], route_class=OfOffice)


@router.get("/categories")
async def categories(office: Office) -> CategoriesOut:
    """Read the limits that count at a street or community, and which of them are its own."""
    return offices.categories(await offices.standing(office, Noun.CATEGORIES))


@router.put("/categories")
async def put_categories(
    form: CategoriesIn, office: Office, actor: Caller, preview: Preview = False, confirm: Confirm = False
) -> SettledOut:
    """Replace all limits of its own; every open ticket there is recomputed before the answer."""
    now = await offices.standing(office, Noun.CATEGORIES)
    entries = offices.said_of_categories(form, now)
    return await offices.put(actor, now, entries, form.version, preview=preview, confirm=confirm)


@router.get("/calendar")
async def calendar(office: Office) -> CalendarOut:
    """Read this year's and the next one's holidays and make-up workdays at a street or community."""
    return await offices.calendar(await offices.standing(office, Noun.CALENDAR))


@router.put("/calendar")
async def put_calendar(
    form: CalendarIn, office: Office, actor: Caller, preview: Preview = False, confirm: Confirm = False
) -> SettledOut:
    """Replace all days of its own; every open ticket there is recomputed before the answer."""
    now = await offices.standing(office, Noun.CALENDAR)
    entries = offices.said_of_calendar(form, now)
    return await offices.put(actor, now, entries, form.version, preview=preview, confirm=confirm)


@router.get("/frames")
async def frames(office: Office) -> FramesOut:
    """Read the hours of a working day at a street or community."""
    return offices.frames(await offices.standing(office, Noun.FRAMES))


@router.put("/frames")
async def put_frames(
    form: FramesIn, office: Office, actor: Caller, preview: Preview = False, confirm: Confirm = False
) -> SettledOut:
    """Replace all hours of its own; every open ticket there is recomputed before the answer."""
    now = await offices.standing(office, Noun.FRAMES)
    entries = offices.said_of_frames(form, now)
    return await offices.put(actor, now, entries, form.version, preview=preview, confirm=confirm)
