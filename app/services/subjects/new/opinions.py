"""What an opinion begins with: who said it, and until when it is to have a fate."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from app import db
from app.enums import SubjectKind
from app.rules.subjects import SubjectPart
from app.services.setup import Catalogue
from app.services.subjects import speakers
from app.services.subjects.new.beginning import Beginning, New
from app.services.subjects.recorded import room_of


async def _find_parts(new: New) -> None:
    """Let anybody say something about any place."""
    if new.actor.key is None:
        new.parts = {SubjectPart.RESIDENT: None, **new.parts}


def _columns(new: New) -> dict[str, Any]:
    form = new.form
    about = {"sort": form.kind, "text": form.text, "person_id": form.person_id}
    return about | {"source_id": form.activity_id}


async def _check(new: New) -> None:
    form = new.form
    speakers.require_may_name(new.part, form.person_id, form.on_behalf_of, form.room)
    new.row |= await speakers.speaker_columns(form.on_behalf_of, "/on_behalf_of/phone")
    new.row["due_at"] = fate_due(new.row, new.catalogue)


async def find_room(fetch: db.Fetch, new: New) -> None:
    """Move what names a room to that room. Raises Invalid at a place that has no rooms."""
    if new.form.room:
        new.row["place_id"] = await room_of(fetch, new.form)


def fate_due(opinion: Mapping[str, Any], catalogue: Catalogue) -> datetime:
    """Return until when an opinion is to have a fate, by its office's limit."""
    created_at: datetime = opinion["created_at"]
    return created_at + timedelta(
        days=catalogue.opinion_days((opinion["street_id"], opinion["community_id"]))
    )


OPINION: Final = Beginning(
    find_parts=_find_parts,
    columns=_columns,
    check=_check,
    sources=frozenset({SubjectKind.ACTIVITY, SubjectKind.SURVEY}),
    before=find_room,
)
