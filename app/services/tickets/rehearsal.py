"""A ticket's life played in memory: the decisions of real acts and of the timer at moments one chooses, nothing written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from app.models.ticket import TicketIn
from app.rules import access, escalation, lifecycle
from app.rules.access import Actor
from app.rules.facts import Facts
from app.services import ledger
from app.services.setup import Catalogue, PlaceRef
from app.services.tickets.actions import build_act
from app.services.tickets.clocks import timer_act
from app.services.tickets.context import ActionContext, timer_context
from app.services.tickets.effects import ACTIONS
from app.services.tickets.submission import draft

# Photos are not played: where the category asks for one, an act names this one, and none is attached.
_NO_PHOTO: Final = UUID(int=0)


class Rehearsal:
    """One ticket: `row` as it is after the last act, and the `entries` of its events so far."""

    def __init__(
        self, row: dict[str, Any], entry: ledger.Entry, place: PlaceRef | None, catalogue: Catalogue
    ) -> None:
        self.row = row
        self.entries = [entry]
        self.place = place
        self.catalogue = catalogue

    @classmethod
    async def submitted(
        cls, actor: Actor, form: TicketIn, catalogue: Catalogue, ticket_id: UUID, at: datetime
    ) -> "Rehearsal":
        """Return the rehearsal of a report made at a moment."""
        row, entry, place = await draft(actor, form, catalogue, at)
        row["id"] = entry.ticket_id = ticket_id
        return cls(row | {"seq": 1, "version": 1}, entry, place, catalogue)

    @property
    def ticket(self) -> Facts:
        return cast(Facts, self.row)

    def act(self, actor: Actor, action: str, body: Mapping[str, Any], at: datetime) -> None:
        """Perform an action. Raises what it would be refused with."""
        parts = access.find_parts(actor, self.ticket)
        lifecycle.require_permission(action, parts)
        lifecycle.require_possible(action, self.ticket, parts, at)
        part = lifecycle.acting_part(action, parts)
        context = ActionContext(
            ticket=self.ticket,
            parts=parts,
            part=part,
            seat=parts[part],
            actor=actor,
            now=at,
            catalogue=self.catalogue,
            place_path=self.place.path if self.place else (),
        )
        form = ACTIONS[action].shape.model_validate({"version": self.row["version"], **body})
        if action == "resolve":
            form = form.model_copy(update={"photo_ids": [_NO_PHOTO]})
        result = ACTIONS[action].decide(context, form)
        result.photo_ids = ()
        if action == "resolve":
            result.changes["resolution_photo_ids"] = []
        self._apply(build_act(context, action, result))

    def run_timer(self, until: datetime) -> None:
        """Perform what the timer does up to a moment."""
        while True:
            clocks = self.catalogue.clocks(self.ticket)
            due = escalation.next_due_action(self.ticket, self.row["updated_at"], clocks)
            if due is None or due.at > until:
                return
            at = max(due.at, self.row["updated_at"])
            self._apply(timer_act(timer_context(self.ticket, self.place, self.catalogue, at), due))

    def _apply(self, act: ledger.Act) -> None:
        self.row = {**self.row, **act.result.changes, "seq": act.entry.seq}
        self.entries.append(act.entry)
