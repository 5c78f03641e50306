"""What an act on a subject is decided from, what it changes, and the decisions that many acts share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app import db
from app.models.fields import Strict
from app.models.subject import TextIn
from app.services.subjects.view import SubjectView
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class Act:
    """What an act is decided from."""

    fetch: db.Fetch
    view: SubjectView
    now: datetime
    open_related: Callable[..., Awaitable[UUID]]  # writes another subject in the same transaction

    async def run(self, statement: Statement, **values: Any) -> list[Any]:
        """Run a statement in the transaction."""
        return await self.fetch(statement.text, *statement.arguments(values))


@dataclass(slots=True)
class Effect:
    """What an act changes: columns, and the event's data and text. `event` replaces that of the table of moves."""

    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    event: str | None = None
    encrypted: Mapping[str, Any] = field(default_factory=dict)  # words that are kept encrypted, by name


Decide = Callable[[Act, Any], Awaitable[Effect]]


async def nothing(_: Act, __: Strict) -> Effect:
    """Change nothing but the status that the table says."""
    return Effect()


async def say(_: Act, form: TextIn) -> Effect:
    """Write what was said into the timeline."""
    return Effect(text=form.text)


async def conclude(_: Act, form: TextIn) -> Effect:
    """Write what was said into the timeline, and as the result."""
    return Effect({"result": form.text}, text=form.text)
