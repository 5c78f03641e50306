"""Where the cluster and its socket lie: in the data folder, or wherever the server's account can go."""

import hashlib
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from app import log
from app.errors import Misconfigured
from app.pg import account
from app.pg.account import Account

ELSEWHERE = Path("/var/lib/loudeng")
NOTE = "cluster-is-elsewhere.txt"
PORT = 5432  # only the name of the socket file: nothing listens on a network
LONGEST = 103  # bytes of a socket's path: macOS holds 104 with the final zero, Linux 108
PLAIN = re.compile(r"[\w/.+-]+", re.ASCII)  # commas and quotes mean something to PostgreSQL and its drivers


def settle(data_dir: Path) -> Path:
    """Return the home of the cluster of `data_dir`; one that exists is never left for a new, empty one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    here, there, note = data_dir / "postgres", ELSEWHERE / _mark(data_dir), data_dir / NOTE
    if here.exists():
        return here
    as_root = os.geteuid() == 0
    if note.exists() and not (as_root and there.exists()):
        # A new container without the old /var/lib, a moved folder, another user: an empty one would look like loss.
        cure = f"start as root with it in {there}, or delete that note to begin with an empty one"
        raise Misconfigured(f"the cluster named in {note} cannot be used from here: {cure}")
    if as_root and (there.exists() or not account.of(here).enters(data_dir)):
        prepare_elsewhere()
        log.get("pg").info("cluster_elsewhere", home=str(there))
        return there
    return here


def leave_note(data_dir: Path, home: Path, runs_as: Account) -> None:
    """Name in `data_dir` the place where its cluster really lies."""
    if home.parent != data_dir and not (data_dir / NOTE).exists():
        reason = f"the user {runs_as.name}, who runs it, cannot enter this folder"
        (data_dir / NOTE).write_text(f"The PostgreSQL cluster of this folder lies in {home}: {reason}.\n")


def prepare_elsewhere() -> Path:
    """Make the folder for what cannot stay with its owner: root's alone to write, everybody's to enter."""
    ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = ELSEWHERE.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise Misconfigured(f"{ELSEWHERE} must be a folder of root's that nobody else can write")
    ELSEWHERE.chmod(0o755)  # whatever the umask made of it
    return ELSEWHERE


def socket_folder(home: Path, runs_as: Account) -> Path:
    """Make and return the folder of the server's socket: within `home` if its path is short and plain enough."""
    inside = home / "run"
    if _fits(inside) and _claim(inside, runs_as):
        return inside
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - the folder in it is claimed, not trusted
        folder = base / f"loudeng-{_mark(home)}"
        if not _fits(folder) or not runs_as.enters(base):
            continue
        if _claim(folder, runs_as):
            return folder
        # Somebody else sits on the name; all who share the server read its address from postmaster.pid.
        folder = Path(tempfile.mkdtemp(prefix="loudeng-", dir=base))
        runs_as.own(folder)
        return folder
    raise Misconfigured("no temporary folder has a path short enough for PostgreSQL's socket")


def sweep(sockets: Path) -> None:
    """Take away the socket of a dead server: its lock names a number that a zombie or a stranger may bear now."""
    for left in (socket_in(sockets), sockets / f"{socket_in(sockets).name}.lock"):
        left.unlink(missing_ok=True)


def forsake(home: Path, sockets: Path | None) -> None:
    """Take away a socket folder that lies outside `home`; in use, or not there, it is let be."""
    if sockets and sockets.parent != home:
        with suppress(OSError):
            sockets.rmdir()


def socket_in(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _fits(folder: Path) -> bool:
    return PLAIN.fullmatch(str(folder)) is not None and len(os.fsencode(socket_in(folder))) <= LONGEST


def _claim(folder: Path, runs_as: Account) -> bool:
    """Have `folder` as the account's private folder; False if it is somebody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = found.st_uid in (runs_as.uid, os.geteuid())
    if not stat.S_ISDIR(found.st_mode) or not ours or stat.S_IMODE(found.st_mode) != 0o700:
        return False
    runs_as.own(folder)
    return True
