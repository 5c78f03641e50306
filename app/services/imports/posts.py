"""Posts: the rows name a role, a unit and a phone; each post is bound at once, or by a one-time invitation code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.enums import Role, Skill
from app.labels import LEVEL, ROLE
from app.rules import phones
from app.rules.titles import NamedPost
from app.services import encryption, posts
from app.services.imports.cells import CellReader
from app.services.imports.report import ReportBuilder, Row
from app.services.imports.tree import Node
from app.services.posts import ROLE_LEVELS
from app.services.setup import Catalogue
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class PostRequest:
    """One row: a role in a unit (a place, or for an agent an organisation) for the person with a phone, or a post by its id.

    Of a post that is named by its id only the card is changed: `phone_index` is empty.
    """

    row: Row
    role: Role
    unit: str
    label: str
    place_id: UUID | None
    phone_index: bytes  # blind index
    previous_index: bytes | None  # the same number's under the previous key, while the key is rotated
    holder: str  # the person as the report shows them: name and masked phone
    card: "Card"
    post_id: UUID | None = None

    @property
    def key(self) -> "PostKey":
        return PostKey.of(self.role, self.unit, self.card.title, self.phone_index)


class Card(NamedTuple):
    """What is said of a post besides who holds it; `skills` by semicolons. None: nothing is said."""

    title: str | None
    skills: str | None
    phone: str | None
    hours: str | None


class PostKey(NamedTuple):
    """Two posts are the same if these are equal. Somebody may be a steward of one place under several titles."""

    role: str
    unit: str
    title: str | None
    phone_index: bytes

    @classmethod
    def of(cls, role: str, unit: str, title: str | None, phone_index: bytes) -> "PostKey":
        """Return the key of a post from its columns."""
        return cls(role, unit, title if role == Role.STEWARD else None, phone_index)


class PostRow(NamedTuple):
    """An existing post for a phone of the import; `person_id` is None while it is vacant."""

    id: UUID
    role: str
    unit: str
    person_id: UUID | None
    phone_index: bytes
    title: str | None
    skills: str
    phone: str | None
    hours: str | None

    @property
    def key(self) -> PostKey:
        return PostKey.of(self.role, self.unit, self.title, self.phone_index)

    @property
    def card(self) -> Card:
        return Card(self.title, self.skills, self.phone, self.hours)


@dataclass(frozen=True, slots=True)
class PostPlan:
    """Posts to insert, invitations to renew and cards to change, as JSON takes them; and all as a dry run lists them."""

    new: list[dict[str, Any]] = field(default_factory=list)
    renewals: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def check_posts(
    rows: Sequence[Row],
    nodes: Mapping[str, Node],
    organisation_names: Mapping[str, str],
    catalogue: Catalogue,
    report: ReportBuilder,
) -> list[PostRequest]:
    """Return the posts that the rows request. `organisation_names` by code include those of the same import."""
    first_rows: dict[str, Row] = {}
    parsed = (_parse(CellReader(row, report), nodes, organisation_names, catalogue) for row in rows)
    requests = [request for request in parsed if request]
    for request in requests:
        name = request.key.title or ROLE[request.role]
        key = f"{request.unit} {name} {request.post_id or request.holder}"
        report.check_unique(first_rows, key, request.row, "岗位")
    return requests


def _parse(
    cells: CellReader,
    nodes: Mapping[str, Node],
    organisation_names: Mapping[str, str],
    catalogue: Catalogue,
) -> PostRequest | None:
    role_code, unit = cells.choice("role", tuple(Role)), cells.code("unit")
    name, post_id = cells.text("name", required=False), _parse_post(cells)
    phone = None if cells.row.cells.get("post") else _parse_phone(cells)
    if not (role_code and unit and (phone or post_id)):
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
    card = _parse_card(cells)
    level, path = (node.level, node.path) if node and not agent else (None, None)
    named = NamedPost.of(role, level, path, card.title)
    if card.title and catalogue.role_name(named) != card.title:
        cells.error(f"title“{card.title}”不在“{label}”{ROLE[role]}的岗位名称里，请先在设置里加上")
    index, *previous = encryption.blind_indexes(phone) if phone else [b""]
    return PostRequest(
        row=cells.row,
        role=role,
        unit=unit,
        label=catalogue.post_label(named, label),
        place_id=None if agent or node is None else node.id,
        phone_index=index,
        previous_index=previous[0] if previous else None,
        holder=" ".join(part for part in (name, phones.mask(phone) if phone else "") if part),
        card=card,
        post_id=post_id,
    )


def _parse_post(cells: CellReader) -> UUID | None:
    """Return the id of the post that an exported row names; None, with an error, if it is none or a phone stands beside it."""
    value = cells.text("post", 64, required=False)
    if value and cells.row.cells.get("phone"):
        cells.error("有 post 的行不用写 phone；要换人，请先结束原来的岗位，再写一行没有 post 的")
    try:
        return UUID(value) if value else None
    except ValueError:
        cells.error(f"post“{value}”不是岗位的编号，请重新导出岗位表")
        return None


def _parse_card(cells: CellReader) -> Card:
    skills = cells.codes("skills")
    if unknown := [code for code in skills if code not in set(Skill)]:
        cells.error(f"skills“{unknown[0][:60]}”不认识，应为 {'、'.join(Skill)}")
    phone = cells.text("public_phone", 40, required=False)
    number: str | None = None
    try:
        number = posts.public_number(phone) if phone else None
    except ValueError as error:
        cells.error(f"public_phone {error}")
    return Card(
        cells.text("title", 20, required=False) or None,
        ";".join(skills) or None,
        number,
        cells.text("hours", 40, required=False) or None,
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
SELECT p.id, p.role, coalesce(u.code, o.code) AS unit, p.person_id, k.phone_index,
       p.title, array_to_string(p.skills, ';') AS skills, p.phone, p.hours
FROM unnest(:phones::bytea[], :stored::bytea[]) AS k(phone_index, stored)
JOIN post p ON p.ended_at IS NULL AND (p.phone_index = k.stored OR p.person_id IN (
    SELECT n.id FROM person n WHERE n.phone_index = k.stored AND n.phone_verified))
LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
""")


