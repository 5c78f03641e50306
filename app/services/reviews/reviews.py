"""The queue of held content: read by the posts over its ticket, decided with one act each."""

from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import CheckKind, CheckReason, CheckState, Role
from app.errors import Forbidden, NotFound
from app.labels import CHECK_LABEL, CHECK_LABEL_OTHER, CHECK_REASON, CHECK_STATE
from app.models.content_check import ReviewOut
from app.models.event import PhotoRef
from app.rules.access import Actor
from app.services import audit, setup, tickets
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement

_REVIEWERS: Final = frozenset({Role.COMMUNITY, Role.STREET})


def require_reviewer(actor: Actor) -> None:
    """Raise Forbidden for a caller without a post of a community or street."""
    if not actor.units(_REVIEWERS):
        raise Forbidden("只有社区和街道工作人员可以审核内容")


def _scope(actor: Actor) -> dict[str, list[UUID]]:
    return {
        "communities": actor.units(frozenset({Role.COMMUNITY})),
        "streets": actor.units(frozenset({Role.STREET})),
    }


# Without what was erased meanwhile.
_SELECT: Final = """
SELECT c.id, c.kind, c.photo_id, c.state, c.reason, c.label, c.created_at, t.id AS ticket_id, t.no, t.category, t.place_id,
       CASE c.kind WHEN 'text' THEN r.text WHEN 'note' THEN t.place_note END AS text
FROM content_check c JOIN ticket t ON t.id = c.ticket_id
LEFT JOIN remark r ON r.ticket_id = c.ticket_id AND r.seq = c.seq AND c.kind = 'text'
LEFT JOIN photo p ON p.id = c.photo_id
WHERE (t.community_id = ANY (:communities::uuid[]) OR t.street_id = ANY (:streets::uuid[]))
  AND CASE c.kind WHEN 'photo' THEN p.id IS NOT NULL WHEN 'text' THEN r.text IS NOT NULL ELSE t.place_note IS NOT NULL END
"""
_PAGE: Final = Statement(
    f"{_SELECT} AND c.id < :before AND c.state IN ('review', 'risky') ORDER BY c.id DESC LIMIT :limit"
)
_LOAD: Final = Statement(f"{_SELECT} AND c.id = :review_id")


async def review_page(actor: Actor, limit: int, cursor: str | None) -> tuple[list[ReviewOut], str | None]:
    """Return a page of what waits for a decision in the actor's places, newest first, and the next cursor."""
    rows = await db.execute(_PAGE, before=cursor_before(cursor), limit=limit + 1, **_scope(actor))
    page, next_cursor = page_of(rows, limit)
    return await _serialize(page), next_cursor


async def load_review(actor: Actor, review_id: UUID) -> ReviewOut:
    """Return what a check was about, decided or not. Raises NotFound outside the actor's places."""
    row = await db.execute_one(_LOAD, review_id=review_id, **_scope(actor))
    if row is None:
        raise NotFound
    (review,) = await _serialize([row])
    return review


async def decide(actor: Actor, review_id: UUID, state: CheckState) -> ReviewOut:
    """Release or remove; the last decision of a person stands, whatever WeChat says later."""
    await db.execute(
        _DECISIONS[state],
        review_id=review_id,
        state=state,
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    return await load_review(actor, review_id)


def _decision(type_: str) -> Statement:
    entry = audit.insert_entry(
        type_,
        subject="ticket_id",
        source="decide",
        data="jsonb_build_object('check', id, 'trace_id', trace_id, 'suggest', suggest, 'label', label)",
    )
    return Statement(f"""
WITH decide AS (
    UPDATE content_check SET state = :state, decided_by = :actor_id, decided_at = :now, due_at = NULL
    WHERE id = :review_id AND state <> :state RETURNING *
), insert_audit AS ({entry})
SELECT id FROM decide
""")


_DECISIONS: Final = {
    CheckState.RELEASED: _decision("content_released"),
    CheckState.REMOVED: _decision("content_removed"),
}


async def _serialize(rows: Any) -> list[ReviewOut]:
    catalogue: Catalogue = await setup.current_catalogue()
    places = await setup.place_refs(catalogue, {row["place_id"] for row in rows if row["place_id"]})
    reviews = []
    for row in rows:
        place = places.get(row["place_id"])
        fields: dict[str, Any] = {
            "id": row["id"],
            "kind": CheckKind(row["kind"]),
            "state": CheckState(row["state"]),
            "state_name": CHECK_STATE[CheckState(row["state"])],
            "reason_name": _reason(row["reason"], row["label"]),
            "label": row["label"],
            "at": row["created_at"],
            "ticket_id": row["ticket_id"],
            "no": row["no"],
            "category": catalogue.category_ref(row["category"]),
            "place": place and place.label,
        }
        if row["photo_id"]:
            fields["photo"] = PhotoRef(**tickets.serialize_photos([row["photo_id"]])[0])
        else:
            fields["text"] = row["text"]
        reviews.append(ReviewOut.model_validate(fields))
    return reviews


def _reason(reason: str | None, label: int | None) -> str:
    if reason is not None:
        return CHECK_REASON[CheckReason(reason)]
    return CHECK_LABEL.get(label or 0, CHECK_LABEL_OTHER)
