"""Examples, and the jobs that train on them."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Iterable

from taskres.calls.caller import RpcCaller
from taskres.calls.loop import LoopThread, Stream
from taskres.calls.pages import pages
from taskres.calls.sources import Source
from taskres.calls.upload import ExampleUpload
from taskres.calls.watch import watch_job
from taskres.images import ImageSource
from taskres.v1 import trainer_pb2 as v1
from taskres.v1.trainer_pb2_grpc import TrainerServiceStub


class AsyncTrainingClient:
    """Uploads examples, queues training jobs, and follows them. A job is given by its full name
    ``tenants/{tenant}/tasks/{task}/jobs/{job}``."""

    def __init__(self, rpc: RpcCaller, trainer: TrainerServiceStub) -> None:
        self._rpc = rpc
        self._trainer = trainer

    async def add_examples(
        self, task: str, examples: Source[tuple[str, ImageSource]], *, views: int = 0, on_sent: Callable[[int], None] | None = None
    ) -> v1.AddExamplesResponse:
        """Uploads examples, some hundreds at a time: all but small images by digest first, and their bytes where the server asks.

        One that fails is in the answer's errors, under the number of its place; the others are taken. The same examples again
        change nothing: what an attempt brought before it broke off counts as unchanged.

        :param examples: Class names, each with an image.
        :param views: Augmented views to embed of each image beside the evaluation crop, 0–32.
        :param on_sent: Told how many images have been sent, or were found not to need it.
        """
        return await ExampleUpload(self._rpc, self._trainer, task, views, on_sent).run(examples)

    async def train(
        self,
        task: str,
        settings: v1.TrainingSettings | None = None,
        *,
        promotion: v1.PromotionPolicy = v1.PromotionPolicy.PROMOTION_POLICY_ON_SUCCESS,
    ) -> v1.Job:
        """Queues a job on the examples that the task has now. What is unset of the settings takes the server's default."""
        request = v1.TrainTaskRequest(task=self._rpc.task_name(task), settings=settings, promotion=promotion, request_id=str(uuid.uuid4()))
        return (await self._rpc.unary(self._trainer.TrainTask, request)).job  # type: ignore[no-any-return]

    async def get_job(self, job: str) -> v1.Job:
        """The job as it is now."""
        return (await self._rpc.unary(self._trainer.GetJob, v1.GetJobRequest(name=job))).job  # type: ignore[no-any-return]

    def list_jobs(self, task: str, *, state: v1.JobState = v1.JobState.JOB_STATE_UNSPECIFIED) -> AsyncIterator[v1.Job]:
        """A task's jobs, newest first, read page by page; without the courses of their progress.

        :param state: Only jobs in this state; unspecified means all.
        """

        async def page(token: str) -> tuple[Iterable[v1.Job], str]:
            request = v1.ListJobsRequest(parent=self._rpc.task_name(task), state=state, page_token=token)
            response: v1.ListJobsResponse = await self._rpc.unary(self._trainer.ListJobs, request)
            return response.jobs, response.next_page_token

        return pages(page)

    async def cancel_job(self, job: str) -> v1.Job:
        """Asks the job to stop; a job that has ended stays as it is."""
        return (await self._rpc.unary(self._trainer.CancelJob, v1.CancelJobRequest(name=job))).job  # type: ignore[no-any-return]

    def watch_job(self, job: str) -> AsyncIterator[v1.Job]:
        """The job now, then at every change, up to its final state.

        A watch that breaks because the server went away is taken up again; it fails after ``max_attempts`` tries without news.
        """
        return watch_job(self._rpc, self._trainer, job)


class TrainingClient:
    """As :class:`AsyncTrainingClient`."""

    def __init__(self, inner: AsyncTrainingClient, loop: LoopThread) -> None:
        self._inner = inner
        self._loop = loop

    def add_examples(
        self, task: str, examples: Source[tuple[str, ImageSource]], *, views: int = 0, on_sent: Callable[[int], None] | None = None
    ) -> v1.AddExamplesResponse:
        """As :meth:`AsyncTrainingClient.add_examples`; an iterator of examples is read on another thread."""
        return self._loop.run(self._inner.add_examples(task, examples, views=views, on_sent=on_sent))

    def train(
        self,
        task: str,
        settings: v1.TrainingSettings | None = None,
        *,
        promotion: v1.PromotionPolicy = v1.PromotionPolicy.PROMOTION_POLICY_ON_SUCCESS,
    ) -> v1.Job:
        """As :meth:`AsyncTrainingClient.train`."""
        return self._loop.run(self._inner.train(task, settings, promotion=promotion))

    def get_job(self, job: str) -> v1.Job:
        """As :meth:`AsyncTrainingClient.get_job`."""
        return self._loop.run(self._inner.get_job(job))

    def list_jobs(self, task: str, *, state: v1.JobState = v1.JobState.JOB_STATE_UNSPECIFIED) -> Stream[v1.Job]:
        """As :meth:`AsyncTrainingClient.list_jobs`."""
        return self._loop.iterate(self._inner.list_jobs(task, state=state))

    def cancel_job(self, job: str) -> v1.Job:
        """As :meth:`AsyncTrainingClient.cancel_job`."""
        return self._loop.run(self._inner.cancel_job(job))

    def watch_job(self, job: str) -> Stream[v1.Job]:
        """As :meth:`AsyncTrainingClient.watch_job`."""
        return self._loop.iterate(self._inner.watch_job(job))
