"""Other settings for the length of a block, as another deployment would have them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from app import settings
from app.main import create_app


@contextmanager
def deployed(**values: str | None) -> Iterator[None]:
    """Set `LOUDENG_*` by the names settings has, None: unset; what was there before comes back."""
    named = {f"LOUDENG_{name}".upper(): value for name, value in values.items()}
    before = {name: os.environ.get(name) for name in named}
    _set(named)
    try:
        settings.get()  # a bad value stops here, not in the middle
        yield
    finally:
        _set(before)


def _set(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    settings.get.cache_clear()


def fresh_client(address: str = "127.0.0.1") -> httpx.AsyncClient:
    """Return a client of an application made under the settings of now, calling from `address`."""
    transport = httpx.ASGITransport(create_app(), client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url="http://test")
