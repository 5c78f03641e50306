"""Health, readiness and metrics, for monitoring."""

import hmac

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Info, generate_latest

from app import __version__, db, log, settings
from app.deps import bearer
from app.errors import NotFound, Unauthenticated, Unavailable
from app.services import key_checks, schema, wechat

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "ok"}


@router.get("/ready")
async def ready() -> dict[str, str | list[str]]:
    """Tell that the database accepts writes, has a schema for this program and was written with its keys, and in demo mode
    that the street is loaded.

    `warnings`, if any: what works less well than it should.
    """
    try:
        usable = await schema.is_usable()
    except Unavailable as away:
        raise Unavailable(f"数据库现在用不了：{log.describe(away.__cause__ or away)}") from away
    if not usable:
        raise Unavailable("数据库的版本与这个程序的对不上：升级还没有做完，或者这个程序太旧")
    if changed := await key_checks.changed_keys():
        raise Unavailable(f"密钥与数据库的不一致：{'、'.join(changed)}，请换回原来的密钥后重启")
    row = await db.fetchrow(_STATE)
    assert row is not None
    if row["read_only"]:
        raise Unavailable("数据库现在只读：主库正在切换，或者连到了备库")
    if settings.get().demo and not row["demo_loaded"]:
        raise Unavailable("演示街道还没有装好")
    warnings = [_ALONE] if row["wants_standby"] and not row["standbys"] else []
    warnings += [_REPLACED.format(name) for name in await key_checks.replaced_keys()]
    warnings += [_UNFINISHED.format(name) for name in await key_checks.unfinished_rotations()]
    if problem := wechat.setup_problem():  # everything but WeChat works: the server stays ready
        warnings.append(f"WeChat: {problem}")
    return {"status": "ready"} | ({"warnings": warnings} if warnings else {})


# A standby's rows are seen by everybody, its state only by those who may: rows are counted.
_STATE = """
SELECT coalesce((SELECT demo_loaded FROM setup), false) AS demo_loaded,
       current_setting('transaction_read_only')::bool AS read_only,
       current_setting('synchronous_standby_names') <> '' AS wants_standby,
       (SELECT count(*) FROM pg_stat_replication) AS standbys
"""
_ALONE = "没有一个备库连着主库：写入会等，或者没有第二份"
_REPLACED = "{} 更换过：用以前的密钥加密的电话号码读不出来；换回原来的密钥并重启后可以恢复"


_UNFINISHED = "{} 的轮换还没有完成：请运行 python -m app rotate-pii-key，在此之前请保留旧密钥"


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
        "(SELECT count(*) FROM pg_stat_replication) AS standbys, "
        "(SELECT extract(epoch FROM coalesce(now() - min(timer_at), '0')) FROM ticket WHERE timer_at < now()) AS late"
    )
    assert row is not None
    registry = CollectorRegistry()
    Info("loudeng_build", "Which program answers.", registry=registry).info(
        {"version": __version__, "schema": schema.head()}
    )
    for name, text in (("waiting", "Jobs not done yet."), ("dead", "Jobs given up.")):
        Gauge(f"loudeng_jobs_{name}", text, registry=registry).set(row[name])
    Gauge("loudeng_deliveries_waiting", "Messages to webhooks not delivered yet.", registry=registry).set(
        row["deliveries"]
    )
    Gauge("loudeng_database_standbys", "Standbys of the database that are connected.", registry=registry).set(
        row["standbys"]
    )
    Gauge("loudeng_timer_lateness_seconds", "How late the latest timer is.", registry=registry).set(
        row["late"]
    )
    return registry
