"""Builds the application: routers, middleware, error handlers, OpenAPI document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__, db, openapi, problems, settings
from app.fast_routes.middleware import FastRouteMiddleware
from app.middleware import RequestMiddleware
from app.routers import ROUTERS, console, health, preview
from app.services import imports, robots, wechat


def create_app() -> FastAPI:
    """Return the application; the process that runs it connects the database."""
    conf = settings.get()
    about: dict[str, Any] = {
        "title": "楼灯 Loudeng",
        "version": __version__,
        "description": "小事不出网格，大事不出社区，难事不出街道。",
        "lifespan": _lifespan,
        "redirect_slashes": False,
        "telemetry": {"tracing": False, "metrics": False, "logs": False},  # /metrics and our own log have it
    }
    if conf.demo or conf.docs:  # the page's scripts are served from here, not from a CDN
        app = FastAPIOffline(docs_url="/docs", redoc_url=None, static_url="/docs-static", **about)
    else:
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, **about)
    problems.install(app)
    for router in ROUTERS:  # added flat: each layer of inclusion would match every request again
        app.router.routes.extend(router.routes)
    if conf.demo or conf.preview:
        app.router.routes.extend(preview.routes())
    if conf.demo or conf.console:
        app.router.routes.extend(console.routes())
    app.add_middleware(FastRouteMiddleware, routes=app.router.routes)
    upload_bytes = {"photos": conf.upload_max_bytes, "imports": imports.MAX_BYTES}
    app.add_middleware(RequestMiddleware, upload_bytes=upload_bytes)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def create_health_app() -> FastAPI:
    """Return what a worker answers: whether it is alive and ready, and its metrics."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(app)
    app.router.routes.extend(health.router.routes)
    app.add_middleware(RequestMiddleware, upload_bytes={})
    return app


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
    await wechat.close()
    await robots.close()
    await db.disconnect()


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return the document, made once."""
    if not app.openapi_schema:
        app.openapi_schema = openapi.document(app)
    return app.openapi_schema
