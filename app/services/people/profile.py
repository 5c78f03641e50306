"""A person's own profile: consent, name, home, and a phone number they typed."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, words
from app.enums import Role
from app.errors import Invalid, Unreadable
from app.models.person import ConsentOut, HouseholdOfMe, MeIn, OrganisationOfMe, PersonOut, PostOfMe
from app.rules import phones
from app.rules.access import Actor
from app.rules.titles import NamedPost
from app.services import audit, encryption, places, rate_limit, setup
from app.services.setup import Catalogue
from app.sql import Statement


class PostRow(NamedTuple):
    """A post somebody holds, with the name of its place or organisation."""

    id: UUID
    role: str
    place_id: UUID | None
    organisation_id: UUID | None
    absent_from: date | None
    absent_until: date | None
    title: str | None
    level: str | None  # of the place, as `path`
    path: list[UUID] | None
    unit: str
    kind: str | None  # of the organisation


@cache
def consent() -> ConsentOut:
    """Return the current privacy guide, in Chinese; the first line of consent.md is its version."""
    version, text = _guide((Path(__file__).parents[2] / "consent.md").read_text("utf-8"))
    return ConsentOut(version=version, text=text)


def translated_consent() -> ConsentOut:
    """Return the current privacy guide in the language of the request; in Chinese if only an older one is translated."""
    version, text = _guide(words.language().consent or "")
    return ConsentOut(version=version, text=text) if version == consent().version else consent()


def _guide(file: str) -> tuple[str, str]:
    """Return the version and the text of a privacy guide."""
    version, _, text = file.partition("\n")
    return version.strip(), text.strip()


async def read_profile(person_id: UUID) -> PersonOut:
    """Return a person's own profile. The person must exist."""
    row = await db.fetchrow("SELECT * FROM person WHERE id = $1", person_id)
    assert row is not None, "a signed-in person exists"
    room = await db.execute_one(_ROOM, household_id=row["household_id"])
    posts = [PostRow(**post) for post in await db.execute(_POSTS, person_id=person_id)]
    catalogue = await setup.current_catalogue()
    return PersonOut(
        **{
            name: row[name]
            for name in ("id", "name", "phone_masked", "phone_verified", "language", "home_id")
        },
        household=HouseholdOfMe(**room) if room else None,
        consent=row["consent_version"] == consent().version,
        posts=[_serialize_post(post, catalogue) for post in posts if post.role != Role.STEWARD],
        honorary=[_serialize_post(post, catalogue) for post in posts if post.role == Role.STEWARD],
        organisation=_organisation(posts),
    )


_ROOM: Final = Statement("SELECT id, name AS room, label FROM place WHERE id = :household_id")
_POSTS: Final = Statement("""
SELECT p.id, p.role, p.place_id, p.organisation_id, p.absent_from, p.absent_until, p.title,
       u.level, u.path, coalesce(u.label, o.name) AS unit, o.kind
FROM post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.person_id = :person_id AND p.ended_at IS NULL ORDER BY p.id
""")


def _serialize_post(post: PostRow, catalogue: Catalogue) -> PostOfMe:
    named = NamedPost.of(post.role, post.level, post.path, post.title)
    return PostOfMe(
        id=post.id,
        role=named.role,
        role_name=words.translate(catalogue.role_name(named)),
        place_id=post.place_id,
        label=words.translate(catalogue.post_label(named, post.unit)),
        absent_from=post.absent_from,
        absent_until=post.absent_until,
    )


def _organisation(posts: list[PostRow]) -> OrganisationOfMe | None:
    """Return the organisation of the first agent's post."""
    for post in posts:
        if post.organisation_id and post.kind:
            return OrganisationOfMe(id=post.organisation_id, name=post.unit, kind=post.kind)
    return None


async def give_consent(actor: Actor, version: str) -> PersonOut:
    """Record consent to the current privacy guide. Raises Invalid for another version."""
    if version != consent().version:
        raise Invalid.at("/version", "隐私保护指引已更新，请重新阅读")
    await db.execute(_GIVE_CONSENT, person_id=actor.person_id, version=version, now=clock.now())
    await audit.record("consented", person_id=actor.person_id, version=version)
    return await read_profile(actor.person_id)


