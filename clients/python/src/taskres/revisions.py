"""The trained results of a task, and which of them is live."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterable
from typing import BinaryIO

from taskres.calls.caller import RpcCaller
from taskres.calls.files import chunks, write
from taskres.calls.loop import LoopThread, Stream
from taskres.calls.pages import pages
from taskres.v1 import trainer_pb2 as v1
from taskres.v1.trainer_pb2_grpc import TrainerServiceStub


class AsyncRevisionsClient:
    """Lists, serves, and carries away the trained results of a task. A revision is given by its full name
    ``tenants/{tenant}/tasks/{task}/revisions/{revision}``.

    A change that is given an ``expected_live_revision`` or an ``etag`` is refused with the reason CONFLICT where the task is
    another by now.
    """

    def __init__(self, rpc: RpcCaller, trainer: TrainerServiceStub) -> None:
        self._rpc = rpc
        self._trainer = trainer

    def list(self, task: str) -> AsyncIterator[v1.Revision]:
        """All revisions of a task, newest first, read page by page."""

        async def page(token: str) -> tuple[Iterable[v1.Revision], str]:
            request = v1.ListRevisionsRequest(parent=self._rpc.task_name(task), page_token=token)
            response = await self._rpc.unary(self._trainer.ListRevisions, request)
            return response.revisions, response.next_page_token

        return pages(page)

    async def get(self, revision: str) -> v1.Revision:
        """One revision: how it was trained and how well it fits its examples."""
        return (await self._rpc.unary(self._trainer.GetRevision, v1.GetRevisionRequest(name=revision))).revision  # type: ignore[no-any-return]

    async def promote(self, revision: str, *, expected_live_revision: str = "", etag: str = "") -> v1.Task:
        """Makes a revision the live one, which ends a rollout."""
        request = v1.PromoteRevisionRequest(name=revision, expected_live_revision=expected_live_revision, etag=etag)
        return (await self._rpc.unary(self._trainer.PromoteRevision, request)).task  # type: ignore[no-any-return]

    async def rollback(self, task: str, *, expected_live_revision: str = "", etag: str = "") -> v1.Task:
        """Makes the revision live again that was live before the present one, which ends a rollout."""
        request = v1.RollbackTaskRequest(
            name=self._rpc.task_name(task), expected_live_revision=expected_live_revision, etag=etag, request_id=str(uuid.uuid4())
        )
        return (await self._rpc.unary(self._trainer.RollbackTask, request)).task  # type: ignore[no-any-return]

    async def set_rollout(self, task: str, rollout: v1.Rollout | None, *, etag: str = "") -> v1.Task:
        """Puts revisions on trial beside the live one; it replaces what was on trial before, and None ends it.

        A canary answers a share of the requests, a shadow scores all of them unseen.
        """
        request = v1.SetRolloutRequest(task=self._rpc.task_name(task), rollout=rollout, etag=etag)
        return (await self._rpc.unary(self._trainer.SetRollout, request)).task  # type: ignore[no-any-return]

    async def export(self, revision: str, destination: BinaryIO) -> None:
        """Writes a revision as a safetensors file."""
        call = self._trainer.ExportRevision(v1.ExportRevisionRequest(name=revision), **self._rpc.call_options())
        async for part in self._rpc.read(call):
            await write(part.chunk, destination)

    async def import_(self, task: str, source: BinaryIO) -> v1.Revision:
        """Takes a revision from a safetensors file into a task with the same classes and encoder. It is not promoted."""

        async def parts() -> AsyncIterator[v1.ImportRevisionRequest]:
            yield v1.ImportRevisionRequest(task=self._rpc.task_name(task))
            async for chunk in chunks(source):
                yield v1.ImportRevisionRequest(chunk=chunk)

        return (await self._rpc.upload(self._trainer.ImportRevision, parts())).revision  # type: ignore[no-any-return]


class RevisionsClient:
    """As :class:`AsyncRevisionsClient`."""

    def __init__(self, inner: AsyncRevisionsClient, loop: LoopThread) -> None:
        self._inner = inner
        self._loop = loop

    def list(self, task: str) -> Stream[v1.Revision]:
        """As :meth:`AsyncRevisionsClient.list`."""
        return self._loop.iterate(self._inner.list(task))

    def get(self, revision: str) -> v1.Revision:
        """As :meth:`AsyncRevisionsClient.get`."""
        return self._loop.run(self._inner.get(revision))

    def promote(self, revision: str, *, expected_live_revision: str = "", etag: str = "") -> v1.Task:
        """As :meth:`AsyncRevisionsClient.promote`."""
        return self._loop.run(self._inner.promote(revision, expected_live_revision=expected_live_revision, etag=etag))

    def rollback(self, task: str, *, expected_live_revision: str = "", etag: str = "") -> v1.Task:
        """As :meth:`AsyncRevisionsClient.rollback`."""
        return self._loop.run(self._inner.rollback(task, expected_live_revision=expected_live_revision, etag=etag))

    def set_rollout(self, task: str, rollout: v1.Rollout | None, *, etag: str = "") -> v1.Task:
        """As :meth:`AsyncRevisionsClient.set_rollout`."""
        return self._loop.run(self._inner.set_rollout(task, rollout, etag=etag))

    def export(self, revision: str, destination: BinaryIO) -> None:
        """As :meth:`AsyncRevisionsClient.export`."""
        self._loop.run(self._inner.export(revision, destination))

    def import_(self, task: str, source: BinaryIO) -> v1.Revision:
        """As :meth:`AsyncRevisionsClient.import_`."""
        return self._loop.run(self._inner.import_(task, source))
