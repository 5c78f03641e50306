"""The audit trail of one's own place: sign-ins, refusals, role changes, looks at phone numbers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from app.deps import API, Caller, Cursor, Limit, Page, SignedIn
from app.models.audit import AuditOut
from app.rules.access import Actor
from app.services import trail
from app.services.trail import Wanted


class Overseeing(SignedIn):
    """A route for those who oversee a place; asked before the query is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for others."""
        request.state.actor = actor = await super().admit(request)
        trail.overseen(actor)
        return actor


router = APIRouter(prefix=f"{API}/audit", tags=["audit"], route_class=Overseeing)


@router.get("")
async def entries(
    actor: Caller,
    kind: Annotated[
        str | None,
        Query(alias="type", pattern="^[a-z_]{1,64}$", description="signed_in, refused, invited, …"),
    ] = None,
    person_id: UUID | None = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="Up to, not including.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[AuditOut]:
    """List what those did who hold or held a post within one's own place, and what was done to these posts; newest first."""
    items, following = await trail.page(actor, Wanted(kind, person_id, since, until, limit, cursor))
    return Page(items=items, next=following)
