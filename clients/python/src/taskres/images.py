"""What is taken for an image."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL import Image as pillow

ImageSource = Union[bytes, bytearray, memoryview, str, "os.PathLike[str]", npt.NDArray[np.uint8], "pillow.Image"]
"""An encoded image (JPEG, PNG, WebP, GIF or BMP) as bytes or as a file's path; or pixels, which travel as PNG: a Pillow image, or
an array of H×W×3 (RGB), H×W×4 (RGBA) or H×W (grey) bytes."""


def image_bytes(source: ImageSource) -> bytes:
    """The image as it is sent. Equal pixels give equal bytes, so that they are known again by their digest."""
    if isinstance(source, bytes):
        return source
    if isinstance(source, (bytearray, memoryview)):
        return bytes(source)
    if isinstance(source, (str, os.PathLike)):
        return Path(source).read_bytes()
    return _png(_pillow(source))


def _pillow(source: Any) -> pillow.Image:
    try:
        from PIL import Image as pillow
    except ImportError as error:
        raise TypeError("Pixels need Pillow to be sent: install python3-pil or Pillow, or give encoded bytes.") from error
    if isinstance(source, pillow.Image):
        return source
    if isinstance(source, np.ndarray):
        if source.dtype != np.uint8 or not (source.ndim == 2 or (source.ndim == 3 and source.shape[2] in (3, 4))):
            raise TypeError(f"An image is an array of H×W, H×W×3 or H×W×4 bytes (uint8), not {source.dtype} of shape {source.shape}.")
        return pillow.fromarray(source)
    raise TypeError(f"{type(source).__name__} is no image: give bytes, a path, an array or a Pillow image.")


def _png(image: pillow.Image) -> bytes:
    buffer = io.BytesIO()
    if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        image = image.convert("RGB")
    # Size matters less than time here: the bytes travel once.
    image.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
