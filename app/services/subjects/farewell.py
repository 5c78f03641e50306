"""What becomes of somebody's places in activities and reservations when they leave: each goes to whoever waits for it."""

from typing import Final

from app import clock, db
from app.enums import SubjectKind
from app.errors import Refusal
from app.models.act import ActIn
from app.models.subject import NothingIn
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
            await perform(view, "cancel_sign_up", NothingIn(), None)
        except Refusal:
            continue
    for row in await db.execute(_RESERVED, person_id=actor.person_id):
        try:
            view = await load_subject(actor, SubjectKind.RESERVATION, row["id"])
            await perform(view, "cancel", ActIn(version=view.subject["version"]), None)
        except Refusal:
            continue


_SIGNED_UP: Final = Statement("""
SELECT a.subject_id FROM attendance a JOIN subject s ON s.id = a.subject_id
WHERE a.person_id = :person_id AND a.status IN ('signed_up', 'waiting') AND s.status = 'published' AND s.ends_at > :now
ORDER BY a.subject_id
""")
_RESERVED: Final = Statement("""
SELECT id FROM subject WHERE author_id = :person_id AND kind = 'reservation' AND status IN ('asked', 'waiting', 'granted')
ORDER BY id
""")
