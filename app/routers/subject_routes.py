"""What all routes about subjects of the common life share: the subject in the caller's scope, and who may act on it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request

from app.deps import API, AuthRoute, path_id, require_consent
from app.enums import Scope, SubjectKind
from app.rules import subjects as rules
from app.rules.access import Actor
from app.services import subjects
from app.services.subjects import SHAPES, SubjectView


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
# What a company's own system lists and offers, with the scope it needs.
_KEYED: Final = {SubjectKind.OFFER, SubjectKind.RESERVATION}
_KEY_SCOPES: Final = {"GET": Scope.OFFERS, "POST": Scope.OFFERS}


def subject_router(kind: SubjectKind, route_class: type[AuthRoute]) -> APIRouter:
    """Return a router of one kind's routes."""
    path = SHAPES[kind].path
    if kind in _KEYED:
        route_class = type(f"Keyed{route_class.__name__}", (route_class,), {"scopes": _KEY_SCOPES})
    return APIRouter(prefix=f"{API}/{path}", tags=[path], route_class=route_class)


def identifier_of(kind: SubjectKind) -> Any:
    """Return the type of the path's parameter, which is named after the kind."""
    return Annotated[UUID, Path(alias=f"{kind}_id")]
