"""Arrays and images in, arrays out."""

from __future__ import annotations

import io
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import numpy as np
from PIL import Image as pillow

from taskres import to_floats
from taskres.embeddings import stack
from taskres.images import image_bytes
from taskres.v1.encoder_pb2 import EncodeResult
from taskres.v1.errors_pb2 import ErrorReason, ItemError
from taskres.v1.types_pb2 import Embedding, Timings


class ImageTests(unittest.TestCase):
    def test_pixels_of_every_shape_come_back_the_same(self) -> None:
        pixels = np.random.default_rng(7)
        for shape in ((5, 7), (5, 7, 3), (5, 7, 4)):
            with self.subTest(shape=shape):
                array = pixels.integers(0, 256, shape, dtype=np.uint8)
                packed = image_bytes(array)
                self.assertTrue(np.array_equal(array, np.asarray(pillow.open(io.BytesIO(packed)))))
                self.assertEqual(packed, image_bytes(pillow.fromarray(array)))

    def test_bytes_and_files_are_sent_as_they_are(self) -> None:
        self.assertEqual(b"abc", image_bytes(memoryview(b"abc")))
        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(b"abc")
            self.assertEqual((b"abc", b"abc"), (image_bytes(file.name), image_bytes(Path(file.name))))

    def test_what_is_no_image_is_refused(self) -> None:
        others: list[Any] = [np.zeros((5, 7, 3)), np.zeros((5, 7, 2), dtype=np.uint8), 5]
        for other in others:
            with self.assertRaises(TypeError):
                image_bytes(other)


class EmbeddingTests(unittest.TestCase):
    def test_every_format_is_read(self) -> None:
        values = np.array([1.0, -2.5, 0.25], dtype=np.float32)
        self.assertTrue(np.array_equal(values, to_floats(Embedding(values=values))))
        self.assertTrue(np.array_equal(values, to_floats(Embedding(fp16=values.astype("<f2").tobytes()))))
        self.assertTrue(np.array_equal([1.0, -1.0], to_floats(Embedding(int8=np.array([2, -2], dtype=np.int8).tobytes(), scale=0.5))))

    def test_the_row_of_what_failed_is_nan(self) -> None:
        failed = EncodeResult(error=ItemError(reason=ErrorReason.ERROR_REASON_IMAGE_UNREADABLE))
        encoded = stack([failed, EncodeResult(embedding=Embedding(values=[1, 2]))], "f", Timings())

        self.assertEqual((2, 2), encoded.vectors.shape)
        self.assertTrue(np.isnan(encoded.vectors[0]).all())
        self.assertEqual([1, 2], encoded.vectors[1].tolist())
        self.assertEqual([0], list(encoded.errors))


if __name__ == "__main__":
    unittest.main()
