"""Exports of lists to files."""

from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, WithJsonSchema

from app import clock, words
from app.deps import API, AuthRoute, CurrentActor
from app.enums import SHANGHAI, Role
from app.errors import Forbidden
from app.models.ticket import TicketFilters
from app.rules.access import Actor
from app.services import exports


class ExportRoute(AuthRoute):
    """A route for staff and auditors, checked before the query is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden for anybody else."""
        request.state.actor = actor = await super().authorize(request)
        if not (actor.is_staff or actor.units(frozenset({Role.AUDITOR}))):
            raise Forbidden("只有工作人员可以导出")
        return actor


router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=ExportRoute)


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
    day = clock.now().astimezone(SHANGHAI).strftime("%Y%m%d")
    name = quote(words.say("工单-{day}.{format}", day=day, format=query.format))
    return StreamingResponse(
        pieces,
        media_type=exports.FORMATS[query.format].media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename=\"tickets-{day}.{query.format}\"; filename*=UTF-8''{name}",
        },
    )
