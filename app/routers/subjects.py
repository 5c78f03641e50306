"""Routes of the common life's nouns: the same list, detail, timeline and acts for each kind of subject."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.deps import (
    AuthRoute,
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    StaffRoute,
    mark_replayed,
    refuses,
)
from app.enums import SubjectKind
from app.models.fields import RelativeDay, Strict, Text
from app.models.subject import SubjectEventOut
from app.routers.subject_routes import (
    SubjectActionRoute,
    SubjectRoute,
    SubjectWriteRoute,
    identifier_of,
    subject_router,
)
from app.rules.lives import LIVES
from app.rules.subjects import SubjectPart
from app.services import subjects
from app.services.subjects import SHAPES, SubjectFilter

ROUTERS: list[APIRouter] = []


def _router(kind: SubjectKind, route_class: type[AuthRoute]) -> APIRouter:
    router = subject_router(kind, route_class)
    ROUTERS.append(router)
    return router


def _sort_reader(sorts: Any) -> Callable[..., Awaitable[tuple[str, ...]]]:
    """Return the dependency that reads the filter `kind`; of a kind of subject without sorts there is none."""
    if sorts is None:

        async def read_none() -> tuple[str, ...]:
            return ()

        return read_none

    async def read(kind: Annotated[list[sorts], Query(max_length=20)] = []) -> tuple[str, ...]:  # noqa: B006 - FastAPI copies it
        return tuple(kind)

    return read


def _add_list(kind: SubjectKind) -> None:
    """Add the list of a kind."""
    shapes, label = SHAPES[kind], LIVES[kind].label
    chosen: Any = Depends(_sort_reader(shapes.sorts))

    async def page(
        actor: CurrentActor,
        sort: Annotated[tuple[str, ...], chosen],
        status: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
        place_id: UUID | None = None,
        source_id: Annotated[UUID | None, Query(description="What they came from.")] = None,
        outcome_id: Annotated[
            UUID | None, Query(description="What they led to: a topic, a project, a ticket.")
        ] = None,
        created_from: Annotated[
            RelativeDay | None, Query(description="Written down from that day on; of activities: beginning.")
        ] = None,
        created_to: RelativeDay | None = None,
        solved: Annotated[
            bool | None, Query(description="Of opinions: what they led to is done, or not yet.")
        ] = None,
        mine: bool = False,
        overdue: bool = False,
        to_tell: Annotated[
            bool, Query(description="Of opinions: staff have yet to tell whoever said it what became of it.")
        ] = False,
        venue: Annotated[
            Text | None, Query(max_length=60, description="Of activities: in that room.")
        ] = None,
        series: Annotated[
            UUID | None, Query(description="Of activities: the runs of that course, named by its first.")
        ] = None,
        one_a_series: Annotated[
            bool, Query(description="Of activities: a course once, however many runs it has.")
        ] = False,
        q: Annotated[
            Text | None,
            Query(
                max_length=100,
                description="Neighbouring characters of its title, text or result; staff find reservations by name, too.",
            ),
        ] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Any]:
        wanted = SubjectFilter(
            status=tuple(status),
            sort=sort,
            place_id=place_id,
            source_id=source_id,
            outcome_id=outcome_id,
            first_day=created_from,
            last_day=created_to,
            solved=solved,
            mine=mine,
            overdue=overdue,
            to_tell=to_tell,
            venue=venue,
            series=series,
            one_a_series=one_a_series,
            q=q,
        )
        views, next_cursor = await subjects.subject_page(actor, kind, wanted, limit, cursor)
        return Page(items=[subjects.serialize(view) for view in views], next=next_cursor)

    _router(kind, AuthRoute).add_api_route(
        "",
        page,
        methods=["GET"],
        name=f"{kind}_page",
        summary=f"{label}列表",
        description="List those in the caller's scope, newest first. Residents see what is public where they live.",
        response_model=Page[shapes.out],  # type: ignore[name-defined]  # the shape of this kind
    )


def _add_new(kind: SubjectKind) -> None:
    """Add the route that creates one."""
    shapes, label = SHAPES[kind], LIVES[kind].label
    shape: Any = shapes.new

    async def create(form: shape, actor: CurrentActor, key: IdempotencyKey, response: Response) -> Any:
        view, replayed = await subjects.create(actor, kind, form, key)
        mark_replayed(response, replayed=replayed)
        return await subjects.serialize_one(view)

    open_to_residents = not LIVES[kind].creators.isdisjoint(
        {SubjectPart.RESIDENT, SubjectPart.COMPANY, SubjectPart.SIDE, SubjectPart.PARTY}
    )
    _router(kind, SubjectWriteRoute if open_to_residents else StaffRoute).add_api_route(
        "",
        create,
        methods=["POST"],
        status_code=201,
        name=f"{kind}_create",
        summary=f"新建{label}",
        response_model=shapes.out,
        responses=refuses(403, 409, 410, 429),
    )


def _add_one(kind: SubjectKind) -> None:
    """Add the routes that read one and its timeline."""
    shapes, label = SHAPES[kind], LIVES[kind].label
    identifier: Any = identifier_of(kind)

    async def read(subject_id: identifier, request: Request) -> Any:  # noqa: ARG001 - declared for OpenAPI
        return await subjects.serialize_one(request.state.subject)

    async def events(
        subject_id: identifier,  # noqa: ARG001 - as above
        request: Request,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Page[SubjectEventOut]:
        items, next_cursor = await subjects.event_page(request.state.subject, limit, cursor)
        return Page(items=items, next=next_cursor)

    router = _router(kind, SubjectRoute)
    router.add_api_route(
        f"/{{{kind}_id}}",
        read,
        methods=["GET"],
        name=f"{kind}_read",
        summary=label,
        response_model=shapes.out,
    )
    router.add_api_route(
        f"/{{{kind}_id}}/events",
        events,
        methods=["GET"],
        name=f"{kind}_events",
        summary=f"{label}的经过",
        description="Read the timeline, oldest first.",
    )


def _add_act(kind: SubjectKind, action: str, body: type[Strict]) -> None:
    """Add the route of an action."""
    shape: Any = body
    identifier: Any = identifier_of(kind)

    async def act(
        subject_id: identifier,  # noqa: ARG001 - as above
        form: shape,
        request: Request,
        key: IdempotencyKey,
        response: Response,
    ) -> Any:
        view = await subjects.perform(request.state.subject, action, form, key)
        mark_replayed(response, replayed=view.replayed)
        return await subjects.serialize_one(view)

    _router(kind, SubjectActionRoute).add_api_route(
        f"/{{{kind}_id}}/{action}",
        act,
        methods=["POST"],
        name=f"{kind}_{action}",
        summary=f"{LIVES[kind].moves[action].label} ({action})",
        response_model=SHAPES[kind].out,
    )


for _kind in SubjectKind:
    _add_list(_kind)
    _add_new(_kind)
    _add_one(_kind)
    for _action, _body in SHAPES[_kind].bodies.items():
        _add_act(_kind, _action, _body)
