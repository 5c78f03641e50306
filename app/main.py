"""create_app(): routers, problems, lifespan, nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi_offline import FastAPIOffline

from app import db, problems, settings
from app.gate import Gate
from app.problems import MEDIA_TYPE, Problem
from app.routers import (
    audit,
    auth,
    counts,
    grids,
    health,
    keys,
    notices,
    open311,
    organisations,
    people,
    photos,
    places,
    posts,
    preview,
    settings_rules,
    start,
    tickets,
    unsealings,
    webhooks,
)
from app.services.open311 import written
from app.shortcut import Shortcut

# The busiest first: routes are tried in order.
_ROUTERS = (
    *(tickets.router, tickets.acting, tickets.near, counts.router, tickets.one),
    *(photos.router, places.router, auth.router),
    *(people.router, people.open_router, organisations.router, notices.router, notices.mine),
    *(auth.signed_in, posts.router, posts.one),
    *(organisations.adding, organisations.looking, organisations.one),
    *(keys.router, webhooks.router, webhooks.one, open311.router),
    *(unsealings.asking, unsealings.router, unsealings.deciding, unsealings.one),
    *(settings_rules.router, grids.router, audit.router, places.coded, health.router, start.router),
)


def create_app() -> FastAPI:
    """Return the application; its database is connected by whoever runs it."""
    conf = settings.get()
    about: dict[str, Any] = {
        "title": "楼灯 Loudeng",
        "version": "0.1.0",
        "description": "小事不出网格，大事不出社区，难事不出街道。",
        "lifespan": _lifespan,
        "redirect_slashes": False,
        "telemetry": {"tracing": False, "metrics": False, "logs": False},  # /metrics and our log tell
    }
    if conf.demo or conf.docs:  # the page's scripts come from here, not from some other address
        app = FastAPIOffline(docs_url="/docs", redoc_url=None, static_url="/docs-static", **about)
    else:
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, **about)
    problems.install(app)
    for router in _ROUTERS:  # not included one in another: each layer of that matches every request again
        app.router.routes.extend(router.routes)
    if conf.demo or conf.preview:
        app.router.routes.extend(preview.routes())
    app.add_middleware(Shortcut, routes=app.router.routes)
    app.add_middleware(Gate, upload_bytes=conf.upload_max_bytes)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
    await db.disconnect()


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Describe every refusal as a problem, and the bearer token once."""
    if app.openapi_schema:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    parts = document.setdefault("components", {})
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    schemas = parts.setdefault("schemas", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {}) | {"Problem": schema}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    refusal = {
        "description": "没有办成：原因见 title 和 detail",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    errors = {
        "description": "错误列表，每条有 code 和 description",
        "content": {"text/xml": {}, "application/json": {}},
    }
    for address, path in document["paths"].items():
        for operation in path.values():
            operation["responses"].pop("422", None)
            refused = errors if address.startswith(written.ROOT) else refusal
            operation["responses"] |= {"4XX": refused, "503": refused}
    app.openapi_schema = document
    return document
