"""Data an action needs besides its ticket, loaded before it is decided: merge target, last vote, new place."""

from dataclasses import replace
from typing import Final, cast

from app import db
from app.models import act as shapes
from app.models.fields import Strict
from app.rules.facts import Facts
from app.services import setup
from app.services.tickets.context import ActionContext
from app.sql import Statement


async def with_lookups(context: ActionContext, form: Strict) -> ActionContext:
    """Return the context with the data that an action of this shape needs. Fields stay None if there is no such row."""
    if isinstance(form, shapes.ReassignIn):
        return replace(context, new_place=await setup.place_ref(context.catalogue, form.place_id))
    if isinstance(form, shapes.MergeIn):
        row = await db.execute_one(_MERGE_TARGET, ticket_id=form.into)
        return replace(context, merge_target=cast(Facts, dict(row)) if row else None)
    if isinstance(form, shapes.VoteIn) and context.actor:
        row = await db.execute_one(
            _LAST_VOTE,
            ticket_id=context.ticket["id"],
            person_id=context.actor.person_id,
            closed_at=context.ticket["closed_at"] or context.now,
        )
        return replace(context, last_vote=row["still_there"] if row else None)
    return context


_MERGE_TARGET: Final = Statement("""
SELECT t.*, m.no AS merged_into_no FROM ticket t LEFT JOIN ticket m ON m.id = t.merged_into_id WHERE t.id = :ticket_id
""")
_LAST_VOTE: Final = Statement("""
SELECT still_there FROM vote WHERE ticket_id = :ticket_id AND person_id = :person_id AND at >= :closed_at
""")
