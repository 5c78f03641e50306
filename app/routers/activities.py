"""Routes of activities besides those of every subject: doors by their last visit, and who attends."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Request

from app.deps import CurrentActor, Cursor, Limit, Page, StaffRoute, refuses
from app.enums import ActivitySort, CareNeed, Level, SubjectKind
from app.models.activity import AttendanceOut, DoorOut
from app.models.fields import QueryTimestamp
from app.routers.subject_routes import SubjectRoute, subject_router
from app.services import subjects

due_router = subject_router(SubjectKind.ACTIVITY, StaffRoute)
router = subject_router(SubjectKind.ACTIVITY, SubjectRoute)
ActivityId = Annotated[UUID, Path(alias="activity_id")]


@due_router.get("/due", name="activity_due", summary="该走访的门户", responses=refuses(403, 404))
async def due(
    actor: CurrentActor,
    place_id: Annotated[
        UUID, Query(description="A grid, community or street where the caller works, or below it.")
    ],
    kind: Literal[ActivitySort.VISIT, ActivitySort.CARE] = ActivitySort.VISIT,
    need: CareNeed = CareNeed.OTHER,
    level: Annotated[
        Literal[Level.UNIT, Level.ROOM],
        Query(
            description="Units (buildings without units), with visits of their rooms; or the rooms that are known."
        ),
    ] = Level.UNIT,
    paired: Annotated[
        bool,
        Query(
            description="Only the rooms of households that somebody looks after, due as agreed; for heads and above."
        ),
    ] = False,
    until: Annotated[QueryTimestamp | None, Query(description="Of those: due by then.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[DoorOut]:
    """List places by their last visit, the one unvisited for longest first, with when each is due."""
    wanted = subjects.DueFilter(
        place_id=place_id, kind=kind, need=need, level=level, paired=paired, until=until
    )
    items, next_cursor = await subjects.due_page(actor, wanted, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.get(
    "/{activity_id}/attendance", name="activity_attendance", summary="活动名单", responses=refuses(403)
)
async def attendance(
    subject_id: ActivityId,  # noqa: ARG001 - declared for OpenAPI
    request: Request,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[AttendanceOut]:
    """List who signed up, waits or came; for the staff of the place."""
    items, next_cursor = await subjects.attendance_page(request.state.subject, limit, cursor)
    return Page(items=items, next=next_cursor)
