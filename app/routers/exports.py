"""Exports of lists to files."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, WithJsonSchema

from app import clock, words
from app.deps import API, AuthRoute, CurrentActor
from app.enums import SHANGHAI, Role
from app.errors import Forbidden
from app.models.ticket import TicketFilters
from app.routers.posts import ManagerRoute
from app.rules.access import Actor
from app.services import exports
from app.services.posts import PostFilter


class ExportRoute(AuthRoute):
    """A route for staff and auditors, checked before the query is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden for anybody else."""
        request.state.actor = actor = await super().authorize(request)
        if not (actor.is_staff or actor.units(frozenset({Role.AUDITOR}))):
            raise Forbidden("只有工作人员可以导出")
        return actor


router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=ExportRoute)
posts_router = APIRouter(prefix=f"{API}/posts", tags=["posts"], route_class=ManagerRoute)


# Which there are, the service says with the name of the wrong one.
ColumnName = Annotated[str, WithJsonSchema({"type": "string", "enum": list(exports.COLUMNS)})]


class ExportQuery(TicketFilters):
    """The filters of a list, the format of the file, and its columns in their order."""

    format: Literal["csv", "xlsx"] = "xlsx"
    columns: list[ColumnName] = Field([], max_length=40, description="In this order; all of them by default.")


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind.media_type: {} for kind in exports.FORMATS.values()}}},
)
async def export(actor: CurrentActor, query: Annotated[ExportQuery, Query()]) -> StreamingResponse:
    """Export the tickets of a list to a file, with what the caller may see of each; recorded in the audit trail."""
    filters = TicketFilters.model_validate(query.model_dump(exclude={"format", "columns"}))
    pieces = await exports.export_tickets(actor, filters, query.format, query.columns)
    return file_response(pieces, query.format, "工单-{day}.{format}", "tickets")


def file_response(
    pieces: AsyncIterator[bytes], format_: str, title: str, stem: str, **said: str
) -> StreamingResponse:
    """Answer with a file that is named after what it has and the day: `title` in the language of the request."""
    day = clock.now().astimezone(SHANGHAI).strftime("%Y%m%d")
    name = quote(
        words.say(title, day=day, format=format_, **{key: words.say(value) for key, value in said.items()})
    )
    return StreamingResponse(
        pieces,
        media_type=exports.FORMATS[format_].media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename=\"{stem}-{day}.{format_}\"; filename*=UTF-8''{name}",
        },
    )


@posts_router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind.media_type: {} for kind in exports.FORMATS.values()}}},
)
async def export_posts(
    actor: CurrentActor,
    place_id: Annotated[UUID | None, Query(description="At or below this place.")] = None,
    role: Role | None = None,
    vacant: bool | None = None,
    format: Literal["csv", "xlsx"] = "xlsx",  # noqa: A002 - the parameter of all exports
) -> StreamingResponse:
    """Export the posts of the list, with titles, skills and cards, as `POST /imports` takes them again; on record.

    A row names its post by its id (`post`): no telephone number of a person is in the file.
    """
    pieces = await exports.export_posts(actor, PostFilter(place_id, role, vacant), format)
    return file_response(pieces, format, "岗位-{day}.{format}", "posts")
