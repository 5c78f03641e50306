"""What happens to pairings by other things than acts on them: a visit, a call to a whole unit, a post that ends."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import ActivitySort, Level, SubjectKind
from app.errors import Forbidden, Invalid, NotFound
from app.models.relationship import CallAllIn
from app.rules.access import Actor, Seat
from app.rules.subjects import HEADS, SubjectPart
from app.services import ledger, setup
from app.services.setup import Catalogue
from app.services.subjects.effect import Effect
from app.services.subjects.relationship_effects import called
from app.services.subjects.sides import mark_sides
from app.services.subjects.view import parts_of
from app.sql import Statement

_BATCH: Final = 100
_KIND: Final = SubjectKind.RELATIONSHIP


async def note_visit(fetch: db.Fetch, actor: Actor, visit: Any, part: SubjectPart, seat: Seat | None) -> None:
    """Write into the pairings of a room that it was visited, in the transaction that closes the visit.

    The next visit is due a cadence later, unless the office has called for one meanwhile, which this one came before.
    """
    if visit["sort"] != ActivitySort.CARE:
        return
    for pairing in await fetch(_OF_ROOM.text, visit["place_id"]):
        at: datetime = visit["starts_at"]
        if pairing["visited_at"] is not None and at <= pairing["visited_at"]:
            continue
        changes: dict[str, Any] = {"visited_at": at}
        if pairing["called_at"] is None or at >= pairing["called_at"]:
            changes |= {"due_at": at + timedelta(days=pairing["cadence_days"]), "reminded_at": None}
        effect = Effect(changes, {"activity": str(visit["id"])})
        await _record(fetch, pairing, "visited", effect, actor.person_id, part, seat)


_OF_ROOM: Final = Statement("""
SELECT * FROM subject WHERE kind = 'relationship' AND sort = 'pairing' AND place_id = :place_id
  AND status IN ('active', 'vacant') ORDER BY id FOR UPDATE
""")


async def call_all(actor: Actor, form: CallAllIn) -> int:
    """Call for a visit to all households of a unit that somebody looks after; return how many.

    Raises NotFound for a unit where the caller has no post, Forbidden where they are not its head or above, Invalid.
    """
    catalogue, now = await setup.current_catalogue(), clock.now()
    unit = catalogue.units.get(form.place_id)
    if unit is None or {seat.unit_id for seat in actor.seats}.isdisjoint(unit.path):
        raise NotFound
    part, seat = _caller(actor, unit.id, unit.level, catalogue)
    if form.due_at <= now:
        raise Invalid.at("/due_at", "走访的期限要晚于现在")
    async with db.atomic() as fetch:
        pairings = await fetch(_OF_UNIT.text, form.place_id)
        for pairing in pairings:
            await _record(
                fetch, pairing, "called", called(pairing, form.due_at, now), actor.person_id, part, seat
            )
    return len(pairings)


def _caller(
    actor: Actor, unit_id: UUID, level: Level, catalogue: Catalogue
) -> tuple[SubjectPart, Seat | None]:
    path = catalogue.units[unit_id].path
    where = dict(zip(("street_id", "community_id", "grid_id"), [*path, None, None], strict=False))
    nobody = {"author_id": None, "person_id": None, "place_id": None, "home_path": None, "sort": None}
    parts = parts_of(actor, {**nobody, **where, "kind": _KIND}, catalogue)
    part = next((part for part in parts if part in HEADS), None)
    if part is None or (level is not Level.GRID and part is SubjectPart.HEAD):
        raise Forbidden("只有网格长和社区、街道可以发起走访")
    return part, parts[part]


_OF_UNIT: Final = Statement("""
SELECT * FROM subject WHERE kind = 'relationship' AND sort = 'pairing' AND status IN ('active', 'vacant')
  AND :place_id::uuid IN (grid_id, community_id, street_id) ORDER BY id FOR UPDATE
""")


async def vacate() -> int:
    """Take note of pairings whose helper's post has ended or has nobody any more; return how many. Their offices are told."""
    async with db.atomic() as fetch:
        pairings = await fetch(_WITHOUT_HELPER.text, _BATCH)
        for pairing in pairings:
            await mark_sides(fetch, [str(side) for side in pairing["gone"]], left_at=clock.now())
            changes = {"status": "vacant", "version": pairing["version"] + 1}
            await _record(fetch, pairing, "vacated", Effect(changes), None, SubjectPart.TIMER, None)
    return len(pairings)


_WITHOUT_HELPER: Final = Statement("""
SELECT s.*, ARRAY(SELECT x.id FROM side x JOIN post p ON p.id = x.post_id WHERE x.subject_id = s.id AND x.left_at IS NULL
                  AND x.agreed_at IS NOT NULL AND (p.ended_at IS NOT NULL OR p.person_id IS NULL)) AS gone
FROM subject s WHERE s.kind = 'relationship' AND s.sort = 'pairing' AND s.status = 'active' AND EXISTS (
    SELECT FROM side x JOIN post p ON p.id = x.post_id WHERE x.subject_id = s.id AND x.left_at IS NULL
    AND x.agreed_at IS NOT NULL AND (p.ended_at IS NOT NULL OR p.person_id IS NULL))
ORDER BY s.id LIMIT :limit FOR UPDATE OF s SKIP LOCKED
""")


async def _record(
    fetch: db.Fetch,
    pairing: Any,
    event: str,
    effect: Effect,
    person_id: UUID | None,
    part: SubjectPart,
    seat: Seat | None,
) -> None:
    entry = ledger.Entry(
        ticket_id=pairing["id"],
        seq=pairing["seq"] + 1,
        at=max(clock.now(), pairing["updated_at"]),
        type=f"{_KIND}.{event}",
        part=part,
        person_id=person_id,
        post_id=seat.id if seat else None,
        data=effect.data,
        subject=_KIND,
    )
    await ledger.record_on_subject(fetch, entry, {"status": pairing["status"]} | effect.changes)