# As `_SELECT_EXISTING` reads them, by id.
_SELECT_NAMED: Final = Statement("""
SELECT p.id, p.role, coalesce(u.code, o.code) AS unit, p.person_id, ''::bytea AS phone_index,
       p.title, array_to_string(p.skills, ';') AS skills, p.phone, p.hours
FROM post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.id = ANY(:post_ids::uuid[]) AND p.ended_at IS NULL
""")


async def named_posts(requests: Sequence[PostRequest], report: ReportBuilder) -> dict[UUID, PostRow]:
    """Return the posts that rows name by their ids. Reports a row whose post has ended, or is of another role or unit."""
    post_ids = [request.post_id for request in requests if request.post_id]
    rows = await db.execute(_SELECT_NAMED, post_ids=post_ids) if post_ids else []
    named = {row["id"]: PostRow(**row) for row in rows}
    for request in requests:
        post = named.get(request.post_id) if request.post_id else None
        if request.post_id and (post is None or (post.role, post.unit) != (request.role, request.unit)):
            report.add_error(request.row, "这个岗位已经结束，或角色、单位和导出时不同，请重新导出岗位表")
    return named


def repeats(request: PostRequest, named: Mapping[UUID, PostRow]) -> bool:
    """Tell whether a row names a post by its id and changes nothing of it: a whole file has those of others, too."""
    post = named.get(request.post_id) if request.post_id else None
    return post is not None and not _changes_card(post, request)


async def plan_posts(
    requests: Sequence[PostRequest], named: Mapping[UUID, PostRow], report: ReportBuilder
) -> PostPlan:
    """Return what to write. An existing post stays; while it is vacant, its code is renewed and reported again."""
    if not requests:
        return PostPlan()
    indexes = {
        (request.phone_index, stored)
        for request in requests
        if request.post_id is None
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
        post = named[request.post_id] if request.post_id else existing.get(request.key)
        if post:
            message = _keep(post, plan, request)
        else:
            plan.added.append(f"{request.unit} {request.role}")
            message = _add(request, person_ids.get(request.phone_index), plan)
        report.set_message(request.row, f"{request.label} {request.holder}：{message}")
    return plan


def _keep(post: PostRow, plan: PostPlan, request: PostRequest) -> str:
    """Plan what changes of a post's card, and the renewal of a vacant one's invitation, under the keys of now.

    Return what the report says.
    """
    changes = _changes_card(post, request)
    (plan.changed if changes else plan.same).append(f"{request.unit} {request.role}")
    if changes:
        plan.cards.append({"id": str(post.id), **request.card._asdict()})
    if request.post_id:
        return "名片已更新" if changes else "不变"
    if post.person_id:
        return "已经在岗，名片已更新" if changes else "已经在岗，不变"
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


def _changes_card(post: PostRow, request: PostRequest) -> bool:
    """Tell whether a row changes a post's card; an empty cell leaves what is there."""
    return any(new not in {None, old} for new, old in zip(request.card, post.card, strict=True))


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
            **request.card._asdict(),
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
