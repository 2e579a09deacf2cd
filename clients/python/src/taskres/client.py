"""Connections to a suite of TaskRes services."""

from __future__ import annotations

from types import TracebackType

from taskres.calls.caller import RpcCaller
from taskres.calls.channel import open_channel
from taskres.calls.loop import LoopThread
from taskres.classification import AsyncClassificationClient, ClassificationClient
from taskres.encoding import AsyncEncodingClient, EncodingClient
from taskres.options import ClientOptions
from taskres.revisions import AsyncRevisionsClient, RevisionsClient
from taskres.tasks import AsyncTasksClient, TasksClient
from taskres.tenants import AsyncTenantsClient, TenantsClient
from taskres.training import AsyncTrainingClient, TrainingClient
from taskres.v1.classifier_pb2_grpc import ClassifierServiceStub
from taskres.v1.encoder_pb2_grpc import EncoderServiceStub
from taskres.v1.tenants_pb2_grpc import TenantServiceStub
from taskres.v1.trainer_pb2_grpc import TrainerServiceStub


class AsyncTaskResClient:
    """A connection for asyncio, meant to be kept; made and used on one event loop.

    Every method raises :class:`taskres.TaskResError` where the server refuses or cannot be reached. A task that is cancelled
    cancels its call; a stream ends when it is closed.

    :param options: None for the defaults.
    """

    def __init__(self, options: ClientOptions | None = None) -> None:
        self.options = options or ClientOptions()
        self._channel = open_channel(self.options)
        rpc = RpcCaller(self.options)
        trainer = TrainerServiceStub(self._channel)
        self.tasks = AsyncTasksClient(rpc, trainer)
        self.revisions = AsyncRevisionsClient(rpc, trainer)
        self.training = AsyncTrainingClient(rpc, trainer)
        self.classification = AsyncClassificationClient(rpc, ClassifierServiceStub(self._channel))
        self.tenants = AsyncTenantsClient(rpc, TenantServiceStub(self._channel))
        self.encoding = AsyncEncodingClient(rpc, EncoderServiceStub(self._channel))

    async def close(self) -> None:
        """Closes the connection; calls under way end as cancelled."""
        await self._channel.close()

    async def __aenter__(self) -> AsyncTaskResClient:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()


class TaskResClient:
    """A connection for any thread, meant to be kept: the asynchronous one, on a thread that all clients of the process share.

    Every method raises :class:`taskres.TaskResError` where the server refuses or cannot be reached. A stream ends when it is
    closed.

    :param options: None for the defaults.
    """

    def __init__(self, options: ClientOptions | None = None) -> None:
        self._loop = LoopThread.shared()
        self._inner = inner = self._loop.run(_open(options))
        self.options = inner.options
        self.tasks = TasksClient(inner.tasks, self._loop)
        self.revisions = RevisionsClient(inner.revisions, self._loop)
        self.training = TrainingClient(inner.training, self._loop)
        self.classification = ClassificationClient(inner.classification, self._loop)
        self.tenants = TenantsClient(inner.tenants, self._loop)
        self.encoding = EncodingClient(inner.encoding, self._loop)

    def close(self) -> None:
        """Closes the connection; calls under way end as cancelled."""
        self._loop.run(self._inner.close())

    def __enter__(self) -> TaskResClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


async def _open(options: ClientOptions | None) -> AsyncTaskResClient:
    """gRPC takes the loop that runs."""
    return AsyncTaskResClient(options)
