"""Answers fast routes ahead of the router and its layers, which cost as much as deciding an act."""

from collections.abc import Sequence

from fastapi import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app import problems
from app.deps import CachedAuthRoute
from app.fast_routes.matching import FastRouteTable


class FastRouteMiddleware:
    """Answers fast routes as the router would; passes every other request on to it."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        fast = [route for route in routes if isinstance(route, CachedAuthRoute) and route.fast_handler]
        self._table = FastRouteTable(fast, routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._table.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        route, path_params = found
        assert route.fast_handler is not None
        scope.update(route=route, endpoint=route.endpoint, path_params=path_params)
        request = Request(scope, receive, send)
        try:
            response = await route.fast_handler(request)
        except Exception as error:  # noqa: BLE001 - what is no problem is raised again
            response = await problems.answer(request, error)
        await response(scope, receive, send)
