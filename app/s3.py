"""Files in an S3-compatible store, behind the functions of `storage`: MinIO, Ceph, Aliyun OSS, Tencent COS, AWS."""

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
from app.storage import CHUNK, refuse_odd_key, refuse_odd_prefix

CONNECTING: Final = timedelta(seconds=3)
ANSWERING: Final = timedelta(seconds=15)  # a whole request: the largest photo kept has about 2 MB
RETRYING: Final = timedelta(seconds=10)
_PAGE: Final = 1000
_log: Final = log.get("s3")


class BucketStorage:
    """Files under a prefix of one bucket. Whatever goes wrong there is `Unavailable`; a malformed key a `ValueError`."""

    def __init__(self, url: str) -> None:
        """Take `s3://bucket/prefix?endpoint=…&region=…&style=path|virtual`; credentials are the usual `AWS_*`.

        Nothing is asked of the store yet. To be made in the process that uses it: its threads do not survive a fork.
        """
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        endpoint, virtual = asked.get("endpoint"), asked.get("style") == "virtual"
        if endpoint and virtual:  # the client takes an endpoint that names the bucket already
            scheme, _, host = endpoint.partition("://")
            endpoint = f"{scheme}://{parts.netloc}.{host}"
        given: dict[str, Any] = {"endpoint": endpoint, "region": asked.get("region")}
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            virtual_hosted_style_request=virtual,
            client_options={
                "allow_http": (endpoint or "").startswith("http://"),
                "connect_timeout": CONNECTING,
                "timeout": ANSWERING,
            },
            retry_config={"max_retries": 2, "retry_timeout": RETRYING},
            **{name: value for name, value in given.items() if value},
        )

    async def put(self, key: str, source: Path) -> None:
        refuse_odd_key(key)
        with source.open("rb"):  # a missing source is the caller's mistake, not the store's
            try:
                with _away():
                    await obstore.put_async(self._store, key, source)
            except errors.NotFound:  # the bucket
                raise errors.Unavailable from None
        await asyncio.to_thread(source.unlink)

    async def fetch(self, key: str) -> AsyncIterator[bytes]:
        refuse_odd_key(key)
        with _away():
            found = await obstore.get_async(self._store, key)
        return _chunks(found)

    async def remove(self, key: str) -> None:
        refuse_odd_key(key)
        try:
            with _away():
                await obstore.delete_async(self._store, key)
        except errors.NotFound:
            pass

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        refuse_odd_prefix(prefix)
        folder = prefix.rpartition("/")[0]  # the client lists whole folders
        listed = obstore.list(self._store, folder or None, chunk_size=_PAGE).__aiter__()
        while True:
            with _away():
                page = await anext(listed, None)
            if page is None:
                return
            for found in page:
                if found["path"].startswith(prefix):
                    yield found["path"]


async def _chunks(found: Any) -> AsyncIterator[bytes]:
    """Cut what arrives into chunks of 64 KiB."""
    kept = bytearray()
    stream = found.stream(min_chunk_size=CHUNK).__aiter__()
    while True:
        with _away():
            more = await anext(stream, None)
        if more is None:
            break
        kept += bytes(more)
        while len(kept) >= CHUNK:
            yield bytes(kept[:CHUNK])
            del kept[:CHUNK]
    if kept:
        yield bytes(kept)


@contextmanager
def _away() -> Iterator[None]:
    """Turn the client's errors into refusals; its words name keys and addresses and stay in the log."""
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise errors.NotFound from None
    except (BaseError, OSError) as error:
        _log.warning("store_away", error=type(error).__name__)
        raise errors.Unavailable from error
