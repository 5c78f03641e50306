"""What a handler may ask for, and the routes that authorize their caller before a body is read: 401, 404, 403, then 422."""

import ipaddress
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import Scope as ASGIScope

from app import settings
from app.enums import Scope
from app.errors import BadRequest, ConsentRequired, Forbidden, NotFound, Refusal, Unauthenticated, Unsupported
from app.fast_routes.binding import Readers
from app.fast_routes.dispatch import Handler, direct_handler
from app.labels import SCOPE
from app.models.fields import IN_DIGITS, Documented
from app.rules import lifecycle
from app.rules.access import Actor
from app.services import auth, people, tickets
from app.services.tickets import TicketView

API = "/api/v1"
BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

T = TypeVar("T")
_TICKET_SCOPES: Final = {"GET": Scope.READ, "POST": Scope.WRITE}


def refuses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route whose handler refuses with these statuses; `openapi` knows the others."""
    return {status: {} for status in statuses}


class StrictRoute(APIRoute):
    """A route that refuses what it would not read: a body of another media type; unknown parameters of a write's query."""

    refusals: ClassVar[frozenset[int]] = (
        frozenset()
    )  # the statuses with which the checks of this class refuse

    def get_route_handler(self) -> Handler:
        return self._checked(super().get_route_handler())

    def _checked(self, handler: Handler) -> Handler:
        known = {
            parameter.alias
            for parameter in get_flat_params(self.dependant)
            if isinstance(parameter.field_info, params.Query)
        }
        body = self.body_field and self.body_field.field_info
        accepts = _accepts_form if isinstance(body, params.Form) else _accepts_json

        async def handle(request: Request) -> Response:
            if body is not None and has_body(request.scope):
                accepts(request.headers.get("content-type", ""))
            if request.method not in BODILESS:
                _require_known(request, known)
            return await handler(request)

        return handle


def _accepts_json(content_type: str) -> None:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Unsupported("请用 Content-Type: application/json 提交 JSON")


def _accepts_form(content_type: str) -> None:
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise Unsupported("请用 Content-Type: multipart/form-data 上传")


def _require_known(request: Request, known: set[str]) -> None:
    """Raise Invalid for query parameters that are unknown or come twice: a misspelt `preview` must not write.

    No parameter of a write is a list.
    """
    counts = Counter(name for name, _ in request.query_params.multi_items())
    types = {
        name: "repeated" if name in known else "extra_forbidden"
        for name, count in counts.items()
        if count > 1 or name not in known
    }
    if types:
        errors = [{"type": type_, "loc": ("query", name)} for name, type_ in types.items()]
        raise RequestValidationError(errors)


