"""Read the audit trail within the caller's scope.

In scope are entries by persons who hold or held a post within a place the caller oversees, or in an organisation that
serves it; entries by these organisations' API keys; entries about these posts, organisations, streets and
communities; and entries about the content of tickets there. Entries by residents, who never held a post, are in the scope of the street of their home, and of an admin
within whose place it is. The admins of a street also see entries without a person (failed sign-ins) and those of
residents without a home. Residents are not named: the trail tells them apart by their ids. What a resident did within a
day of reporting anonymously is shown to nobody: who signs in and then reports would not be anonymous.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from app import db, words
from app.enums import Level, Role
from app.errors import Forbidden
from app.labels import RESIDENT
from app.models.audit import AuditOut, AuditPersonOut
from app.rules import search
from app.rules.access import Actor
from app.rules.titles import NamedPost
from app.services import setup
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement

OVERSEER_ROLES: Final = frozenset({Role.COMMUNITY, Role.STREET, Role.AUDITOR, Role.ADMIN})

# The Chinese label of each type of entry.
LABELS: Final[dict[str, str]] = {
    "signed_in": "登录",
    "sign_in_failed": "登录失败",
    "signed_out": "退出登录",
    "refresh_reused": "登录凭证被重复使用，已退出登录",
    "refused": "越权操作被拒绝",
    "consented": "同意隐私保护指引",
    "phone_verified": "用微信验证手机号",
    "invited": "发出邀请",
    "invitation_redeemed": "接受邀请",
    "invitation_failed": "邀请码无效",
    "phone_seen": "查看报告人电话",
    "absence_set": "登记请假",
    "post_card_changed": "修改岗位名片",
    "absence_ended": "恢复在岗",
    "shift_set": "排班",
    "shift_cancelled": "取消排班",
    "shift_asked": "请人换班",
    "shift_swapped": "换班",
    "shift_kept": "没有换班",
    "post_ended": "结束岗位",
    "organisation_added": "新增单位",
    "organisation_changed": "修改单位",
    "setting_changed": "修改时限、节假日或工作时间",
    "grids_cut": "调整网格",
    "data_imported": "导入地址、网格、单位或岗位",
    "code_replaced": "更换楼道码",
    "robot_set": "设置企业微信群机器人",
    "robot_removed": "删除企业微信群机器人",
    "robot_disabled": "企业微信群机器人已停用",
    "bulletin_drafted": "起草公示",
    "bulletin_edited": "修改公示",
    "bulletin_published": "发布公示",
    "post_bound": "按已验证的手机号绑定岗位",
    "scan_begun": "打开扫码登录",
    "scan_approved": "确认扫码登录",
    "exported": "导出个人数据",
    "tickets_exported": "导出工单",
    "posts_exported": "导出岗位表",
    "subjects_exported": "导出议事与活动台账",
    "consent_withdrawn": "撤回同意",
    "erased": "注销账号",
    "unseal_requested": "申请查看匿名报告人",
    "unseal_consented": "同意查看匿名报告人",
    "unseal_declined": "不同意查看匿名报告人",
    "unsealed_seen": "查看匿名报告人",
    "key_made": "新增 API 密钥",
    "key_revoked": "吊销 API 密钥",
    "webhook_added": "新增推送地址",
    "webhook_changed": "修改推送地址",
    "webhook_rotated": "更换推送签名密钥",
    "webhook_ended": "删除推送地址",
    "webhook_disabled": "推送地址已停用",
    "content_checked": "内容检查结果",
    "content_held": "内容转人工审核",
    "content_released": "放行待审内容",
    "content_removed": "删除待审内容",
}

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """The filters of a list: from `since`, included, to `until`, not included; and its page."""

    type: str | None = None
    person_id: UUID | None = None
    ticket: str | None = None  # its id or number
    sign_ins: bool = True
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 20
    cursor: str | None = None


def require_overseer(actor: Actor) -> list[UUID]:
    """Return the ids of the places the actor oversees. Raises Forbidden if there are none."""
    places = actor.units(OVERSEER_ROLES)
    if not places:
        raise Forbidden
    return places


class AuditRow(TypedDict):
    """A row of `audit` with the names of who did it and of what it was done to, None where there are none."""

    id: UUID
    at: datetime
    type: str
    person_id: UUID | None
    subject_id: UUID | None
    address: str | None
    data: dict[str, Any] | None
    name: str | None
    role: str | None  # of the post they held then, as the next three
    title: str | None
    level: str | None
    path: list[UUID] | None
    unit: str | None  # of this post, or the organisation whose key it was
    subject_role: str | None  # of a post, as the next three
    subject_title: str | None
    subject_level: str | None
    subject_path: list[UUID] | None
    subject: str | None  # a ticket's number, a place, an organisation, the unit of a post


async def audit_page(actor: Actor, filters: AuditFilter) -> tuple[list[AuditOut], str | None]:
    """Return one page of the entries in the caller's scope, newest first, and the cursor of the next page.

    Raises Forbidden for a caller who oversees no place.
    """
    place_ids = require_overseer(actor)
    home_ids, is_street_admin = await _residents_in_scope(actor)
    rows: list[AuditRow] = await db.execute(
        _SELECT_PAGE,
        place_ids=place_ids,
        before=cursor_before(filters.cursor),
        type=filters.type,
        person_id=filters.person_id,
        about_any=filters.ticket is None,
        ticket_id=_id_or_none(filters.ticket),
        ticket_numbers=list(search.search_terms(filters.ticket or "")),
        sign_ins=filters.sign_ins,
        since=_clamp(filters.since or _EARLIEST),
        until=_clamp(filters.until or _LATEST),
        home_ids=home_ids,
        is_street_admin=is_street_admin,
        limit=filters.limit + 1,
    )
    page, next_cursor = page_of(rows, filters.limit)
    catalogue = await setup.current_catalogue()
    return [_serialize(row, catalogue) for row in page], next_cursor


def _clamp(moment: datetime) -> datetime:
    """Return the nearest moment that PostgreSQL can hold."""
    return max(_EARLIEST, min(moment, _LATEST))


def _id_or_none(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


async def _residents_in_scope(actor: Actor) -> tuple[list[UUID], bool]:
    """Return the places whose residents' entries the actor sees, and whether one is a street they are the admin of."""
    catalogue = await setup.current_catalogue()
    units = {place_id: catalogue.units.get(place_id) for place_id in actor.units(OVERSEER_ROLES)}
    streets = {
        place_id for place_id, unit in units.items() if unit is not None and unit.level is Level.STREET
    }
    admin_of = set(actor.units(frozenset({Role.ADMIN})))
    return sorted(streets | admin_of), not streets.isdisjoint(admin_of)


