"""What all calls share: deadline, credentials, names, and the exceptions that callers see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import grpc

from taskres.calls.attempts import is_waited_for
from taskres.calls.decode import decode_error
from taskres.errors import TaskResError
from taskres.options import ClientOptions

T = TypeVar("T")


class RpcCaller:
    """Makes the calls of one client."""

    def __init__(self, options: ClientOptions) -> None:
        self.options = options
        self._headers = None if options.api_key is None else (("authorization", f"Bearer {options.api_key}"),)

    def task_name(self, task: str) -> str:
        """A task's full name; an id alone means a task of the client's tenant."""
        return task if "/" in task else f"{self.options.tenant_name}/tasks/{task}"

    async def unary(self, method: Callable[..., Awaitable[T]], request: object) -> T:
        """One answer, before the deadline."""
        deadline = time.monotonic() + self.options.timeout
        while True:
            try:
                return await method(request, timeout=deadline - time.monotonic(), **self.call_options())
            except grpc.aio.AioRpcError as error:
                # The channel has made its attempts by now.
                failure = self.translate(error)
                wait = failure.retry_after or 0
                if not is_waited_for(failure, self.options) or time.monotonic() + wait >= deadline:
                    raise failure from error
                await asyncio.sleep(wait)

    async def unary_once(self, method: Callable[..., Awaitable[T]], request: object) -> T:
        """A call that must not be made again: its answer is kept nowhere, so that a repetition would be another change."""
        try:
            return await method(request, timeout=self.options.timeout, **self.call_options())
        except grpc.aio.AioRpcError as error:
            raise self.translate(error) from error

    async def upload(self, method: Callable[..., Awaitable[T]], requests: AsyncIterator[object]) -> T:
        """Sends all requests and reads the answer. A server that answers early, with its refusal, is heard."""
        source = _Remembering(requests)
        try:
            return await method(source, **self.call_options())
        except grpc.aio.AioRpcError as error:
            if source.failure is not None:
                raise source.failure from None
            raise self.translate(error) from error

    async def read(self, call: AsyncIterator[T]) -> AsyncIterator[T]:
        """A stream's answers."""
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as error:
            raise self.translate(error) from error

    def call_options(self) -> dict[str, Any]:
        """Of a call without a deadline."""
        return {"metadata": self._headers, "wait_for_ready": self.options.wait_for_ready}

    def translate(self, error: grpc.aio.AioRpcError) -> TaskResError:
        """The SDK's exception."""
        return decode_error(error, self.options.address)


class _Remembering:
    """gRPC cancels a call whose requests fail; the failure itself is the one to tell."""

    def __init__(self, requests: AsyncIterator[object]) -> None:
        self._requests = requests
        self.failure: Exception | None = None

    def __aiter__(self) -> _Remembering:
        return self

    async def __anext__(self) -> object:
        try:
            return await self._requests.__anext__()
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.failure = error
            raise
