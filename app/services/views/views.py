"""Saving, listing, changing and deleting views. A view of an office may be changed by whoever holds a post there."""

from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, NotFound, StaleSettings
from app.models.view import ViewChangeIn, ViewIn, ViewOut
from app.rules.access import STAFF, Actor
from app.services import idempotency, setup
from app.services.idempotency import IdempotencyKey
from app.services.pagination import cursor_before, page_of
from app.services.views.opening import open_columns, open_query
from app.sql import Statement

MAX_VIEWS: Final = 100  # of one person
_SCOPE: Final = "(person_id = :person_id OR unit_id = ANY (:units::uuid[]))"
_PAGE: Final = Statement(
    f"SELECT * FROM saved_view WHERE {_SCOPE} AND id < :before ORDER BY id DESC LIMIT :limit"
)
_LOAD: Final = Statement(f"SELECT * FROM saved_view WHERE {_SCOPE} AND id = :view_id")


def _scope(actor: Actor) -> dict[str, Any]:
    return {"person_id": actor.person_id, "units": actor.units(STAFF)}


async def view_page(actor: Actor, limit: int, cursor: str | None) -> tuple[list[ViewOut], str | None]:
    """Return a page of one's own views and those of one's offices, newest first, and the next cursor."""
    rows = await db.execute(_PAGE, before=cursor_before(cursor), limit=limit + 1, **_scope(actor))
    page, next_cursor = page_of(rows, limit)
    return [await _serialize(actor, row) for row in page], next_cursor


async def load_view(actor: Actor, view_id: UUID) -> ViewOut:
    """Return a view as it can be opened today. Raises NotFound for somebody else's."""
    row = await db.execute_one(_LOAD, view_id=view_id, **_scope(actor))
    if row is None:
        raise NotFound
    return await _serialize(actor, row)


async def create_view(actor: Actor, form: ViewIn, key: str | None) -> tuple[ViewOut, bool]:
    """Save a view, once per idempotency key; return it, and whether this repeats an earlier request."""

    async def insert(bound: IdempotencyKey | None) -> UUID:
        await _require_openable(form.query, form.columns)
        row = await db.execute_one(
            _INSERT,
            view_id=ids.new(),
            actor_id=actor.person_id,
            unit_id=_office(actor) if form.shared else None,
            name=form.name,
            query=form.query,
            columns=form.columns,
            max=MAX_VIEWS,
            now=clock.now(),
            **idempotency.key_values(bound),
        )
        if row is None:
            raise Conflict(f"最多保存{MAX_VIEWS}个视图，请先删除不用的")
        return UUID(str(row["id"]))

    return await idempotency.create_once(
        actor, key, "view", form, insert, lambda view_id: load_view(actor, view_id)
    )


_INSERT: Final = Statement(f"""
WITH insert_view AS (
    INSERT INTO saved_view (id, person_id, unit_id, name, query, columns, changed_at)
    SELECT :view_id, :actor_id, :unit_id::uuid, :name, :query, :columns::text[], :now
    WHERE (SELECT count(*) FROM saved_view WHERE person_id = :actor_id) < :max
    RETURNING id
), insert_key AS ({idempotency.insert_key("insert_view")})
SELECT id FROM insert_view
""")


def _office(actor: Actor) -> UUID:
    """Return the unit whose a shared view is: that of the first of one's posts."""
    return actor.units(STAFF)[0]


async def _require_openable(query: str | None, columns: list[str] | None) -> None:
    """Raise Invalid for filters or columns that a list does not have today."""
    if query and (dropped := (await open_query(query))[1]):
        raise Invalid.at("/query", dropped[0])
    if columns and (dropped := open_columns(columns)[1]):
        raise Invalid.at("/columns", dropped[0])


async def change_view(actor: Actor, view: ViewOut, form: ViewChangeIn) -> ViewOut:
    """Change what the form gives. Raises Invalid, StaleSettings when somebody was faster."""
    await _require_openable(form.query, form.columns)
    given = form.model_dump(include=form.model_fields_set - {"version", "shared"})
    values = {"name": None, "query": None, "columns": None} | given
    row = await db.execute_one(
        _UPDATE,
        view_id=view.id,
        version=form.version,
        shared=form.shared,
        unit_id=_office(actor),
        now=clock.now(),
        **values,
    )
    if row is None:
        now = await load_view(actor, view.id)
        raise StaleSettings(version=now.version)
    return await load_view(actor, view.id)


_UPDATE: Final = Statement("""
UPDATE saved_view SET name = coalesce(:name, name), query = coalesce(:query, query),
    columns = coalesce(:columns::text[], columns), version = version + 1, changed_at = :now,
    unit_id = CASE WHEN :shared::bool THEN coalesce(unit_id, :unit_id::uuid) WHEN NOT :shared::bool THEN NULL ELSE unit_id END
WHERE id = :view_id AND version = :version RETURNING id
""")


async def delete_view(view: ViewOut) -> None:
    """Delete a view."""
    await db.execute(_DELETE, view_id=view.id)


_DELETE: Final = Statement("DELETE FROM saved_view WHERE id = :view_id")


async def _serialize(actor: Actor, row: Any) -> ViewOut:
    query, dropped = await open_query(row["query"])
    columns, dropped_columns = open_columns(row["columns"])
    unit = (await setup.current_catalogue()).units.get(row["unit_id"])
    return ViewOut(
        id=row["id"],
        name=row["name"],
        query=query,
        columns=columns,
        shared=row["unit_id"] is not None,
        office=unit and unit.label,
        mine=row["person_id"] == actor.person_id,
        dropped=[*dropped, *dropped_columns],
        version=row["version"],
        changed_at=row["changed_at"],
    )
