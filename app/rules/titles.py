"""What a post is called: its own title, the usual one of its role at its place, or the common name of the role."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.enums import Level, Role
from app.labels import ROLE

# The titles of a role at a level, the usual one first.
Titles = Mapping[tuple[Role, Level], Sequence[str]]
NO_TITLES: Final[Titles] = {}


class NamedPost(NamedTuple):
    """What the name of a post depends on. `level` and `path` are those of its place; None for one of an organisation."""

    role: Role
    level: Level | None
    path: Sequence[UUID] | None
    title: str | None = None  # chosen among those of its role

    @classmethod
    def of(
        cls, role: str, level: str | None, path: Iterable[UUID] | None, title: str | None = None
    ) -> "NamedPost":
        """Return a post from the columns of its row and of the place it is held at."""
        return cls(Role(role), Level(level) if level else None, tuple(path) if path else None, title)


def titles_of(entries: Iterable[Mapping[str, Any]]) -> Titles:
    """Return an office's own titles by role and level, in the order in which it lists them."""
    titles: dict[tuple[Role, Level], list[str]] = {}
    for entry in entries:
        titles.setdefault((Role(entry["role"]), Level(entry["level"])), []).append(entry["title"])
    return titles


def title_of(post: NamedPost, titles: Titles) -> str:
    """Return what a post is called where `titles` apply. A title that is no longer offered is not shown."""
    offered = titles.get((post.role, post.level), ()) if post.level else ()
    if post.title in offered:
        return post.title or ""
    return offered[0] if offered else ROLE[post.role]
