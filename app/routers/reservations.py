"""Routes of reservations besides those of every subject: the one whose code somebody shows."""

from typing import Annotated

from fastapi import Query

from app.deps import AuthRoute, CurrentActor, refuses
from app.enums import SubjectKind
from app.models.fields import Text
from app.models.offer import ReservationOut
from app.routers.subject_routes import subject_router
from app.services import subjects

router = subject_router(SubjectKind.RESERVATION, AuthRoute)


@router.get("/scan", name="reservation_scan", summary="扫领取码", responses=refuses(404))
async def scan(actor: CurrentActor, code: Annotated[Text, Query(max_length=20)]) -> ReservationOut:
    """Find the reservation whose code somebody shows, in the caller's scope."""
    view = await subjects.reservation_by_code(actor, code)
    found: ReservationOut = subjects.serialize(view)  # type: ignore[assignment]  # of this kind
    return found
