"""What of a saved view can be opened today: filters and columns that are no more are dropped, and said."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args, get_origin
from urllib.parse import parse_qsl, urlencode

from pydantic import TypeAdapter, ValidationError

from app.models.ticket import TicketFilters, TicketQuery
from app.services import exports, setup
from app.services.setup import Catalogue

# What a view keeps of the query of a list.
_NAMES: Final = (*TicketFilters.model_fields, "order")


def _adapter(name: str) -> TypeAdapter[Any]:
    """Return what reads one value of a parameter."""
    annotation: Any = TicketQuery.model_fields[name].annotation
    return TypeAdapter(get_args(annotation)[0] if get_origin(annotation) is list else annotation)


# Columns of the list that no file has: they say how a ticket stands at the moment one looks.
_LIST_COLUMNS: Final = frozenset({"turn", "due", "marks", "updated"})
_ADAPTERS: Final[Mapping[str, TypeAdapter[Any]]] = {name: _adapter(name) for name in _NAMES}


async def open_query(query: str) -> tuple[str, list[str]]:
    """Return a query with what is valid today, and a sentence for each part of it that is dropped."""
    catalogue = await setup.current_catalogue()
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace", max_num_fields=500)
    values = [(name, value, _read(name, value)) for name, value in pairs]
    places = await setup.place_refs(
        catalogue, {read for name, _, read in values if name == "place_id" and read}
    )
    kept, dropped = list[tuple[str, str]](), list[str]()
    for name, value, read in values:
        if read is not None and _exists(name, read, catalogue, places):
            kept.append((name, value))
        else:
            dropped.append(f"条件“{name}={value}”已经不能用了"[:200])
    return urlencode(kept), dropped


def _read(name: str, value: str) -> Any:
    """Return the value of a parameter; None for one that a list does not take."""
    try:
        return _ADAPTERS[name].validate_python(value) if name in _ADAPTERS else None
    except ValidationError:
        return None


def _exists(name: str, value: Any, catalogue: Catalogue, places: Mapping[Any, Any]) -> bool:
    known: Mapping[str, Mapping[Any, Any]] = {
        "category": catalogue.categories,
        "unit_id": catalogue.units,
        "holder_id": catalogue.units,
        "organisation_id": catalogue.organisations,
        "place_id": places,
    }
    return name not in known or value in known[name]


def open_columns(columns: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the columns that there are today, and a sentence for each that is dropped."""
    known = exports.COLUMNS.keys() | _LIST_COLUMNS
    dropped = [f"没有“{name}”这一列了"[:200] for name in columns if name not in known]
    return [name for name in columns if name in known], dropped
