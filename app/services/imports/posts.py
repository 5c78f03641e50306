"""Posts: the rows name a role, a unit and a phone; each post is bound at once, or by a one-time invitation code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.enums import Role
from app.labels import LEVEL, ROLE
from app.rules import phones
from app.services import encryption, posts
from app.services.imports.cells import CellReader
from app.services.imports.report import ReportBuilder, Row
from app.services.imports.tree import Node
from app.services.posts import ROLE_LEVELS
from app.services.setup import post_label
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class PostRequest:
    """One row: a role in a unit (a place, or for an agent an organisation) for the person with a phone."""

    row: Row
    role: Role
    unit: str
    label: str
    place_id: UUID | None
    phone_index: bytes  # blind index
    previous_index: bytes | None  # the same number's under the previous key, while the key is rotated
    holder: str  # the person as the report shows them: name and masked phone


class PostKey(NamedTuple):
    """Two posts are the same if these are equal."""

    role: str
    unit: str
    phone_index: bytes


class PostRow(NamedTuple):
    """An existing post for a phone of the import; `person_id` is None while it is vacant."""

    id: UUID
    role: str
    unit: str
    person_id: UUID | None
    phone_index: bytes

    @property
    def key(self) -> PostKey:
        return PostKey(self.role, self.unit, self.phone_index)


@dataclass(frozen=True, slots=True)
class PostPlan:
    """Posts to insert and invitations to renew, as JSON takes them; and both as the report of a dry run lists them."""

    new: list[dict[str, Any]] = field(default_factory=list)
    renewals: list[dict[str, Any]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def check_posts(
    rows: Sequence[Row],
    nodes: Mapping[str, Node],
    organisation_names: Mapping[str, str],
    report: ReportBuilder,
) -> list[PostRequest]:
    """Return the posts that the rows request. `organisation_names` by code include those of the same import."""
    first_rows: dict[str, Row] = {}
    parsed = (_parse(CellReader(row, report), nodes, organisation_names) for row in rows)
    requests = [request for request in parsed if request]
    for request in requests:
        key = f"{request.unit} {ROLE[request.role]} {request.holder}"
        report.check_unique(first_rows, key, request.row, "岗位")
    return requests


def _parse(
    cells: CellReader, nodes: Mapping[str, Node], organisation_names: Mapping[str, str]
) -> PostRequest | None:
    role_code, unit = cells.choice("role", tuple(Role)), cells.code("unit")
    name, phone = cells.text("name", required=False), _parse_phone(cells)
    if not (role_code and unit and phone):
        return None
    role, node = Role(role_code), nodes.get(unit)
    agent = role is Role.AGENT
    if unit not in organisation_names if agent else node is None:
        cells.error(f"unit“{unit}”不存在")
    elif not agent and node and node.ended_at:
        cells.error(f"网格“{unit}”已经撤销")
    elif not agent and node and node.level not in ROLE_LEVELS[role]:
        levels = "、".join(LEVEL[level] for level in sorted(ROLE_LEVELS[role]))
        cells.error(f"{ROLE[role]}要设在{levels}，“{unit}”不是")
    label = organisation_names.get(unit, "") if agent else node.label if node else ""
    index, *previous = encryption.blind_indexes(phone)
    return PostRequest(
        row=cells.row,
        role=role,
        unit=unit,
        label=post_label(role, label),
        place_id=None if agent or node is None else node.id,
        phone_index=index,
        previous_index=previous[0] if previous else None,
        holder=" ".join(part for part in (name, phones.mask(phone)) if part),
    )


def _parse_phone(cells: CellReader) -> str | None:
    """Return the phone in E.164; None, with an error, if it is no mobile number that WeChat can verify."""
    phone = cells.text("phone", 40)
    try:
        number = phones.normalise(phone).e164 if phone else None
    except ValueError:
        number = None
    if phone and number is None:
        cells.error("phone 不是手机号")
    return number


# Each number by its index: `stored` is that index or the one under the previous key.
_SELECT_VERIFIED: Final = Statement("""
SELECT n.id, k.phone_index FROM unnest(:phones::bytea[], :stored::bytea[]) AS k(phone_index, stored)
JOIN person n ON n.phone_index = k.stored AND n.phone_verified AND n.erased_at IS NULL ORDER BY n.id
""")
# Posts meant for these phones, and posts of the persons who have verified them.
_SELECT_EXISTING: Final = Statement("""
SELECT p.id, p.role, coalesce(u.code, o.code) AS unit, p.person_id, k.phone_index
FROM unnest(:phones::bytea[], :stored::bytea[]) AS k(phone_index, stored)
JOIN post p ON p.ended_at IS NULL AND (p.phone_index = k.stored OR p.person_id IN (
    SELECT n.id FROM person n WHERE n.phone_index = k.stored AND n.phone_verified))
LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
""")


async def plan_posts(requests: Sequence[PostRequest], report: ReportBuilder) -> PostPlan:
    """Return what to write. An existing post stays; while it is vacant, its code is renewed and reported again."""
    if not requests:
        return PostPlan()
    indexes = {
        (request.phone_index, stored)
        for request in requests
        for stored in (request.phone_index, request.previous_index)
        if stored
    }
    phones_, stored_ = [index for index, _ in indexes], [stored for _, stored in indexes]
    verified = await db.execute(_SELECT_VERIFIED, phones=phones_, stored=stored_)
    person_ids: dict[bytes, UUID] = {row["phone_index"]: row["id"] for row in verified}
    rows = [PostRow(**row) for row in await db.execute(_SELECT_EXISTING, phones=phones_, stored=stored_)]
    existing = {row.key: row for row in rows}
    plan = PostPlan()
    for request in requests:
        post = existing.get(PostKey(request.role, request.unit, request.phone_index))
        if post:
            plan.same.append(f"{request.unit} {request.role}")
            message = _keep(post, plan, request)
        else:
            plan.added.append(f"{request.unit} {request.role}")
            message = _add(request, person_ids.get(request.phone_index), plan)
        report.set_message(request.row, f"{request.label} {request.holder}：{message}")
    return plan


def _keep(post: PostRow, plan: PostPlan, request: PostRequest) -> str:
    """Plan the renewal of a vacant post's invitation, under the keys of now; return what the report says."""
    if post.person_id:
        return "已经在岗，不变"
    plan.renewals.append(
        {
            "id": str(post.id),
            "digest": posts.invitation_digest(posts.invitation_code(post.id)).hex(),
            "until": _invitation_until(),
            "phone_index": request.phone_index.hex(),
            "phone_key": encryption.key_name().hex(),
        }
    )
    return _invitation_message(post.id)


def _add(request: PostRequest, person_id: UUID | None, plan: PostPlan) -> str:
    """Plan a new post, bound at once if its person has verified the phone; return what the report says."""
    post_id = ids.new()
    plan.new.append(
        {
            "id": str(post_id),
            "role": request.role,
            "place_id": request.place_id and str(request.place_id),
            "organisation": None if request.place_id else request.unit,
            "person_id": person_id and str(person_id),
            "digest": None if person_id else posts.invitation_digest(posts.invitation_code(post_id)).hex(),
            "until": None if person_id else _invitation_until(),
            "phone_index": request.phone_index.hex(),
            "phone_key": encryption.key_name().hex(),
            "audit_id": str(ids.new()),
        }
    )
    return "验证过这个手机号的人已经直接上岗" if person_id else _invitation_message(post_id)


def _invitation_until() -> str:
    return (clock.now() + posts.INVITATION_LIFETIME).isoformat()


def _invitation_message(post_id: UUID) -> str:
    return f"邀请码 {posts.invitation_code(post_id)}，{posts.INVITATION_LIFETIME.days}天内有效，只能用一次，本人手机号才能用"


async def organisation_names(imported: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names of organisations by code: those in the database and those of this import."""
    current = {row["code"]: row["name"] for row in await db.fetch("SELECT code, name FROM organisation")}
    return current | {organisation["code"]: organisation["name"] for organisation in imported}
