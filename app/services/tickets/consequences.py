"""What an act on one ticket does to others, written with it in one transaction; `rules.lifecycle` has the rules."""

from typing import Final, cast

from app import db
from app.models.act import CommentIn
from app.rules import lifecycle
from app.rules.access import Part
from app.rules.facts import Facts, with_changes
from app.services import setup
from app.services.ledger import FollowerExit
from app.services.tickets import merging, pausing
from app.services.tickets.context import ActionContext, ActionResult, timer_context
from app.sql import Statement

Decision = tuple[ActionContext, str, ActionResult]


async def decide_consequences(context: ActionContext, action: str, result: ActionResult) -> list[Decision]:
    """Return what comes of an act on other tickets: their contexts, actions and results.

    Completes the act's own result by what happens to the ticket's followers.
    """
    if action == "comment":
        return await _pass_words_on(context, result)
    after = with_changes(context.ticket, result.changes)
    if lifecycle.turns_private(
        context.ticket, after, visible=context.catalogue.is_visible_to_neighbours(after)
    ):
        return await _give_merged_back(context, result, FollowerExit.ALL, "private")
    if lifecycle.ends_unsolved(context.ticket, after):
        return await _give_merged_back(context, result, FollowerExit.MERGED, "unsolved")
    return []


async def _give_merged_back(
    context: ActionContext, result: ActionResult, follower_exit: FollowerExit, cause: str
) -> list[Decision]:
    """Return the unmerging of every report merged into the ticket, and remove the followers who leave with them."""
    ticket, catalogue = context.ticket, context.catalogue
    result.seen_tx = ticket["changed_tx"]
    merged = [cast(Facts, dict(row)) for row in await db.execute(_MERGED, ticket_id=ticket["id"])]
    if not merged and not ticket["followers"]:
        return []
    by_choice = [row["person_id"] for row in await db.execute(_BY_CHOICE, ticket_id=ticket["id"])]
    result.follower_exit = follower_exit
    result.undoable = not merged  # who has got a ticket back keeps it
    if follower_exit is FollowerExit.ALL:
        result.changes["followers"], result.let_go = 0, by_choice
    else:
        result.changes["followers"] = len(by_choice)
    places = await setup.place_refs(catalogue, {report["place_id"] for report in merged})
    decisions: list[Decision] = []
    for report in merged:
        now = max(context.now, report["updated_at"])
        own = timer_context(report, places.get(report["place_id"]), catalogue, now)
        back = merging.unmerge(own, None)
        back.follower_change = (
            None  # this act removes them from its own ticket, and it is merged into no other
        )
        back.data["cause"] = cause
        decisions += [(own, "unmerge", back), *await decide_consequences(own, "unmerge", back)]
    return decisions


_MERGED: Final = Statement("SELECT * FROM ticket WHERE merged_into_id = :ticket_id ORDER BY id")
_BY_CHOICE: Final = Statement("""
SELECT person_id FROM follower WHERE ticket_id = :ticket_id AND origin_id = ticket_id ORDER BY person_id
""")


async def _pass_words_on(context: ActionContext, result: ActionResult) -> list[Decision]:
    """Return the same words on the ticket that a merged one ends in, as a follower's, or as its reporter's own."""
    ticket, actor = context.ticket, context.actor
    if actor is None or result.internal or not lifecycle.passes_words_on(ticket, context.part):
        return []
    row = await db.execute_one(_SURVIVOR, ticket_id=ticket["merged_into_id"])
    assert row is not None, "a merged ticket leads to one that is not merged"
    survivor = cast(Facts, dict(row))
    part = Part.REPORTER if survivor["reporter_id"] == actor.person_id else Part.FOLLOWER
    onward = ActionContext(
        ticket=survivor,
        parts={part: None},
        part=part,
        seat=None,
        actor=actor,
        now=max(context.now, survivor["updated_at"]),
        catalogue=context.catalogue,
        place_path=setup.path_of(survivor, None),
    )
    words = ActionResult(text=result.text)
    if part is Part.REPORTER and lifecycle.awaits_answer(survivor):
        words = pausing.answer(onward, CommentIn(text=result.text or ""))
    words.seen_tx = survivor["changed_tx"]  # it has not been unmerged since
    words.data["passed_from"] = str(ticket["id"])
    if result.photo_ids:  # they stay attached to the merged ticket
        words.data["photos"] = [str(photo) for photo in result.photo_ids]
    result.data["passed_to"] = str(survivor["id"])
    return [(onward, "comment", words)]


_SURVIVOR: Final = Statement("""
WITH RECURSIVE chain AS (
    SELECT * FROM ticket WHERE id = :ticket_id
    UNION ALL SELECT t.* FROM chain c JOIN ticket t ON t.id = c.merged_into_id
)
SELECT * FROM chain WHERE merged_into_id IS NULL
""")
