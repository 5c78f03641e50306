"""What a data directory holds and where, its cluster elsewhere included: to show it and to remove it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.errors import Misconfigured
from app.pg import location, locks, processes

# What the program makes in a data directory. Anything else in it is somebody else's and stays.
_OURS: Final = (
    *("postgres", "postgres.new-*", "postgres.log", "start.lock", "users.lock", location.NOTE_NAME),
    *("storage", "*.key", ".restore.*"),
)


@dataclass(frozen=True)
class Inventory:
    """`home`: the folder of the cluster, None where there is none. `abandoned`: clusters whose data directory is gone."""

    data_dir: Path
    home: Path | None
    abandoned: tuple[Path, ...]

    @property
    def folders(self) -> list[Path]:
        """The folders that hold this data directory's data."""
        folders = [self.data_dir] if self.data_dir.exists() else []
        return folders + ([self.home] if self.home and self.home.parent != self.data_dir else [])


def take_inventory(data_dir: Path) -> Inventory:
    """Look without making anything."""
    data_dir = data_dir.resolve()
    return Inventory(data_dir, location.existing_home(data_dir), tuple(location.abandoned_homes()))


def size_of(folder: Path) -> int:
    """Return the bytes of a folder's files."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def remove_data(inventory: Inventory) -> list[Path]:
    """Remove a data directory's data and its cluster; return what else lies there and stays. Raises Misconfigured."""
    users = inventory.data_dir / "users.lock"
    if users.exists() and not locks.is_free(users):
        raise Misconfigured(f"the program is running over {inventory.data_dir}: stop it first")
    if inventory.home:
        remove_cluster(inventory.home)
    try:
        for path in [path for pattern in _OURS for path in inventory.data_dir.glob(pattern)]:
            _remove(path)
        left = sorted(inventory.data_dir.iterdir()) if inventory.data_dir.exists() else []
        if not left and inventory.data_dir.exists():
            inventory.data_dir.rmdir()
    except OSError as error:
        raise Misconfigured(f"cannot remove {inventory.data_dir}: {error.strerror}") from None
    return left


def remove_cluster(home: Path) -> None:
    """Remove the cluster in `home`, and processes that a killed server left over it. Raises Misconfigured."""
    processes.end_orphans(home)
    try:
        _remove(home)
    except OSError as error:
        raise Misconfigured(f"cannot remove {home}: {error.strerror}") from None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
