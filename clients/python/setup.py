"""Generates the code of the protos before it packs it; all else is in pyproject.toml."""

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent))
import generate  # noqa: E402


class BuildWithProtos(build_py):
    def run(self) -> None:
        generate.main()
        super().run()


setup(cmdclass={"build_py": BuildWithProtos})
