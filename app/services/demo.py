"""The demo street: places, grids and organisations from app/demo, and somebody in every post."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, db, ids
from app.models.person import Person
from app.models.post import Post
from app.services import imports, keys, passes, people
from app.words import Role, Scope

HOME: Final = "wss-944-4"
COMPANY: Final = "rhwy"


class Persona(NamedTuple):
    """Somebody one can sign in as; `at` is the code of a place, grid or organisation."""

    label: str
    role: Role | None = None
    at: str | None = None
    name: str | None = None  # staff are called by their posts
    home: str | None = None


_CAST: Final = {
    "resident": Persona("报修居民（944号4单元）", name="944号居民", home=HOME),
    "neighbour": Persona("同单元邻居（944号4单元）", name="944号邻居", home=HOME),
    "member": Persona("网格员（万寿山社区第四网格）", Role.MEMBER, "wss-g4"),
    "grid_head": Persona("网格长（万寿山社区第四网格）", Role.HEAD, "wss-g4"),
    "deputy": Persona("副网格长（万寿山社区第四网格）", Role.DEPUTY, "wss-g4"),
    "other_grid_head": Persona("网格长（万寿山社区第三网格）", Role.HEAD, "wss-g3"),
    "community": Persona("社区工作人员（万寿山社区）", Role.COMMUNITY, "wss"),
    "other_community": Persona("社区工作人员（柏林社区）", Role.COMMUNITY, "bl"),
    "street": Persona("街道工作人员（人和街道）", Role.STREET, "rh"),
    "property": Persona("物业经办人（人和物业）", Role.AGENT, "rhwy"),
    "other_property": Persona("物业经办人（安居物业）", Role.AGENT, "ajwy"),
    "department": Persona("部门经办人（城管）", Role.AGENT, "cg"),
    "other_department": Persona("部门经办人（消防）", Role.AGENT, "xf"),
    "auditor": Persona("监督员（人和街道）", Role.AUDITOR, "rh"),
    "admin": Persona("管理员（人和街道）", Role.ADMIN, "rh"),
}
PERSONAS: Final[dict[str, str]] = {persona: somebody.label for persona, somebody in _CAST.items()}
ROLES: Final[dict[str, Role | None]] = {persona: somebody.role for persona, somebody in _CAST.items()}

# One starter loads the personas; another one that comes meanwhile waits here and finds it done.
_CLAIM: Final = """
UPDATE setup SET demo_loaded = true, version = version + 1 WHERE id = 1 AND NOT demo_loaded RETURNING version
"""
_CONSENT: Final = """
UPDATE person SET consent_version = $1, consent_at = $2 WHERE demo IS NOT NULL AND consent_version IS DISTINCT FROM $1
"""


async def load(consent_version: str) -> None:
    """Load the demo street once; afterwards only see that its personas have agreed to the current privacy guide."""
    await imports.load_builtin()
    row = await db.fetchrow("SELECT demo_loaded FROM setup WHERE id = 1")
    if row is None or not row["demo_loaded"]:
        report = await imports.load(sorted((imports.APP / "demo").glob("*.csv")))
        assert report.ok, report.bad
        await _load_people(consent_version)
    await db.fetch(_CONSENT, consent_version, clock.now())
    await _give_key()


async def _give_key() -> None:
    """Give the property company the key its guide and the start page show, good for another year from now."""
    now = clock.now()
    made = (passes.digest(passes.DEMO), passes.DEMO[: passes.HINT], now, now + keys.LONGEST, list(Scope))
    await db.fetch(_KEY, COMPANY, ids.new(), ids.new(), ids.new(), *made)


_KEY: Final = """
WITH acting AS (
    INSERT INTO person (id, created_at, name, organisation_id) SELECT $2, $7, o.name, o.id FROM organisation o
    WHERE o.code = $1 ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name RETURNING id, organisation_id
), sign_in AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at) SELECT $3, id, 'key', $7, $7 FROM acting
    WHERE NOT EXISTS (SELECT FROM api_key WHERE digest = $5) RETURNING id, person_id
), longer AS (
    UPDATE api_key SET expires_at = $8 WHERE digest = $5
)
INSERT INTO api_key (id, organisation_id, login_id, name, scopes, digest, hint, created_at, expires_at)
SELECT $4, organisation_id, s.id, '演示', $9::text[], $5, $6, $7, $8 FROM sign_in s JOIN acting a ON a.id = s.person_id
ON CONFLICT (digest) DO NOTHING
"""


async def recast(persona: str) -> None:
    """Have somebody new play a persona whose player deleted their account: nobody in particular, without a post."""
    if persona in _CAST:
        await db.fetch(_RECAST, ids.new(), persona, clock.now(), people.consent().version)


_RECAST: Final = """
INSERT INTO person (id, created_at, demo, consent_version, consent_at)
SELECT $1, $3, $2::text, $4, $3 FROM setup WHERE demo_loaded AND NOT EXISTS (SELECT FROM person WHERE demo = $2::text)
ON CONFLICT (demo) DO NOTHING
"""


async def _load_people(consent_version: str) -> None:
    rows = await db.fetch("SELECT code, id, level FROM place WHERE level <> 'unit' OR code = $1", HOME)
    organisations = {row["code"]: row["id"] for row in await db.fetch("SELECT code, id FROM organisation")}
    places: dict[str, UUID] = {row["code"]: row["id"] for row in rows}
    async with db.transaction() as session:
        connection = await session.connection()
        if (await connection.execute(sa.text(_CLAIM))).first() is None:
            return
        everybody = list(_everybody({row["code"]: row["level"] for row in rows}))
        people = [_person(persona, somebody, places, consent_version) for persona, somebody in everybody]
        await _add(session, people)
        pairs = zip(people, (somebody for _, somebody in everybody), strict=True)
        await _add(
            session,
            [_post(person.id, somebody, places, organisations) for person, somebody in pairs if somebody.at],
        )


def _everybody(levels: Mapping[str, str]) -> Iterator[tuple[str | None, Persona]]:
    """Name the personas, and an unnamed person for every other unit, so that every ticket finds somebody."""
    yield from _CAST.items()
    yield None, Persona("", Role.DUTY, "wss-g4")
    taken = {somebody.at for somebody in _CAST.values()}
    answering = {"grid": Role.HEAD, "community": Role.COMMUNITY}
    for code, level in levels.items():
        if level in answering and code not in taken:
            yield None, Persona("", answering[level], code)


def _person(
    persona: str | None, somebody: Persona, places: Mapping[str, UUID], consent_version: str
) -> Person:
    now = clock.now()
    home = places[somebody.home] if somebody.home else None
    return Person(
        created_at=now,
        demo=persona,
        name=somebody.name,
        home_id=home,
        consent_version=consent_version,
        consent_at=now,
    )


def _post(
    person_id: UUID, somebody: Persona, places: Mapping[str, UUID], organisations: Mapping[str, UUID]
) -> Post:
    assert somebody.role
    assert somebody.at
    agent = somebody.role is Role.AGENT
    return Post(
        role=somebody.role,
        place_id=None if agent else places[somebody.at],
        organisation_id=organisations[somebody.at] if agent else None,
        person_id=person_id,
        created_at=clock.now(),
    )


async def _add(session: AsyncSession, rows: Iterable[SQLModel]) -> None:
    session.add_all(rows)
    await session.flush()  # people before their posts
