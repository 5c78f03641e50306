"""Relationships as the API answers them."""

from collections.abc import Mapping
from typing import Any

from app import words
from app.enums import SubjectKind
from app.labels import PAIRING_REASON, RELATIONSHIP_SORT, SIDE_ROLE
from app.models.relationship import RelationshipOut, SideOut, ToAdmitOut
from app.rules import disputes
from app.rules.relationships import READS_REASON
from app.rules.subjects import HEADS
from app.rules.titles import NamedPost
from app.services.setup import Catalogue
from app.services.subjects.encrypted_words import decrypt_words
from app.services.subjects.view import SubjectView


def relationship_out(view: SubjectView, shared: Mapping[str, Any]) -> RelationshipOut:
    """Return a relationship; why it is, only to whom it concerns."""
    one = view.subject
    said = decrypt_words(one["sealed"]) if reads_encrypted(view) else {}
    reason = said.get("reason")
    own = {side["id"] for side in one["own_sides"]}
    names = ("cadence_days", "visited_at", "starts_at", "ends_at")
    return RelationshipOut(
        **{**shared, "text": said.get("text")},
        **{name: one[name] for name in names},
        kind=one["sort"],
        kind_name=words.say(RELATIONSHIP_SORT[one["sort"]]),
        to_admit=_to_admit(view),
        sides=[side_out(side, view.catalogue, mine=side["id"] in own) for side in one["sides"]],
        reason=reason,
        reason_name=reason and words.say(PAIRING_REASON[reason]),
    )


def _to_admit(view: SubjectView) -> list[ToAdmitOut] | None:
    """Return who says they live in the household that is looked after, for those who may admit them."""
    found = view.subject["to_admit"]
    return None if found is None or HEADS.isdisjoint(view.parts) else [ToAdmitOut(**each) for each in found]


def reads_encrypted(view: SubjectView) -> bool:
    """Tell whether the caller reads what is encrypted: of a dispute, whoever is in it."""
    if view.life.kind is SubjectKind.DISPUTE:
        return not disputes.INSIDERS.isdisjoint(view.parts)
    return not READS_REASON.isdisjoint(view.parts)


def side_out(side: Mapping[str, Any], catalogue: Catalogue, *, mine: bool) -> SideOut:
    """Return a side: a post by what its office calls it, everything else by its name."""
    label = side["label"] or ""
    if side["post_role"]:
        named = NamedPost.of(side["post_role"], side["level"], side["path"], side["title"])
        label = words.translate(catalogue.post_label(named, side["unit"] or ""))
    return SideOut(
        role=side["role"],
        role_name=words.say(SIDE_ROLE[side["role"]]),
        label=label,
        agreed_at=side["agreed_at"],
        left_at=side["left_at"],
        mine=mine,
    )
