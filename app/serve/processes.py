"""Which processes one server has: API, worker, or both, over one database."""

import socket
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

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


def serve(*, api: bool, work: bool) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises Misconfigured when it cannot start."""
    tickets.require_complete()
    subjects.require_complete()
    conf = settings.get()
    for name in settings.without_effect():
        logger.warning("setting_without_effect", setting=name)
    listening = _listen(conf.host, conf.port) if api else None
    with database() as (dsn, cluster):
        loop.run(_connected(dsn, prepare_to_serve()))
        # Before the processes: they share it, and one that is started again is there at once.
        application = _application() if api else None
        supervisor = Supervisor(cluster, listening)
        if listening and application:
            for _ in range(conf.workers):
                supervisor.spawn("api", dsn, lambda stop: serve_api(application, listening, stop))
        if work:
            supervisor.spawn("worker", dsn, worker.run)
        if listening:
            host, port = listening.getsockname()[:2]
            sys.stdout.write(f"楼灯 http://{f'[{host}]' if ':' in host else host}:{port}  (Ctrl-C 停止)\n")
            sys.stdout.flush()
        supervisor.run()


def _application() -> "FastAPI":
    from app.main import create_app  # noqa: PLC0415 - a worker alone needs no web

    return create_app()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise Misconfigured(f"cannot listen on {host}:{port}: {error.strerror}") from None
    listening.listen(2048)
    listening.setblocking(False)
    return listening


async def _connected(dsn: str, work: Coroutine[Any, Any, None]) -> None:
    db.connect(dsn)
    try:
        await work
    finally:
        await db.disconnect()
