"""The OpenAPI document: FastAPI's, with the bearer token and with every status a route may refuse with."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.utils import get_flat_params
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app import problems
from app.deps import BODILESS, AuthRoute, StrictRoute
from app.problems import Problem

_ANY: Final = {503, 507}  # the database is away or has no room, whatever is asked
_BODY: Final = {400, 408, 413, 415, 422}  # not to be parsed, too slow, too large, of another type, not valid
_KEY: Final = {
    400,
    409,
    410,
    422,
}  # an Idempotency-Key: its length, a twin in flight, its object gone, another body


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of the application's routes."""
    made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    parts = made.setdefault("components", {})
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    schemas = parts.setdefault("schemas", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {}) | {"Problem": schema}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    parts["responses"] = {error_format.name: error_format.openapi for error_format in problems.formats()}
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                responses = made["paths"][route.path_format][method.lower()]["responses"]
                responses.pop("422", None)
                responses |= _refusals(route)
    return made


def _refusals(route: APIRoute) -> dict[str, Any]:
    """Return the responses of a route that are refusals, by status."""
    reference = {"$ref": f"#/components/responses/{problems.format_at(route.path).name}"}
    return {str(status): reference for status in sorted(documented_refusals(route))}


def documented_refusals(route: APIRoute) -> set[int]:
    """Return the statuses of a route's refusals as its format of errors writes them."""
    written = problems.format_at(route.path).statuses
    return {written.get(status, status) for status in _refusal_statuses(route)}


def _refusal_statuses(route: APIRoute) -> set[int]:
    """Return the statuses a route may refuse with: by its class, its parameters and its body, and those it declares."""
    parameters = get_flat_params(route.dependant)
    reads = (route.methods or set()) <= BODILESS
    found = (
        _ANY
        | getattr(route, "refusals", frozenset())
        | {int(status) for status in route.responses if int(status) >= 400}
    )
    if isinstance(route, AuthRoute):
        found |= {401, 403, *([429] if route.scopes else [])}
    if isinstance(route, StrictRoute) and not reads:
        found.add(422)  # unknown parameters of a write
    if route.param_convertors:
        found.add(404)
    if parameters:
        found.add(422)
    if route.body_field is not None or "requestBody" in (route.openapi_extra or {}):
        found |= _BODY
    if any(parameter.alias == "Idempotency-Key" for parameter in parameters):
        found |= _KEY
    return found
