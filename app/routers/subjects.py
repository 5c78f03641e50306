"""Routes of the common life's nouns: the same list, detail, timeline and acts for each kind of subject."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.deps import (
    API,
    AuthRoute,
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    StaffRoute,
    mark_replayed,
    path_id,
    refuses,
    require_consent,
)
from app.enums import ActivitySort, CareNeed, Level, Scope, SubjectKind
from app.models.activity import AttendanceOut, DoorOut
from app.models.dispute import DisputeCountsOut, MediatorOut
from app.models.fields import QueryTimestamp, RelativeDay, Strict, Text
from app.models.figure import PeriodQuery
from app.models.offer import ReservationOut
from app.models.relationship import CallAllIn, VisitsDueOut
from app.models.subject import SubjectEventOut
from app.models.ticket import PhoneOut
from app.routers.figures import FigureRoute
from app.rules import subjects as rules
from app.rules.access import Actor
from app.rules.lives import LIVES
from app.rules.subjects import SubjectPart
from app.services import subjects
from app.services.subjects import SHAPES, SubjectFilter, SubjectView


class SubjectWriteRoute(AuthRoute):
    """A route that writes for a person who has agreed to the current privacy guide."""

    async def authorize(self, request: Request) -> Actor:
        return await require_consent(await super().authorize(request))


class SubjectRoute(AuthRoute):
    """A route about one subject, loaded in the caller's scope. The first part of its path names the kind."""

    async def authorize(self, request: Request) -> Actor:
        actor = await super().authorize(request)
        kind = _KINDS[self.path.removeprefix(f"{API}/").partition("/")[0]]
        request.state.subject = await subjects.load_subject(actor, kind, path_id(request, f"{kind}_id"))
        return actor


class SubjectActionRoute(SubjectRoute):
    """A route that performs on one subject the action its path ends in, for a caller who may ever perform it."""

    refusals = frozenset({409})  # the version is stale, or the status does not allow it

    async def authorize(self, request: Request) -> Actor:
        actor = await super().authorize(request)
        view: SubjectView = request.state.subject
        request.state.actor = actor
        rules.require_permission(view.life, self.path.rpartition("/")[2], view.parts)
        return await require_consent(actor)


_KINDS = {shapes.path: kind for kind, shapes in SHAPES.items()}
ROUTERS: list[APIRouter] = []


# What a company's own system lists and offers, with the scope it needs.
_KEYED: Final = {SubjectKind.OFFER, SubjectKind.RESERVATION}
_KEY_SCOPES: Final = {"GET": Scope.OFFERS, "POST": Scope.OFFERS}


def _router(kind: SubjectKind, route_class: type[AuthRoute], tag: str | None = None) -> APIRouter:
    path = SHAPES[kind].path
    if kind in _KEYED:
        route_class = type(f"Keyed{route_class.__name__}", (route_class,), {"scopes": _KEY_SCOPES})
    router = APIRouter(prefix=f"{API}/{path}", tags=[tag or path], route_class=route_class)
    ROUTERS.append(router)
    return router


def _identifier(kind: SubjectKind) -> Any:
    """Return the type of the path's parameter, which is named after the kind."""
    return Annotated[UUID, Path(alias=f"{kind}_id")]


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
            Query(max_length=100, description="Neighbouring characters of its title, text or result."),
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
    identifier: Any = _identifier(kind)

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
    identifier: Any = _identifier(kind)

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


