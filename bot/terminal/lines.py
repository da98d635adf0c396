"""Reads lines from a file descriptor; waiting for one holds up neither the loop nor a thread."""

import asyncio
import os

_CHUNK_BYTES = 65_536


class Lines:
    """Called, it gives the next line without its end, or None where there is no more."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._held = b""
        self._is_over = False

    async def __call__(self) -> str | None:
        while b"\n" not in self._held and not self._is_over:
            chunk = await self._chunk()
            self._held += chunk
            self._is_over = not chunk
        line, end, self._held = self._held.partition(b"\n")
        return line.decode(errors="replace") if line or end else None

    async def _chunk(self) -> bytes:
        try:
            await self._ready()
            return os.read(self._descriptor, _CHUNK_BYTES)
        except OSError:  # so reads a terminal that was closed: there is no more
            return b""

    async def _ready(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, ready.set)
        except PermissionError:  # a regular file can always be read and never be waited for
            return
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
