"""For machines that watch: alive, ready, counted."""

import hmac

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from app import db, settings
from app.deps import bearer
from app.errors import NotFound, Unauthenticated, Unavailable
from app.services import schema

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "ok"}


@router.get("/ready")
async def ready() -> dict[str, str]:
    """Tell that the database is reachable and migrated, and in demo mode loaded."""
    if not await schema.is_current():
        raise Unavailable("数据库还没有升级完")
    row = await db.fetchrow("SELECT demo_loaded FROM setup")
    if settings.get().demo and not (row and row["demo_loaded"]):
        raise Unavailable("演示街道还没有装好")
    return {"status": "ready"}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Counters of this process and gauges of the database; needs LOUDENG_METRICS_TOKEN."""
    token = settings.get().metrics_token
    if token is None:
        raise NotFound
    if not hmac.compare_digest(bearer(request).encode(), token.encode()):
        raise Unauthenticated
    return Response(generate_latest() + generate_latest(await _gauges()), media_type=CONTENT_TYPE_LATEST)


async def _gauges() -> CollectorRegistry:
    row = await db.fetchrow(
        "SELECT (SELECT count(*) FROM job WHERE dead_at IS NULL) AS waiting, "
        "(SELECT count(*) FROM delivery WHERE settled_at IS NULL) AS deliveries, "
        "(SELECT count(*) FROM job WHERE dead_at IS NOT NULL) AS dead, "
        "(SELECT extract(epoch FROM coalesce(now() - min(timer_at), '0')) FROM ticket WHERE timer_at < now()) AS late"
    )
    assert row is not None
    registry = CollectorRegistry()
    for name, text in (("waiting", "Jobs not done yet."), ("dead", "Jobs given up.")):
        Gauge(f"loudeng_jobs_{name}", text, registry=registry).set(row[name])
    Gauge("loudeng_deliveries_waiting", "Messages to webhooks not delivered yet.", registry=registry).set(
        row["deliveries"]
    )
    Gauge("loudeng_timer_lateness_seconds", "How late the latest timer is.", registry=registry).set(
        row["late"]
    )
    return registry
