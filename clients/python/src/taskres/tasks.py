"""Tasks: what a tenant wants to tell apart."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterable, Sequence

from taskres.calls.caller import RpcCaller
from taskres.calls.loop import LoopThread, Stream
from taskres.calls.pages import pages
from taskres.v1 import trainer_pb2 as v1
from taskres.v1.trainer_pb2_grpc import TrainerServiceStub


class AsyncTasksClient:
    """Makes, reads and deletes tasks. A task is given by its id or its full name ``tenants/{tenant}/tasks/{task}``."""

    def __init__(self, rpc: RpcCaller, trainer: TrainerServiceStub) -> None:
        self._rpc = rpc
        self._trainer = trainer

    async def create(
        self,
        task_id: str,
        class_names: Sequence[str],
        *,
        templates: Sequence[str] = (),
        base_kind: v1.BaseKind = v1.BaseKind.BASE_KIND_PROMPTS,
    ) -> v1.Task:
        """Makes a task. With a base of prompts its zero-shot classifier is live at once.

        :param class_names: 2–5,000 distinct names; their order is the order of the class indices.
        :param templates: Prompts with one ``{}`` each for the class name; none means "a photo of a {}.".
        :param base_kind: Prompts unless said otherwise; class means for classes without useful names.
        """
        request = v1.CreateTaskRequest(
            parent=self._rpc.options.tenant_name,
            task_id=task_id,
            task=v1.Task(class_names=class_names, templates=templates, base_kind=base_kind),
            request_id=str(uuid.uuid4()),
        )
        return (await self._rpc.unary(self._trainer.CreateTask, request)).task  # type: ignore[no-any-return]

    async def get(self, task: str) -> v1.GetTaskResponse:
        """The task and how many examples it has of each class."""
        return await self._rpc.unary(self._trainer.GetTask, v1.GetTaskRequest(name=self._rpc.task_name(task)))

    def list(self) -> AsyncIterator[v1.Task]:
        """All tasks of the client's tenant by name, read page by page; without their class names."""

        async def page(token: str) -> tuple[Iterable[v1.Task], str]:
            request = v1.ListTasksRequest(parent=self._rpc.options.tenant_name, page_token=token)
            response = await self._rpc.unary(self._trainer.ListTasks, request)
            return response.tasks, response.next_page_token

        return pages(page)

    async def delete(self, task: str, *, etag: str = "") -> None:
        """Deletes the task with its examples, revisions and jobs; with an etag, only while it is the task's."""
        await self._rpc.unary(self._trainer.DeleteTask, v1.DeleteTaskRequest(name=self._rpc.task_name(task), etag=etag))


class TasksClient:
    """As :class:`AsyncTasksClient`."""

    def __init__(self, inner: AsyncTasksClient, loop: LoopThread) -> None:
        self._inner = inner
        self._loop = loop

    def create(
        self,
        task_id: str,
        class_names: Sequence[str],
        *,
        templates: Sequence[str] = (),
        base_kind: v1.BaseKind = v1.BaseKind.BASE_KIND_PROMPTS,
    ) -> v1.Task:
        """As :meth:`AsyncTasksClient.create`."""
        return self._loop.run(self._inner.create(task_id, class_names, templates=templates, base_kind=base_kind))

    def get(self, task: str) -> v1.GetTaskResponse:
        """As :meth:`AsyncTasksClient.get`."""
        return self._loop.run(self._inner.get(task))

    def list(self) -> Stream[v1.Task]:
        """As :meth:`AsyncTasksClient.list`."""
        return self._loop.iterate(self._inner.list())

    def delete(self, task: str, *, etag: str = "") -> None:
        """As :meth:`AsyncTasksClient.delete`."""
        self._loop.run(self._inner.delete(task, etag=etag))
