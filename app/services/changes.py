"""Tickets by their last change, oldest first, for who keeps a copy: nothing is skipped, whatever commits when.

An act writes its transaction's number into the ticket. Numbers are given when a transaction begins to write, so a
lower one may commit later; a page therefore ends below the lowest one still under way.
"""

from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.ticket import Wanted
from app.rules.access import Actor
from app.rules.facts import Facts
from app.services import auth, boxes, catalogue, scopes
from app.services.catalogue import Catalogue
from app.services.tickets import SHOWN, Seen, parts_of

WINDOW: Final = 2000  # tickets looked at by one statement
WINDOWS: Final = 10  # statements of one page; the next page goes on where this one stopped
_NOTHING: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far somebody has read: the feed, the transaction, the ticket."""

    feed: int
    tx: int = 0
    ticket_id: UUID = _NOTHING

    def __str__(self) -> str:
        return f"{self.feed:x}.{self.tx:x}.{self.ticket_id.hex}"


@dataclass(frozen=True, slots=True)
class Changes:
    """A page, the cursor of the next one (None: all is read) and the one to come back with later."""

    seen: list[Seen]
    next: str | None
    later: str


async def page(actor: Actor, wanted: Wanted, cursor: str) -> Changes:
    """Return tickets changed after `cursor` ("" for the first time) in the caller's scope, oldest change first."""
    if wanted.q is not None:
        raise Invalid.at("/q", "按变化顺序列出时不能搜索")
    known = await boxes.catalogue_for(wanted)
    mark, found, full = _read(cursor), list[Any](), True
    for _ in range(WINDOWS):
        rows, actor, known = await _window(actor, wanted, mark, known)
        first = rows[0]
        if first["feed"] != mark.feed:
            mark = Mark(first["feed"])  # a first time, or a database restored since: everything is new
            rows, actor, known = await _window(actor, wanted, mark, known)
            first = rows[0]
        found += [row for row in rows if row["id"]]
        full = first["looked"] == WINDOW
        if first["looked"]:
            mark = Mark(mark.feed, first["last_tx"], first["last_id"])
        if len(found) > wanted.limit or not full:
            break
    more = len(found) > wanted.limit
    if more:
        found = found[: wanted.limit]
        mark = Mark(mark.feed, found[-1]["changed_tx"], found[-1]["id"])
    await catalogue.spots(known, {row["place_id"] for row in found})
    seen = [Seen(cast(Facts, row), parts_of(actor, cast(Facts, row)), actor, known) for row in found]
    return Changes(seen, str(mark) if more or full else None, str(mark))


def _read(cursor: str) -> Mark:
    if not cursor:
        return Mark(-1)
    try:
        feed, tx, ticket_id = cursor.split(".")
        mark = Mark(int(feed, 16), int(tx, 16), UUID(ticket_id))
    except ValueError:
        mark = None
    if mark is None or not 0 <= mark.tx < 2**63 or str(mark) != cursor:
        raise Invalid.at("/updated_cursor", "位置无效，请从头开始（留空）")
    return mark


async def _window(
    actor: Actor, wanted: Wanted, mark: Mark, known: Catalogue
) -> tuple[list[Any], Actor, Catalogue]:
    """Look at the next tickets of everybody and return the caller's; once more when the actor had changed."""
    for _ in range(2):
        bounds = (mark.tx, mark.ticket_id, wanted.limit + 1, WINDOW)
        args: list[Any] = [actor.login_id, actor.stamp, *bounds, actor.person_id]
        scope = (
            " OR ".join(_within(source, args) for source in scopes.sources(actor, wanted, known)) or "false"
        )
        rows = await db.fetch(_CHANGED.format(scope=scope, filters=scopes.filters(wanted, args)), *args)
        known = await catalogue.current(rows[0]["setup_version"])
        if rows[0]["live"]:
            break
        actor = await auth.read(actor.login_id)
    return rows, actor, known


def _within(source: scopes.Source, args: list[Any]) -> str:
    column, identifiers, extra = source
    args.append(identifiers)
    if column in scopes.LOOKED_UP:
        args[-1] = identifiers[0] if identifiers else []
        return f"({column.format(n=len(args))})"
    return f"({column} = ANY (${len(args)}::uuid[]){extra})"


_CHANGED: Final = (
    """
WITH looked AS MATERIALIZED (
    SELECT * FROM ticket WHERE (changed_tx, id) > ($3::bigint, $4::uuid)
       AND changed_tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY changed_tx, id LIMIT $6
), last AS (
    SELECT changed_tx, id FROM looked ORDER BY changed_tx DESC, id DESC LIMIT 1
)
SELECT t.*, """
    + SHOWN.format(person="$7")
    + """, s.version AS setup_version, s.feed,
       (SELECT count(*) FROM looked) AS looked, last.changed_tx AS last_tx, last.id AS last_id,
       EXISTS (SELECT FROM login l JOIN person p ON p.id = l.person_id
               WHERE l.id = $1 AND l.revoked_at IS NULL AND p.stamp = $2) AS live
FROM setup s LEFT JOIN last ON true
LEFT JOIN (SELECT * FROM looked AS ticket WHERE ({scope}){filters} ORDER BY changed_tx, id LIMIT $5) t ON true
LEFT JOIN person r ON r.id = t.reporter_id
ORDER BY t.changed_tx, t.id
"""
)


async def mend() -> None:
    """Bring numbers of another cluster's transactions, restored into this one, back into this one's order."""
    await db.fetch(_MEND)


_MEND: Final = """
WITH ahead AS (
    UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint
    WHERE changed_tx >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint RETURNING 1
)
UPDATE setup SET feed = 1 + (random() * 2147483646)::int WHERE EXISTS (SELECT FROM ahead)
"""
