"""Whether and when what found the server unavailable is tried again."""

from __future__ import annotations

import asyncio

import grpc

from taskres.errors import TaskResError
from taskres.options import ClientOptions
from taskres.v1.errors_pb2 import ErrorReason

_FIRST_WAIT = 0.4
_LONGEST_WAIT = 5.0


class Attempts:
    """Counts the attempts without news: where the server is unavailable another one is made (AIP-194), and for nothing else."""

    def __init__(self, options: ClientOptions) -> None:
        self._options = options
        self._made = 0
        self._waits = 0

    def succeeded(self) -> None:
        """There was news."""
        self._made = self._waits = 0

    async def after(self, error: TaskResError) -> None:
        """Returns when the stream may be opened again; raises the error where it may not."""
        if error.code is not grpc.StatusCode.UNAVAILABLE:
            raise error
        nobody = error.reason == ErrorReason.ERROR_REASON_UNSPECIFIED and self._options.wait_for_ready
        if not (nobody or is_waited_for(error, self._options)):
            self._made += 1
            if self._made >= self._options.max_attempts:
                raise error
        backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2**self._waits)
        self._waits += 1
        await asyncio.sleep(max(backoff, error.retry_after or 0))


def is_waited_for(error: TaskResError, options: ClientOptions) -> bool:
    """Whether a server answered that it is not ready yet, as while it loads its model, to a client that waits for one that is."""
    return options.wait_for_ready and error.code is grpc.StatusCode.UNAVAILABLE and error.retry_after is not None
