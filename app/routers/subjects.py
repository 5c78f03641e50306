"""Routes of the common life's nouns: the same list, detail, timeline and acts for each kind of subject."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

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
from app.models.fields import Strict
from app.models.subject import SubjectEventOut
from app.routers.subject_filters import filter_reader
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


def _add_list(kind: SubjectKind) -> None:
    """Add the list of a kind."""
    shapes, label = SHAPES[kind], LIVES[kind].label
    chosen: Any = Depends(filter_reader(kind))

    async def page(
        actor: CurrentActor,
        wanted: Annotated[SubjectFilter, chosen],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Any]:
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
