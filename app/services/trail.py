"""Reading the audit trail, inside the caller's scope.

In scope are entries by those who hold or held a post within the place somebody oversees, agents of companies serving it
included, what was done with these companies' API keys, and entries about these posts and companies. Residents' own sign-ins are nobody's business: they are not.
Sign-ins that failed belong to nobody known; the admins of a street see them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Forbidden
from app.models.audit import AuditOut
from app.models.post import PersonRef
from app.rules.access import Actor
from app.services import catalogue
from app.services.notices import before
from app.words import Level, Role

OVERSEE: Final = frozenset({Role.COMMUNITY, Role.STREET, Role.AUDITOR, Role.ADMIN})

# What an entry's type says to people.
LABEL: Final[dict[str, str]] = {
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
    "absence_set": "标记不在岗",
    "absence_ended": "恢复在岗",
    "post_ended": "岗位终止",
    "organisation_added": "新增单位",
    "organisation_changed": "修改单位",
    "setting_changed": "修改时限、节假日或工作时间",
    "grids_cut": "调整网格",
    "post_bound": "按已验证的手机号绑定岗位",
    "scan_begun": "打开扫码登录",
    "scan_approved": "确认扫码登录",
    "exported": "导出个人数据",
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
}

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; `since` included, `until` not."""

    type: str | None = None
    person_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 20
    cursor: str | None = None


def overseen(actor: Actor) -> list[UUID]:
    """Return the places somebody oversees; Forbidden for who oversees none."""
    places = actor.units(OVERSEE)
    if not places:
        raise Forbidden
    return places


async def page(actor: Actor, wanted: Wanted) -> tuple[list[AuditOut], str | None]:
    """Return one page, newest first; what lies outside the caller's scope is not there."""
    rows = await db.fetch(
        _PAGE,
        overseen(actor),
        before(wanted.cursor),
        wanted.type,
        wanted.person_id,
        _bounded(wanted.since or _EARLIEST),
        _bounded(wanted.until or _LATEST),
        await _sees_nobodys(actor),
        wanted.limit + 1,
    )
    items = [_entry(row) for row in rows[: wanted.limit]]
    return items, str(items[-1].id) if len(rows) > wanted.limit else None


def _bounded(moment: datetime) -> datetime:
    """Return a moment the database can hold."""
    return max(_EARLIEST, min(moment, _LATEST))


async def _sees_nobodys(actor: Actor) -> bool:
    known = await catalogue.refresh()
    units = [known.units.get(place) for place in actor.units(frozenset({Role.ADMIN}))]
    return any(unit is not None and unit.level is Level.STREET for unit in units)


# An id is made with its entry's time: the primary key, walked backwards, is newest first.
_PAGE: Final = """
WITH within AS MATERIALIZED (
    SELECT p.id, p.person_id, p.organisation_id FROM post p LEFT JOIN place u ON u.id = p.place_id
    WHERE u.path && $1::uuid[] OR EXISTS (
        SELECT FROM service_area a JOIN place s ON s.id = a.place_id
        WHERE a.organisation_id = p.organisation_id AND s.path && $1::uuid[])
), served AS MATERIALIZED (
    SELECT a.organisation_id AS id FROM service_area a JOIN place s ON s.id = a.place_id WHERE s.path && $1::uuid[]
)
SELECT e.*, n.name FROM audit e LEFT JOIN person n ON n.id = e.person_id
WHERE e.id < $2 AND e.at >= $5 AND e.at < $6
  AND ($3::text IS NULL OR e.type = $3) AND ($4::uuid IS NULL OR e.person_id = $4)
  AND (e.person_id IN (SELECT person_id FROM within)
       OR e.person_id IN (SELECT n.id FROM person n JOIN served s ON s.id = n.organisation_id) OR e.subject_id IN (SELECT id FROM within)
       OR e.subject_id IN (SELECT id FROM served)
       OR (e.type = 'grids_cut' AND e.subject_id IN (SELECT id FROM place WHERE level = 'community' AND path && $1::uuid[]))
       OR ($7 AND e.type = 'sign_in_failed' AND e.person_id IS NULL))
ORDER BY e.id DESC LIMIT $8
"""


def _entry(row: Any) -> AuditOut:
    return AuditOut(
        id=row["id"],
        at=row["at"],
        type=row["type"],
        label=LABEL.get(row["type"], row["type"]),
        person=PersonRef(id=row["person_id"], name=row["name"]) if row["person_id"] else None,
        subject_id=row["subject_id"],
        address=row["address"],
        data=row["data"] or {},
    )
