"""What callers give to be read as it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import TypeVar, Union

from taskres.images import ImageSource, image_bytes
from taskres.v1.errors_pb2 import ErrorReason, ItemError
from taskres.v1.types_pb2 import Image

T = TypeVar("T")
Source = Union[Iterable[T], AsyncIterable[T]]

# What fits a connection's first window (RFC 6928) arrives as soon as its digest would: to ask first would cost a round trip.
_ASK_FIRST_ABOVE = 14 << 10


async def read(source: Source[T]) -> AsyncIterator[T]:
    """Any source's items. An ordinary iterable is read on another thread: it may wait, and the event loop must not."""
    if isinstance(source, AsyncIterable):
        async for item in source:
            yield item
    elif isinstance(source, (list, tuple)):
        for item in source:
            yield item
    else:
        items = iter(source)
        while taken := await asyncio.to_thread(_take, items):
            yield taken[0]


def _take(items: Iterator[T]) -> tuple[T, ...]:
    """The next item; none at the end."""
    return tuple(islice(items, 1))


async def read_images(source: Source[ImageSource]) -> AsyncIterator[bytes]:
    """The bytes of a source's images."""
    async for image in read(source):
        yield await content_of(image)


async def content_of(image: ImageSource) -> bytes:
    """Files are read and pixels are packed on another thread."""
    return image if isinstance(image, bytes) else await asyncio.to_thread(image_bytes, image)


def first_form(image: bytes) -> Image:
    """What to send first: the digest, or the image itself where it is small."""
    return Image(sha256=sha256(image).digest()) if len(image) > _ASK_FIRST_ABOVE else Image(content=image)


def is_asked_for(error: ItemError | None) -> bool:
    """Whether the server wants the bytes."""
    return error is not None and error.reason == ErrorReason.ERROR_REASON_IMAGE_BYTES_REQUIRED
