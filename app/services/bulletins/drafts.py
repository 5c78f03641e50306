"""Bulletins: drafted for a community, edited by its clerks, frozen when they are published."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids, settings, words
from app.enums import Level, Role
from app.errors import Conflict, Duplicate, Forbidden, Invalid, NotFound, StaleVersion
from app.models.bulletin import (
    BulletinIn,
    BulletinOut,
    BulletinPublishIn,
    BulletinRef,
    BulletinWords,
    BulletinWordsIn,
    NumbersOut,
)
from app.rules import bulletins
from app.rules.access import Actor
from app.services import audit, idempotency, setup
from app.services.bulletins import common_life, numbers
from app.services.pagination import cursor_before, page_of
from app.services.setup import today
from app.sql import Statement

_CLERKS: Final = frozenset({Role.COMMUNITY, Role.STREET})
_CODE_LENGTH: Final = 10
PUBLIC_PATH: Final = "/b/"
_WORDS: Final = tuple(BulletinWords.model_fields)


def require_clerk(actor: Actor) -> list[UUID]:
    """Return the communities and streets where the caller has a post. Raises Forbidden if there are none."""
    if units := actor.units(_CLERKS):
        return units
    raise Forbidden("只有社区和街道工作人员可以编写公示")


async def create(actor: Actor, form: BulletinIn, key: str | None) -> tuple[BulletinOut, bool]:
    """Draft a bulletin, once per key; also tell whether this is a repeat. Raises NotFound, Invalid, Duplicate."""
    unit = (await setup.current_catalogue()).units.get(form.place_id)
    if unit is None or set(unit.path).isdisjoint(require_clerk(actor)):
        raise NotFound
    if unit.level is not Level.COMMUNITY:
        raise Invalid.at("/place_id", "公示按社区编写，请选择社区")
    if bulletins.quarter_days(form.quarter)[0] > today():
        raise Invalid.at("/quarter", "这个季度还没有开始")
    return await idempotency.create_once(
        actor, key, "bulletin", form, lambda bound: _insert(actor, form, bound), load
    )


async def _insert(actor: Actor, form: BulletinIn, key: idempotency.IdempotencyKey | None) -> UUID:
    bulletin_id, now = ids.new(), clock.now()
    row = await db.execute_one(_THERE, place_id=form.place_id, quarter=form.quarter)
    if row is not None:
        raise Duplicate("这个社区这个季度的公示已经有了，请打开它来修改")
    await db.execute(
        _INSERT,
        bulletin_id=bulletin_id,
        place_id=form.place_id,
        quarter=form.quarter,
        code=ids.code(_CODE_LENGTH),
        now=now,
        actor_id=actor.person_id,
        **idempotency.key_values(key),
        **audit.entry_values(),
    )
    return bulletin_id


_THERE: Final = Statement("SELECT FROM bulletin WHERE place_id = :place_id AND quarter = :quarter")
_INSERT: Final = Statement(f"""
WITH insert_bulletin AS (
    INSERT INTO bulletin (id, place_id, quarter, code, created_at, updated_at, words)
    VALUES (:bulletin_id, :place_id, :quarter, :code, :now::timestamptz, :now, '{{}}') RETURNING id
), insert_key AS ({idempotency.insert_key("insert_bulletin")})
{audit.insert_entry("bulletin_drafted", subject="id", source="insert_bulletin")}
""")
_SELECT: Final = """
SELECT b.*, p.label AS place, p.path FROM bulletin b JOIN place p ON p.id = b.place_id
"""
_PAGE: Final = Statement(
    f"{_SELECT} WHERE p.path && :own::uuid[] AND b.id < :before ORDER BY b.id DESC LIMIT :limit"
)
_LOAD: Final = Statement(f"{_SELECT} WHERE b.id = :bulletin_id")
_PUBLIC: Final = Statement(f"{_SELECT} WHERE b.code = :code AND b.published_at IS NOT NULL")


async def bulletin_page(actor: Actor, limit: int, cursor: str | None) -> tuple[list[BulletinRef], str | None]:
    """Return a page of the bulletins of one's communities, newest first, and the next cursor."""
    own = require_clerk(actor)
    rows = await db.execute(_PAGE, own=own, before=cursor_before(cursor), limit=limit + 1)
    page, next_cursor = page_of(rows, limit)
    return [BulletinRef(**_ref(row)) for row in page], next_cursor