async def withdraw_consent(actor: Actor) -> PersonOut:
    """Withdraw consent: from the next request on the person can write nothing. What is stored stays until erasure."""
    await db.execute(_WITHDRAW_CONSENT, actor_id=actor.person_id, now=clock.now(), **audit.entry_values())
    return await read_profile(actor.person_id)


_GIVE_CONSENT: Final = Statement("""
UPDATE person SET consent_version = :version, consent_at = :now, stamp = stamp + 1
WHERE id = :person_id AND erased_at IS NULL
""")
_WITHDRAW_CONSENT: Final = Statement(f"""
WITH update_person AS (
    UPDATE person SET consent_version = NULL, consent_at = NULL, stamp = stamp + 1
    WHERE id = :actor_id AND consent_version IS NOT NULL RETURNING id
)
{audit.insert_entry("consent_withdrawn", subject="id", source="update_person")}
""")


async def change_profile(actor: Actor, form: MeIn) -> PersonOut:
    """Change the fields that are set in `form`. Raises Invalid for a home that does not exist."""
    changes = form.model_dump(exclude_unset=True, exclude={"room"})
    if form.home_id:
        catalogue = await setup.cached_catalogue()
        if await setup.place_ref(catalogue, form.home_id) is None:
            raise Invalid.at("/home_id", "没有这个地点，请重新选择")
    async with db.atomic() as fetch:
        if form.model_fields_set & {"home_id", "room"}:
            changes["household_id"] = await _household(fetch, actor, form) if form.room else None
        await _write(fetch, actor, changes)
    return await read_profile(actor.person_id)


async def _write(fetch: db.Fetch, actor: Actor, changes: dict[str, Any]) -> None:
    if not changes:
        return
    columns = ", ".join(f"{name} = :{name}" for name in changes)
    if "language" in changes:  # cached actors have it
        columns += ", stamp = stamp + 1"
    update = Statement(f"UPDATE person SET {columns} WHERE id = :person_id AND erased_at IS NULL")
    await fetch(update.text, *update.arguments({**changes, "person_id": actor.person_id}))
    if actor.seats and "name" in changes:  # the catalogue holds the names of those who hold posts
        await fetch(setup.bump_version())


async def _household(fetch: db.Fetch, actor: Actor, form: MeIn) -> UUID:
    """Return the room of somebody's home. Raises Invalid without a home that has rooms, TooMany for too many in a day."""
    (former,) = await fetch(_HOME.text, actor.person_id)
    home_id = form.home_id if "home_id" in form.model_fields_set else former["home_id"]
    assert form.room, "asked for only where it is set"
    household_id = await places.room_within(fetch, home_id, form.room) if home_id else None
    if household_id is None:
        raise Invalid.at("/room", "请先选择住在哪栋哪单元，再填门牌号")
    if household_id != former["household_id"]:
        rate_limit.count_room(actor.person_id)
    return household_id


_HOME: Final = Statement("SELECT home_id, household_id FROM person WHERE id = :person_id")


async def give_unverified_phone(actor: Actor, phone: str) -> PersonOut:
    """Store a typed phone number, for contact only. A verified number that is typed again stays verified.

    Raises Invalid for what is not a phone number.
    """
    try:
        number = phones.normalise(phone)
    except ValueError as error:
        raise Invalid.at("/phone", str(error)) from None
    full = number.e164 or number.display
    await db.execute(
        _UPDATE_PHONE,
        person_id=actor.person_id,
        sealed=encryption.encrypt(full),
        index=encryption.blind_index(full),
        indexes=encryption.blind_indexes(full),
        masked=phones.mask(full),
    )
    return await read_profile(actor.person_id)


_UPDATE_PHONE: Final = Statement("""
UPDATE person SET phone_sealed = :sealed, phone_index = :index, phone_masked = :masked,
    phone_verified = phone_verified AND phone_index = ANY(:indexes::bytea[])
WHERE id = :person_id AND erased_at IS NULL
""")


async def phone_indexes(person_id: UUID) -> list[bytes]:
    """Return the blind indexes under which a person's phone number may be stored; none without a number."""
    row = await db.fetchrow("SELECT phone_sealed, phone_index FROM person WHERE id = $1", person_id)
    if row is None or row["phone_index"] is None:
        return []
    try:
        return [row["phone_index"], *encryption.blind_indexes(encryption.decrypt(row["phone_sealed"]))]
    except Unreadable:
        return [row["phone_index"]]
