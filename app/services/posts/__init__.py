"""Posts: who holds which role where, invitations to posts, and who may assign which role."""

from app.services.posts.cards import change_card, public_number
from app.services.posts.changes import end_post, invite_to_post, mark_absent
from app.services.posts.invitations import (
    INVITATION_LIFETIME,
    ROLE_LEVELS,
    find_organisation,
    invitation_code,
    invitation_digest,
    invite_by_name,
    redeem_invitation,
)
from app.services.posts.permissions import (
    PlacePath,
    is_within,
    own_places,
    require_all_within,
    require_may_appoint,
    require_visible,
)
from app.services.posts.posts import PostFilter, post_page, require_may_change_post
from app.services.posts.stand_ins import tell_stand_ins

__all__ = [
    "INVITATION_LIFETIME",
    "ROLE_LEVELS",
    "PlacePath",
    "PostFilter",
    "change_card",
    "end_post",
    "find_organisation",
    "invitation_code",
    "invitation_digest",
    "invite_by_name",
    "invite_to_post",
    "is_within",
    "mark_absent",
    "own_places",
    "post_page",
    "public_number",
    "redeem_invitation",
    "require_all_within",
    "require_may_appoint",
    "require_may_change_post",
    "require_visible",
    "tell_stand_ins",
]
