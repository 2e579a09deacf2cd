"""Files to send and to receive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20


async def chunks(source: BinaryIO) -> AsyncIterator[bytes]:
    """A file from where it stands to its end, in pieces no larger than a message may hold."""
    while chunk := await asyncio.to_thread(source.read, _CHUNK_BYTES):
        yield chunk


async def write(chunk: bytes, destination: BinaryIO) -> None:
    """Writes all of it."""
    await asyncio.to_thread(destination.write, chunk)
