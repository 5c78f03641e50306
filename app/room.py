"""Room for so many at once: who finds none waits, and is let in in turn."""

import asyncio


class Room:
    """Room for `size`; whoever has waited `patience` seconds in vain gets TimeoutError."""

    def __init__(self, size: int, patience: float) -> None:
        self._free, self._patience = asyncio.Semaphore(size), patience  # asyncio's serves in turn

    async def enter(self) -> None:
        """Take a place; `leave` gives it back."""
        if self._free.locked():
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        else:
            await self._free.acquire()

    def leave(self) -> None:
        """Give a place back, to whoever has waited longest."""
        self._free.release()
