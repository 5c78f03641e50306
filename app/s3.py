"""File storage in an S3-compatible bucket: MinIO, Ceph, Aliyun OSS, Tencent COS, AWS."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from app import errors, log
from app.storage import CHUNK_BYTES, check_key, check_prefix

CONNECT_TIMEOUT: Final = timedelta(seconds=3)
REQUEST_TIMEOUT: Final = timedelta(seconds=15)  # for a whole request; the largest stored photo has about 2 MB
RETRY_TIMEOUT: Final = timedelta(seconds=10)
_PAGE_SIZE: Final = 1000
_log: Final = log.get("s3")


class BucketStorage:
    """Files under a prefix of one bucket. Every error of the store is raised as Unavailable, a missing file as NotFound."""

    def __init__(self, url: str) -> None:
        """Take `s3://bucket/prefix?endpoint=…&region=…&style=path|virtual`; credentials are the usual `AWS_*`.

        Sends no request. Create it in the process that uses it: its threads do not survive a fork.
        """
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        endpoint, virtual = options.get("endpoint"), options.get("style") == "virtual"
        if endpoint and virtual:  # the client expects an endpoint with the bucket in its host name
            scheme, _, host = endpoint.partition("://")
            endpoint = f"{scheme}://{parts.netloc}.{host}"
        location: dict[str, Any] = {"endpoint": endpoint, "region": options.get("region")}
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            virtual_hosted_style_request=virtual,
            client_options={
                "allow_http": (endpoint or "").startswith("http://"),
                "connect_timeout": CONNECT_TIMEOUT,
                "timeout": REQUEST_TIMEOUT,
            },
            retry_config={"max_retries": 2, "retry_timeout": RETRY_TIMEOUT},
            **{name: value for name, value in location.items() if value},
        )

    async def put(self, key: str, source: Path) -> None:
        check_key(key)
        with source.open("rb"):  # outside the `with`: a missing source is the caller's error
            try:
                with _translate_errors():
                    await obstore.put_async(self._store, key, source)
            except errors.NotFound:  # the bucket
                raise errors.Unavailable from None
        await asyncio.to_thread(source.unlink)

    async def fetch(self, key: str) -> AsyncIterator[bytes]:
        check_key(key)
        with _translate_errors():
            result = await obstore.get_async(self._store, key)
        return _chunks(result)

    async def remove(self, key: str) -> None:
        check_key(key)
        try:
            with _translate_errors():
                await obstore.delete_async(self._store, key)
        except errors.NotFound:
            pass

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        check_prefix(prefix)
        folder = prefix.rpartition("/")[0]  # the client lists by folder only
        pages = obstore.list(self._store, folder or None, chunk_size=_PAGE_SIZE).__aiter__()
        while True:
            with _translate_errors():
                page = await anext(pages, None)
            if page is None:
                return
            for entry in page:
                if entry["path"].startswith(prefix):
                    yield entry["path"]


async def _chunks(result: Any) -> AsyncIterator[bytes]:
    """Cut the stream of a result into chunks of 64 KiB."""
    buffer = bytearray()
    stream = result.stream(min_chunk_size=CHUNK_BYTES).__aiter__()
    while True:
        with _translate_errors():
            data = await anext(stream, None)
        if data is None:
            break
        buffer += bytes(data)
        while len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer[:CHUNK_BYTES])
            del buffer[:CHUNK_BYTES]
    if buffer:
        yield bytes(buffer)


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise NotFound or Unavailable for the client's errors; only their type is logged, for they name keys and URLs."""
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise errors.NotFound from None
    except (BaseError, OSError) as error:
        _log.warning("store_away", error=type(error).__name__)
        raise errors.Unavailable from error
