"""Writing, listing and revoking certificates, and what stands on one.

民政部令 67 (志愿服务记录与证明出具办法): hours come from confirmed attendance only, and who recorded them certifies them,
free of charge. So nothing is typed here: every entry is one that a post has confirmed.
"""

from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids, settings
from app.enums import SHANGHAI
from app.errors import Conflict, Invalid, NotFound
from app.labels import ACTIVITY_SORT
from app.models.certificate import CertificateIn, CertificateOut, EntryOut
from app.rules.access import Actor
from app.services import idempotency
from app.services.pagination import cursor_before, page_of
from app.sql import Statement

PUBLIC_PATH: Final = "/c/"
_CODE_LENGTH: Final = 12
_MOST: Final = 20  # of one person; an old one can be revoked
_FIRST: Final = date(2000, 1, 1)


class Shown(NamedTuple):
    """What a certificate says: whose, of which days, and what was confirmed."""

    name: str
    first_day: date
    last_day: date
    entries: list[EntryOut]

    @property
    def hours(self) -> float:
        """Return the sum of its entries."""
        return sum(entry.hours for entry in self.entries)


async def create(actor: Actor, form: CertificateIn, key: str | None) -> tuple[CertificateOut, bool]:
    """Write a certificate, once per key; also tell whether this is a repeat.

    Raises Invalid for a period that ends before it begins, Conflict where nothing can be certified.
    """
    today = clock.now(SHANGHAI).date()
    first, last = form.since or _FIRST, min(form.until or today, today)
    if last < first:
        raise Invalid.at("/from", "开始的日子不能晚于结束的日子，也不能晚于今天")

    async def write(bound: idempotency.IdempotencyKey | None) -> UUID:
        row = await db.execute_one(_BEFORE, person_id=actor.person_id, first_day=first, last_day=last)
        assert row is not None, "a signed-in person exists"
        if not row["name"]:
            raise Conflict("请先在“我的”里填写姓名，证明上要写明是谁")
        if not row["entries"]:
            raise Conflict("这段时间还没有确认过的服务时长，不能出具证明")
        if row["made"] >= _MOST:
            raise Conflict(f"最多同时保留{_MOST}份证明，请先作废不用的")
        certificate_id = ids.new()
        await db.execute(
            _INSERT,
            certificate_id=certificate_id,
            actor_id=actor.person_id,
            code=ids.code(_CODE_LENGTH),
            first_day=first,
            last_day=last,
            now=clock.now(),
            **idempotency.key_values(bound),
        )
        return certificate_id

    return await idempotency.create_once(
        actor, key, "certificate", form, write, lambda made: _load(actor, made)
    )


# What counts: confirmed by a post, with hours, in the certificate's days.
_CONFIRMED: Final = """FROM attendance a JOIN subject s ON s.id = a.subject_id
    WHERE a.person_id = n.id AND a.status = 'confirmed' AND a.hours > 0
      AND (s.starts_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN {first} AND {last}"""
_OF_PERIOD: Final = _CONFIRMED.format(first=":first_day::date", last=":last_day::date")
_OF_CERTIFICATE: Final = _CONFIRMED.format(first="c.first_day", last="c.last_day")
_BEFORE: Final = Statement(f"""
SELECT n.name, (SELECT count(*) {_OF_PERIOD}) AS entries,
       (SELECT count(*) FROM certificate c WHERE c.person_id = n.id) AS made
FROM person n WHERE n.id = :person_id
""")
_INSERT: Final = Statement(f"""
WITH insert_certificate AS (
    INSERT INTO certificate (id, person_id, code, first_day, last_day, created_at)
    VALUES (:certificate_id, :actor_id, :code, :first_day, :last_day, :now::timestamptz) RETURNING id
)
{idempotency.insert_key("insert_certificate")}
""")
_LIST: Final = f"""
SELECT c.*, x.entries, x.hours FROM certificate c JOIN person n ON n.id = c.person_id CROSS JOIN LATERAL (
    SELECT count(*)::int AS entries, coalesce(sum(a.hours), 0) AS hours {_OF_CERTIFICATE}
) x WHERE c.person_id = :person_id"""
_OWN: Final = Statement(f"{_LIST} AND c.id = :certificate_id")
_PAGE: Final = Statement(f"{_LIST} AND c.id < :before ORDER BY c.id DESC LIMIT :limit")


async def certificate_page(
    actor: Actor, limit: int, cursor: str | None
) -> tuple[list[CertificateOut], str | None]:
    """Return a page of the caller's certificates, newest first, and the next cursor."""
    rows = await db.execute(_PAGE, person_id=actor.person_id, before=cursor_before(cursor), limit=limit + 1)
    page, next_cursor = page_of(rows, limit)
    return [_out(row) for row in page], next_cursor


def _out(row: Any) -> CertificateOut:
    base = (settings.get().public_url or "").rstrip("/")
    return CertificateOut(
        id=row["id"],
        code=row["code"],
        url=f"{base}{PUBLIC_PATH}{row['code']}",
        since=row["first_day"],
        until=row["last_day"],
        hours=float(row["hours"]),
        entries=row["entries"],
        created_at=row["created_at"],
    )


async def _load(actor: Actor, certificate_id: UUID) -> CertificateOut:
    rows = await db.execute(_OWN, person_id=actor.person_id, certificate_id=certificate_id)
    if not rows:
        raise NotFound
    return _out(rows[0])


async def revoke(actor: Actor, certificate_id: UUID) -> CertificateOut:
    """Delete one of the caller's certificates and return it: from now on nobody finds its page. Raises NotFound."""
    certificate = await _load(actor, certificate_id)
    await db.execute(_DELETE, person_id=actor.person_id, certificate_id=certificate_id)
    return certificate


_DELETE: Final = Statement("DELETE FROM certificate WHERE id = :certificate_id AND person_id = :person_id")


async def load_public(code: str) -> Shown:
    """Return what the certificate of a code says now. Raises NotFound."""
    rows = await db.execute(_PUBLIC, code=code)
    if not rows:
        raise NotFound
    entries = [
        EntryOut(
            title=row["title"],
            kind_name=ACTIVITY_SORT[row["sort"]],
            day=row["day"],
            hours=float(row["hours"]),
            host=row["host"] or "",
        )
        for row in rows
        if row["title"] is not None
    ]
    return Shown(rows[0]["name"] or "", rows[0]["first_day"], rows[0]["last_day"], entries)


_PUBLIC: Final = Statement(f"""
SELECT n.name, c.first_day, c.last_day, x.* FROM certificate c JOIN person n ON n.id = c.person_id LEFT JOIN LATERAL (
    SELECT s.title, s.sort, (s.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS day, a.hours,
           (SELECT coalesce(u.label, o.name) FROM post p LEFT JOIN place u ON u.id = p.place_id
            LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = a.post_id) AS host
    {_OF_CERTIFICATE} ORDER BY s.starts_at, s.id
) x ON true WHERE c.code = :code
""")
