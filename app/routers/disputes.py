"""Routes of disputes besides those of every subject: how many there were, who may mediate, and the page of an agreement."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse

from app.deps import CurrentActor, Cursor, Limit, Page, refuses
from app.enums import SubjectKind
from app.models.dispute import DisputeCountsOut, MediatorOut
from app.models.figure import PeriodQuery
from app.routers.figures import FigureRoute
from app.routers.subject_routes import SubjectRoute, subject_router
from app.services import subjects

counts_router = subject_router(SubjectKind.DISPUTE, FigureRoute)
router = subject_router(SubjectKind.DISPUTE, SubjectRoute)
DisputeId = Annotated[UUID, Path(alias="dispute_id")]


@counts_router.get("/counts", name="dispute_counts", summary="调解事项数", responses=refuses(403, 404))
async def counts(actor: CurrentActor, query: Annotated[PeriodQuery, Query()]) -> DisputeCountsOut:
    """Count the disputes of a community or street by kind and status: all that anybody outside them learns."""
    return await subjects.count_disputes(actor, query)


@router.get(
    "/{dispute_id}/mediators",
    name="dispute_mediators",
    summary="可指定的调解员",
    responses=refuses(403),
)
async def mediators(
    subject_id: DisputeId,  # noqa: ARG001 - declared for OpenAPI
    request: Request,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[MediatorOut]:
    """List who of the studio mediates or may be named to, without the parties; for who heads it."""
    items, next_cursor = await subjects.mediator_page(request.state.subject, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.get(
    "/{dispute_id}/agreement",
    name="dispute_agreement",
    response_class=HTMLResponse,
    include_in_schema=False,
)
async def agreement(subject_id: DisputeId, request: Request) -> HTMLResponse:  # noqa: ARG001 - declared for OpenAPI
    """Show the page of an agreement, to print and sign."""
    return HTMLResponse(
        subjects.agreement_page(request.state.subject),
        headers={"Content-Security-Policy": subjects.POLICY, "Cache-Control": "no-store"},
    )
