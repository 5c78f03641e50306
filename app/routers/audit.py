"""The audit trail of the places one oversees."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, Page
from app.models.audit import AuditOut
from app.models.fields import QueryTimestamp
from app.rules.access import Actor
from app.services import audit
from app.services.audit import AuditFilter


class OverseerRoute(AuthRoute):
    """A route for those who oversee a place; checked before the query is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the actor. Raises Forbidden for others."""
        request.state.actor = actor = await super().authorize(request)
        audit.require_overseer(actor)
        return actor


router = APIRouter(prefix=f"{API}/audit", tags=["audit"], route_class=OverseerRoute)


@router.get("")
async def entries(
    actor: CurrentActor,
    type_: Annotated[
        str | None,
        Query(alias="type", pattern="^[a-z_]{1,64}$", description="signed_in, refused, invited, …"),
    ] = None,
    person_id: UUID | None = None,
    ticket: Annotated[
        str | None, Query(max_length=64, description="The id or number of a ticket: what was done about it.")
    ] = None,
    sign_ins: Annotated[
        bool, Query(description="false: without sign-ins and sign-outs that succeeded.")
    ] = True,
    since: Annotated[QueryTimestamp | None, Query(alias="from")] = None,
    until: Annotated[
        QueryTimestamp | None, Query(alias="to", description="Up to, not including this moment.")
    ] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[AuditOut]:
    """List the entries of the places one oversees, newest first: what holders of posts and residents there did, and
    changes to these posts.
    """
    filters = AuditFilter(
        type=type_,
        person_id=person_id,
        ticket=ticket,
        sign_ins=sign_ins,
        since=since,
        until=until,
        limit=limit,
        cursor=cursor,
    )
    items, next_cursor = await audit.audit_page(actor, filters)
    return Page(items=items, next=next_cursor)
