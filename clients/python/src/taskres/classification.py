"""Answers of a task's live revision."""

from __future__ import annotations

from collections.abc import AsyncIterator

from taskres.calls.caller import RpcCaller
from taskres.calls.loop import LoopThread, Stream
from taskres.calls.pipelined import PipelinedStream
from taskres.calls.sources import Source, content_of, first_form, is_asked_for, read_images
from taskres.errors import TaskResError
from taskres.images import ImageSource
from taskres.v1 import classifier_pb2 as v1
from taskres.v1.classifier_pb2_grpc import ClassifierServiceStub
from taskres.v1.errors_pb2 import ErrorReason
from taskres.v1.types_pb2 import Image, ReplyOrder


class AsyncClassificationClient:
    """Classifies images with a task's live revision. All but small images are asked for by their SHA-256 first, and sent only
    where the server does not know them."""

    def __init__(self, rpc: RpcCaller, classifier: ClassifierServiceStub) -> None:
        self._rpc = rpc
        self._classifier = classifier

    async def classify(self, task: str, image: ImageSource, *, top_k: int = 0) -> v1.ClassifyResponse:
        """Classifies one image; the task is given by its id or full name.

        :param top_k: How many classes to answer with, best first; 0 means 5.
        """
        content = await content_of(image)
        try:
            return await self._rpc.unary(self._classifier.Classify, self._request(task, first_form(content), top_k))
        except TaskResError as error:
            if error.reason != ErrorReason.ERROR_REASON_IMAGE_BYTES_REQUIRED:
                raise
        return await self._rpc.unary(self._classifier.Classify, self._request(task, Image(content=content), top_k))

    def classify_stream(self, task: str, images: Source[ImageSource], *, top_k: int = 0) -> AsyncIterator[v1.ClassifyStreamResponse]:
        """Classifies images as they come, read only as far as answers allow.

        Answers, or an error of their own, come in any order; their sequence is the place of their image.
        """

        def first(sequence: int, image: bytes) -> v1.ClassifyStreamRequest:
            request = self._request(task, first_form(image), top_k)
            return v1.ClassifyStreamRequest(sequence=sequence, order=ReplyOrder.REPLY_ORDER_AS_READY, request=request)

        def follow_up(response: v1.ClassifyStreamResponse, image: bytes) -> v1.ClassifyStreamRequest | None:
            if not (response.HasField("error") and is_asked_for(response.error)):
                return None
            return v1.ClassifyStreamRequest(sequence=response.sequence, request=self._request(task, Image(content=image), top_k))

        return PipelinedStream(self._rpc, self._classifier.ClassifyStream, first, follow_up).run(read_images(images))

    def _request(self, task: str, image: Image, top_k: int) -> v1.ClassifyRequest:
        return v1.ClassifyRequest(task=self._rpc.task_name(task), image=image, top_k=top_k)


class ClassificationClient:
    """As :class:`AsyncClassificationClient`."""

    def __init__(self, inner: AsyncClassificationClient, loop: LoopThread) -> None:
        self._inner = inner
        self._loop = loop

    def classify(self, task: str, image: ImageSource, *, top_k: int = 0) -> v1.ClassifyResponse:
        """As :meth:`AsyncClassificationClient.classify`."""
        return self._loop.run(self._inner.classify(task, image, top_k=top_k))

    def classify_stream(self, task: str, images: Source[ImageSource], *, top_k: int = 0) -> Stream[v1.ClassifyStreamResponse]:
        """As :meth:`AsyncClassificationClient.classify_stream`; an iterator of images is read on another thread."""
        return self._loop.iterate(self._inner.classify_stream(task, images, top_k=top_k))
