"""Limits how many run at once; the others wait in the order they came."""

import asyncio


class Limiter:
    """`size` permits. A caller that waits longer than `timeout` seconds for one gets TimeoutError."""

    def __init__(self, size: int, timeout: float) -> None:
        self._permits, self._timeout = (
            asyncio.Semaphore(size),
            timeout,
        )  # asyncio's is first come, first served

    async def acquire(self, seconds: float | None = None) -> None:
        """Take a permit; `release` gives it back. `seconds` instead of `timeout`. Raises TimeoutError."""
        if self._permits.locked():
            async with asyncio.timeout(self._timeout if seconds is None else seconds):
                await self._permits.acquire()
        else:
            await self._permits.acquire()

    def release(self) -> None:
        """Give a permit back, to the caller that has waited longest."""
        self._permits.release()
