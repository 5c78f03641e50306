"""What names a subject as its source or outcome: the other direction of its links, as far as the caller sees it."""

from contextlib import suppress
from typing import Final

from app import db
from app.enums import SubjectKind
from app.errors import NotFound
from app.models.subject import SubjectOut
from app.services.subjects.columns import OF_ALL
from app.services.subjects.serializers import link_to, serialize
from app.services.subjects.view import SubjectView, view_of
from app.sql import Statement

_MOST: Final = 20
# Opinions last: they are many, and only their authors and staff see them.
_NAMED: Final = f"""(SELECT id FROM (
    SELECT id, kind FROM subject WHERE source_id = :subject_id
    UNION SELECT id, kind FROM subject WHERE outcome_id = :subject_id
) named ORDER BY kind = 'opinion', id DESC LIMIT {_MOST}) x JOIN subject s USING (id)"""
_RELATED: Final = Statement(f"{OF_ALL.select(_NAMED)} ORDER BY s.kind = 'opinion', s.id DESC")


async def serialize_one(view: SubjectView) -> SubjectOut:
    """Return a subject as its kind is answered, with what names it."""
    rows = await db.execute(_RELATED, subject_id=view.subject["id"], person_id=view.actor.person_id)
    links = []
    for row in rows:
        with suppress(NotFound):
            links.append(link_to(view_of(view.actor, SubjectKind(row["kind"]), row, view.catalogue)))
    return serialize(view).model_copy(update={"related": links})