class AuthRoute(StrictRoute):
    """A route for signed-in callers, whose login is verified in the database.

    API keys need the scope that `scopes` has for the method.
    """

    scopes: ClassVar[Mapping[str, Scope]] = {}  # empty: closed to API keys

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["openapi_extra"] = {"security": [{"bearer": []}]} | (kwargs.get("openapi_extra") or {})
        super().__init__(*args, **kwargs)

    def get_route_handler(self) -> Handler:
        return self._authorized(super().get_route_handler())

    def _authorized(self, handler: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            request.state.actor = await self.authorize(request)
            return await handler(request)

        return handle

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Unauthenticated, NotFound or Forbidden."""
        return await self.check_scope(await auth.verify_token(bearer(request)), request)

    async def check_scope(self, actor: Actor, request: Request) -> Actor:
        """Return the caller. Raises Forbidden for an API key without the scope, once the key is known to be valid."""
        if actor.key is None:
            return actor
        scope = self.scopes.get(request.method)
        if scope not in actor.key.scopes:
            request.state.actor = await auth.load_actor(actor.login_id)
            raise Forbidden(
                f"这个密钥没有权限 {scope}（{SCOPE[scope]}）" if scope else "这里不能用 API 密钥访问"
            )
        return actor


class StaffRoute(AuthRoute):
    """A route for the posts of grids, communities and streets. Writing needs consent to the current privacy guide."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden without such a post."""
        request.state.actor = actor = await super().authorize(request)
        if not actor.is_staff:
            raise Forbidden("只有工作人员可以这样做")
        return await require_consent(actor) if request.method != "GET" else actor


class TicketRoute(AuthRoute):
    """A route about tickets, open to API keys."""

    scopes = _TICKET_SCOPES


class CachedAuthRoute(TicketRoute):
    """A hot route: the caller comes from a cache, and the route's own SQL statement verifies the login.

    Writing needs consent to the current privacy guide.
    """

    fast_handler: Handler | None = None  # for app.fast_routes; None where FastAPI has to resolve a parameter

    def get_route_handler(self) -> Handler:
        direct = direct_handler(self, READERS)
        if direct is None:
            return super().get_route_handler()
        self.fast_handler = self._authorized(self._checked(direct))
        return self.fast_handler

    async def authorize(self, request: Request) -> Actor:
        actor = await self.check_scope(await auth.cached_actor(bearer(request)), request)
        return await require_consent(actor) if request.method != "GET" else actor


class TicketScopedRoute(CachedAuthRoute):
    """A route about one ticket, loaded in the caller's scope."""

    async def authorize(self, request: Request) -> Actor:
        actor = await self.check_scope(await auth.cached_actor(bearer(request)), request)
        ticket_view = await tickets.load_ticket(actor, ticket_id(request))
        request.state.ticket_view = ticket_view
        request.state.actor = actor = ticket_view.actor
        return await require_consent(actor) if request.method != "GET" else actor


class TicketActionRoute(TicketScopedRoute):
    """A route that performs on one ticket the action its path ends in, for a caller who may ever perform it."""

    refusals = frozenset({409})  # the version is stale, or the status does not allow it

    async def authorize(self, request: Request) -> Actor:
        action = self.path.rpartition("/")[2]
        try:
            actor = await super().authorize(request)
            lifecycle.require_permission(action, request.state.ticket_view.parts)
        except (NotFound, Forbidden) as refusal:
            return await self._authorize_repeat(request, refusal)
        return actor

    async def _authorize_repeat(self, request: Request, refusal: Refusal) -> Actor:
        """Let a repeated request through whose first run took the ticket out of the caller's scope.

        Whether it really is a repeat is decided later, by its idempotency key.
        """
        actor = await self.check_scope(await auth.verify_token(bearer(request)), request)
        if key := request.headers.get("idempotency-key"):
            ticket_view = await tickets.view_by_key(actor, key, ticket_id(request))
            if ticket_view:
                request.state.ticket_view = ticket_view
                return actor
        request.state.actor = actor
        raise refusal


def has_body(scope: ASGIScope) -> bool:
    """Tell whether a request has a body that is not empty, as far as its headers say."""
    return scope["method"] not in BODILESS and any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


def bearer(request: Request) -> str:
    """Return the bearer token of a request. Raises Unauthenticated when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token


def path_id(request: Request, parameter: str) -> UUID:
    """Return a UUID of the path. Raises NotFound for what is no UUID."""
    try:
        return UUID(request.path_params[parameter])
    except ValueError:
        raise NotFound from None


def ticket_id(request: Request) -> UUID:
    """Return the ticket of the path. Raises NotFound for what is no UUID."""
    return path_id(request, "ticket_id")


async def require_consent(actor: Actor) -> Actor:
    """Return the caller. Raises ConsentRequired for a person who has not agreed to the current privacy guide."""
    if actor.has_consented_to(people.consent().version):
        return actor
    actor = await auth.load_actor(actor.login_id)
    if not actor.has_consented_to(people.consent().version):
        raise ConsentRequired(version=people.consent().version)
    return actor


def client_address(scope: ASGIScope) -> str:
    """Return the caller's address; `X-Forwarded-For` counts only as far as trusted proxies wrote it."""
    trusted = settings.get().trusted_proxies
    # A proxy may add its hop in a header of its own, below one that the client sent.
    hops = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",") if trusted else []
    address: str = scope["client"][0] if scope.get("client") else "-"
    while hops and _is_in(address, trusted):
        address = hops.pop().strip() or address
    return address[:64]


def _is_in(address: str, networks: tuple[Any, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


# Dependencies are coroutines: FastAPI would run a plain function in another thread, for a third of a request's time.
async def _current_actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


async def _current_ticket(request: Request) -> TicketView:
    ticket_view: TicketView = request.state.ticket_view
    return ticket_view


async def _idempotency_key(
    key: Annotated[
        Annotated[str, Documented(minLength=1, maxLength=255)] | None, Header(alias="Idempotency-Key")
    ] = None,
) -> str | None:
    return idempotency_key(key)


def idempotency_key(key: str | None) -> str | None:
    """Return the header's value, if any. Raises BadRequest for a bad length."""
    if key is not None and not 1 <= len(key) <= 255:
        raise BadRequest("Idempotency-Key 要有 1 到 255 个字符")
    return key


def mark_replayed(response: Response, *, replayed: bool) -> None:
    """Say in a header that an answer repeats what an earlier request with this key wrote."""
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"


CurrentActor = Annotated[Actor, Depends(_current_actor)]
CurrentTicket = Annotated[TicketView, Depends(_current_ticket)]
IdempotencyKey = Annotated[str | None, Depends(_idempotency_key)]
# The same for fast routes, which read parameters by their annotations.
READERS: Final[Readers] = {
    CurrentActor: lambda request: request.state.actor,
    CurrentTicket: lambda request: request.state.ticket_view,
    IdempotencyKey: lambda request: idempotency_key(request.headers.get("idempotency-key")),
}
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most."), IN_DIGITS]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the following page, null at the end."""

    items: list[T]
    next: str | None = None
