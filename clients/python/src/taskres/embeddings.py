"""Embeddings as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from taskres.v1.encoder_pb2 import EncodeResult
from taskres.v1.errors_pb2 import ItemError
from taskres.v1.types_pb2 import CacheTier, Embedding, Timings

Vector = npt.NDArray[np.float32]


def to_floats(embedding: Embedding) -> Vector:
    """The values, D of them, whatever format they came in."""
    if embedding.int8:
        return np.frombuffer(embedding.int8, dtype=np.int8).astype(np.float32) * np.float32(embedding.scale)
    if embedding.fp16:
        return np.frombuffer(embedding.fp16, dtype="<f2").astype(np.float32)
    return np.array(embedding.values, dtype=np.float32)


@dataclass(frozen=True)
class Encoded:
    """The embeddings of a call, in the order of what was given. They are raw: normalise them before taking cosines."""

    vectors: Vector
    """N×D; the row of an item that failed is NaN."""

    errors: Mapping[int, ItemError]
    """What was wrong with the items that failed, by their place."""

    tiers: Sequence[CacheTier]
    """Where each embedding came from."""

    encoder_fingerprint: str
    timings: Timings


@dataclass(frozen=True)
class EncodedItem:
    """What a stream answers for one item."""

    sequence: int
    """The item's place in what was given."""

    vector: Vector | None
    """D values, raw; None where the item failed."""

    error: ItemError | None
    tier: CacheTier
    encoder_fingerprint: str


def stack(results: Sequence[EncodeResult], encoder_fingerprint: str, timings: Timings) -> Encoded:
    """A call's results as one array."""
    vectors = [to_floats(result.embedding) if result.HasField("embedding") else None for result in results]
    dimension = next((len(vector) for vector in vectors if vector is not None), 0)
    missing = np.full(dimension, np.nan, dtype=np.float32)
    return Encoded(
        vectors=np.array([missing if vector is None else vector for vector in vectors], dtype=np.float32).reshape(len(results), dimension),
        errors={place: result.error for place, result in enumerate(results) if result.HasField("error")},
        tiers=[result.tier for result in results],
        encoder_fingerprint=encoder_fingerprint,
        timings=timings,
    )
