"""The floor: bare Starlette and asyncpg writing and reading the same rows, one statement a request, nothing checked."""

import asyncio
import multiprocessing
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app import ids
from bench import statements

Answers = dict[str, dict[str, Any]]  # what the real server said, by endpoint: the bare one says as much
Acts = dict[str, statements.BareAct]
CONSTANT = b'{"status":"ok"}'


def _app(pool: asyncpg.Pool, answers: Answers, acts: Acts, sample: dict[str, Any]) -> Starlette:
    holder, reporter = sample["holder_id"], sample["reporter_id"]
    digest, salt = secrets.token_bytes(32), secrets.token_bytes(16)
    given = [sample[name] for name in statements.GIVEN]

    async def submit(request: Request) -> JSONResponse:
        form, now, ticket_id = await request.json(), datetime.now(UTC), ids.new()
        key = request.headers["idempotency-key"]
        text = form["description"]
        no = await pool.fetchval(
            statements.SUBMIT, ticket_id, now, text, salt, ids.new(), key, digest, reporter, *given
        )
        said = answers["submit"] | {"id": str(ticket_id), "no": no, "created_at": now.isoformat()}
        return JSONResponse(said, 201)

    def act(name: str) -> Callable[[Request], Awaitable[JSONResponse]]:
        twin, answer = acts[name], answers[name]

        async def endpoint(request: Request) -> JSONResponse:
            form, now = await request.json(), datetime.now(UTC)
            ticket_id = UUID(request.path_params["ticket_id"])
            version = form.get("version", twin.version)
            done = await pool.fetchrow(
                twin.sql, ticket_id, version, now, ids.new(), digest, reporter, *twin.values
            )
            said = {"id": str(ticket_id), "no": done["no"], "version": done["version"]}
            return JSONResponse(answer | said)

        return endpoint

    async def inbox(_: Request) -> JSONResponse:
        rows = await pool.fetch(statements.INBOX, holder)
        items = [answers["item"] | {"id": str(row["id"]), "no": row["no"]} for row in rows]
        return JSONResponse({"items": items, "next": items[-1]["id"]})

    one = "/api/v1/tickets"
    return Starlette(
        routes=[
            Route(one, submit, methods=["POST"]),
            Route(one, inbox),
            *(Route(f"{one}/{{ticket_id}}/{name}", act(name), methods=["POST"]) for name in acts),
        ]
    )


def _constant(app: Starlette) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Answer /constant before anything else: what the generator gets when nobody works."""
    head = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-length", str(len(CONSTANT)).encode())],
    }
    body = {"type": "http.response.body", "body": CONSTANT}

    async def outer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/constant":
            await send(head)
            await send(body)
        else:
            await app(scope, receive, send)

    return outer


async def _as_it_was(_: asyncpg.Connection) -> None:
    """Give a connection back without the statement asyncpg would clean it with."""


async def _serve(orders: Connection, dsn: str, answers: Answers, acts: Acts) -> None:
    async with asyncpg.create_pool(dsn, min_size=10, max_size=10, reset=_as_it_was) as pool:
        sample = dict(await pool.fetchrow(statements.SAMPLE, UUID(answers["submit"]["id"])))
        config = uvicorn.Config(
            _constant(_app(pool, answers, acts, sample)),
            http=HttpToolsProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=20,
        )
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        orders.send(listening.getsockname()[1])
        server = uvicorn.Server(config)
        asyncio.get_running_loop().add_reader(orders.fileno(), server.handle_exit, signal.SIGTERM, None)
        await server._serve([listening])  # noqa: SLF001 - without its own signals: the benchmark ends it


def serve(orders: Connection, dsn: str, answers: Answers, acts: Acts) -> None:
    """Say the port, then serve until nobody holds the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(orders, dsn, answers, acts))


class Bare:
    """The bare endpoint's process."""

    def __init__(self, dsn: str, answers: Answers, acts: Acts) -> None:
        spawning = multiprocessing.get_context("spawn")
        self.orders, theirs = spawning.Pipe()
        self.process = spawning.Process(target=serve, args=(theirs, dsn, answers, acts), daemon=True)
        self.process.start()
        theirs.close()
        if not self.orders.poll(30):
            self.stop()
            raise RuntimeError("the bare endpoint does not start")
        self.port: int = self.orders.recv()

    def stop(self) -> None:
        """End the process."""
        self.orders.close()
        self.process.join(5)
        self.process.kill()
