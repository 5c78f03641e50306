"""Disputes as the API answers them, and as numbers for who may not see one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app import db, words
from app.enums import SHANGHAI, DisputeSort, Level, SubjectKind
from app.errors import Forbidden
from app.labels import AGREEMENT_FORM, DISPUTE_SORT
from app.models.dispute import AgreementOut, DisputeCountOut, DisputeCountsOut, DisputeOut
from app.models.figure import PeriodQuery
from app.rules.access import Actor
from app.rules.disputes import LIFE, last_day_for_court
from app.services import encryption, figures
from app.services.subjects.dispute_effects import end_of_day, midnight
from app.services.subjects.encrypted_words import decrypt_words
from app.services.subjects.relationship_out import reads_encrypted, side_out
from app.services.subjects.view import SubjectView
from app.sql import Statement


def dispute_out(view: SubjectView, shared: Mapping[str, Any]) -> DisputeOut:
    """Return a dispute as those see it who are in it."""
    one = view.subject
    reads = reads_encrypted(view)
    own = {side["id"] for side in one["own_sides"]}
    named = [_named(side) if reads else side for side in one["sides"]]
    return DisputeOut(
        **{**shared, "text": decrypt_words(one["sealed"]).get("text") if reads else None},
        kind=one["sort"],
        kind_name=words.say(DISPUTE_SORT[one["sort"]]),
        sides=[side_out(side, view.catalogue, mine=side["id"] in own) for side in named],
        agreement=agreement_of(view) if reads else None,
        visited_at=one["visited_at"],
    )


def _named(side: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a side under the name that was given for it, if one was."""
    if side["sealed"] is None:
        return side
    ciphertext = bytes.fromhex(side["sealed"].removeprefix("\\x"))  # as JSON has bytes
    return {**side, "label": encryption.decrypt_if_readable(ciphertext)}


def agreement_of(view: SubjectView) -> AgreementOut | None:
    """Return the agreement of a dispute, None before there is one or once its words are deleted."""
    one = view.subject
    said = decrypt_words(one["settled_sealed"])
    if "form" not in said:
        return None
    began: datetime = one["starts_at"]
    effective_on = began.astimezone(SHANGHAI).date()
    return AgreementOut(
        **said,
        form_name=words.say(AGREEMENT_FORM[said["form"]]),
        effective_on=effective_on,
        court_until=last_day_for_court(effective_on),
    )


async def count_disputes(actor: Actor, query: PeriodQuery) -> DisputeCountsOut:
    """Return how many disputes a community or street has had: all that its staff and the auditor learn of them.

    Raises NotFound outside the caller's scope, Forbidden below a community, Invalid for a bad period.
    """
    place = await figures.figure_place(actor, query.place_id)
    if place.level not in {Level.STREET, Level.COMMUNITY}:
        raise Forbidden("调解事项只按社区和街道统计")
    first, last, _ = figures.period(query)
    rows = await db.execute(_COUNT, place_id=place.id, since=midnight(first), until=end_of_day(last))
    counts = [
        DisputeCountOut(
            kind=row["sort"],
            kind_name=words.say(DISPUTE_SORT[DisputeSort(row["sort"])]),
            status=row["status"],
            status_name=words.say(LIFE.statuses[row["status"]]),
            n=row["n"],
        )
        for row in rows
    ]
    return DisputeCountsOut(total=sum(count.n for count in counts), since=first, until=last, rows=counts)


_COUNT: Final = Statement(f"""
SELECT sort, status, count(*)::int AS n FROM subject
WHERE kind = '{SubjectKind.DISPUTE}' AND :place_id::uuid IN (community_id, street_id)
  AND created_at >= :since AND created_at < :until GROUP BY sort, status ORDER BY sort, status
""")
