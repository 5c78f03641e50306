"""A bucket keeps files as a directory does, and a store that is away is said to be away."""

import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from app import clock, errors, ids, s3, settings
from app.errors import Misconfigured
from app.s3 import BucketStorage
from app.services.photos import photos
from app.services.privacy import erasing
from app.services.privacy.erasing import tombstones
from app.services.privacy.erasing.tombstones import Tombstone
from app.storage import Storage
from tests.deployed import deployed

KEY = "photos/01/0190c0de-0000-7000-8000-000000000001.jpg"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3-compatible server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def url(endpoint: str) -> Iterator[str]:
    client = boto3.client("s3", endpoint_url=endpoint, region_name="cn-north-1")
    client.create_bucket(Bucket="loudeng", CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    client.put_object(Bucket="loudeng", Key="others/file", Body=b"somebody else's")
    yield f"s3://loudeng/street/one?endpoint={endpoint}&region=cn-north-1"
    for found in client.list_objects_v2(Bucket="loudeng")["Contents"]:
        client.delete_object(Bucket="loudeng", Key=found["Key"])
    client.delete_bucket(Bucket="loudeng")


@pytest.fixture
def storage(url: str) -> Storage:
    return BucketStorage(url)


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


async def test_a_large_file_goes_and_comes_in_parts(storage: Storage, tmp_path: Path) -> None:
    content = bytes(range(256)) * 50_000
    await storage.put(KEY, written(tmp_path, content))
    assert b"".join(await read(await storage.fetch(KEY))) == content


async def test_putting_again_replaces_and_removing_twice_is_fine(storage: Storage, tmp_path: Path) -> None:
    await storage.put(KEY, written(tmp_path, b"old"))
    await storage.put(KEY, written(tmp_path, b"new"))
    assert await read(await storage.fetch(KEY)) == [b"new"]
    await storage.remove(KEY)
    await storage.remove(KEY)
    with pytest.raises(errors.NotFound):
        await storage.fetch(KEY)


async def test_keys_are_listed_by_any_prefix_and_never_beside_ones_own(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_PAGE_SIZE", 1)
    assert await found(storage) == set()
    for key in ("photos/01/a.jpg", "photos/02/b.jpg", "exports/c.csv"):
        await storage.put(key, written(tmp_path))
    assert await found(storage) == {"photos/01/a.jpg", "photos/02/b.jpg", "exports/c.csv"}
    assert await found(storage, "photos/") == {"photos/01/a.jpg", "photos/02/b.jpg"}
    assert await found(storage, "photos/01/a") == {"photos/01/a.jpg"}
    assert await found(storage, "pho") == {"photos/01/a.jpg", "photos/02/b.jpg"}


@pytest.mark.parametrize("key", ["", "../x", "a/../b", "/etc/passwd", "a b", "灯.jpg", "a//b"])
async def test_a_key_cannot_point_elsewhere(storage: Storage, tmp_path: Path, key: str) -> None:
    source = written(tmp_path)
    for attempt in (storage.put(key, source), storage.fetch(key), storage.remove(key)):
        with pytest.raises(ValueError, match="not a key"):
            await attempt
    with pytest.raises(ValueError, match="not a prefix"):
        await found(storage, "../")
    assert source.exists()


async def test_a_bucket_that_is_not_there_is_unavailable_for_writing(endpoint: str, tmp_path: Path) -> None:
    storage = BucketStorage(f"s3://nowhere?endpoint={endpoint}&region=cn-north-1")
    source = written(tmp_path)
    with pytest.raises(errors.Unavailable):
        await storage.put(KEY, source)
    assert source.exists()


async def test_a_store_that_is_away_is_unavailable_and_nothing_is_used_up(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        storage = BucketStorage(f"s3://loudeng?endpoint=http://127.0.0.1:{closed.getsockname()[1]}&region=x")
        source = written(tmp_path)
        for attempt in (storage.put(KEY, source), storage.fetch(KEY), storage.remove(KEY), found(storage)):
            with pytest.raises(errors.Unavailable):
                await attempt
        assert source.exists()


async def test_a_store_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "REQUEST_TIMEOUT", timedelta(seconds=0.3))
    monkeypatch.setattr(s3, "RETRY_TIMEOUT", timedelta(seconds=0.3))
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        storage = BucketStorage(f"s3://loudeng?endpoint=http://127.0.0.1:{mute.getsockname()[1]}&region=x")
        began = time.monotonic()
        with pytest.raises(errors.Unavailable):
            await storage.fetch(KEY)
        assert time.monotonic() - began < 5


def test_the_setting_chooses_the_bucket(url: str) -> None:
    photos._storage = None  # noqa: SLF001
    try:
        with deployed(storage_url=url):
            assert isinstance(photos.photo_storage(), BucketStorage)
    finally:
        photos._storage = None  # noqa: SLF001


@pytest.mark.parametrize(
    "bad",
    [
        "/srv/photos",
        "s3://",
        "s3://a b",
        "s3://bucket?endpoint=ftp://x",
        "s3://bucket?key=secret",
        "s3://bucket?style=x",
    ],
)
def test_a_mistake_in_the_setting_is_one_clear_line(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUDENG_STORAGE_URL", bad)
    with pytest.raises(Misconfigured, match="LOUDENG_STORAGE_URL"):
        settings.load()


async def test_erasures_are_noted_in_the_bucket_and_read_from_it_by_its_address(
    url: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "_storage", storage)
    one, two = (Tombstone(ids.new(), clock.now(), keeps) for keeps in (False, True))
    for erased in (one, two, one):
        await tombstones.write_tombstone(erased)
    assert await erasing.stored_tombstones() == await erasing.load_tombstones(url) == sorted([one, two])
