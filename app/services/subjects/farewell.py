"""What becomes of somebody's places in activities, reservations and relationships when they leave."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from app import clock, db
from app.enums import SideRole, SubjectKind
from app.errors import Refusal
from app.labels import ERASED_PERSON
from app.models.act import ActIn
from app.models.activity import SignUpIn
from app.models.dispute import RecuseIn
from app.models.fields import Strict
from app.models.relationship import EndIn
from app.rules.access import Actor
from app.services.subjects.acts import perform
from app.services.subjects.view import load_subject
from app.sql import Statement


async def free_places(actor: Actor) -> None:
    """Cancel somebody's sign-ups to activities that are still to come, and what they have reserved, as they would themselves.

    What cannot be cancelled any more, since it has begun meanwhile, stays as it is.
    """
    for row in await db.execute(_SIGNED_UP, person_id=actor.person_id, now=clock.now()):
        try:
            view = await load_subject(actor, SubjectKind.ACTIVITY, row["subject_id"])
            await perform(view, "cancel_sign_up", SignUpIn(), None)
        except Refusal:
            continue
    for row in await db.execute(_RESERVED, person_id=actor.person_id):
        try:
            view = await load_subject(actor, SubjectKind.RESERVATION, row["id"])
            await perform(view, "cancel", ActIn(version=view.subject["version"]), None)
        except Refusal:
            continue


async def leave_sides(actor: Actor) -> None:
    """Leave what somebody is in as themselves, as they would. What they do from a post ends with the post: see `pairings`.

    A household is looked after as before: who lives there leaves the program, not the helper.
    """
    for row in await db.execute(_IN_FORCE, person_id=actor.person_id):
        action, said = _LEAVING.get(row["role"], ("end", EndIn))
        try:
            view = await load_subject(actor, SubjectKind(row["kind"]), row["subject_id"])
            await perform(view, action, said(version=view.subject["version"]), None)
        except Refusal:
            continue


_LEAVING: Final[Mapping[str, tuple[str, Callable[..., Strict]]]] = {
    SideRole.PARTY: ("withdraw", EndIn),
    SideRole.MEDIATOR: ("recuse", partial(RecuseIn, text=ERASED_PERSON)),
}
_IN_FORCE: Final = Statement("""
SELECT x.subject_id, s.kind, x.role FROM side x JOIN subject s ON s.id = x.subject_id
WHERE x.person_id = :person_id AND x.left_at IS NULL AND s.ended_at IS NULL AND x.role <> 'household' ORDER BY 1
""")
_SIGNED_UP: Final = Statement("""
SELECT a.subject_id FROM attendance a JOIN subject s ON s.id = a.subject_id
WHERE a.person_id = :person_id AND a.status IN ('signed_up', 'waiting') AND s.status = 'published' AND s.ends_at > :now
ORDER BY a.subject_id
""")
_RESERVED: Final = Statement("""
SELECT id FROM subject WHERE author_id = :person_id AND kind = 'reservation' AND status IN ('asked', 'waiting', 'granted')
ORDER BY id
""")
