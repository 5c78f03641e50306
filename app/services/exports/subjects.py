"""Exporting a list of subjects: the pages of the list one after the other, with its scope and its masks.

What has sides, disputes and pairings, is in no file.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Final

from app import db, words
from app.enums import SubjectKind
from app.models.subject import SubjectLinkOut, SubjectOut
from app.rules.access import Actor
from app.rules.lives import LIVES
from app.services import audit, subjects
from app.services.exports.columns import Cell, shanghai
from app.services.exports.formats import FORMATS, Writer
from app.services.subjects import SubjectFilter, SubjectView

PAGE: Final = 200
PAGE_SECONDS: Final = 5.0  # that a page may wait for the database
KINDS: Final = tuple(kind for kind in SubjectKind if not LIVES[kind].sided)


def _link(link: SubjectLinkOut | None) -> Cell:
    return f"{link.kind_name} {link.title or ''}（{link.status_name}）" if link else None


# The head of each column, and its cell. Of a field that a kind does not have there is no column.
COLUMNS: Final[Mapping[str, tuple[str, Callable[[SubjectOut], Cell]]]] = {
    "created_at": ("提出时间", lambda one: shanghai(one.created_at)),
    "kind_name": ("类别", lambda one: getattr(one, "kind_name")),  # noqa: B009 - of some kinds
    "status": ("状态", lambda one: one.status_name),
    "place": ("地点", lambda one: one.place.label),
    "title": ("标题", lambda one: one.title),
    "text": ("内容", lambda one: one.text),
    "result": ("结果", lambda one: one.result),
    "starts_at": ("开始时间", lambda one: shanghai(getattr(one, "starts_at"))),  # noqa: B009
    "ends_at": ("结束时间", lambda one: shanghai(getattr(one, "ends_at"))),  # noqa: B009
    "headcount": ("人数", lambda one: getattr(one, "headcount")),  # noqa: B009
    "due_at": ("期限", lambda one: shanghai(one.due_at)),
    "source": ("来自", lambda one: _link(one.source)),
    "outcome": ("去向", lambda one: _link(one.outcome)),
}


async def export_subjects(
    actor: Actor, kind: SubjectKind, wanted: SubjectFilter, format_: str
) -> AsyncIterator[bytes]:
    """Return the pieces of an export, the newest first; it is recorded in the audit trail before anything is written.

    Raises Invalid, before the first piece, for filters that make no sense.
    """
    first = await subjects.subject_page(actor, kind, wanted, PAGE, None)
    await audit.record("subjects_exported", person_id=actor.person_id, kind=kind, format=format_)
    return _pieces(actor, kind, wanted, FORMATS[format_].writer(words.say(LIVES[kind].label)), first)


async def _pieces(
    actor: Actor,
    kind: SubjectKind,
    wanted: SubjectFilter,
    writer: Writer,
    page: tuple[list[SubjectView], str | None],
) -> AsyncIterator[bytes]:
    fields = subjects.SHAPES[kind].out.model_fields
    columns = [column for name, column in COLUMNS.items() if name in fields]
    yield writer.rows([[words.say(head) for head, _ in columns]])
    views, cursor = page
    while True:
        yield writer.rows(map(_row([cell for _, cell in columns]), views))
        if cursor is None:
            break
        with db.within(PAGE_SECONDS):
            views, cursor = await subjects.subject_page(actor, kind, wanted, PAGE, cursor)
    yield writer.end()


def _row(cells: Sequence[Callable[[SubjectOut], Cell]]) -> Callable[[SubjectView], list[Cell]]:
    def row(view: SubjectView) -> list[Cell]:
        one = subjects.serialize(view)
        return [cell(one) for cell in cells]

    return row
