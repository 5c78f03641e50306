"""Open311 answers as bytes, in XML or JSON."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

# By the extension of the address.
MEDIA_TYPES: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_DECLARATION: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2

Item = Mapping[str, Any]


def write_list(list_name: str, item_name: str, items: Sequence[Item], *, extension: str) -> bytes:
    """Return a list as bytes. Only XML uses the names: of the root element, and of the element of an item."""
    if extension == "json":
        return _to_json(list(items))
    root = ET.Element(list_name)
    for item in items:
        _add_children(ET.SubElement(root, item_name), item)
    return _to_xml(root)


def write_definition(definition: Item, *, extension: str) -> bytes:
    """Return a service definition as bytes: the only answer that is not a list."""
    if extension == "json":
        return _to_json(definition)
    root = ET.Element("service_definition")
    _add_children(root, definition)
    return _to_xml(root)


def write_errors(status: int, descriptions: Sequence[str], *, extension: str) -> bytes:
    """Return an error answer as bytes: one error for each description, all with the same status."""
    errors = [{"code": status, "description": description} for description in descriptions]
    return write_list("errors", "error", errors, extension=extension)


def _add_children(element: ET.Element, item: Item) -> None:
    for name, value in item.items():
        child = ET.SubElement(element, name)
        if isinstance(value, bool):
            child.text = str(value).lower()
        elif value not in (None, [], ""):
            child.text = _NOT_IN_XML.sub("\ufffd", str(value))


def _to_xml(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return _DECLARATION + body


def _to_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
