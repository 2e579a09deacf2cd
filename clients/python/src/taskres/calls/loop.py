"""The event loop on which synchronous clients run the asynchronous ones."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")

Stream = Generator[T, None, None]
"""Items as they come; closed, or left by its loop, it ends its call."""

_END: Any = object()


class LoopThread:
    """An event loop on a thread of its own. There is one for a process: gRPC polls for all loops of a process together."""

    _lock = threading.Lock()
    _shared: LoopThread | None = None

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="taskres", daemon=True).start()

    @classmethod
    def shared(cls) -> LoopThread:
        """That of the process; started when it is first asked for."""
        with cls._lock:
            if cls._shared is None:
                cls._shared = cls()
            return cls._shared

    @classmethod
    def forget(cls) -> None:
        """A forked process has no threads of its parent's."""
        cls._lock = threading.Lock()
        cls._shared = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for it; an interrupt of the waiting thread cancels it."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def iterate(self, items: AsyncIterator[T]) -> Stream[T]:
        """The items one by one; whoever stops early ends the source."""
        try:
            while (item := self.run(_next(items))) is not _END:
                yield item
        finally:
            self.run(_close(items))


async def _next(items: AsyncIterator[T]) -> T:
    try:
        return await items.__anext__()
    except StopAsyncIteration:
        return _END  # type: ignore[no-any-return]


async def _close(items: Any) -> None:
    await items.aclose()


os.register_at_fork(after_in_child=LoopThread.forget)
