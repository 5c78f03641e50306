"""Routes of relationships besides those of every subject: a call for visits to all households of a unit."""

from app.deps import CurrentActor, StaffRoute, refuses
from app.enums import SubjectKind
from app.models.relationship import CallAllIn, VisitsDueOut
from app.routers.subject_routes import subject_router
from app.services import subjects

router = subject_router(SubjectKind.RELATIONSHIP, StaffRoute)


@router.post("/calls", name="relationship_calls", summary="发起全部结对户的走访", responses=refuses(403, 404))
async def call(form: CallAllIn, actor: CurrentActor) -> VisitsDueOut:
    """Have every household of a grid or community that somebody looks after visited until a moment."""
    return VisitsDueOut(due=await subjects.call_all(actor, form))
