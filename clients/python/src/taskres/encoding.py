"""Embeddings of the encoder that all tenants share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, TypedDict

from taskres.calls.caller import RpcCaller
from taskres.calls.loop import LoopThread, Stream
from taskres.calls.pipelined import PipelinedStream
from taskres.calls.sources import Source, content_of, first_form, is_asked_for, read_images
from taskres.embeddings import Encoded, EncodedItem, stack, to_floats
from taskres.images import ImageSource
from taskres.v1 import encoder_pb2 as v1
from taskres.v1.encoder_pb2_grpc import EncoderServiceStub
from taskres.v1.types_pb2 import EmbeddingFormat, Image, Priority, ReplyOrder

if TYPE_CHECKING:
    from typing_extensions import Unpack


class TextOptions(TypedDict, total=False):
    """How texts are encoded."""

    priority: Priority
    """Unset means interactive in unary calls and bulk in streams."""

    format: EmbeddingFormat
    """How embeddings travel; unset means FP32."""


class ImageOptions(TextOptions, total=False):
    """How images are encoded."""

    view: int
    """0 is the evaluation crop, n ≥ 1 the n-th random crop, the same for the same image always."""


class AsyncEncodingClient:
    """Embeddings of images and texts. They are raw: normalise them before taking cosines."""

    def __init__(self, rpc: RpcCaller, encoder: EncoderServiceStub) -> None:
        self._rpc = rpc
        self._encoder = encoder

    async def get_model(self) -> v1.GetModelResponse:
        """The model in use and the server's limits."""
        return await self._rpc.unary(self._encoder.GetModel, v1.GetModelRequest())

    async def encode_images(self, images: Iterable[ImageSource], **options: Unpack[ImageOptions]) -> Encoded:
        """Encodes a few images, as many as the server's ``max_batch_items`` allows.

        All but small images are asked for by digest first, and sent only where the server does not know them: the timings are
        then those of the second call.
        """

        async def encode(forms: Iterable[Image]) -> v1.EncodeImagesResponse:
            request = v1.EncodeImagesRequest(tenant=self._rpc.options.tenant_name, images=forms, **options)
            return await self._rpc.unary(self._encoder.EncodeImages, request)

        contents = await asyncio.gather(*(content_of(image) for image in images))
        response = await encode(first_form(content) for content in contents)
        results = list(response.results)
        lacking = [place for place, result in enumerate(results) if result.HasField("error") and is_asked_for(result.error)]
        if lacking:
            sent = await encode(Image(content=contents[place]) for place in lacking)
            # The embeddings of two models must not stand side by side.
            if sent.encoder_fingerprint != response.encoder_fingerprint:
                sent = await encode(Image(content=content) for content in contents)
                lacking = list(range(len(contents)))
            for place, result in zip(lacking, sent.results):
                results[place] = result
            response = sent
        return stack(results, response.encoder_fingerprint, response.timings)

    async def encode_texts(self, texts: Iterable[str], **options: Unpack[TextOptions]) -> Encoded:
        """Encodes a few texts in one call."""
        request = v1.EncodeTextsRequest(tenant=self._rpc.options.tenant_name, texts=texts, **options)
        response = await self._rpc.unary(self._encoder.EncodeTexts, request)
        return stack(response.results, response.encoder_fingerprint, response.timings)

    async def encode_image_stream(self, images: Source[ImageSource], **options: Unpack[ImageOptions]) -> AsyncIterator[EncodedItem]:
        """Encodes images as they come, asked for by digest first. Results come in any order, by their sequence."""

        def request(sequence: int, image: Image) -> v1.EncodeStreamRequest:
            return v1.EncodeStreamRequest(
                tenant=self._rpc.options.tenant_name,
                sequence=sequence,
                image=image,
                order=ReplyOrder.REPLY_ORDER_AS_READY,
                **options,
            )

        def follow_up(response: v1.EncodeStreamResponse, image: bytes) -> v1.EncodeStreamRequest | None:
            asked = response.result.HasField("error") and is_asked_for(response.result.error)
            return request(response.sequence, Image(content=image)) if asked else None

        def first(sequence: int, image: bytes) -> v1.EncodeStreamRequest:
            return request(sequence, first_form(image))

        stream = PipelinedStream(self._rpc, self._encoder.EncodeStream, first, follow_up)
        async for response in stream.run(read_images(images)):
            yield _item(response)

    async def encode_text_stream(self, texts: Source[str], **options: Unpack[TextOptions]) -> AsyncIterator[EncodedItem]:
        """Encodes texts as they come. Results come in any order, by their sequence."""

        def first(sequence: int, text: str) -> v1.EncodeStreamRequest:
            return v1.EncodeStreamRequest(
                tenant=self._rpc.options.tenant_name,
                sequence=sequence,
                text=text,
                order=ReplyOrder.REPLY_ORDER_AS_READY,
                **options,
            )

        def follow_up(response: v1.EncodeStreamResponse, text: str) -> None:
            return None

        stream = PipelinedStream(self._rpc, self._encoder.EncodeStream, first, follow_up)
        async for response in stream.run(texts):
            yield _item(response)


class EncodingClient:
    """As :class:`AsyncEncodingClient`."""

    def __init__(self, inner: AsyncEncodingClient, loop: LoopThread) -> None:
        self._inner = inner
        self._loop = loop

    def get_model(self) -> v1.GetModelResponse:
        """As :meth:`AsyncEncodingClient.get_model`."""
        return self._loop.run(self._inner.get_model())

    def encode_images(self, images: Iterable[ImageSource], **options: Unpack[ImageOptions]) -> Encoded:
        """As :meth:`AsyncEncodingClient.encode_images`."""
        return self._loop.run(self._inner.encode_images(list(images), **options))

    def encode_texts(self, texts: Iterable[str], **options: Unpack[TextOptions]) -> Encoded:
        """As :meth:`AsyncEncodingClient.encode_texts`."""
        return self._loop.run(self._inner.encode_texts(list(texts), **options))

    def encode_image_stream(self, images: Source[ImageSource], **options: Unpack[ImageOptions]) -> Stream[EncodedItem]:
        """As :meth:`AsyncEncodingClient.encode_image_stream`; an iterator of images is read on another thread."""
        return self._loop.iterate(self._inner.encode_image_stream(images, **options))

    def encode_text_stream(self, texts: Source[str], **options: Unpack[TextOptions]) -> Stream[EncodedItem]:
        """As :meth:`AsyncEncodingClient.encode_text_stream`; an iterator of texts is read on another thread."""
        return self._loop.iterate(self._inner.encode_text_stream(texts, **options))


def _item(response: v1.EncodeStreamResponse) -> EncodedItem:
    result = response.result
    failed = result.HasField("error")
    return EncodedItem(
        sequence=response.sequence,
        vector=None if failed else to_floats(result.embedding),
        error=result.error if failed else None,
        tier=result.tier,
        encoder_fingerprint=response.encoder_fingerprint,
    )
