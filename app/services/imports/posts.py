"""Posts: who is to hold which role where, each bound to the person of one phone by a one-time code, or at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.rules import phones
from app.services import inviting, vault
from app.services.catalogue import post_label
from app.services.imports.cells import Cells
from app.services.imports.report import Findings, Row
from app.services.imports.tree import Node
from app.services.inviting import HELD_AT
from app.words import LEVEL, ROLE, Role


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row: a role in a unit (a place, or for an agent an organisation) for whoever has this phone."""

    row: Row
    role: Role
    unit: str
    label: str
    place_id: UUID | None
    phone: bytes  # its blind index
    to: str  # how the report names who it is for


class Key(NamedTuple):
    """What makes two posts the same."""

    role: str
    unit: str
    phone: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """Posts to make, as JSON takes them, and vacant ones whose code is good for another week."""

    made: list[dict[str, Any]] = field(default_factory=list)
    renewed: list[dict[str, Any]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def check(
    rows: Sequence[Row], nodes: Mapping[str, Node], organisations: Mapping[str, str], findings: Findings
) -> list[Wanted]:
    """Return what the rows ask for; `organisations` are names by code, those of the same import included."""
    seen: dict[str, Row] = {}
    found = (_wanted(Cells(row, findings), nodes, organisations) for row in rows)
    wanted = [one for one in found if one]
    for one in wanted:
        findings.once(seen, f"{one.unit} {ROLE[one.role]} {one.to}", one.row, "岗位")
    return wanted


def _wanted(cells: Cells, nodes: Mapping[str, Node], organisations: Mapping[str, str]) -> Wanted | None:
    said, unit, name = cells.choice("role", tuple(Role)), cells.code("unit"), cells.text("name", needed=False)
    phone = _mobile(cells)
    if not (said and unit and phone):
        return None
    role, node = Role(said), nodes.get(unit)
    agent = role is Role.AGENT
    if unit not in organisations if agent else node is None:
        cells.wrong(f"unit“{unit}”不存在")
    elif not agent and node and node.ended_at:
        cells.wrong(f"网格“{unit}”已经撤销")
    elif not agent and node and node.level not in HELD_AT[role]:
        levels = "、".join(LEVEL[level] for level in sorted(HELD_AT[role]))
        cells.wrong(f"{ROLE[role]}要设在{levels}，“{unit}”不是")
    label = organisations.get(unit, "") if agent else node.label if node else ""
    place_id = None if agent or node is None else node.id
    to = " ".join(part for part in (name, phones.masked(phone)) if part)
    return Wanted(cells.row, role, unit, post_label(role, label), place_id, vault.index(phone), to)


def _mobile(cells: Cells) -> str | None:
    """Return a number WeChat can verify, in its one form."""
    said = cells.text("phone", 40)
    try:
        number = phones.normalise(said).e164 if said else None
    except ValueError:
        number = None
    if said and number is None:
        cells.wrong("phone 不是手机号")
    return number


# Who has verified one of these phones, and the posts there are for them or held by them.
_VERIFIED: Final = """
SELECT id, phone_index FROM person WHERE phone_index = ANY($1::bytea[]) AND phone_verified AND erased_at IS NULL ORDER BY id
"""
_THERE: Final = """
SELECT p.id, p.role, coalesce(u.code, o.code) AS unit, p.person_id, k.phone
FROM unnest($1::bytea[]) AS k(phone)
JOIN post p ON p.ended_at IS NULL AND (p.phone_index = k.phone OR p.person_id IN (
    SELECT n.id FROM person n WHERE n.phone_index = k.phone AND n.phone_verified))
LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
"""


async def plan(wanted: Sequence[Wanted], findings: Findings) -> Plan:
    """Return what to write: a post there is stays, its code being told again while it is vacant."""
    if not wanted:
        return Plan()
    numbers = list({one.phone for one in wanted})
    verified = {row["phone_index"]: row["id"] for row in await db.fetch(_VERIFIED, numbers)}
    there = {Key(row["role"], row["unit"], row["phone"]): row for row in await db.fetch(_THERE, numbers)}
    found = Plan()
    for one in wanted:
        was = there.get(Key(one.role, one.unit, one.phone))
        said = _kept(was, found) if was else _made(one, verified.get(one.phone), found)
        (found.same if was else found.added).append(f"{one.unit} {one.role}")
        findings.tell(one.row, f"{one.label} {one.to}：{said}")
    return found


def _kept(was: Any, found: Plan) -> str:
    if was["person_id"]:
        return "已经在岗，不变"
    found.renewed.append({"id": str(was["id"]), "until": _until()})
    return _code(was["id"])


def _made(one: Wanted, person_id: UUID | None, found: Plan) -> str:
    post_id = ids.new()
    found.made.append(
        {
            "id": str(post_id),
            "role": one.role,
            "place_id": one.place_id and str(one.place_id),
            "organisation": None if one.place_id else one.unit,
            "person_id": person_id and str(person_id),
            "at": clock.now().isoformat(),
            "digest": None if person_id else inviting.digest(inviting.code_of(post_id)).hex(),
            "until": None if person_id else _until(),
            "phone": one.phone.hex(),
            "audit_id": str(ids.new()),
        }
    )
    return "验证过这个手机号的人已经直接上岗" if person_id else _code(post_id)


def _until() -> str:
    return (clock.now() + inviting.LIVES).isoformat()


def _code(post_id: UUID) -> str:
    return f"邀请码 {inviting.code_of(post_id)}，{inviting.LIVES.days}天内有效，只能用一次，本人手机号才能用"


MADE: Final = """
WITH r AS MATERIALIZED (
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, role text, place_id uuid, organisation text,
        person_id uuid, at timestamptz, digest text, until timestamptz, phone text, audit_id uuid)
), made AS (
    INSERT INTO post (id, role, place_id, organisation_id, person_id, created_at, invitation_digest, invitation_until, phone_index)
    SELECT r.id, r.role, r.place_id, o.id, r.person_id, r.at, decode(r.digest, 'hex'), r.until, decode(r.phone, 'hex')
    FROM r LEFT JOIN organisation o ON o.code = r.organisation
), stamped AS (
    UPDATE person SET stamp = stamp + 1 WHERE id IN (SELECT person_id FROM r)
)
INSERT INTO audit (id, at, type, subject_id, data)
SELECT audit_id, at, CASE WHEN person_id IS NULL THEN 'invited' ELSE 'post_bound' END, id,
       jsonb_strip_nulls(jsonb_build_object('role', role, 'person', person_id)) FROM r
"""
RENEWED: Final = """
UPDATE post SET invitation_until = r.until
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, until timestamptz)
WHERE post.id = r.id AND post.person_id IS NULL AND post.ended_at IS NULL
"""


async def organisations(found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of organisations by their codes: those there are and those of this import."""
    there = {row["code"]: row["name"] for row in await db.fetch("SELECT code, name FROM organisation")}
    return there | {one["code"]: one["name"] for one in found}
