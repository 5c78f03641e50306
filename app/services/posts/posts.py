"""Read posts: one, the list, and who may change one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from app import db, words
from app.enums import Level, Role, Skill
from app.errors import NotFound
from app.labels import SKILL
from app.models.post import PersonRef, PostCardOut, PostOut, SkillOut, StandInOut
from app.rules.access import Actor
from app.rules.routing import next_in_line
from app.rules.titles import NamedPost
from app.services import setup
from app.services.pagination import cursor_before, page_of
from app.services.posts import permissions
from app.services.posts.permissions import PlacePath
from app.services.setup import Catalogue, today
from app.sql import Statement


class PostRow(NamedTuple):
    """A post that has not ended, with the names of its unit and of the person who holds it."""

    id: UUID
    role: str
    place_id: UUID | None
    organisation_id: UUID | None
    person_id: UUID | None
    created_at: datetime
    absent_from: date | None
    absent_until: date | None
    invitation_until: datetime | None
    title: str | None
    skills: list[str]
    phone: str | None
    hours: str | None
    shows_name: bool
    shows_own_phone: bool
    level: str | None  # of the place, as `path`
    path: list[UUID] | None
    unit: str
    holder: str | None

    @property
    def named(self) -> NamedPost:
        """Return what the post's name depends on."""
        return NamedPost.of(self.role, self.level, self.path, self.title)


_COLUMNS: Final = """
p.id, p.role, p.place_id, p.organisation_id, p.person_id, p.created_at, p.absent_from, p.absent_until,
p.invitation_until, p.title, p.skills, p.phone, p.hours, p.shows_name, p.shows_own_phone, u.level, u.path,
coalesce(u.label, o.name) AS unit, n.name AS holder
"""
_FROM: Final = """
post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
LEFT JOIN person n ON n.id = p.person_id
"""
_SELECT: Final = f"SELECT {_COLUMNS} FROM {_FROM} WHERE p.ended_at IS NULL"
_LOAD: Final = Statement(f"{_SELECT} AND p.id = :post_id")
_FILTERS: Final = """
(u.path && :own::uuid[] AND u.path @> :within::uuid[] OR EXISTS (
    SELECT FROM service_area a JOIN place s ON s.id = a.place_id
    WHERE a.organisation_id = p.organisation_id AND s.path && :own::uuid[] AND s.path @> :within::uuid[]))
AND (:role::text IS NULL OR p.role = :role) AND (:vacant::bool IS NULL OR (p.person_id IS NULL) = :vacant)
AND (:absent::bool IS NULL OR (p.absent_from IS NOT NULL AND coalesce(p.absent_until >= :today, TRUE)) = :absent)
"""
_PAGE: Final = Statement(f"{_SELECT} AND p.id < :before AND {_FILTERS} ORDER BY p.id DESC LIMIT :limit")
# From the street down, in the order of the places' tree, organisations last. The post of the cursor may have ended since.
_KEY: Final = "is_agent, position, unit, rank, id"
_PAGE_BY_PLACE: Final = Statement(f"""
WITH select_post AS (
    SELECT {_COLUMNS}, p.ended_at, p.place_id IS NULL AS is_agent, array_position(:roles::text[], p.role) AS rank,
           ARRAY(SELECT a.sort FROM unnest(u.path) WITH ORDINALITY AS n(id, ord) JOIN place a USING (id) ORDER BY n.ord)
               AS position
    FROM {_FROM} WHERE {_FILTERS} OR p.id = :after
)
SELECT * FROM select_post
WHERE ended_at IS NULL AND id IS DISTINCT FROM :after
  AND (:after::uuid IS NULL OR ({_KEY}) > (SELECT {_KEY} FROM select_post WHERE id = :after))
ORDER BY {_KEY} LIMIT :limit
""")
_RANKS: Final = (
    *(Role.STREET, Role.ADMIN, Role.AUDITOR, Role.COMMUNITY),
    *(Role.HEAD, Role.DEPUTY, Role.MEMBER, Role.DUTY, Role.STEWARD, Role.AGENT),
)


@dataclass(frozen=True, slots=True)
class PostFilter:
    """What the list is narrowed to: posts at or below a place, of one role, vacant or held, absent now or later."""

    place_id: UUID | None = None
    role: Role | None = None
    vacant: bool | None = None
    absent: bool | None = None


