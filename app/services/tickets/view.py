"""A ticket as one actor sees it: loaded in their scope, with the parts they play."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast
from uuid import UUID

from app import clock, db
from app.errors import NotFound
from app.rules import access
from app.rules.access import Actor, Part, Parts
from app.rules.facts import Facts
from app.services import auth, content_checks, idempotency, setup
from app.services.setup import Catalogue
from app.services.tickets.unassigned import with_sent_back
from app.sql import Statement

# The parts of an actor whose own act took the ticket out of their scope: one last answer, masked, without actions.
FORMER_PARTS: Final[Parts] = {Part.FORMER: None}


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as an actor in its scope sees it."""

    ticket: Facts
    place: setup.PlaceRef | None
    parts: Parts
    actor: Actor
    catalogue: Catalogue
    replayed: bool = False  # this answers a repeat of an earlier request

    @property
    def path(self) -> Sequence[UUID]:
        """Return the path from the street down to the ticket's place, as far as it is known."""
        return setup.path_of(self.ticket, self.place)


# Columns of a view besides those of the ticket. Aliases: `t` is the ticket, `r` its reporter. `{person}` is the id of
# the caller as SQL. `followers > 0` comes first: most tickets have no follower to look up; nor has each event a text.
# `passed` and `description_seq` are for followers: what of the ticket they may see, and which event its description is of.
VIEW_COLUMNS: Final = (
    """r.name AS reporter_name, r.phone_masked AS reporter_phone,
       r.erased_at IS NOT NULL AS reporter_erased,
       CASE WHEN t.merged_into_id IS NOT NULL THEN (SELECT m.no FROM ticket m WHERE m.id = t.merged_into_id) END
           AS merged_into_no,
       CASE WHEN t.split_from_id IS NOT NULL THEN (SELECT o.no FROM ticket o WHERE o.id = t.split_from_id) END
           AS split_from_no,
       CASE WHEN t.latest_text_seq IS NOT NULL
           THEN (SELECT w.text FROM remark w WHERE w.ticket_id = t.id AND w.seq = t.latest_text_seq) END AS latest_text,
       CASE WHEN t.followers > 0 THEN """
    + content_checks.passed_keys("t")
    + """ END AS passed,
       CASE WHEN t.followers > 0 THEN """
    + content_checks.description_seq("t")
    + """ END AS description_seq,
       t.followers > 0 AND EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = {person}) AS follows"""
)
_LOAD: Final = Statement(f"""
SELECT t.*, {VIEW_COLUMNS.format(person=":person_id")}, s.version AS setup_version,
       EXISTS (SELECT FROM login l JOIN person p ON p.id = l.person_id
               WHERE l.id = :login_id AND l.revoked_at IS NULL AND p.stamp = :auth_version) AS session_valid
FROM setup s LEFT JOIN ticket t ON t.id = :ticket_id LEFT JOIN person r ON r.id = t.reporter_id
""")


async def load_ticket(actor: Actor, ticket_id: UUID) -> TicketView:
    """Return a ticket in the caller's scope. Raises NotFound for any other, whether or not it exists."""
    return await _load(actor, ticket_id)


async def load_again(view: TicketView) -> TicketView:
    """Return a ticket as it is now, with the parts the caller had before their own act, marked as replayed."""
    return replace(await _load(view.actor, view.ticket["id"], view.parts), replayed=True)


async def _load(actor: Actor, ticket_id: UUID, parts: Parts | None = None) -> TicketView:
    row = await db.execute_one(
        _LOAD,
        ticket_id=ticket_id,
        login_id=actor.login_id,
        auth_version=actor.auth_version,
        person_id=actor.person_id,
    )
    assert row is not None, "the first migration inserts the row of setup"
    if not row["session_valid"]:
        actor = await auth.load_actor(actor.login_id)
    catalogue = await setup.cached_catalogue(row["setup_version"])
    ticket = cast(Facts, dict(row))
    parts = (parts or parts_of(actor, ticket, catalogue)) if row["id"] else {}
    if not parts:
        raise NotFound
    place = await setup.place_ref(catalogue, ticket["place_id"])
    (ticket,) = await with_sent_back([ticket])
    return TicketView(ticket, place, parts, actor, catalogue)


def parts_of(actor: Actor, ticket: Facts, catalogue: Catalogue) -> Parts:
    """Return the parts an actor plays in a ticket that was loaded with `follows` for them.

    Nobody follows a ticket that neighbours may not see, even before its followers are let go (see `private`).
    """
    follows = ticket.get("follows", False) and catalogue.is_visible_to_neighbours(ticket)
    return access.find_parts(actor, ticket, follows=follows)


async def view_by_key(actor: Actor, key: str, ticket_id: UUID) -> TicketView | None:
    """Return a ticket that the caller's act under `key` took out of their scope, masked; None without such an act."""
    row = await db.execute_one(
        _ACT_BY_KEY,
        actor_id=actor.person_id,
        key=key,
        ticket_id=ticket_id,
        since=clock.now() - idempotency.KEY_LIFETIME,
    )
    return None if row is None else await _load(actor, ticket_id, FORMER_PARTS)


_ACT_BY_KEY: Final = Statement("""
SELECT FROM idempotency WHERE actor_id = :actor_id AND key = :key AND ref_id = :ticket_id AND created_at >= :since
""")


def sees_internal(view: TicketView) -> bool:
    """Tell whether the caller may read internal comments."""
    return not access.SEES_INTERNAL.isdisjoint(view.parts)