def _add_attendance() -> None:
    """Add the list of who attends an activity."""
    identifier: Any = _identifier(SubjectKind.ACTIVITY)

    async def attendance(
        subject_id: identifier,  # noqa: ARG001 - as above
        request: Request,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Page[AttendanceOut]:
        items, next_cursor = await subjects.attendance_page(request.state.subject, limit, cursor)
        return Page(items=items, next=next_cursor)

    _router(SubjectKind.ACTIVITY, SubjectRoute).add_api_route(
        "/{activity_id}/attendance",
        attendance,
        methods=["GET"],
        name="activity_attendance",
        summary="活动名单",
        description="List who signed up, waits or came; for the staff of the place.",
        responses=refuses(403),
    )


def _add_phone() -> None:
    """Add the look-up of who said an opinion that staff wrote down."""
    identifier: Any = _identifier(SubjectKind.OPINION)

    async def phone(subject_id: identifier, request: Request) -> PhoneOut:  # noqa: ARG001 - declared for OpenAPI
        return await subjects.look_up_speaker(request.state.subject)

    _router(SubjectKind.OPINION, SubjectRoute).add_api_route(
        "/{opinion_id}/phone",
        phone,
        methods=["GET"],
        name="opinion_phone",
        summary="说的人的电话",
        description="Read the number that whoever spoke has left, for the staff of the place. Each look-up is recorded.",
        responses=refuses(403, 409),
    )


def _add_due() -> None:
    """Add the list of doors by their last visit. It stands before the routes of one activity, whose paths would match."""

    async def due(
        actor: CurrentActor,
        place_id: Annotated[
            UUID, Query(description="A grid, community or street where the caller works, or below it.")
        ],
        kind: Literal[ActivitySort.VISIT, ActivitySort.CARE] = ActivitySort.VISIT,
        need: CareNeed = CareNeed.OTHER,
        level: Annotated[
            Literal[Level.UNIT, Level.ROOM],
            Query(
                description="Units (buildings without units), with visits of their rooms; or the rooms that are known."
            ),
        ] = Level.UNIT,
        paired: Annotated[
            bool,
            Query(
                description="Only the rooms of households that somebody looks after, due as agreed; for heads and above."
            ),
        ] = False,
        until: Annotated[QueryTimestamp | None, Query(description="Of those: due by then.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[DoorOut]:
        wanted = subjects.DueFilter(
            place_id=place_id, kind=kind, need=need, level=level, paired=paired, until=until
        )
        items, next_cursor = await subjects.due_page(actor, wanted, limit, cursor)
        return Page(items=items, next=next_cursor)

    _router(SubjectKind.ACTIVITY, StaffRoute).add_api_route(
        "/due",
        due,
        methods=["GET"],
        name="activity_due",
        summary="该走访的门户",
        description="List places by their last visit, the one unvisited for longest first, with when each is due.",
        responses=refuses(403, 404),
    )


def _add_scan() -> None:
    """Add the look-up of a reservation by its code. It stands before the routes of one reservation, whose paths would match."""

    async def scan(actor: CurrentActor, code: Annotated[Text, Query(max_length=20)]) -> ReservationOut:
        view = await subjects.reservation_by_code(actor, code)
        found: ReservationOut = subjects.serialize(view)  # type: ignore[assignment]  # of this kind
        return found

    _router(SubjectKind.RESERVATION, AuthRoute).add_api_route(
        "/scan",
        scan,
        methods=["GET"],
        name="reservation_scan",
        summary="扫领取码",
        description="Find the reservation whose code somebody shows, in the caller's scope.",
        responses=refuses(404),
    )


def _add_calls() -> None:
    """Add the call for visits to all households of a unit. It stands before the acts, whose paths would match."""

    async def call(form: CallAllIn, actor: CurrentActor) -> VisitsDueOut:
        return VisitsDueOut(due=await subjects.call_all(actor, form))

    _router(SubjectKind.RELATIONSHIP, StaffRoute).add_api_route(
        "/calls",
        call,
        methods=["POST"],
        name="relationship_calls",
        summary="发起全部结对户的走访",
        description="Have every household of a grid or community that somebody looks after visited until a moment.",
        responses=refuses(403, 404),
    )


def _add_counts() -> None:
    """Add the counts of disputes. They stand before the routes of one dispute, whose paths would match."""

    async def counts(actor: CurrentActor, query: Annotated[PeriodQuery, Query()]) -> DisputeCountsOut:
        return await subjects.count_disputes(actor, query)

    _router(SubjectKind.DISPUTE, FigureRoute).add_api_route(
        "/counts",
        counts,
        methods=["GET"],
        name="dispute_counts",
        summary="调解事项数",
        description="Count the disputes of a community or street by kind and status: all that anybody outside them learns.",
        responses=refuses(403, 404),
    )


def _add_agreement() -> None:
    """Add the page of an agreement, to print and sign."""
    identifier: Any = _identifier(SubjectKind.DISPUTE)

    async def agreement(subject_id: identifier, request: Request) -> HTMLResponse:  # noqa: ARG001 - as above
        return HTMLResponse(
            subjects.agreement_page(request.state.subject),
            headers={"Content-Security-Policy": subjects.POLICY, "Cache-Control": "no-store"},
        )

    _router(SubjectKind.DISPUTE, SubjectRoute).add_api_route(
        "/{dispute_id}/agreement",
        agreement,
        methods=["GET"],
        name="dispute_agreement",
        response_class=HTMLResponse,
        include_in_schema=False,
    )


def _add_mediators() -> None:
    """Add the list of who may mediate a dispute."""
    identifier: Any = _identifier(SubjectKind.DISPUTE)

    async def mediators(
        subject_id: identifier,  # noqa: ARG001 - as above
        request: Request,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> Page[MediatorOut]:
        items, next_cursor = await subjects.mediator_page(request.state.subject, limit, cursor)
        return Page(items=items, next=next_cursor)

    _router(SubjectKind.DISPUTE, SubjectRoute).add_api_route(
        "/{dispute_id}/mediators",
        mediators,
        methods=["GET"],
        name="dispute_mediators",
        summary="可指定的调解员",
        description="List who of the studio mediates or may be named to, without the parties; for who heads it.",
        responses=refuses(403),
    )


_add_due()
_add_scan()
_add_calls()
_add_counts()
for _kind in SubjectKind:
    _add_list(_kind)
    _add_new(_kind)
    _add_one(_kind)
    for _action, _body in SHAPES[_kind].bodies.items():
        _add_act(_kind, _action, _body)
_add_attendance()
_add_phone()
_add_agreement()
_add_mediators()
