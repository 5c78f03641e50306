"""Decides where the cluster and its socket are: in the data folder, or where the server's account has access."""

import hashlib
import os
import re
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from app import log
from app.errors import Misconfigured
from app.pg.account import Account, account_for

SHARED_FOLDER = Path("/var/lib/loudeng")  # for what the server's account cannot reach in the data folder
NOTE_NAME = "cluster-is-elsewhere.txt"
BACK_NOTE_NAME = "data-directory.txt"  # in the cluster's home
PORT = 5432  # only part of the socket's file name: nothing listens on a network
MAX_SOCKET_PATH_BYTES = 103  # macOS allows 104 with the final zero, Linux 108
SAFE_PATH = re.compile(r"[\w/.+-]+", re.ASCII)  # commas and quotes are syntax for PostgreSQL and its drivers


def locate(data_dir: Path) -> Path:
    """Return the home of the cluster of `data_dir`. An existing one is never abandoned for a new, empty one.

    Raises Misconfigured where the existing one cannot be used.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    inside, outside, note = data_dir / "postgres", SHARED_FOLDER / _digest(data_dir), data_dir / NOTE_NAME
    if inside.exists():
        return inside
    as_root = os.geteuid() == 0
    if note.exists() and not (as_root and outside.exists()):
        # A new container without the old /var/lib, a moved folder or another user: an empty cluster would look like data loss.
        remedy = f"start as root with it in {outside}, or delete that note to start with an empty one"
        raise Misconfigured(f"the cluster named in {note} cannot be used from here: {remedy}")
    if as_root and (outside.exists() or not account_for(inside).can_enter(data_dir)):
        prepare_shared_folder()
        log.get("pg").info("cluster_elsewhere", home=str(outside))
        return outside
    return inside


def existing_home(data_dir: Path) -> Path | None:
    """Return the home of the cluster of `data_dir` where there is one; nothing is made or checked."""
    homes = (data_dir / "postgres", SHARED_FOLDER / _digest(data_dir))
    return next((home for home in homes if home.exists()), None)


def abandoned_homes() -> list[Path]:
    """Return the clusters elsewhere whose data directory is gone."""
    notes = sorted(SHARED_FOLDER.glob(f"*/{BACK_NOTE_NAME}"))
    return [note.parent for note in notes if not Path(note.read_text().strip()).exists()]


def write_note(data_dir: Path, home: Path, account: Account) -> None:
    """Where a cluster is not in `data_dir`, leave a note in either that names the other."""
    if home.parent == data_dir:
        return
    if not (data_dir / NOTE_NAME).exists():
        reason = f"the user {account.name}, who runs it, cannot enter this folder"
        (data_dir / NOTE_NAME).write_text(f"The PostgreSQL cluster of this folder is in {home}: {reason}.\n")
    if not (home / BACK_NOTE_NAME).exists():
        (home / BACK_NOTE_NAME).write_text(f"{data_dir}\n")


def prepare_shared_folder() -> Path:
    """Make the folder for what cannot be in the data folder: only root can write it, everybody can enter it."""
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    status = SHARED_FOLDER.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != 0 or status.st_mode & 0o022:
        raise Misconfigured(f"{SHARED_FOLDER} must be a folder of root's that nobody else can write")
    SHARED_FOLDER.chmod(0o755)  # independent of the umask
    return SHARED_FOLDER


def prepare_socket_folder(home: Path, account: Account) -> Path:
    """Make and return the folder of the server's socket: inside `home` if its path is short and safe enough."""
    inside = home / "run"
    if _fits(inside) and _claim(inside, account):
        return inside
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - the folder in it is checked, not trusted
        folder = base / f"loudeng-{_digest(home)}"
        if not _fits(folder) or not account.can_enter(base):
            continue
        if _claim(folder, account):
            return folder
        # Another user holds the name. Any other will do: clients read the address from postmaster.pid.
        folder = Path(tempfile.mkdtemp(prefix="loudeng-", dir=base))
        account.take_ownership(folder)
        return folder
    raise Misconfigured("no temporary folder has a path short enough for PostgreSQL's socket")


def remove_stale_socket(folder: Path) -> None:
    """Remove the socket of a dead server: its lock file holds a pid that a zombie or another program may have now."""
    for stale in (socket_in(folder), folder / f"{socket_in(folder).name}.lock"):
        stale.unlink(missing_ok=True)


def remove(home: Path, socket_folder: Path | None) -> None:
    """Remove a socket folder outside `home`; one that is in use or missing is ignored."""
    if socket_folder and socket_folder.parent != home:
        with suppress(OSError):
            socket_folder.rmdir()


def socket_in(folder: Path) -> Path:
    return folder / f".s.PGSQL.{PORT}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _fits(folder: Path) -> bool:
    return (
        SAFE_PATH.fullmatch(str(folder)) is not None
        and len(os.fsencode(socket_in(folder))) <= MAX_SOCKET_PATH_BYTES
    )


def _claim(folder: Path, account: Account) -> bool:
    """Make `folder` the account's private folder; False if it belongs to another user."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    is_ours = status.st_uid in (account.uid, os.geteuid())
    if not stat.S_ISDIR(status.st_mode) or not is_ours or stat.S_IMODE(status.st_mode) != 0o700:
        return False
    account.take_ownership(folder)
    return True
