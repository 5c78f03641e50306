"""The feed of changes: tickets by their last change, oldest first, for clients that keep a copy. No change is skipped.

Each act writes the number of its transaction into the ticket. PostgreSQL assigns numbers when transactions start to
write, so a lower number may commit after a higher one. A page therefore stops below the lowest number in progress.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.ticket import TicketQuery
from app.rules.access import Actor
from app.services import auth, setup
from app.services.setup import Catalogue
from app.services.tickets.lists import filters, inbox, scope
from app.services.tickets.view import VIEW_COLUMNS, TicketView

WINDOW: Final = 2000  # tickets scanned by one statement
WINDOWS: Final = 10  # statements per page; the next page continues where this one stopped
_NO_ID: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Position:
    """A position in the feed, as its cursor stores it: the feed's number, and the last transaction and ticket read."""

    feed: int
    tx: int = 0
    ticket_id: UUID = _NO_ID

    def __str__(self) -> str:
        return f"{self.feed:x}.{self.tx:x}.{self.ticket_id.hex}"


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page, the cursor of the next page (None at the end), and the cursor to continue with later."""

    views: list[TicketView]
    next: str | None
    updated_cursor: str


async def changes_page(actor: Actor, query: TicketQuery, cursor: str) -> ChangesPage:
    """Return tickets of the caller's scope that changed after `cursor` ("" to start), oldest change first."""
    if query.q is not None:
        raise Invalid.at("/q", "按变化顺序列出时不能搜索")
    if query.cell is not None:
        raise Invalid.at("/cell", "统计里的清单不能按变化顺序列出")
    catalogue = await inbox.catalogue_for(query)
    position, changed_rows, full = _parse(cursor), list[Any](), True
    for _ in range(WINDOWS):
        rows, actor, catalogue = await _fetch_window(actor, query, position, catalogue)
        first = rows[0]
        if first["feed"] != position.feed:
            # A new client, or the database was restored from a backup: start from the beginning.
            position = Position(first["feed"])
            rows, actor, catalogue = await _fetch_window(actor, query, position, catalogue)
            first = rows[0]
        changed_rows += [row for row in rows if row["id"]]
        full = first["window_size"] == WINDOW
        if first["window_size"]:
            position = Position(position.feed, first["last_tx"], first["last_id"])
        if len(changed_rows) > query.limit or not full:
            break
    more = len(changed_rows) > query.limit
    if more:
        changed_rows = changed_rows[: query.limit]
        position = Position(position.feed, changed_rows[-1]["changed_tx"], changed_rows[-1]["id"])
    return ChangesPage(
        await inbox.views_of(changed_rows, actor, catalogue),
        str(position) if more or full else None,
        str(position),
    )


def _parse(cursor: str) -> Position:
    if not cursor:
        return Position(-1)
    try:
        feed, tx, ticket_id = cursor.split(".")
        position = Position(int(feed, 16), int(tx, 16), UUID(ticket_id))
    except ValueError:
        position = None
    if position is None or not 0 <= position.tx < 2**63 or str(position) != cursor:
        raise Invalid.at("/updated_cursor", "位置无效，请从头开始（留空）")
    return position


async def _fetch_window(
    actor: Actor, query: TicketQuery, position: Position, catalogue: Catalogue
) -> tuple[list[Any], Actor, Catalogue]:
    """Scan the next tickets and return those in the caller's scope, with the current actor and catalogue.

    Runs again if the actor had changed since it was cached.
    """
    for _ in range(2):
        bounds = (position.tx, position.ticket_id, query.limit + 1, WINDOW)
        args: list[Any] = [actor.login_id, actor.auth_version, *bounds, actor.person_id]
        scope_sql = (
            " OR ".join(_scope_sql(source, args) for source in scope.sources(actor, query, catalogue))
            or "false"
        )
        rows = await db.fetch(
            _CHANGES.format(scope=scope_sql, filters=filters.conditions(query, catalogue, args)), *args
        )
        catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
        if rows[0]["session_valid"]:
            break
        actor = await auth.load_actor(actor.login_id)
    return rows, actor, catalogue


def _scope_sql(source: scope.Source, args: list[Any]) -> str:
    column, identifiers, extra = source
    args.append(identifiers)
    if column in scope.LOOKUPS:
        args[-1] = identifiers[0] if identifiers else []
        return f"({column.format(n=len(args))}{extra})"
    return f"({column} = ANY (${len(args)}::uuid[]){extra})"


_CHANGES: Final = (
    """
WITH ticket_window AS MATERIALIZED (
    SELECT * FROM ticket WHERE (changed_tx, id) > ($3::bigint, $4::uuid)
       AND changed_tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY changed_tx, id LIMIT $6
), last_ticket AS (
    SELECT changed_tx, id FROM ticket_window ORDER BY changed_tx DESC, id DESC LIMIT 1
)
SELECT t.*, """
    + VIEW_COLUMNS.format(person="$7")
    + """, s.version AS setup_version, s.feed,
       (SELECT count(*) FROM ticket_window) AS window_size, l.changed_tx AS last_tx, l.id AS last_id,
       EXISTS (SELECT FROM login JOIN person p ON p.id = login.person_id
               WHERE login.id = $1 AND login.revoked_at IS NULL AND p.stamp = $2) AS session_valid
FROM setup s LEFT JOIN last_ticket l ON true
LEFT JOIN (SELECT * FROM ticket_window AS ticket WHERE ({scope}){filters} ORDER BY changed_tx, id LIMIT $5) t ON true
LEFT JOIN person r ON r.id = t.reporter_id
ORDER BY t.changed_tx, t.id
"""
)
