"""Kubernetes manifests as data, and whether they have the shape that the API asks for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

TOP: Final = Path(__file__).parents[1]
FOLDER: Final = TOP / "deploy/kubernetes"
_API: Final = json.loads((TOP / "tests/repository/kubernetes-1.34.json").read_text("utf-8"))
_DEFINITIONS: Final[dict[str, Any]] = _API["definitions"]
KINDS: Final[dict[str, str]] = _API["kinds"]
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def documents(*files: str) -> list[dict[str, Any]]:
    """Return what is declared in these files; by default in all of the folder."""
    paths = [FOLDER / file for file in files] or sorted(FOLDER.glob("*.yaml"))
    return [document for path in paths for document in yaml.safe_load_all(path.read_text("utf-8"))]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [document for document in documents() if document["kind"] == kind]


def find(value: Any, key: str) -> Iterator[Any]:
    """Yield every value under this key, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            yield from find(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from find(inner, key)


def errors(document: dict[str, Any]) -> list[str]:
    """Return what the API would refuse of a document of a kind of its own."""
    return list(_errors(document, {"$ref": KINDS[document["kind"]]}, document["kind"]))


def _errors(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _errors(value, _DEFINITIONS[schema["$ref"]], where)
        return
    if "oneOf" in schema:
        if all(list(_errors(value, choice, where)) for choice in schema["oneOf"]):
            yield f"{where}: {value!r} is none of what it may be"
        return
    if (kind := schema.get("type")) and not _is(value, kind):
        yield f"{where}: {value!r} is no {kind}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _errors(item, schema.get("items", {}), f"{where}[{number}]")
    if isinstance(value, dict):
        yield from _errors_of_object(value, schema, where)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _errors_of_object(value: dict[str, Any], schema: dict[str, Any], where: str) -> Iterator[str]:
    yield from (f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value)
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, inner in value.items():
        if name in properties:
            yield from _errors(inner, properties[name], f"{where}.{name}")
        elif others is False:
            yield f"{where}: {name} is unknown"
        elif isinstance(others, dict):
            yield from _errors(inner, others, f"{where}.{name}")
