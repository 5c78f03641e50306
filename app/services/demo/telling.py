"""Telling a story of the common life: whoever acts does it by the services' own acts, at the moment it happened."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from app import clock
from app.enums import SHANGHAI, SubjectKind
from app.rules.access import Actor
from app.services import auth, subjects
from app.services.demo.cast import Cast


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells stories of one cast, their days counted from today: -3 is three days ago."""

    cast: Cast
    now: datetime

    def at(self, days: float, hour: int = 10, minute: int = 0) -> datetime:
        """Return a moment of a day."""
        day = self.now.astimezone(SHANGHAI).date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), SHANGHAI)

    def who(self, name: str | int) -> Actor:
        """Return a persona by name, or a neighbour by number."""
        return self.cast.neighbours[name] if isinstance(name, int) else self.cast.personas[name]

    async def begin(
        self, who: str | int, kind: SubjectKind, at: datetime, place: str, /, **body: Any
    ) -> UUID:
        """Make a subject at the place of a code, and return its id."""
        form = subjects.SHAPES[kind].new.model_validate({"place_id": self.cast.codes[place], **_plain(body)})
        with self.happening(at):
            view, _ = await subjects.create(self.who(who), kind, form, None)
        subject_id: UUID = view.subject["id"]
        return subject_id

    async def act(
        self, who: str | int, kind: SubjectKind, subject_id: UUID, action: str, at: datetime, /, **body: Any
    ) -> dict[str, Any]:
        """Do an act, and return the columns of the subject after it."""
        shape = subjects.SHAPES[kind].bodies[action]
        with self.happening(at):
            view = await subjects.load_subject(self.who(who), kind, subject_id)
            version = {"version": view.subject["version"]} if "version" in shape.model_fields else {}
            view = await subjects.perform(view, action, shape.model_validate(version | _plain(body)), None)
        return dict(view.subject)

    @asynccontextmanager
    async def signed_in(self, name: str) -> AsyncIterator["Telling"]:
        """Yield the telling with a persona signed in: tickets are written for nobody else."""
        tokens, _ = await auth.sign_in_as(name)
        actor = await auth.verify_token(tokens.access_token)
        yield replace(self, cast=replace(self.cast, personas={**self.cast.personas, name: actor}))
        await auth.sign_out(tokens.refresh_token)

    def happening(self, at: datetime) -> Any:
        """Return the block in which it is that moment; nothing happens in the future."""
        return clock.at(min(at, self.now))


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body as a request would have it: moments as text."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in body.items()}
