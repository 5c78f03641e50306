"""What a handler may ask for, and the routes that check their caller before a body is read: 401, 404, 403, then 422."""

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import Scope as Asked

from app import settings, straight
from app.errors import BadRequest, ConsentRequired, Forbidden, NotFound, Refusal, Unauthenticated
from app.rules import lifecycle
from app.rules.access import Actor
from app.services import auth, people, tickets
from app.services.tickets import Seen
from app.straight import Answering
from app.words import SCOPE, Scope

API = "/api/v1"

T = TypeVar("T")
_TICKETS: Final = {"GET": Scope.READ, "POST": Scope.WRITE}


class SignedIn(APIRoute):
    """A route for signed-in callers, verified at this moment. API keys need the scope `scopes` names for the method."""

    scopes: ClassVar[Mapping[str, Scope]] = {}  # none named: not for keys

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["openapi_extra"] = {"security": [{"bearer": []}]} | (kwargs.get("openapi_extra") or {})
        super().__init__(*args, **kwargs)

    def get_route_handler(self) -> Answering:
        answer = self.answering()

        async def guarded(request: Request) -> Response:
            request.state.actor = await self.admit(request)
            return await answer(request)

        return guarded

    def answering(self) -> Answering:
        """Return what answers once the caller is admitted."""
        return super().get_route_handler()

    async def admit(self, request: Request) -> Actor:
        """Return who calls, or refuse."""
        return await self.scoped(await auth.verified(bearer(request)), request)

    async def scoped(self, actor: Actor, request: Request) -> Actor:
        """Return the caller; Forbidden for a key without the scope this needs, once it is known to be live."""
        if actor.key is None:
            return actor
        needed = self.scopes.get(request.method)
        if needed not in actor.key.scopes:
            request.state.actor = await auth.read(actor.login_id)
            raise Forbidden(
                f"这个密钥没有权限 {needed}（{SCOPE[needed]}）" if needed else "这里不能用 API 密钥访问"
            )
        return actor


class Ticketed(SignedIn):
    """A route about tickets, open to API keys."""

    scopes = _TICKETS


class Remembered(Ticketed):
    """A hot route, whose own statement verifies the caller; writing needs consent to the current privacy guide."""

    short: Answering | None = None  # for app.shortcut: what needs nothing that FastAPI puts around a handler

    def get_route_handler(self) -> Answering:
        guarded = super().get_route_handler()
        self.short = guarded if self._straight else None
        return guarded

    def answering(self) -> Answering:
        self._straight = straight.handler(self, _PROVIDED)
        return self._straight or super().answering()

    async def admit(self, request: Request) -> Actor:
        actor = await self.scoped(await auth.remembered(bearer(request)), request)
        return await consenting(actor) if request.method != "GET" else actor


class InScope(Remembered):
    """A route about one ticket, loaded in the caller's scope."""

    async def admit(self, request: Request) -> Actor:
        actor = await self.scoped(await auth.remembered(bearer(request)), request)
        request.state.seen = await tickets.load(actor, ticket_id(request))
        request.state.actor = actor = request.state.seen.actor
        return await consenting(actor) if request.method != "GET" else actor


class Acting(InScope):
    """A route that does what its address ends in to one ticket, for somebody who ever may."""

    async def admit(self, request: Request) -> Actor:
        action = self.path.rpartition("/")[2]
        try:
            actor = await super().admit(request)
            lifecycle.may(action, request.state.seen.parts)
        except (NotFound, Forbidden) as refusal:
            return await self._repeat(request, refusal)
        return actor

    async def _repeat(self, request: Request, refusal: Refusal) -> Actor:
        """Let a repeat of an act through that took the ticket out of the caller's hands; its key decides later."""
        actor = await self.scoped(await auth.verified(bearer(request)), request)
        if key := request.headers.get("idempotency-key"):
            seen = await tickets.seen_before(actor, key, ticket_id(request))
            if seen:
                request.state.seen = seen
                return actor
        request.state.actor = actor
        raise refusal


def bearer(request: Request) -> str:
    """Return the bearer token of a request."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token


def named(request: Request, parameter: str) -> UUID:
    """Return what an address names; what cannot be an id is not found."""
    try:
        return UUID(request.path_params[parameter])
    except ValueError:
        raise NotFound from None


def ticket_id(request: Request) -> UUID:
    """Return the ticket an address names."""
    return named(request, "ticket_id")


async def consenting(actor: Actor) -> Actor:
    """Refuse a person who has not agreed to the current privacy guide."""
    if actor.agrees(people.consent().version):
        return actor
    actor = await auth.read(actor.login_id)
    if not actor.agrees(people.consent().version):
        raise ConsentRequired(version=people.consent().version)
    return actor


def address(asked: Asked) -> str:
    """Return the caller's address; `X-Forwarded-For` counts only as far as trusted proxies wrote it."""
    trusted = settings.get().trusted_proxies
    # A proxy may add its hop as a header of its own, below what the caller made up.
    hops = ",".join(Headers(scope=asked).getlist("x-forwarded-for")).split(",") if trusted else []
    at: str = asked["client"][0] if asked.get("client") else "-"
    while hops and _within(at, trusted):
        at = hops.pop().strip() or at
    return at[:64]


def _within(at: str, networks: tuple[Any, ...]) -> bool:
    try:
        here = ipaddress.ip_address(at)
    except ValueError:
        return False
    return any(here in network for network in networks)


# Dependencies are coroutines: FastAPI would run a plain function in another thread, for a third of a request's time.
async def _caller(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


async def _seen(request: Request) -> Seen:
    seen: Seen = request.state.seen
    return seen


async def _key(idempotency_key_: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> str | None:
    return idempotency_key(idempotency_key_)


def idempotency_key(given: str | None) -> str | None:
    """Return the key of a repeatable write, when one is given."""
    if given is not None and not 1 <= len(given) <= 255:
        raise BadRequest("Idempotency-Key 要有 1 到 255 个字符")
    return given


# What `straight` reads for hot routes, by the parameter's name.
_PROVIDED: straight.Provided = {
    "actor": lambda request: request.state.actor,
    "seen": lambda request: request.state.seen,
    "key": lambda request: idempotency_key(request.headers.get("idempotency-key")),
    "ticket_id": lambda request: request.state.seen.ticket["id"],
}
Caller = Annotated[Actor, Depends(_caller)]
InHand = Annotated[Seen, Depends(_seen)]
IdempotencyKey = Annotated[str | None, Depends(_key)]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` is the cursor of the following page, null at the end."""

    items: list[T]
    next: str | None = None
