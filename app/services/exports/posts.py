"""Exporting the posts of an office as the import of posts takes them: what is changed in the file is changed by importing it.

No telephone number of a person leaves: a row names its post by its id instead (`post`).
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from app import db, words
from app.models.post import PostOut
from app.rules.access import Actor
from app.services import audit, posts
from app.services.exports.columns import Cell
from app.services.exports.formats import FORMATS, Writer
from app.services.posts import PostFilter
from app.sql import Statement

TITLE: Final = "岗位"
PAGE: Final = 200
# The columns of the import (`imports.kinds`).
COLUMNS: Final = ("role", "unit", "phone", "name", "title", "skills", "public_phone", "hours", "post")


async def export_posts(actor: Actor, filters: PostFilter, format_: str) -> AsyncIterator[bytes]:
    """Return the pieces of an export, from the street down; it is recorded in the audit trail before anything is written.

    Raises Forbidden for an actor who manages no place.
    """
    first = await posts.post_page(actor, filters, PAGE, None, by_place=True)
    await audit.record("posts_exported", person_id=actor.person_id, format=format_)
    return _pieces(actor, filters, FORMATS[format_].writer(words.say(TITLE)), first)


async def _pieces(
    actor: Actor, filters: PostFilter, writer: Writer, page: tuple[list[PostOut], str | None]
) -> AsyncIterator[bytes]:
    yield writer.rows([COLUMNS])
    found, cursor = page
    while True:
        yield writer.rows(await _rows(found))
        if cursor is None:
            break
        found, cursor = await posts.post_page(actor, filters, PAGE, cursor, by_place=True)
    yield writer.end()


_CODES: Final = Statement("""
SELECT id, code FROM place WHERE id = ANY(:ids::uuid[]) UNION ALL SELECT id, code FROM organisation WHERE id = ANY(:ids)
""")


async def _rows(found: Sequence[PostOut]) -> list[Sequence[Cell]]:
    unit_ids = [post.place_id or post.organisation_id for post in found]
    codes = {row["id"]: row["code"] for row in await db.execute(_CODES, ids=unit_ids)}
    return [_row(post, codes[unit_id]) for post, unit_id in zip(found, unit_ids, strict=True)]


def _row(post: PostOut, unit: str) -> Sequence[Cell]:
    name = post.person.name if post.person else None
    skills = ";".join(skill.code for skill in post.skills)
    return (post.role, unit, None, name, post.title, skills, post.card.phone, post.card.hours, str(post.id))
