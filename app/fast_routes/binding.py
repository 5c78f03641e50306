"""Decides by annotation how each parameter of an endpoint gets its value from the request."""

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

from fastapi import Request, Response, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

Reader = Callable[[Request], Any]
Readers = Mapping[Any, Reader]  # by annotation


@dataclass(slots=True)
class Binding:
    """How the parameters of one endpoint get their values; the keys are the endpoint's own parameter names."""

    readers: dict[str, Reader] = field(default_factory=dict)
    body: tuple[str, TypeAdapter[Any]] | None = None
    response: str | None = None


def bind(route: APIRoute, readers: Readers) -> Binding | None:
    """Return how to call the route's endpoint, or None where FastAPI has to resolve a parameter.

    A parameter is bound if its annotation is a key of `readers`, a model (the body), `Annotated[Model, Query()]`,
    `Response`, or `UUID` for a parameter of the path. A path has at most one parameter, and it is a UUID.
    """
    binding = Binding()
    parameters = inspect.signature(route.endpoint).parameters
    if len(route.param_convertors) > 1 or not route.param_convertors.keys() <= parameters.keys():
        return None
    for name, parameter in parameters.items():
        annotation = parameter.annotation
        if name in route.param_convertors:
            if annotation is not UUID:
                return None
            binding.readers[name] = _path_reader(name)
        elif (reader := readers.get(annotation) or _query_reader(annotation)) is not None:
            binding.readers[name] = reader
        elif annotation is Response:
            binding.response = name
        elif _is_model(annotation) and binding.body is None:
            binding.body = name, TypeAdapter(annotation)
        else:
            return None
    return binding


def validate(adapter: TypeAdapter[Any], value: Any, location: str) -> Any:
    """Return `value` as the adapter's type. Raises RequestValidationError; `location` begins each error's `loc`."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        errors = [one | {"loc": (location, *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(errors) from None


def _path_reader(name: str) -> Reader:
    return lambda request: UUID(request.path_params[name])  # a path that is no UUID was refused before


def _query_reader(annotation: Any) -> Reader | None:
    """Return the reader of `Annotated[Model, Query()]`, None for any other annotation."""
    if get_origin(annotation) is not Annotated:
        return None
    model, *metadata = get_args(annotation)
    if not _is_model(model) or not any(isinstance(one, params.Query) for one in metadata):
        return None
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    lists = {name for name, field in model.model_fields.items() if get_origin(field.annotation) is list}
    return lambda request: validate(adapter, _query_values(request, lists), "query")


def _query_values(request: Request, lists: Collection[str]) -> dict[str, Any]:
    """Return the parameters of a query by name: all the values of those that take several, else the last one."""
    query = request.query_params
    return {name: query.getlist(name) if name in lists else query[name] for name in query}


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
