"""One's own profile: consent, name, home, phone."""

from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Invalid
from app.models.person import ConsentOut, MeIn, OrganisationOfMe, PersonOut, PostOfMe
from app.rules import phones
from app.rules.access import Actor
from app.services import audit, catalogue, vault
from app.services.catalogue import post_label
from app.words import ROLE, Role


@cache
def consent() -> ConsentOut:
    """Return the current privacy guide; its first line is its version."""
    version, _, text = (Path(__file__).parents[1] / "consent.md").read_text("utf-8").partition("\n")
    return ConsentOut(version=version.strip(), text=text.strip())


async def profile(person_id: UUID) -> PersonOut:
    """Return a person's own profile."""
    row = await db.fetchrow("SELECT * FROM person WHERE id = $1", person_id)
    assert row is not None, "a signed-in person is there"
    posts = await db.fetch(_POSTS, person_id)
    agent = next((post for post in posts if post["organisation_id"]), None)
    return PersonOut(
        **{
            name: row[name]
            for name in ("id", "name", "phone_masked", "phone_verified", "language", "home_id")
        },
        consent=row["consent_version"] == consent().version,
        posts=[_post(post) for post in posts],
        organisation=agent
        and OrganisationOfMe(id=agent["organisation_id"], name=agent["unit"], kind=agent["kind"]),
    )


_POSTS: Final = """
SELECT p.id, p.role, p.place_id, p.organisation_id, p.absent_from, p.absent_until, coalesce(u.label, o.name) AS unit, o.kind
FROM post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.person_id = $1 AND p.ended_at IS NULL ORDER BY p.id
"""


def _post(row: Any) -> PostOfMe:
    role, names = Role(row["role"]), ("id", "place_id", "absent_from", "absent_until")
    label = post_label(role, row["unit"])
    return PostOfMe(role=role, role_name=ROLE[role], label=label, **{name: row[name] for name in names})


async def agree(actor: Actor, version: str) -> PersonOut:
    """Record consent to the current privacy guide; an older one is refused."""
    if version != consent().version:
        raise Invalid.at("/version", "隐私保护指引已更新，请重新阅读")
    await db.fetch(
        "UPDATE person SET consent_version = $2, consent_at = $3, stamp = stamp + 1 WHERE id = $1 AND erased_at IS NULL",
        actor.person_id,
        version,
        clock.now(),
    )
    await audit.note("consented", person_id=actor.person_id, version=version)
    return await profile(actor.person_id)


async def disagree(actor: Actor) -> PersonOut:
    """Take consent back: nothing more is written about them from the next request on. What is there stays until erased."""
    await db.fetch(_DISAGREE, actor.person_id, clock.now(), ids.new(), audit.came_from.get())
    return await profile(actor.person_id)


_DISAGREE: Final = """
WITH disagreed AS (
    UPDATE person SET consent_version = NULL, consent_at = NULL, stamp = stamp + 1
    WHERE id = $1 AND consent_version IS NOT NULL RETURNING id
)
INSERT INTO audit (id, at, type, person_id, subject_id, address)
SELECT $3, $2, 'consent_withdrawn', id, id, $4 FROM disagreed
"""


async def change(actor: Actor, form: MeIn) -> PersonOut:
    """Change what is given of one's own profile."""
    given = form.model_dump(exclude_unset=True)
    if form.home_id:
        known = await catalogue.current()
        await catalogue.spots(known, [form.home_id])
        if form.home_id not in known.spots:
            raise Invalid.at("/home_id", "没有这个地点，请重新选择")
    if given:
        columns = ", ".join(f"{name} = ${n}" for n, name in enumerate(given, 2))
        await db.fetch(
            f"UPDATE person SET {columns} WHERE id = $1 AND erased_at IS NULL",
            actor.person_id,
            *given.values(),
        )
        if actor.seats and "name" in given:  # the catalogue shows who answers for a unit
            await db.fetch("UPDATE setup SET version = version + 1")
    return await profile(actor.person_id)


async def give_phone(actor: Actor, phone: str) -> PersonOut:
    """Keep a typed phone number: contact only, never an identity; the verified one typed again stays verified."""
    try:
        number = phones.normalise(phone)
    except ValueError as error:
        raise Invalid.at("/phone", str(error)) from None
    full = number.e164 or number.display
    await db.fetch(
        "UPDATE person SET phone_sealed = $2, phone_index = $3, phone_masked = $4, "
        "phone_verified = phone_verified AND phone_index = $3 "
        "WHERE id = $1 AND erased_at IS NULL",
        actor.person_id,
        vault.seal(full),
        vault.index(full),
        phones.masked(full),
    )
    return await profile(actor.person_id)
