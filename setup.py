"""Builds the wheel: CMake makes and installs the package, setuptools only wraps it.

    pip install --no-index --no-build-isolation .

XCHG_ROOMS in the environment names heavy engines to build, too ("all" for all), separated by semicolons.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent


def version() -> str:
    """The version in CMakeLists.txt, the one place where it stands."""
    found = re.search(r"project\(xchg VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())
    if found is None:
        raise SystemExit("setup.py: CMakeLists.txt names no version")
    return found.group(1)


class CMakeBuild(build_ext):
    """Configures, builds and installs the component `python` into the folder that becomes the wheel."""

    def run(self) -> None:
        build = Path(self.build_temp).resolve() / "cmake"
        options = {
            "CMAKE_BUILD_TYPE": "Release",
            "Python3_EXECUTABLE": sys.executable,
            "XCHG_PYTHON_FOLDER": ".",
            "XCHG_BUILD_PYTHON": "ON",
            "XCHG_BUILD_PROGRAM": "OFF",
            "XCHG_BUILD_TESTS": "OFF",
            "XCHG_BUILD_BENCHMARKS": "OFF",
            "XCHG_ROOMS": os.environ.get("XCHG_ROOMS", ""),
        }
        configure = ["cmake", "-G", "Ninja", "-S", str(ROOT), "-B", str(build)]
        subprocess.run(configure + [f"-D{name}={value}" for name, value in options.items()], check=True)
        subprocess.run(["cmake", "--build", str(build), "--target", "xchg_python"], check=True)
        install = ["cmake", "--install", str(build), "--component", "python", "--prefix", str(self.target())]
        subprocess.run(install, check=True)

    def target(self) -> Path:
        if self.inplace:
            raise SystemExit("setup.py: editable installs are not supported; put build/release/python on PYTHONPATH")
        return Path(self.build_lib).resolve()


setup(version=version(), packages=[], ext_modules=[Extension("xchg._xchg", [])], cmdclass={"build_ext": CMakeBuild})
