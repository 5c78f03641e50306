"""The demo street: places, grids and organisations from app/demo, and a person in every post."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import cycle
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from app import clock, db, ids
from app.enums import Role, Scope
from app.models.person import Person
from app.models.post import Post
from app.services import auth, imports, organisations, people
from app.sql import Statement

HOME: Final = "wss-944-4"
COMPANY: Final = "rhwy"
DEFAULT_PERSONA: Final = "resident"


class Persona(NamedTuple):
    """A person one can sign in as. `at` is the code of the place, grid or organisation of their post."""

    label: str
    name: str
    role: Role | None = None
    at: str | None = None
    home: str | None = None


_SURNAMES: Final = "钱蒋韩杨朱秦尤吕施张孔金陶姜戚谢邹喻柏窦章苏潘葛范彭鲁韦马苗花方俞任袁柳唐罗薛雷贺倪汤"
_TITLES: Final = {Role.HEAD: "网格长", Role.COMMUNITY: "社工", Role.DUTY: "值班员"}
PERSONAS: Final[dict[str, Persona]] = {
    "resident": Persona("报修居民（944号4单元）", "944号居民", home=HOME),
    "neighbour": Persona("同单元邻居（944号4单元）", "944号邻居", home=HOME),
    "member": Persona("网格员（万寿山社区第四网格）", "周网格员", Role.MEMBER, "wss-g4"),
    "grid_head": Persona("网格长（万寿山社区第四网格）", "陈网格长", Role.HEAD, "wss-g4"),
    "deputy": Persona("副网格长（万寿山社区第四网格）", "赵副网格长", Role.DEPUTY, "wss-g4"),
    "other_grid_head": Persona("网格长（万寿山社区第三网格）", "孙网格长", Role.HEAD, "wss-g3"),
    "community": Persona("社区工作人员（万寿山社区）", "李社工", Role.COMMUNITY, "wss"),
    "other_community": Persona("社区工作人员（柏林社区）", "吴社工", Role.COMMUNITY, "bl"),
    "street": Persona("街道工作人员（人和街道）", "郑科长", Role.STREET, "rh"),
    "property": Persona("物业经办人（人和物业）", "冯经理", Role.AGENT, "rhwy"),
    "other_property": Persona("物业经办人（安居物业）", "何经理", Role.AGENT, "ajwy"),
    "department": Persona("部门经办人（城管）", "许队长", Role.AGENT, "cg"),
    "other_department": Persona("部门经办人（消防）", "曹参谋", Role.AGENT, "xf"),
    "auditor": Persona("监督员（人和街道）", "魏监督员", Role.AUDITOR, "rh"),
    "admin": Persona("管理员（人和街道）", "沈管理员", Role.ADMIN, "rh"),
}

# The first process to start loads the personas; others wait here for its transaction and find it done.
_CLAIM_LOADING: Final = """
UPDATE setup SET demo_loaded = true, version = version + 1 WHERE id = 1 AND NOT demo_loaded RETURNING version
"""
_UPDATE_CONSENT: Final = Statement("""
UPDATE person SET consent_version = :consent_version, consent_at = :now
WHERE demo IS NOT NULL AND consent_version IS DISTINCT FROM :consent_version
""")


async def load_demo(consent_version: str) -> bool:
    """Load the demo street once and tell whether this call did; later ones only update the personas' consent and the demo
    key.
    """
    await imports.load_builtin()
    row = await db.fetchrow("SELECT demo_loaded FROM setup WHERE id = 1")
    loaded = False
    if row is None or not row["demo_loaded"]:
        report = await imports.load_files(imports.DEMO_FILES)
        assert report.ok, report.bad
        loaded = await _load_people(consent_version)
    await db.execute(_UPDATE_CONSENT, consent_version=consent_version, now=clock.now())
    await _renew_key()
    return loaded


async def _renew_key() -> None:
    """Give the property company the API key shown by its guide and the start page, valid for a year from now."""
    now = clock.now()
    await db.execute(
        _UPSERT_KEY,
        organisation=COMPANY,
        person_id=ids.new(),
        login_id=ids.new(),
        key_id=ids.new(),
        digest=auth.key_digest(auth.DEMO_KEY),
        hint=auth.DEMO_KEY[: auth.HINT_LENGTH],
        now=now,
        expires_at=now + organisations.MAX_KEY_LIFETIME,
        scopes=list(Scope),
    )


_UPSERT_KEY: Final = Statement("""
WITH upsert_person AS (
    INSERT INTO person (id, created_at, name, organisation_id)
    SELECT :person_id, :now::timestamptz, o.name, o.id FROM organisation o WHERE o.code = :organisation
    ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name RETURNING id, organisation_id
), insert_login AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at)
    SELECT :login_id, id, 'key', :now, :now FROM upsert_person
    WHERE NOT EXISTS (SELECT FROM api_key WHERE digest = :digest) RETURNING id, person_id
), extend_key AS (
    UPDATE api_key SET expires_at = :expires_at WHERE digest = :digest
)
INSERT INTO api_key (id, organisation_id, login_id, name, scopes, digest, hint, created_at, expires_at)
SELECT :key_id, p.organisation_id, l.id, '演示', :scopes::text[], :digest, :hint, :now, :expires_at
FROM insert_login l JOIN upsert_person p ON p.id = l.person_id
ON CONFLICT (digest) DO NOTHING
""")


async def recreate_persona(persona: str) -> None:
    """Create a persona again if its account was deleted; the new person has no post."""
    if persona in PERSONAS:
        await db.execute(
            _INSERT_PERSONA,
            person_id=ids.new(),
            persona=persona,
            now=clock.now(),
            consent_version=people.consent().version,
        )


_INSERT_PERSONA: Final = Statement("""
INSERT INTO person (id, created_at, demo, consent_version, consent_at)
SELECT :person_id, :now::timestamptz, :persona::text, :consent_version, :now FROM setup
WHERE demo_loaded AND NOT EXISTS (SELECT FROM person WHERE demo = :persona::text)
ON CONFLICT (demo) DO NOTHING
""")


async def _load_people(consent_version: str) -> bool:
    """Load the people and their posts; return False if another process does."""
    rows = await db.fetch("SELECT code, id, level FROM place WHERE level <> 'unit' OR code = $1", HOME)
    organisations = {row["code"]: row["id"] for row in await db.fetch("SELECT code, id FROM organisation")}
    places: dict[str, UUID] = {row["code"]: row["id"] for row in rows}
    async with db.transaction() as session:
        connection = await session.connection()
        if (await connection.execute(sa.text(_CLAIM_LOADING))).first() is None:
            return False
        personas = list(_all_personas({row["code"]: row["level"] for row in rows}))
        people = [_build_person(code, persona, places, consent_version) for code, persona in personas]
        await _add(session, people)
        pairs = zip(people, (persona for _, persona in personas), strict=True)
        posts = [
            _build_post(person.id, persona, places, organisations) for person, persona in pairs if persona.at
        ]
        await _add(session, posts)
    return True


def _all_personas(levels: Mapping[str, str]) -> Iterator[tuple[str | None, Persona]]:
    """Yield the personas by code, and one without a code for every other unit, so that every ticket has a holder."""
    yield from PERSONAS.items()
    with_persona = {persona.at for persona in PERSONAS.values()}
    roles = {"grid": Role.HEAD, "community": Role.COMMUNITY}
    others = [(roles[level], code) for code, level in levels.items() if level in roles]
    posts = [(Role.DUTY, "wss-g4"), *((role, code) for role, code in others if code not in with_persona)]
    for (role, code), surname in zip(posts, cycle(_SURNAMES), strict=False):
        yield None, Persona("", surname + _TITLES[role], role, code)


def _build_person(
    code: str | None, persona: Persona, places: Mapping[str, UUID], consent_version: str
) -> Person:
    now = clock.now()
    home = places[persona.home] if persona.home else None
    return Person(
        created_at=now,
        demo=code,
        name=persona.name,
        home_id=home,
        consent_version=consent_version,
        consent_at=now,
    )


def _build_post(
    person_id: UUID, persona: Persona, places: Mapping[str, UUID], organisations: Mapping[str, UUID]
) -> Post:
    assert persona.role
    assert persona.at
    agent = persona.role is Role.AGENT
    return Post(
        role=persona.role,
        place_id=None if agent else places[persona.at],
        organisation_id=organisations[persona.at] if agent else None,
        person_id=person_id,
        created_at=clock.now(),
    )


async def _add(session: AsyncSession, rows: Iterable[SQLModel]) -> None:
    session.add_all(rows)
    await session.flush()  # people are inserted before their posts
