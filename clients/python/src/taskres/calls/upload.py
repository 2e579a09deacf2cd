"""Uploads of examples."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from taskres.calls.attempts import Attempts
from taskres.calls.caller import RpcCaller
from taskres.calls.sources import Source, content_of, first_form, is_asked_for, read
from taskres.errors import TaskResError
from taskres.images import ImageSource
from taskres.v1.trainer_pb2 import AddExamplesHeader, AddExamplesRequest, AddExamplesResponse, Example
from taskres.v1.trainer_pb2_grpc import TrainerServiceStub
from taskres.v1.types_pb2 import Image

_MAX_EXAMPLES = 256
_MAX_BYTES = 64 << 20

# As many as the server lists of one call.
_MAX_ERRORS = 1000


class _Numbered(NamedTuple):
    sequence: int
    class_name: str
    image: bytes


class ExampleUpload:
    """An upload by digest first. Which bytes the server lacks it tells at the end of a call, so that examples go some at a time
    and are kept until then. For one run."""

    def __init__(self, rpc: RpcCaller, trainer: TrainerServiceStub, task: str, views: int, on_sent: Callable[[int], None] | None) -> None:
        self._rpc = rpc
        self._trainer = trainer
        self._header = AddExamplesHeader(task=rpc.task_name(task), views=views)
        self._on_sent = on_sent
        self._total = AddExamplesResponse()
        self._sent = 0

    async def run(self, examples: Source[tuple[str, ImageSource]]) -> AddExamplesResponse:
        kept: list[_Numbered] = []
        size = count = 0
        async for class_name, source in read(examples):
            kept.append(_Numbered(count, class_name, await content_of(source)))
            size += len(kept[-1].image)
            count += 1
            if len(kept) < _MAX_EXAMPLES and size < _MAX_BYTES:
                continue
            await self._send(kept)
            kept, size = [], 0
        # None at all are sent too: the server may have something to say of the task.
        if kept or count == 0:
            await self._send(kept)
        return self._total

    async def _send(self, examples: list[_Numbered]) -> None:
        first = await self._call(examples, first_form)
        asked = {error.sequence for error in first.errors if is_asked_for(error.error)}
        self._add(first, asked)
        self._report(len(examples) - len(asked))
        if not asked:
            return
        lacking = [example for example in examples if example.sequence in asked]
        self._add(await self._call(lacking, lambda image: Image(content=image)), set())
        self._report(len(lacking))

    async def _call(self, examples: list[_Numbered], form: Callable[[bytes], Image]) -> AddExamplesResponse:
        attempts = Attempts(self._rpc.options)
        while True:
            try:
                return await self._rpc.upload(self._trainer.AddExamples, self._messages(examples, form))
            except TaskResError as error:
                # To add the same examples again changes nothing.
                await attempts.after(error)

    async def _messages(self, examples: list[_Numbered], form: Callable[[bytes], Image]) -> AsyncIterator[AddExamplesRequest]:
        yield AddExamplesRequest(header=self._header)
        for sequence, class_name, image in examples:
            yield AddExamplesRequest(example=Example(sequence=sequence, class_name=class_name, image=form(image)))

    def _add(self, response: AddExamplesResponse, asked: set[int]) -> None:
        self._total.added += response.added
        self._total.unchanged += response.unchanged
        self._total.replaced += response.replaced
        self._total.failed += response.failed - len(asked)
        others = [error for error in response.errors if error.sequence not in asked]
        self._total.errors.extend(others[: _MAX_ERRORS - len(self._total.errors)])

    def _report(self, more: int) -> None:
        self._sent += more
        if more > 0 and self._on_sent is not None:
            self._on_sent(self._sent)
