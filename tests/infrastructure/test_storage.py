"""A file that was put is there after a power cut, whole, and nobody reaches outside the folder."""

import errno
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import errors
from app.storage import DirectoryStorage, Storage

KEY = "photos/01/0190c0de-0000-7000-8000-000000000001.jpg"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return DirectoryStorage(tmp_path / "files")


def written(tmp_path: Path, content: bytes = b"light") -> Path:
    source = tmp_path / "upload"
    source.write_bytes(content)
    return source


async def read(chunks: AsyncIterator[bytes]) -> list[bytes]:
    return [chunk async for chunk in chunks]


async def found(storage: Storage, prefix: str = "") -> set[str]:
    return {key async for key in storage.keys(prefix)}


async def test_what_was_put_comes_back_in_chunks_and_the_source_is_used_up(
    storage: Storage, tmp_path: Path
) -> None:
    source = written(tmp_path, b"x" * 150_000)
    await storage.put(KEY, source)
    assert [len(chunk) for chunk in await read(await storage.fetch(KEY))] == [65536, 65536, 18928]
    assert not source.exists()


async def test_putting_again_replaces(storage: Storage, tmp_path: Path) -> None:
    await storage.put(KEY, written(tmp_path, b"old"))
    await storage.put(KEY, written(tmp_path, b"new"))
    assert await read(await storage.fetch(KEY)) == [b"new"]


async def test_a_missing_file_is_refused_before_the_first_chunk(storage: Storage) -> None:
    with pytest.raises(errors.NotFound):
        await storage.fetch(KEY)


async def test_a_file_removed_before_reading_is_not_found(storage: Storage, tmp_path: Path) -> None:
    await storage.put(KEY, written(tmp_path))
    chunks = await storage.fetch(KEY)
    await storage.remove(KEY)
    with pytest.raises(errors.NotFound):
        await read(chunks)


async def test_removing_twice_is_fine(storage: Storage, tmp_path: Path) -> None:
    await storage.remove(KEY)
    await storage.put(KEY, written(tmp_path))
    await storage.remove(KEY)
    await storage.remove(KEY)
    assert await found(storage) == set()


async def test_keys_are_listed_by_any_prefix(storage: Storage, tmp_path: Path) -> None:
    assert await found(storage) == set()
    for key in ("photos/01/a.jpg", "photos/02/b.jpg", "exports/c.csv"):
        await storage.put(key, written(tmp_path))
    assert await found(storage) == {"photos/01/a.jpg", "photos/02/b.jpg", "exports/c.csv"}
    assert await found(storage, "photos/") == {"photos/01/a.jpg", "photos/02/b.jpg"}
    assert await found(storage, "photos/01/a") == {"photos/01/a.jpg"}
    assert await found(storage, "pho") == {"photos/01/a.jpg", "photos/02/b.jpg"}
    assert await found(storage, "photos/01/a.jpg/") == set()


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a/..",
        ".hidden",
        "a//b",
        "a/",
        "a\\b",
        "C:x",
        "a b",
        "a\0b",
        "灯.jpg",
        "a\n",
        "a/" * 9 + "b",
        "x" * 201,
        "~root",
        "-rf",
    ],
)
async def test_a_key_cannot_point_elsewhere(storage: Storage, tmp_path: Path, key: str) -> None:
    source = written(tmp_path)
    for attempt in (storage.put(key, source), storage.fetch(key), storage.remove(key)):
        with pytest.raises(ValueError, match="not a key"):
            await attempt
    assert source.exists()
    assert os.listdir(tmp_path) == ["upload"]  # noqa: PTH208 - names are enough


async def test_a_prefix_cannot_point_elsewhere(storage: Storage) -> None:
    with pytest.raises(ValueError, match="not a prefix"):
        await found(storage, "../")


async def test_the_file_is_synced_before_its_name_and_its_folders_after(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        did.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def rename(self: Path, target: Path) -> Path:
        did.append("rename")
        return replace(self, target)

    await storage.put("photos/01/first.jpg", written(tmp_path))  # the folders exist from here on
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", rename)
    await storage.put(KEY, written(tmp_path))
    assert did == ["file", "rename", "folder", "folder", "folder"]


def from_another_file_system(monkeypatch: pytest.MonkeyPatch, source: Path) -> None:
    replace = Path.replace

    def rename(self: Path, target: Path) -> Path:
        if self == source:
            raise OSError(errno.EXDEV, "cross-device link")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", rename)


async def test_a_source_on_another_file_system_is_copied_whole(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path, b"far away")
    from_another_file_system(monkeypatch, source)
    await storage.put(KEY, source)
    assert await read(await storage.fetch(KEY)) == [b"far away"]
    assert not source.exists()
    assert [path.name for path in (tmp_path / "files/photos/01").iterdir()] == [Path(KEY).name]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
async def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_: Path, target: Path) -> None:
        target.write_bytes(b"li")
        raise OSError(number, "full")

    source = written(tmp_path)
    from_another_file_system(monkeypatch, source)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfile", full)
        with pytest.raises(errors.StorageFull):
            await storage.put(KEY, source)
    assert await found(storage) == set()
    assert list((tmp_path / "files/photos/01").iterdir()) == []
    await storage.put(KEY, source)  # and once there is room again, it works
    assert await read(await storage.fetch(KEY)) == [b"light"]


async def test_other_failures_are_not_taken_for_a_full_disk(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await storage.put(KEY, tmp_path / "nothing")


async def test_a_folder_that_cannot_be_read_does_not_pass_for_an_empty_one(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await storage.put(KEY, written(tmp_path))

    def closed(_: object) -> None:
        raise PermissionError(errno.EACCES, "closed")

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(PermissionError):
        await found(storage)