_SIGN_INS: Final = "'signed_in', 'signed_out', 'scan_begun', 'scan_approved'"
# Ids begin with the time of their entry: the primary key, read backwards, gives the newest first. Names are looked up
# for the entries of the page only. Whoever holds only an honorary post is a resident here. The street of an erased person's home is in the entry of the erasure.
_SELECT_PAGE: Final = Statement(f"""
WITH select_post AS MATERIALIZED (
    SELECT p.id, p.person_id, p.organisation_id, p.role <> 'steward' AS is_office FROM post p LEFT JOIN place u ON u.id = p.place_id
    WHERE u.path && :place_ids::uuid[] OR EXISTS (
        SELECT FROM service_area a JOIN place s ON s.id = a.place_id
        WHERE a.organisation_id = p.organisation_id AND s.path && :place_ids::uuid[])
), select_organisation AS MATERIALIZED (
    SELECT a.organisation_id AS id FROM service_area a JOIN place s ON s.id = a.place_id WHERE s.path && :place_ids::uuid[]
), select_holder AS MATERIALIZED (
    SELECT DISTINCT person_id FROM post WHERE person_id IS NOT NULL AND role <> 'steward'
), select_page AS MATERIALIZED (
    SELECT e.* FROM audit e
    WHERE e.id < :before AND e.at >= :since AND e.at < :until
      AND (:type::text IS NULL OR e.type = :type) AND (:person_id::uuid IS NULL OR e.person_id = :person_id)
      AND (:sign_ins::bool OR e.type NOT IN ({_SIGN_INS}))
      AND (:about_any::bool
           OR e.subject_id IN (SELECT id FROM ticket WHERE id = :ticket_id OR no = ANY(:ticket_numbers::text[])))
      AND (e.person_id IN (SELECT person_id FROM select_post WHERE is_office)
           OR e.person_id IN (SELECT n.id FROM person n JOIN select_organisation o ON o.id = n.organisation_id)
           OR e.subject_id IN (SELECT id FROM select_post)
           OR e.subject_id IN (SELECT id FROM select_organisation)
           OR e.subject_id IN (
               SELECT id FROM place WHERE level IN ('street', 'community') AND path && :place_ids::uuid[])
           OR (e.type IN ('code_replaced', 'robot_set', 'robot_removed', 'robot_disabled')
               AND e.subject_id IN (SELECT id FROM place WHERE path && :place_ids::uuid[]))
           OR (e.type LIKE 'content%' AND EXISTS (
               SELECT FROM ticket t WHERE t.id = e.subject_id
                 AND (t.community_id = ANY (:place_ids::uuid[]) OR t.street_id = ANY (:place_ids::uuid[]))))
           OR cardinality(:home_ids::uuid[]) > 0 AND EXISTS (
               SELECT FROM person n LEFT JOIN place h ON h.id = n.home_id
               WHERE n.id = e.person_id AND n.organisation_id IS NULL
                 AND n.id NOT IN (SELECT person_id FROM select_holder)
                 AND NOT EXISTS (
                     SELECT FROM ticket t WHERE t.reporter_id = n.id AND t.anonymous
                       AND t.created_at BETWEEN e.at - interval '1 day' AND e.at + interval '1 day')
                 AND coalesce(
                     coalesce(h.path, (
                         SELECT ARRAY[(x.data ->> 'street')::uuid] FROM audit x
                         WHERE n.erased_at IS NOT NULL AND x.person_id = n.id AND x.type = 'erased'
                           AND x.data ? 'street' LIMIT 1)) && :home_ids::uuid[],
                     :is_street_admin::bool))
           OR (:is_street_admin AND e.person_id IS NULL AND e.type IN ('sign_in_failed', 'scan_begun')))
    ORDER BY e.id DESC LIMIT :limit
)
SELECT e.*, n.name, held.role, held.title, held.level, held.path, coalesce(held.unit, o.name) AS unit,
       about.role AS subject_role, about.title AS subject_title, about.level AS subject_level, about.path AS subject_path,
       coalesce(t.no, s.label, company.name, about.unit) AS subject
FROM select_page e
LEFT JOIN person n ON n.id = e.person_id
LEFT JOIN organisation o ON o.id = n.organisation_id
LEFT JOIN LATERAL (
    SELECT p.role, p.title, u.level, u.path, coalesce(u.label, c.name) AS unit FROM post p
    LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation c ON c.id = p.organisation_id
    WHERE p.person_id = e.person_id AND p.role <> 'steward'
    ORDER BY p.created_at <= e.at AND (p.ended_at IS NULL OR p.ended_at >= e.at) DESC, p.id LIMIT 1
) held ON true
LEFT JOIN LATERAL (
    SELECT p.role, p.title, u.level, u.path, coalesce(u.label, c.name) AS unit FROM post p
    LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation c ON c.id = p.organisation_id
    WHERE p.id = e.subject_id
) about ON true
LEFT JOIN ticket t ON t.id = e.subject_id
LEFT JOIN place s ON s.id = e.subject_id
LEFT JOIN organisation company ON company.id = e.subject_id
ORDER BY e.id DESC
""")


def _serialize(row: AuditRow, catalogue: Catalogue) -> AuditOut:
    return AuditOut(
        id=row["id"],
        at=row["at"],
        type=row["type"],
        label=words.say(LABELS[row["type"]]) if row["type"] in LABELS else row["type"],
        person=_person(row["person_id"], row, catalogue),
        subject_id=row["subject_id"],
        subject=_subject(row, catalogue),
        address=row["address"],
        data=row["data"] or {},
    )


def _person(person_id: UUID | None, row: AuditRow, catalogue: Catalogue) -> AuditPersonOut | None:
    if person_id is None:
        return None
    post = row["unit"]
    if row["role"] and post:
        named = NamedPost.of(row["role"], row["level"], row["path"], row["title"])
        post = words.translate(catalogue.post_label(named, post))
    return AuditPersonOut(id=person_id, name=row["name"] if post else None, post=post or words.say(RESIDENT))


def _subject(row: AuditRow, catalogue: Catalogue) -> str | None:
    if not (row["subject_role"] and row["subject"]):
        return row["subject"]
    named = NamedPost.of(row["subject_role"], row["subject_level"], row["subject_path"], row["subject_title"])
    return words.translate(catalogue.post_label(named, row["subject"]))
