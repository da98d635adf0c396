"""What stands before Postgres and hides it: a proxy that, like PgBouncer, tells a process id of its
own making. It pools nothing; that one thing is by which Kaia knows such a place.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MADE_UP = 4_000_000
_KEY_DATA = b"K"
_SINGLE = (b"N", b"S")
"""Answers of one byte, to the first questions: whether the connection may be encrypted."""


@asynccontextmanager
async def pooler(to_port: int) -> AsyncIterator[int]:
    """The port on which it listens."""
    links: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        links.add(task)
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", to_port)
        try:
            with contextlib.suppress(ConnectionError):
                async with asyncio.TaskGroup() as both:
                    both.create_task(_pass_on(reader, up_writer), name="pooler up")
                    both.create_task(_answer(up_reader, writer), name="pooler down")
        finally:
            up_writer.close()
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Message by message until the one with the process id, then whatever comes."""
    with contextlib.suppress(asyncio.IncompleteReadError):
        kind = await reader.readexactly(1)
        while kind in _SINGLE:
            writer.write(kind)
            kind = await reader.readexactly(1)
        while True:
            length = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(length) - 4)
            if kind == _KEY_DATA:
                body = _MADE_UP.to_bytes(4) + body[4:]
            writer.write(kind + length + body)
            if kind == _KEY_DATA:
                break
            kind = await reader.readexactly(1)
    await _pass_on(reader, writer)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
        await writer.drain()
    writer.close()