async def require_own(actor: Actor, bulletin_id: UUID) -> None:
    """Raise Forbidden without a post, NotFound for a bulletin outside one's communities."""
    own = require_clerk(actor)
    row = await db.execute_one(_LOAD, bulletin_id=bulletin_id)
    if row is None or set(row["path"]).isdisjoint(own):
        raise NotFound


async def load(bulletin_id: UUID) -> BulletinOut:
    """Return a bulletin; the numbers of a draft are those of now. Raises NotFound."""
    row = await db.execute_one(_LOAD, bulletin_id=bulletin_id)
    if row is None:
        raise NotFound
    return await _serialize(row)


async def load_public(code: str) -> BulletinOut:
    """Return a published bulletin by the code of its address. Raises NotFound."""
    row = await db.execute_one(_PUBLIC, code=code)
    if row is None:
        raise NotFound
    return await _serialize(row)


def _ref(row: Any) -> dict[str, Any]:
    return {
        "id": row["id"],
        "place_id": row["place_id"],
        "place": row["place"],
        "quarter": row["quarter"],
        "title": _words(row).title,
        "version": row["version"],
        "published_at": row["published_at"],
        "url": public_url(row["code"]) if row["published_at"] else None,
    }


def public_url(code: str) -> str:
    """Return the public address of a bulletin; without a configured one only its path is known."""
    return f"{(settings.get().public_url or '').rstrip('/')}{PUBLIC_PATH}{code}"


async def _serialize(row: Any) -> BulletinOut:
    as_of = row["as_of"] or clock.now()
    told = NumbersOut.model_validate(row["numbers"]) if row["numbers"] else await _compute(row, as_of)
    return BulletinOut(
        **_ref(row), words=await _all_words(row), numbers=told, as_of=as_of, digest=row["digest"]
    )


async def _compute(row: Any, as_of: datetime) -> NumbersOut:
    query = row["query"] or await numbers.query_of(row["place_id"], row["quarter"])
    told = await numbers.compute(query, row["quarter"], as_of)
    told.corrections = await _corrections(row, as_of)
    return told


async def _corrections(row: Any, as_of: datetime) -> list[str]:
    """Return what later answers have changed of the bulletin before."""
    before = bulletins.quarter_before(row["quarter"])
    last = await db.execute_one(_BEFORE, place_id=row["place_id"], quarter=before)
    if last is None:
        return []
    told = {rate["key"]: rate["share"] for rate in last["numbers"]["rates"]}
    names = {rate["key"]: rate["label"] for rate in last["numbers"]["rates"]}
    return bulletins.corrections(before, told, await numbers.shares(row["place_id"], before, as_of), names)


_BEFORE: Final = Statement("""
SELECT numbers FROM bulletin WHERE place_id = :place_id AND quarter = :quarter AND published_at IS NOT NULL
""")


async def _all_words(row: Any) -> BulletinWords:
    """Return the words of a bulletin: the clerk's, or the program's own, which tell of the quarter's common life."""
    own = {} if row["published_at"] else await common_life.words_of(row["place_id"], row["quarter"])
    return _words(row, own)


def _words(row: Any, of_quarter: Mapping[str, str] = MappingProxyType({})) -> BulletinWords:
    name = bulletins.quarter_name(row["quarter"])
    own: Mapping[str, str] = {
        "title": f"{row['place']}{name}诉求办理公示",
        "opening": f"现将{name}本社区居民诉求办理情况公示如下。统计只计件数，不涉及个人。",
        "projects": "",
        "activities": "",
        "objection": "对公示内容有异议的，请在公示之日起十五日内到社区居委会书面或当面提出。",
    }
    return BulletinWords(**{**own, **of_quarter, **(row["words"] or {})})


