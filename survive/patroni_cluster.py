"""Three database nodes under Patroni, three etcd and HAProxy, from the files of deploy/patroni, on loopback addresses."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil

from app.pg import processes
from app.pg.account import account_for
from app.pg.binaries import find_binaries
from bench.server import ROOT
from survive.program import wait_until

FILES: Final = ROOT / "deploy/patroni"
PROGRAMS: Final = ("patroni", "etcd", "haproxy")
NAMES: Final = ("db1", "db2", "db3")
PASSWORD: Final = "only-on-this-machine"  # noqa: S105 - of servers that live for minutes, on loopback
DSN: Final = f"postgresql://loudeng:{PASSWORD}@127.0.0.1:5000/loudeng"
START_TIMEOUT: Final = 120.0  # seconds
STOP_TIMEOUT: Final = 10.0


def missing_programs() -> list[str]:
    """Return the programs that are not on this machine."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class PatroniCluster:
    """The nodes by name. The shipped addresses 10.0.0.x are 127.0.0.x here."""

    def __init__(self, root: Path) -> None:
        self.root, self.account = root, account_for(root)
        self.bin = find_binaries(self.account).bin
        self.children: dict[str, list[subprocess.Popen[bytes]]] = {name: [] for name in NAMES}
        self.proxy: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start everything and wait until the primary has a synchronous standby and the proxy leads to it."""
        shutil.copy(FILES / "create-database.sh", self.root)
        for number, name in enumerate(NAMES, 1):
            folder = self.root / name
            folder.mkdir(mode=0o755)
            self.account.take_ownership(folder)
            etcd = self._write(
                f"{name}-etcd.yml", "etcd.yml", number, {"/var/lib/etcd": str(self.root / f"{name}-etcd")}
            )
            self.children[name].append(self._run("etcd", "--config-file", etcd))
        for number, name in enumerate(NAMES, 1):
            self.children[name].append(self._start_patroni(number, name))
        self.proxy = self._run("haproxy", "-f", self._write("haproxy.cfg", "haproxy.cfg", 1, {}))
        self.wait_until_synchronous()

    def _start_patroni(self, number: int, name: str) -> subprocess.Popen[bytes]:
        folder = self.root / name
        places = {
            "/var/lib/postgresql/loudeng": str(folder / "data"),
            "/var/lib/postgresql/pgpass": str(folder / "pgpass"),
            "/var/run/postgresql": str(folder),
            "/usr/lib/postgresql/18/bin": str(self.bin),
            "/etc/patroni/create-database.sh": str(self.root / "create-database.sh"),
            "local all all peer": "local all all scram-sha-256",
        }
        options = self.account.options()
        options["env"] |= {
            "PATH": os.environ["PATH"],
            "PSQL": str(self.bin / "psql"),
            "DATABASE_PASSWORD": PASSWORD,
            "HOME": str(folder),
        }
        return self._run("patroni", self._write(f"{name}.yml", "patroni.yml", number, places), **options)

    def _write(self, name: str, template: str, number: int, places: Mapping[str, str]) -> Path:
        """Write a shipped file as the node of this number has it here."""
        text = (FILES / template).read_text("utf-8")
        own, _, rest = text.partition("initial-cluster:") if template == "etcd.yml" else (text, "", "")
        if template != "haproxy.cfg":
            hosts = "10.0.0.11:2379,10.0.0.12:2379,10.0.0.13:2379"
            own = own.replace(hosts, "HOSTS").replace("name: db1", f"name: db{number}")
            own = own.replace("10.0.0.11", f"10.0.0.{10 + number}").replace("HOSTS", hosts)
        text = own + ("initial-cluster:" + rest if rest else "")
        for there, here in places.items():
            text = text.replace(there, here)
        path = self.root / name
        path.write_text(text.replace("10.0.0.", "127.0.0."), "utf-8")
        path.chmod(0o644)
        return path

    def _run(self, program: str, *arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        with (self.root / "nodes.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own arguments, no shell
                [str(shutil.which(program)), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )

    def members(self) -> dict[str, str]:
        """Return the role of each member that runs, as any node tells; empty when none does."""
        for number in range(1, len(NAMES) + 1):
            with suppress(OSError, ValueError):
                url = f"http://127.0.0.{10 + number}:8008/cluster"
                with urllib.request.urlopen(url, timeout=2) as response:
                    found = json.load(response)["members"]
                return {one["name"]: one["role"] for one in found if one["state"] in {"running", "streaming"}}
        return {}

    def leader(self) -> str:
        """Return the name of the primary; empty while there is none."""
        return next((name for name, role in self.members().items() if role == "leader"), "")

    def wait_until_synchronous(self) -> None:
        """Wait until all nodes run, one as the primary and one as its synchronous standby."""
        wait_until(
            lambda: (
                {"leader", "sync_standby"} <= set((roles := self.members()).values())
                and len(roles) == len(NAMES)
            ),
            START_TIMEOUT,
            "three nodes, one of them a synchronous standby",
        )

    def crash(self) -> None:
        """Kill the primary's database server; its Patroni lives on."""
        for process in self._server(self.leader()):
            process.kill()

    def fall_silent(self) -> list[psutil.Process]:
        """Stop the primary's whole host, etcd too; return its processes."""
        name = self.leader()
        stopped = [*self._server(name), *(psutil.Process(child.pid) for child in self.children[name])]
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        return stopped

    def lose_standbys(self) -> list[str]:
        """Kill both standbys with their Patroni; return their names."""
        lost = [name for name in NAMES if name != self.leader()]
        for name in lost:
            self.children[name][1].kill()
            for process in self._server(name):
                process.kill()
        return lost

    def return_standbys(self, names: list[str]) -> None:
        """Start standbys again."""
        for name in names:
            self.children[name].append(self._start_patroni(NAMES.index(name) + 1, name))

    def lose_majority(self) -> list[psutil.Process]:
        """Stop two of three etcd; return them."""
        stopped = [psutil.Process(self.children[name][0].pid) for name in NAMES[:2]]
        for process in stopped:
            process.suspend()
        return stopped

    def switch(self) -> None:
        """Ask for another primary, as for maintenance."""
        leader = self.leader()
        request = urllib.request.Request(
            f"http://127.0.0.1{leader[-1]}:8008/switchover",  # db1 is at .11
            json.dumps({"leader": leader}).encode(),
            {"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310 - an address of ours

    def _server(self, name: str) -> list[psutil.Process]:
        postmaster = processes.postmaster(self.root / name / "data")
        return [postmaster, *postmaster.children(recursive=True)] if postmaster else []

    def close(self) -> None:
        """End everything."""
        everything = [child for children in self.children.values() for child in children]
        everything += [self.proxy] if self.proxy else []
        for child in everything:
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGCONT)
                child.send_signal(signal.SIGKILL)
            child.wait(STOP_TIMEOUT)
        for name in NAMES:
            for process in self._server(name):
                with suppress(psutil.NoSuchProcess):
                    process.resume()
                    process.kill()
            processes.end_orphans(self.root / name)


@contextmanager
def patroni_cluster(root: Path) -> Iterator[PatroniCluster]:
    """Have a cluster in a folder of its own."""
    root.mkdir(mode=0o755)
    cluster = PatroniCluster(root)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()
        time.sleep(0.5)