async def post_page(
    actor: Actor, filters: PostFilter, limit: int, cursor: str | None, *, by_place: bool = False
) -> tuple[list[PostOut], str | None]:
    """Return a page of the posts within the places the actor manages, newest first or `by_place`, and the next cursor.

    Agents of organisations that serve there are included. Raises Forbidden for an actor who manages no place.
    """
    values = {
        "own": permissions.own_places(actor),
        "within": [filters.place_id] if filters.place_id else [],
        "role": filters.role,
        "vacant": filters.vacant,
        "absent": filters.absent,
        "today": today(),
        "limit": limit + 1,
    }
    before = cursor_before(cursor)
    if by_place:
        rows = await db.execute(
            _PAGE_BY_PLACE, **values, roles=list(_RANKS), after=before if cursor else None
        )
    else:
        rows = await db.execute(_PAGE, **values, before=before)
    page, next_cursor = page_of(rows, limit)
    catalogue = await setup.current_catalogue()
    found = [PostRow(*(row[name] for name in PostRow._fields)) for row in page]
    return [_serialize_post(post, catalogue) for post in found], next_cursor


async def read_post(post_id: UUID) -> PostOut:
    """Return a post that has not ended. Raises NotFound for any other."""
    return _serialize_post(await load_post(post_id), await setup.current_catalogue())


def _serialize_post(post: PostRow, catalogue: Catalogue) -> PostOut:
    role = Role(post.role)
    return PostOut(
        id=post.id,
        role=role,
        role_name=words.translate(catalogue.role_name(post.named)),
        place_id=post.place_id,
        organisation_id=post.organisation_id,
        label=words.translate(catalogue.post_label(post.named, post.unit)),
        person=PersonRef(id=post.person_id, name=post.holder) if post.person_id else None,
        created_at=post.created_at,
        absent_from=post.absent_from,
        absent_until=post.absent_until,
        invitation_until=post.invitation_until,
        title=post.title,
        skills=[SkillOut(code=Skill(code), name=SKILL[Skill(code)]) for code in post.skills],
        card=PostCardOut(
            phone=post.phone,
            hours=post.hours,
            shows_name=post.shows_name,
            shows_own_phone=post.shows_own_phone,
        ),
        stand_in=_stand_in(post, catalogue),
    )


def _stand_in(post: PostRow, catalogue: Catalogue) -> StandInOut | None:
    unit = catalogue.units.get(post.place_id) if post.place_id and post.role == Role.HEAD else None
    found = unit and next_in_line(unit, post.id, max(post.absent_from or today(), today()))
    if not found:
        return None
    role_name = words.translate(catalogue.unit_role_name(found.role, post.place_id, found.title))
    return StandInOut(role=found.role, role_name=role_name, name=found.name)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a post is held: the path of its place, or the paths of all places its organisation serves."""

    label: str
    level: Level | None  # None for an organisation
    paths: Sequence[PlacePath]


_SITE: Final = Statement("""
SELECT label, level, path FROM place WHERE id = :place_id AND ended_at IS NULL
UNION ALL
SELECT o.name, NULL, s.path FROM organisation o JOIN service_area a ON a.organisation_id = o.id
    JOIN place s ON s.id = a.place_id WHERE o.id = :organisation_id
""")


async def load_site(*, place_id: UUID | None, organisation_id: UUID | None) -> Site:
    rows = await db.execute(_SITE, place_id=place_id, organisation_id=organisation_id)
    if not rows:
        raise NotFound
    level = Level(rows[0]["level"]) if rows[0]["level"] else None
    return Site(rows[0]["label"], level, [tuple(row["path"]) for row in rows])


async def load_post(post_id: UUID) -> PostRow:
    row = await db.execute_one(_LOAD, post_id=post_id)
    if row is None:
        raise NotFound
    return PostRow(**row)


async def load_visible_post(actor: Actor, post_id: UUID) -> tuple[PostRow, Site]:
    """Return a post within the actor's places, or their own. Raises NotFound for any other."""
    post = await load_post(post_id)
    site = await load_site(place_id=post.place_id, organisation_id=post.organisation_id)
    if post.person_id != actor.person_id and not permissions.is_within(actor, site.paths):
        raise NotFound
    return post, site


async def require_may_change_post(actor: Actor, post_id: UUID) -> None:
    """Raise NotFound for a post outside the actor's places, Forbidden for one they may not change. Their own they may."""
    post, site = await load_visible_post(actor, post_id)
    if post.person_id != actor.person_id:
        permissions.require_may_appoint(actor, Role(post.role), site.paths)
