"""Finds the fast route of a request by look-up, where the router would try one route after another."""

import re
from collections.abc import Sequence
from typing import Final, Generic, TypeVar
from uuid import UUID

from fastapi.routing import APIRoute
from starlette.convertors import CONVERTOR_TYPES
from starlette.routing import BaseRoute, Match

_UUID: Final = CONVERTOR_TYPES["uuid"].regex
_ANY_UUID: Final = str(UUID(int=0))
R = TypeVar("R", bound=APIRoute)


class FastRouteTable(Generic[R]):
    """The fast routes by method and path.

    Paths without a parameter are looked up whole. A path with one is cut at the parameter, which has to be a UUID:
    one regular expression of all the parts before a parameter finds it, and the parts around it are looked up.
    """

    def __init__(self, fast: Sequence[R], routes: Sequence[BaseRoute]) -> None:
        """Build the table of the `fast` among all `routes`; one the router would not choose itself is left out."""
        self._plain: dict[tuple[str, str], R] = {}
        self._with_id: dict[tuple[str, str, str], tuple[R, str]] = {}
        for route in fast:
            name = next(iter(route.param_convertors), "")
            before, _, after = route.path_format.partition(f"{{{name}}}")
            for method in route.methods or ():
                if _first_match(routes, method, route.path_format.format(**{name: _ANY_UUID})) is not route:
                    continue
                if name:
                    self._with_id[method, before, after] = route, name
                else:
                    self._plain[method, before] = route
        prefixes = sorted({re.escape(before) for _, before, _ in self._with_id}, key=len, reverse=True)
        self._cut = re.compile(f"({'|'.join(prefixes)})({_UUID})(.*)", re.DOTALL).fullmatch

    def find(self, method: str, path: str) -> tuple[R, dict[str, str]] | None:
        """Return the route of a request and the parameter of its path; None for what the router has to answer."""
        if route := self._plain.get((method, path)):
            return route, {}
        if not (parts := self._cut(path)):
            return None
        before, value, after = parts.groups()
        if not (found := self._with_id.get((method, before, after))):
            return None
        route, name = found
        return route, {name: value}


def _first_match(routes: Sequence[BaseRoute], method: str, path: str) -> BaseRoute | None:
    """Return the route that the router would choose."""
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)
