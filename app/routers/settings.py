"""An office's own time limits, holidays, working hours, titles, weights and limit of opinions: read, preview, change."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, refuses
from app.enums import SettingKind
from app.errors import Invalid
from app.models.setting import SettingChangeOut
from app.models.setting_calendar import CalendarIn, CalendarOut
from app.models.setting_categories import CategoriesIn, CategoriesOut
from app.models.setting_frames import FramesIn, FramesOut
from app.models.setting_opinions import OpinionLimitIn, OpinionLimitOut
from app.models.setting_points import PointsIn, PointsOut
from app.models.setting_titles import TitlesIn, TitlesOut
from app.models.setting_weights import WeightsIn, WeightsOut
from app.rules.access import Actor
from app.services import posts, settings


class OfficeRoute(AuthRoute):
    """A route for the staff of the street or community in its query; they are checked before the body is read."""

    refusals = frozenset({404})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller, and set `request.state.office`. Raises as `settings_scope`."""
        request.state.actor = actor = await super().authorize(request)
        posts.own_places(actor)
        try:
            place_id = UUID(request.query_params.get("place_id", ""))
        except ValueError:
            raise Invalid.at("/place_id", "请给出街道或社区的编号 place_id") from None
        request.state.office = await settings.settings_scope(actor, place_id)
        return actor


async def _office(
    request: Request,
    place_id: Annotated[UUID, Query(description="A street or community that the caller runs.")],  # noqa: ARG001 - read by authorize, before the body; here for the API documentation
) -> settings.Office:
    office: settings.Office = request.state.office
    return office


Office = Annotated[settings.Office, Depends(_office)]
Preview = Annotated[bool, Query(description="Only return what the change would do.")]
Confirm = Annotated[bool, Query(description="Make the change even if open tickets become overdue at once.")]

router = APIRouter(prefix=f"{API}/settings", tags=["settings"], route_class=OfficeRoute)


@router.get("/categories")
async def categories(office: Office, limit: Limit = 100, cursor: Cursor = None) -> CategoriesOut:
    """Read the time limits at a street or community, and which of them are its own: `own` is complete on every page."""
    state = await settings.read_settings(office, SettingKind.CATEGORIES)
    return settings.category_settings(state, limit, cursor)


@router.put("/categories", responses=refuses(409))
async def put_categories(
    form: CategoriesIn,
    office: Office,
    actor: CurrentActor,
    preview: Preview = False,
    confirm: Confirm = False,
) -> SettingChangeOut:
    """Replace all of its own limits; its open tickets are recomputed before the response."""
    state = await settings.read_settings(office, SettingKind.CATEGORIES)
    entries = settings.check_categories(form, state)
    return await settings.change_settings(
        actor, state, entries, form.version, preview=preview, confirm=confirm
    )


@router.get("/calendar")
async def calendar(office: Office) -> CalendarOut:
    """Read the holidays and make-up workdays of this year and the next at a street or community."""
    return await settings.calendar_settings(await settings.read_settings(office, SettingKind.CALENDAR))


@router.put("/calendar", responses=refuses(409))
async def put_calendar(
    form: CalendarIn, office: Office, actor: CurrentActor, preview: Preview = False, confirm: Confirm = False
) -> SettingChangeOut:
    """Replace all of its own days; its open tickets are recomputed before the response."""
    state = await settings.read_settings(office, SettingKind.CALENDAR)
    entries = settings.check_calendar(form, state)
    return await settings.change_settings(
        actor, state, entries, form.version, preview=preview, confirm=confirm
    )


@router.get("/frames")
async def frames(office: Office) -> FramesOut:
    """Read the office hours of a workday at a street or community."""
    return settings.frame_settings(await settings.read_settings(office, SettingKind.FRAMES))


@router.put("/frames", responses=refuses(409))
async def put_frames(
    form: FramesIn, office: Office, actor: CurrentActor, preview: Preview = False, confirm: Confirm = False
) -> SettingChangeOut:
    """Replace all of its own hours; its open tickets are recomputed before the response."""
    state = await settings.read_settings(office, SettingKind.FRAMES)
    entries = settings.check_frames(form, state)
    return await settings.change_settings(
        actor, state, entries, form.version, preview=preview, confirm=confirm
    )


@router.get("/titles")
async def titles(office: Office) -> TitlesOut:
    """Read what posts are called at a street or community, and which of the titles are its own."""
    return settings.title_settings(await settings.read_settings(office, SettingKind.TITLES))


@router.put("/titles", responses=refuses(409))
async def put_titles(form: TitlesIn, office: Office, actor: CurrentActor) -> TitlesOut:
    """Replace all of its own titles; they are shown from the next request on. Return what posts are called now."""
    state = await settings.read_settings(office, SettingKind.TITLES)
    await settings.change_without_impact(actor, state, settings.check_titles(form, state), form.version)
    return settings.title_settings(await settings.read_settings(office, SettingKind.TITLES))


@router.get("/weights")
async def weights(office: Office) -> WeightsOut:
    """Read the weights of the three rates in the composite of a street or community; it has none until it enters some."""
    return settings.weight_settings(await settings.read_settings(office, SettingKind.WEIGHTS))


@router.put("/weights", responses=refuses(409))
async def put_weights(form: WeightsIn, office: Office, actor: CurrentActor) -> WeightsOut:
    """Replace all of its own weights; figures of later moments show the composite. Return the weights in force now."""
    state = await settings.read_settings(office, SettingKind.WEIGHTS)
    await settings.change_without_impact(actor, state, settings.check_weights(form, state), form.version)
    return settings.weight_settings(await settings.read_settings(office, SettingKind.WEIGHTS))


@router.get("/opinions")
async def opinion_limit(office: Office) -> OpinionLimitOut:
    """Read after how many days an opinion without a fate is overdue at a street or community."""
    return settings.opinion_settings(await settings.read_settings(office, SettingKind.OPINIONS))


@router.put("/opinions", responses=refuses(409))
async def put_opinion_limit(form: OpinionLimitIn, office: Office, actor: CurrentActor) -> OpinionLimitOut:
    """Set its own limit, or take it back; opinions without a fate follow before the response. Return the limit in force now."""
    state = await settings.read_settings(office, SettingKind.OPINIONS)
    entries = [] if form.days is None else [{"days": form.days}]
    await settings.change_without_impact(actor, state, entries, form.version)
    return settings.opinion_settings(await settings.read_settings(office, SettingKind.OPINIONS))


@router.get("/points")
async def points(office: Office) -> PointsOut:
    """Read on which day of the year points of the year before lapse at a street or community; none unless it is set."""
    return await settings.point_settings(await settings.read_settings(office, SettingKind.POINTS))


@router.put("/points", responses=refuses(409))
async def put_points(form: PointsIn, office: Office, actor: CurrentActor) -> PointsOut:
    """Set its own day, or take it back. What owners have been told of lapses as they were told. Return the day in force now."""
    state = await settings.read_settings(office, SettingKind.POINTS)
    entries = [] if form.lapse is None else [{"lapse": form.lapse}]
    await settings.change_without_impact(actor, state, entries, form.version)
    return await settings.point_settings(await settings.read_settings(office, SettingKind.POINTS))
