"""Answers of Open311 as bytes: XML, and the JSON that says the same."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

ROOT: Final = "/open311/"
FORMATS: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_DECLARATION: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2

Row = Mapping[str, Any]


def format_of(path: str) -> str:
    """Return the format an address asks for; XML, the one the standard requires, where it names none."""
    ending = path.rpartition(".")[2]
    return ending if ending in FORMATS else "xml"


def listed(names: tuple[str, str], rows: Sequence[Row], extension: str) -> bytes:
    """Write a list of rows; `names` are those of the list and of one of it, in XML."""
    if extension == "json":
        return _json(list(rows))
    root = ET.Element(names[0])
    for row in rows:
        _fill(ET.SubElement(root, names[1]), row)
    return _xml(root)


def definition(row: Row, extension: str) -> bytes:
    """Write a service definition: the one answer that is no list."""
    if extension == "json":
        return _json(row)
    root = ET.Element("service_definition")
    _fill(root, row)
    return _xml(root)


def _fill(element: ET.Element, row: Row) -> None:
    for name, value in row.items():
        child = ET.SubElement(element, name)
        if isinstance(value, bool):
            child.text = str(value).lower()
        elif value not in (None, [], ""):
            child.text = _NOT_IN_XML.sub("\ufffd", str(value))


def _xml(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return _DECLARATION + body


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
