"""Two PostgreSQL servers, a primary and its synchronous standby, each on a port of its own, from the wheel's programs."""

import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

import asyncpg
import psutil

from app.pg import processes
from app.pg.account import Account, account_for
from app.pg.binaries import Binaries, find_binaries
from bench.database import Query, run_query
from survive.program import wait_until

T = TypeVar("T")
USER: Final = "loudeng"
PASSWORD: Final = "only-on-this-machine"  # noqa: S105 - of servers that live for a minute, on loopback
TIMEOUT: Final = 60.0  # seconds for a server to start, to be copied or to catch up
STATEMENT_TIMEOUT: Final = 30.0
SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "wal_level": "replica",
    "wal_log_hints": "on",  # pg_rewind needs it, or checksums
    "wal_keep_size": "1GB",
    "hot_standby": "on",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_receiver_timeout": "5s",
    "wal_sender_timeout": "5s",
    "jit": "off",
    "timezone": "UTC",
}


class Node:
    """One server over a data directory of its own."""

    def __init__(self, folder: Path, account: Account, binaries: Binaries) -> None:
        self.folder, self.data, self.account, self.bin = folder, folder / "data", account, binaries.bin
        folder.mkdir(mode=0o755)
        account.take_ownership(folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The host and port, as in a DSN."""
        return f"127.0.0.1:{self.port}"

    @property
    def dsn(self) -> str:
        """The DSN of this server alone."""
        return f"postgresql://{USER}:{PASSWORD}@{self.address}/postgres"

    def create(self) -> None:
        """Make an empty cluster that standbys may copy."""
        password = self.folder / "password"
        password.write_text(PASSWORD)
        self.account.take_ownership(password)
        options = (
            "-U",
            USER,
            "--pwfile",
            password,
            "-A",
            "scram-sha-256",
            "--locale",
            "C.UTF-8",
            "-E",
            "UTF8",
        )
        self._run("initdb", "-D", self.data, "--no-instructions", *options)

    def copy(self, primary: "Node", *, standby: bool = True) -> None:
        """Become a copy of a primary; as a standby one that goes on by its log."""
        source = f"host=127.0.0.1 port={primary.port} user={USER} password={PASSWORD}"
        self._run(
            "pg_basebackup",
            "-D",
            self.data,
            *(["-R"] if standby else []),
            "-X",
            "stream",
            "-c",
            "fast",
            "-d",
            source,
        )

    def rewind(self, primary: "Node") -> None:
        """Become a standby of the server that was promoted meanwhile; what only this one has is dropped."""
        source = f"host=127.0.0.1 port={primary.port} user={USER} password={PASSWORD} dbname=postgres"
        self._run("pg_rewind", "-D", self.data, "-R", f"--source-server={source}")

    def start(self, **settings: str) -> None:
        """Start the server and wait until it answers."""
        options = [
            part for name, value in {**SETTINGS, **settings}.items() for part in ("-c", f"{name}={value}")
        ]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
                [self.bin / "postgres", "-D", self.data, "-p", str(self.port), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account.options(),
            )
        wait_until(self.answers, TIMEOUT, "a database server to answer")

    def answers(self) -> bool:
        """Tell whether the server accepts sessions."""
        try:
            self.query(lambda connection: connection.fetchval("SELECT 1"))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        return True

    def query(self, query: Query[T]) -> T:
        """Run a query over a connection of its own."""
        return run_query(self.dsn, query, STATEMENT_TIMEOUT)

    def execute(self, sql: str) -> None:
        """Run a statement."""
        self.query(lambda connection: connection.execute(sql))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server and all its backends."""
        if self.process is None or self.process.poll() is not None:
            return
        postmaster = psutil.Process(self.process.pid)
        for process in [postmaster, *postmaster.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def kill(self) -> None:
        """Kill the server and all its backends, as a fence does."""
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait(TIMEOUT)
        processes.end_orphans(self.data)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def recover(self) -> None:
        """Have the killed server replay its own log and stop in good order, as pg_rewind asks."""
        keep = f"wal_keep_size={SETTINGS['wal_keep_size']}"  # pg_rewind reads back to where the two parted
        self._run("postgres", "--single", "-c", keep, "-D", self.data, "postgres")

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = self.account.run([self.bin / program, *arguments])
        if done.returncode:
            raise RuntimeError(f"{program} failed: {' '.join(done.stdout.split())[-400:]}")


class DatabasePair:
    """Two nodes; `primary` accepts writes, and acknowledges them when `standby` has them on disk."""

    def __init__(self, root: Path) -> None:
        account = account_for(root)
        binaries = find_binaries(account)
        self.nodes = [Node(root / name, account, binaries) for name in ("first", "second")]
        self.primary, self.standby = self.nodes
        self.primary.create()
        self.primary.start()
        self.primary.execute("CREATE DATABASE loudeng")
        self.standby.copy(self.primary)
        self.standby.start()
        self._wait_for_standby()

    @property
    def dsn(self) -> str:
        """The DSN of the program, which names both."""
        return f"postgresql://{USER}:{PASSWORD}@{','.join(node.address for node in self.nodes)}/loudeng"

    def query(self, query: Query[T]) -> T:
        """Run a query on the program's database at the present primary."""
        return run_query(self.primary.dsn.replace("/postgres", "/loudeng"), query, STATEMENT_TIMEOUT)

    def promote(self) -> float:
        """Promote the standby; return when it accepted writes (monotonic clock)."""
        self.standby.execute("SELECT pg_promote(true)")
        self.primary, self.standby = self.standby, self.primary
        return time.monotonic()

    def rejoin(self) -> None:
        """Fence the former primary, and have it follow the present one as its synchronous standby."""
        self.standby.kill()
        self.standby.recover()
        self.primary.execute(
            "CHECKPOINT"
        )  # a promoted server says with its first one which timeline it is on
        self.standby.rewind(self.primary)
        self.standby.start()
        self._wait_for_standby()

    def _wait_for_standby(self) -> None:
        """Wait until the standby streams, and let the primary acknowledge nothing without it."""
        streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        wait_until(
            lambda: self.primary.query(lambda connection: connection.fetchval(streaming)),
            TIMEOUT,
            "the standby to follow",
        )
        self.primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.primary.execute("SELECT pg_reload_conf()")

    def close(self) -> None:
        """End both servers."""
        for node in self.nodes:
            node.signal(signal.SIGCONT)
            node.kill()


@contextmanager
def database_pair(root: Path) -> Iterator[DatabasePair]:
    """Have a pair in a folder of its own."""
    root.mkdir(mode=0o755)
    pair = DatabasePair(root)
    try:
        yield pair
    finally:
        pair.close()


@contextmanager
def bucket() -> Iterator[str]:
    """Have a store of photos that several machines share; its address as a setting, its keys in our environment."""
    import boto3  # noqa: PLC0415 - only this promise needs it
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it says every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint, region = f"http://{host}:{port}", "cn-north-1"
    client = boto3.client("s3", endpoint_url=endpoint, region_name=region)
    client.create_bucket(Bucket="loudeng", CreateBucketConfiguration={"LocationConstraint": region})
    try:
        yield f"s3://loudeng/street?endpoint={endpoint}&region={region}"
    finally:
        server.stop()
