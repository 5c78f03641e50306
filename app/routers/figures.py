"""Figures of a place: which there are, and each as JSON, CSV, XLSX or a picture."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, Page, refuses
from app.models.figure import FigureOut, FigureQuery, FigureRef
from app.rules.access import Actor
from app.services import figures
from app.services.pagination import page_after


class FigureRoute(AuthRoute):
    """A route for staff and auditors; checked before the query is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden for others."""
        request.state.actor = actor = await super().authorize(request)
        figures.require_reader(actor)
        return actor


router = APIRouter(prefix=f"{API}/figures", tags=["figures"], route_class=FigureRoute)
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": FigureOut, "content": {media_type: {} for media_type in figures.MEDIA_TYPES.values()}},
    **refuses(404),
}


@router.get("")
async def page(limit: Limit = 20, cursor: Cursor = None) -> Page[FigureRef]:
    """List the figures there are."""
    items, next_cursor = page_after(figures.list_figures(), limit, cursor, lambda figure: figure.name)
    return Page(items=items, next=next_cursor)


@router.get(
    "/{figure_name}",
    response_model=None,
    responses=_ANSWERS,
)
async def read(figure_name: str, actor: CurrentActor, query: Annotated[FigureQuery, Query()]) -> Response:
    """Read a figure of a place and what lies within. The same `as_of` gives the same answer later."""
    figure = await figures.in_readers_language(await figures.read_figure(actor, figure_name, query))
    return Response(
        figures.FORMATS[query.format](figure, query.dir), media_type=figures.MEDIA_TYPES[query.format]
    )
