"""Calls an endpoint with values read straight from the request, and writes its answer."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.fast_routes.binding import Binding, Readers, bind, validate

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def direct_handler(route: APIRoute, readers: Readers) -> Handler | None:
    """Return a handler that calls the endpoint without FastAPI's solver; None where `binding` cannot bind it.

    The answer is not validated against the response model: the tests validate every answer they get instead.
    """
    binding = bind(route, readers)
    return None if binding is None else _handler(route, binding)


def _handler(route: APIRoute, binding: Binding) -> Handler:
    status = route.status_code or 200

    async def handle(request: Request) -> Response:
        values = {name: read(request) for name, read in binding.readers.items()}
        if binding.body:
            name, adapter = binding.body
            raw = await _read_body(request.receive)
            values[name] = _parse_body(adapter, raw, request.headers.get("content-type", ""))
        response = Response(status_code=status, media_type="application/json")
        if binding.response:
            values[binding.response] = response
        response.body = _serialize(await route.endpoint(**values), route)
        response.headers["content-length"] = str(len(response.body))
        return response

    return handle


def _serialize(answer: Any, route: APIRoute) -> bytes:
    if not isinstance(answer, BaseModel):
        return to_json(answer)
    return answer.model_dump_json(
        exclude_unset=route.response_model_exclude_unset, exclude_none=route.response_model_exclude_none
    ).encode()


async def _read_body(receive: Receive) -> bytes:
    """Read a body to its end. Raises ClientDisconnect when the client leaves before that."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _parse_body(adapter: TypeAdapter[Any], raw: bytes, content_type: str) -> Any:
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        if media_type == "application/json" or media_type.endswith("+json"):
            return adapter.validate_json(raw)
    except ValidationError:
        pass  # validated again below, where an invalid character is reported at its field
    else:
        return validate(adapter, raw, "body")  # not JSON: refused as bytes, as FastAPI does
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise RequestValidationError([{"type": "json_invalid", "loc": ("body",), "input": None}]) from None
    return validate(adapter, value, "body")
