"""Exports of the lists of subjects, a route for each kind that has no sides."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from app.deps import API, CurrentActor
from app.enums import SubjectKind
from app.routers.exports import ExportRoute, file_response
from app.routers.subject_filters import filter_reader
from app.rules.lives import LIVES
from app.services import exports
from app.services.subjects import SHAPES, SubjectFilter


def _router(kind: SubjectKind) -> APIRouter:
    """Return the router of a kind's export. It stands before the routes of one subject, whose paths would match."""
    path, label = SHAPES[kind].path, LIVES[kind].label
    chosen: Any = Depends(filter_reader(kind))

    async def export_kind(
        actor: CurrentActor,
        wanted: Annotated[SubjectFilter, chosen],
        format: Literal["csv", "xlsx"] = "xlsx",  # noqa: A002 - the parameter of all exports
    ) -> StreamingResponse:
        pieces = await exports.export_subjects(actor, kind, wanted, format)
        return file_response(pieces, format, "{kind}-{day}.{format}", path, kind=label)

    router = APIRouter(prefix=f"{API}/{path}", tags=[path], route_class=ExportRoute)
    router.add_api_route(
        "/export",
        export_kind,
        methods=["GET"],
        name=f"{kind}_export",
        summary=f"导出{label}",
        description="Export the list to a file, with what the caller may see of each; recorded in the audit trail.",
        response_class=StreamingResponse,
        responses={200: {"content": {kind.media_type: {} for kind in exports.FORMATS.values()}}},
    )
    return router


ROUTERS = [_router(kind) for kind in exports.SUBJECT_KINDS]
