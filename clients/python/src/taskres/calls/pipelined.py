"""Bidirectional streams of items."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any, Generic, TypeVar

import grpc

from taskres.calls.attempts import Attempts
from taskres.calls.caller import RpcCaller
from taskres.calls.sources import Source, read
from taskres.errors import TaskResError

Item = TypeVar("Item")
Request = TypeVar("Request")
Response = TypeVar("Response", bound=Any)


class PipelinedStream(Generic[Item, Request, Response]):
    """A stream on which items wait for answers that come in any order; at most ``max_in_flight`` of them are under way.

    A stream that breaks because the server went away is opened again, and what was not answered is sent again. For one run.
    """

    def __init__(
        self,
        rpc: RpcCaller,
        method: Callable[..., Any],
        first: Callable[[int, Item], Request],
        follow_up: Callable[[Response, Item], Request | None],
    ) -> None:
        self._rpc = rpc
        self._method = method
        self._first = first
        self._follow_up = follow_up
        self._in_flight: dict[int, tuple[Item, Request]] = {}
        # An item under way has at most one message here.
        self._outbox: asyncio.Queue[Request | None] = asyncio.Queue()
        self._slots = asyncio.Semaphore(rpc.options.max_in_flight)
        self._source_ended = False

    async def run(self, items: Source[Item]) -> AsyncIterator[Response]:
        attempts = Attempts(self._rpc.options)
        filling = asyncio.ensure_future(self._fill(items))
        try:
            while self._is_open:
                call = self._method(self._requests(self._outbox), **self._rpc.call_options())
                # A source that fails ends the call: its failure is the one to tell.
                filling.add_done_callback(partial(_cancel_for, call))
                try:
                    async for response in self._rpc.read(call):
                        attempts.succeeded()
                        if self._is_final(response):
                            yield response
                    if self._is_open:
                        raise self._unanswered()
                except TaskResError as error:
                    await attempts.after(error)
                except asyncio.CancelledError:
                    if _failed(filling):
                        filling.result()
                    raise
                finally:
                    call.cancel()
                self._send_again()
            await filling
        finally:
            filling.cancel()

    @property
    def _is_open(self) -> bool:
        return not self._source_ended or bool(self._in_flight)

    def _is_final(self, response: Response) -> bool:
        if response.sequence not in self._in_flight:
            return False
        item, _ = self._in_flight[response.sequence]
        more = self._follow_up(response, item)
        if more is not None:
            self._outbox.put_nowait(more)
            return False
        del self._in_flight[response.sequence]
        self._slots.release()
        self._close_if_done()
        return True

    # The answers that were under way on the broken call are lost.
    def _send_again(self) -> None:
        self._outbox.put_nowait(None)
        self._outbox = asyncio.Queue()
        for _, first in self._in_flight.values():
            self._outbox.put_nowait(first)
        self._close_if_done()

    async def _fill(self, items: Source[Item]) -> None:
        sequence = 0
        async for item in read(items):
            await self._slots.acquire()
            first = self._first(sequence, item)
            self._in_flight[sequence] = (item, first)
            self._outbox.put_nowait(first)
            sequence += 1
        self._source_ended = True
        self._close_if_done()

    def _close_if_done(self) -> None:
        if not self._is_open:
            self._outbox.put_nowait(None)

    @staticmethod
    async def _requests(outbox: asyncio.Queue[Request | None]) -> AsyncIterator[Request]:
        while (message := await outbox.get()) is not None:
            yield message

    def _unanswered(self) -> TaskResError:
        return TaskResError(f"The server ended the stream with {len(self._in_flight)} items unanswered. Send them again.", grpc.StatusCode.UNAVAILABLE)


def _cancel_for(call: Any, task: asyncio.Future[None]) -> None:
    if _failed(task):
        call.cancel()


def _failed(task: asyncio.Future[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None
