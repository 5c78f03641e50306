"""Hot routes: declared as every other, so that the docs know them, but their handler is called without FastAPI's solver."""

import inspect
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, get_args, get_origin

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.types import Receive

Answering = Callable[[Request], Coroutine[Any, Any, Response]]
Provided = Mapping[str, Callable[[Request], Any]]


def handler(route: APIRoute, provided: Provided) -> Answering | None:
    """Return a handler that reads the parameters itself; None where one is neither provided, a body nor a query model.

    `provided` gives parameters by their name. The answer is written as it is: that it is what the route's response model
    promises the tests see, of every answer they get.
    """
    given: dict[str, Callable[[Request], Any]] = {}
    body: tuple[str, TypeAdapter[Any]] | None = None
    for name, parameter in inspect.signature(route.endpoint).parameters.items():
        if name in provided:
            given[name] = provided[name]
        elif _is_model(parameter.annotation):
            body = name, TypeAdapter(parameter.annotation)
        elif (query := _query_model(parameter.annotation)) is not None:
            given[name] = _query(TypeAdapter(query))
        elif name != "response":
            return None
    return _calling(route, given, body)


def _calling(
    route: APIRoute,
    given: Mapping[str, Callable[[Request], Any]],
    body: tuple[str, TypeAdapter[Any]] | None,
) -> Answering:
    wants_response = "response" in inspect.signature(route.endpoint).parameters
    status = route.status_code or 200

    async def call(request: Request) -> Response:
        values = {name: read(request) for name, read in given.items()}
        if body:
            values[body[0]] = _body(
                body[1], await _whole(request.receive), request.headers.get("content-type", "")
            )
        response = Response(status_code=status, media_type="application/json")
        if wants_response:
            values["response"] = response
        response.body = _written(await route.endpoint(**values), route)
        response.headers["content-length"] = str(len(response.body))
        return response

    return call


def _written(answer: Any, route: APIRoute) -> bytes:
    if not isinstance(answer, BaseModel):
        return to_json(answer)
    return answer.model_dump_json(
        exclude_unset=route.response_model_exclude_unset, exclude_none=route.response_model_exclude_none
    ).encode()


async def _whole(receive: Receive) -> bytes:
    """Read a body to its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _query_model(annotation: Any) -> Any:
    """Return the model of `Annotated[Model, Query()]`."""
    inner = get_args(annotation)[0] if get_origin(annotation) is Annotated else None
    return inner if _is_model(inner) else None


def _body(adapter: TypeAdapter[Any], raw: bytes, content_type: str) -> Any:
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/json" or kind.endswith("+json"):
            return adapter.validate_json(raw)
    except ValidationError:
        pass  # said again below, where a broken character is named at its field
    else:
        return checked(adapter, raw, "body")  # not JSON: refused as what it is
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "input": None}]) from None
    return checked(adapter, said, "body")


def _query(adapter: TypeAdapter[Any]) -> Callable[[Request], Any]:
    return lambda request: checked(adapter, dict(request.query_params), "query")


def checked(adapter: TypeAdapter[Any], said: Any, where: str) -> Any:
    """Return what was said as its shape has it, or refuse it field by field."""
    try:
        return adapter.validate_python(said)
    except ValidationError as error:
        found = [wrong | {"loc": (where, *wrong["loc"])} for wrong in error.errors(include_url=False)]
        raise RequestValidationError(found) from None
