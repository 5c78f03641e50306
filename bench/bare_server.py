"""The bare endpoint: Starlette and asyncpg write and read the same rows, one statement a request, with no checks."""

import asyncio
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, Final
from uuid import UUID

import asyncpg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import ids
from bench import bare_statements
from bench.child_process import ChildProcess, event_loop
from bench.http_client import API_PREFIX

Answers = dict[
    str, dict[str, Any]
]  # the real server's response to each kind of request; ours have the same size
BareActs = dict[str, bare_statements.BareAct]
Endpoint = Callable[[Request], Awaitable[JSONResponse]]
TICKETS: Final = f"{API_PREFIX}/tickets"
CONSTANT_PATH: Final = "/constant"
CONSTANT_BODY: Final = b'{"status":"ok"}'


class _Endpoints:
    """The endpoints over one pool. `sample` is the ticket whose columns a submit copies."""

    def __init__(self, pool: asyncpg.Pool, answers: Answers, sample: dict[str, Any]) -> None:
        self.pool, self.answers = pool, answers
        self.holder_id, self.reporter_id = sample["holder_id"], sample["reporter_id"]
        self.copied = [sample[name] for name in bare_statements.COPIED_COLUMNS]
        self.digest, self.salt = secrets.token_bytes(32), secrets.token_bytes(16)

    async def submit(self, request: Request) -> JSONResponse:
        body, now, ticket_id = await request.json(), datetime.now(UTC), ids.new()
        key, text = request.headers["idempotency-key"], body["description"]
        identifiers = (ids.new(), key, self.digest, self.reporter_id)
        no = await self.pool.fetchval(
            bare_statements.SUBMIT, ticket_id, now, text, self.salt, *identifiers, *self.copied
        )
        changes = {"id": str(ticket_id), "no": no, "created_at": now.isoformat()}
        return JSONResponse(self.answers["submit"] | changes, 201)

    def act(self, name: str, bare_act: bare_statements.BareAct) -> Endpoint:
        answer = self.answers[name]

        async def endpoint(request: Request) -> JSONResponse:
            body, now = await request.json(), datetime.now(UTC)
            ticket_id = UUID(request.path_params["ticket_id"])
            values = (ticket_id, body.get("version", bare_act.version), now, ids.new(), self.digest)
            row = await self.pool.fetchrow(bare_act.sql, *values, self.reporter_id, *bare_act.values)
            changes = {"id": str(ticket_id), "no": row["no"], "version": row["version"]}
            return JSONResponse(answer | changes)

        return endpoint

    async def inbox(self, _: Request) -> JSONResponse:
        rows = await self.pool.fetch(bare_statements.INBOX, self.holder_id)
        items = [self.answers["item"] | {"id": str(row["id"]), "no": row["no"]} for row in rows]
        return JSONResponse({"items": items, "next": items[-1]["id"]})


def _app(endpoints: _Endpoints, bare_acts: BareActs) -> Starlette:
    acts = (
        Route(f"{TICKETS}/{{ticket_id}}/{name}", endpoints.act(name, bare_act), methods=["POST"])
        for name, bare_act in bare_acts.items()
    )
    return Starlette(
        routes=[Route(TICKETS, endpoints.submit, methods=["POST"]), Route(TICKETS, endpoints.inbox), *acts]
    )


def _with_constant(app: Starlette) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Answer CONSTANT_PATH before anything else: the generator's rate against a server that does no work."""
    head = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-length", str(len(CONSTANT_BODY)).encode())],
    }
    body = {"type": "http.response.body", "body": CONSTANT_BODY}

    async def wrapper(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == CONSTANT_PATH:
            await send(head)
            await send(body)
        else:
            await app(scope, receive, send)

    return wrapper


async def _skip_reset(_: asyncpg.Connection) -> None:
    """Return a connection to the pool without asyncpg's reset statement."""


async def _serve(pipe: Connection, dsn: str, answers: Answers, bare_acts: BareActs) -> None:
    async with asyncpg.create_pool(dsn, min_size=10, max_size=10, reset=_skip_reset) as pool:
        sample_id = UUID(answers["submit"]["id"])
        sample = dict(await pool.fetchrow(bare_statements.SELECT_TICKET, sample_id))
        config = uvicorn.Config(
            _with_constant(_app(_Endpoints(pool, answers, sample), bare_acts)),
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=20,
        )
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        pipe.send(listener.getsockname()[1])
        server = uvicorn.Server(config)
        asyncio.get_running_loop().add_reader(pipe.fileno(), server.handle_exit, signal.SIGTERM, None)
        await server._serve([listener])  # noqa: SLF001 - without uvicorn's signal handlers: the benchmark ends it


def serve(pipe: Connection, dsn: str, answers: Answers, bare_acts: BareActs) -> None:
    """Send the port, then serve until the pipe is closed."""
    with event_loop() as loop:
        loop.run(_serve(pipe, dsn, answers, bare_acts))


class BareServer(ChildProcess):
    """The bare endpoint's process."""

    def __init__(self, dsn: str, answers: Answers, bare_acts: BareActs) -> None:
        super().__init__("bare endpoint", serve, dsn, answers, bare_acts)
        self.port: int = self.receive_first()
