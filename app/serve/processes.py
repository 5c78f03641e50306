"""Which processes one server has: API, worker, or both, over one database."""

import asyncio
import socket
import sys
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app import db, log, settings, worker
from app.errors import Misconfigured
from app.serve import loop
from app.serve.api import serve_api
from app.serve.prepare import database, prepare_to_serve
from app.serve.supervisor import Supervisor
from app.services import subjects, tickets

if TYPE_CHECKING:
    from fastapi import FastAPI

logger = log.get("serve")

BACKLOG: Final = 2048  # connections that wait to be accepted


def serve(*, api: bool, work: bool) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises Misconfigured when it cannot start."""
    tickets.require_complete()
    subjects.require_complete()
    conf = settings.get()
    for name in settings.without_effect():
        logger.warning("setting_without_effect", setting=name)
    main = [_bind(conf.host, conf.port)] if api else []
    health = bind_health(conf.workers if api else 0, work=work)
    with database() as (dsn, cluster):
        loop.run(_connected(dsn, prepare_to_serve(cluster)))
        # Not before: until it is prepared, connections are refused, not left waiting.
        sockets = [*main, *health.values()]
        for each in sockets:
            _listen(each)
        # Before the processes: they share it, and one that is started again is there at once.
        application = _application() if api else None
        watched = _health_application() if work and 0 in health else None
        supervisor = Supervisor(cluster, sockets)
        if application:
            for number in range(1, conf.workers + 1):
                own = [*main, *([health[number]] if number in health else [])]
                supervisor.spawn("api", dsn, partial(serve_api, application, own))
        if work:
            supervisor.spawn("worker", dsn, partial(_work, watched, health.get(0)))
        if main:
            host, port = main[0].getsockname()[:2]
            sys.stdout.write(f"楼灯 http://{f'[{host}]' if ':' in host else host}:{port}  (Ctrl-C 停止)\n")
            sys.stdout.flush()
        supervisor.run()


async def _work(watched: "FastAPI | None", listening: socket.socket | None, stop: asyncio.Event) -> None:
    """Work until `stop` is set; meanwhile tell whoever asks that this process is alive."""
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run(stop))
        if watched and listening:
            group.create_task(serve_api(watched, [listening], stop))


def _application() -> "FastAPI":
    from app.main import create_app  # noqa: PLC0415 - a worker alone needs no web

    return create_app()


def _health_application() -> "FastAPI":
    from app.main import create_health_app  # noqa: PLC0415 - only where it is asked for

    return create_health_app()


def bind_health(apis: int, *, work: bool) -> dict[int, socket.socket]:
    """Return the sockets at which processes are watched: 0 is the worker's, from 1 on those of the API processes."""
    conf = settings.get()
    if conf.health_port is None:
        return {}
    numbers = [*([0] if work else []), *range(1, apis + 1)]
    return {number: _bind(conf.host, conf.health_port + number) for number in numbers}


def _bind(host: str, port: int) -> socket.socket:
    """Take a port, without answering yet. Raises Misconfigured."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise Misconfigured(f"cannot listen on {host}:{port}: {error.strerror}") from None
    listening.setblocking(False)
    return listening


def _listen(listening: socket.socket) -> None:
    """Let a socket accept. Raises Misconfigured where another process has taken its port since."""
    try:
        listening.listen(BACKLOG)
    except OSError as error:
        host, port = listening.getsockname()[:2]
        raise Misconfigured(f"cannot listen on {host}:{port}: {error.strerror}") from None


async def _connected(dsn: str, work: Coroutine[Any, Any, None]) -> None:
    db.connect(dsn)
    try:
        await work
    finally:
        await db.disconnect()