async def edit(actor: Actor, bulletin_id: UUID, form: BulletinWordsIn) -> BulletinOut:
    """Change the words of a draft. Raises StaleVersion with the words of now, Conflict once it is published."""
    row = await _current(bulletin_id, form)
    sent = form.model_fields_set & set(_WORDS)
    kept = {name: text for name, text in (row["words"] or {}).items() if name not in sent}
    told = form.model_dump(mode="json", include=sent)
    texts = kept | {name: text for name, text in told.items() if text}
    _require_listed_later(form)
    await _write(actor, _EDIT, row, words=json.dumps(texts, ensure_ascii=False))
    return await load(bulletin_id)


def _require_listed_later(form: BulletinWordsIn) -> None:
    for n, line in enumerate(form.listed or ()):
        if line.next_on <= today():
            raise Invalid.at(f"/listed/{n}/next_on", "下次处理的日期要在今天以后")


async def publish(actor: Actor, bulletin_id: UUID, form: BulletinPublishIn) -> BulletinOut:
    """Freeze a bulletin: its words, its numbers as of now, what was asked, and the digest of all that.

    Raises StaleVersion, and Conflict before the quarter's end, once it is published, and while a listed line has no reason.
    """
    row = await _current(bulletin_id, form)
    if bulletins.quarter_days(row["quarter"])[1] >= today():
        raise Conflict("这个季度还没有结束，结束以后才能公示")
    as_of = clock.now()
    query = await numbers.query_of(row["place_id"], row["quarter"])
    told = await _compute(dict(row) | {"query": query}, as_of)
    texts = (await _all_words(row)).model_dump(mode="json")
    explained = {line["category"] for line in texts["listed"]}
    if without := [line.label for line in told.listed if line.category not in explained]:
        raise Conflict(f"挂账的还要写明原因和下次处理的日期：{words.join(without, '、')}")
    document = {
        "place_id": str(row["place_id"]),
        "quarter": row["quarter"],
        "as_of": as_of.isoformat(),
        "query": query,
        "words": texts,
        "numbers": told.model_dump(mode="json"),
    }
    await _write(
        actor,
        _PUBLISH,
        row,
        words=json.dumps(texts, ensure_ascii=False),
        as_of=as_of,
        query=json.dumps(query, ensure_ascii=False),
        numbers=json.dumps(document["numbers"], ensure_ascii=False),
        digest=digest(document),
    )
    return await load(bulletin_id)


def digest(document: Mapping[str, Any]) -> str:
    """Return the digest of what is published."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


async def _current(bulletin_id: UUID, form: BulletinPublishIn) -> Any:
    row = await db.execute_one(_LOAD, bulletin_id=bulletin_id)
    if row is None:
        raise NotFound
    if row["published_at"]:
        raise Conflict("已经公示，不能再改；更正会写在下一季度的公示里")
    if row["version"] != form.version:
        raise await _stale(row)
    return row


async def _stale(row: Any) -> StaleVersion:
    return StaleVersion(
        "公示稿刚刚有人改过，您写的还在这里，请对照最新内容再保存",
        version=row["version"],
        words=(await _all_words(row)).model_dump(mode="json"),
    )


async def _write(actor: Actor, statement: Statement, row: Any, **values: Any) -> None:
    written = await db.execute(
        statement,
        bulletin_id=row["id"],
        version=row["version"],
        now=clock.now(),
        actor_id=actor.person_id,
        **values,
        **audit.entry_values(),
    )
    if not written:
        raise await _stale(await db.execute_one(_LOAD, bulletin_id=row["id"]))


def _update(type_: str, sets: str) -> Statement:
    return Statement(f"""
WITH update_bulletin AS (
    UPDATE bulletin SET {sets}, version = version + 1, updated_at = :now::timestamptz
    WHERE id = :bulletin_id AND version = :version AND published_at IS NULL RETURNING id
), insert_audit AS ({audit.insert_entry(type_, subject="id", source="update_bulletin")})
SELECT id FROM update_bulletin
""")


_EDIT: Final = _update("bulletin_edited", "words = :words::text::jsonb")
_PUBLISH: Final = _update(
    "bulletin_published",
    "words = :words::text::jsonb, published_at = :now, as_of = :as_of, query = :query::text::jsonb, "
    "numbers = :numbers::text::jsonb, digest = :digest",
)
