"""Opens connections to the database, of its hosts first to the one that answered last; finds out when it is silent or
another one was promoted.
"""

import asyncio
import os
import re
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit
from weakref import WeakKeyDictionary

import asyncpg

CONNECT_SECONDS: Final = 5.0  # for all hosts together
FAIR_SECONDS: Final = 0.5  # a host that had less of a caller's time is not to blame
PROBE_SECONDS: Final = 2.0  # for the simplest statement
LOOK_SECONDS: Final = 2.0  # between two looks whether another host has been promoted
_PORT: Final = 5432
_HOST: Final = re.compile(r"(?P<host>\[[^\]]+\]|[^:]*)(?::(?P<port>\d+))?")
# A host that vanished is noticed by the kernel too, for commands and connections that wait without a limit.
_KEEPALIVE: Final = {
    "TCP_KEEPIDLE": 2,  # seconds
    "TCP_KEEPINTVL": 1,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 5000,  # milliseconds
}

# A promotion begins the next timeline. A standby, asked for by the DSN, has none of its own.
_TIMELINE: Final = """
SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END
"""

Address = Mapping[str, Any]  # host and port as arguments of asyncpg.connect; empty: as the DSN says
Prepare = Callable[[asyncpg.Connection], Awaitable[None]]


class Hosts:
    """The hosts of one DSN, in the order in which they are tried."""

    def __init__(self, dsn: str, server_settings: Mapping[str, str]) -> None:
        self._dsn, self._server_settings = dsn, dict(server_settings)
        self._addresses = addresses(dsn)
        self._open: WeakKeyDictionary[asyncpg.Connection, Address] = WeakKeyDictionary()
        self._probe: asyncpg.Connection | None = None
        self._timeline = ""  # the newest that a host has had
        self._looked_at = 0.0

    async def connect(
        self, seconds: float = CONNECT_SECONDS, prepare: Prepare | None = None
    ) -> asyncpg.Connection:
        """Return a new connection, prepared. Each host has its share of the time; the last one's error is raised."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        tried = list(self._addresses)
        for number, address in enumerate(tried, 1):
            share = (deadline - loop.time()) / (len(tried) - number + 1)
            try:
                async with asyncio.timeout(share):
                    return await self._connect_to(address, prepare)
            except Exception as error:
                if share >= FAIR_SECONDS or not isinstance(error, TimeoutError):
                    self._put_last(address)
                if number == len(tried):
                    raise
        raise AssertionError("a DSN has at least one address")

    async def _connect_to(self, address: Address, prepare: Prepare | None) -> asyncpg.Connection:
        connection = await asyncpg.connect(
            self._dsn, timeout=CONNECT_SECONDS, server_settings=self._server_settings, **address
        )
        try:
            _keep_alive(connection)
            if len(self._addresses) > 1:
                await self._check_timeline(connection)
            if prepare:
                await prepare(connection)
        except BaseException:
            connection.terminate()
            raise
        self._open[connection] = address
        return connection

    async def _check_timeline(self, connection: asyncpg.Connection) -> None:
        """Refuse a former primary that goes on beside the promoted server; it takes writes, and never acknowledges them.

        Whoever learns of a promotion ends all connections to what was before.
        """
        timeline: str = await connection.fetchval(_TIMELINE)
        if timeline < self._timeline:
            raise asyncpg.TargetServerAttributeNotMatched("another host has been promoted")
        if timeline > self._timeline:
            self._timeline = timeline
            self.end_all()

    def distrust(self, connection: asyncpg.Connection) -> None:
        """End a connection whose host was silent or no longer accepts writes, and try that host last."""
        connection.terminate()
        self._put_last(self._open.get(connection))

    def _put_last(self, address: Address | None) -> None:
        if address in self._addresses:
            self._addresses.remove(address)
            self._addresses.append(address)

    async def probe(self) -> None:
        """End every connection, the busy ones too, when the database does not answer the simplest statement.

        A statement without a limit would wait for a silent host without an end. Raises what is wrong.
        """
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                if self._probe is None or self._probe.is_closed():
                    self._probe = await self.connect(PROBE_SECONDS)
                await self._probe.fetchval("SELECT 1")
        except TimeoutError:
            if self._probe is not None:
                self.distrust(self._probe)
            self.end_all()
            raise
        if len(self._addresses) > 1:
            await self._look_elsewhere(self._open.get(self._probe))

    async def _look_elsewhere(self, current: Address | None) -> None:
        """Find out whether a host that is not in use has been promoted: the one in use answers, and may be a former one."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._looked_at < LOOK_SECONDS:
            return
        for address in [one for one in self._addresses if one is not current]:
            before = self._timeline
            with suppress(Exception):  # most are standbys, or away
                async with asyncio.timeout(FAIR_SECONDS):
                    connection = await self._connect_to(address, None)
                connection.terminate()
            if self._timeline > before:
                self._addresses.remove(address)
                self._addresses.insert(0, address)
        self._looked_at = loop.time()

    def end_all(self) -> None:
        """End every connection at once; whoever waits for one gets an error."""
        for connection in list(self._open):
            connection.terminate()
        self._open.clear()


def addresses(dsn: str) -> list[Address]:
    """Return the hosts of a DSN as arguments of asyncpg.connect; a single one is left to the DSN.

    Of several hosts only one that accepts writes will do, unless the DSN says otherwise.
    """
    parts = urlsplit(dsn)
    options = dict(parse_qsl(parts.query))
    hosts = (parts.netloc.rpartition("@")[2] or options.get("host", "")).split(",")
    if len(hosts) == 1:
        return [{}]
    ports = options.get("port", "").split(",")
    ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)
    role = {} if "target_session_attrs" in options else {"target_session_attrs": "read-write"}
    return [_address(host, port) | role for host, port in zip(hosts, ports, strict=True)]


def _address(host: str, port: str) -> dict[str, Any]:
    match = None if host.startswith("/") else _HOST.fullmatch(host)
    name = match["host"].strip("[]") if match else host
    return {"host": unquote(name), "port": int((match and match["port"]) or port or _PORT)}


def _keep_alive(connection: asyncpg.Connection) -> None:
    sock = connection._transport.get_extra_info("socket")  # noqa: SLF001 - asyncpg has no option for it
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with socket.socket(fileno=os.dup(sock.fileno())) as real:  # uvloop's cannot set every option
        real.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE.items():
            if hasattr(socket, name):  # macOS has not all of them
                real.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
