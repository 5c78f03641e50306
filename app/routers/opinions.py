"""Routes of opinions besides those of every subject: the number of who said one that staff wrote down."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request

from app.deps import refuses
from app.enums import SubjectKind
from app.models.ticket import PhoneOut
from app.routers.subject_routes import SubjectRoute, subject_router
from app.services import subjects

router = subject_router(SubjectKind.OPINION, SubjectRoute)
OpinionId = Annotated[UUID, Path(alias="opinion_id")]


@router.get("/{opinion_id}/phone", name="opinion_phone", summary="说的人的电话", responses=refuses(403, 409))
async def phone(subject_id: OpinionId, request: Request) -> PhoneOut:  # noqa: ARG001 - declared for OpenAPI
    """Read the number that whoever spoke has left, for the staff of the place. Each look-up is recorded."""
    return await subjects.look_up_speaker(request.state.subject)
