"""Prints the median seconds in which Pillow decodes a JPEG and resizes its shortest side to 224, as CLIP does.

usage: time_pillow.py FILE ROUNDS
"""
import io
import pathlib
import statistics
import sys
import time

from PIL import Image

data = pathlib.Path(sys.argv[1]).read_bytes()
seconds = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = image.size
    image.resize((224 * width // min(image.size), 224 * height // min(image.size)), Image.BICUBIC)
    seconds.append(time.perf_counter() - start)
print(statistics.median(seconds))
