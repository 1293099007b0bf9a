"""The Python package as a whole: types, installation by CMake, installation by pip."""

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release"))
PACKAGE = BUILD / "python"

GOOD = """
import numpy as np
import xchg
from xchg import kmedoids

def told(done: float, total: float, stage: str) -> bool:
    return done < total

x = np.zeros((6, 2))
result = kmedoids.cluster(x, 2, "euclidean", seed=3, progress=told)
first: np.int64 = result.medoids[0]
total: float = result.total_deviation
labels = kmedoids.KMedoids(2, init="build").fit(x).labels_
bound: float | None = kmedoids.cluster(x, 2, "minkowski", p=3, method="fastpam1", certify=True).lower_bound
best: int = kmedoids.dynmsc(x, 2, 4, "euclidean").best_k
right: bool = kmedoids.verify(kmedoids.dissimilarity(x, "euclidean"), result).right
try:
    kmedoids.cluster(x, 2)
except xchg.InputError as error:
    line: int = error.where.line
except xchg.LimitError as limit:
    missing: int = limit.asked_bytes - limit.limit_bytes
"""

BAD = """
from xchg import kmedoids
kmedoids.cluster([[0.0]], "three")
kmedoids.cluster([[0.0]], 1).centers
kmedoids.KMedoids(clusters=3)
"""


def call(*command, **options):
    """Standard output of a command that must succeed."""
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return run.stdout


def clean_environment(**changes):
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | changes


@pytest.fixture(autouse=True)
def built():
    if not list(PACKAGE.glob("xchg/_xchg.*.so")):
        pytest.skip(f"no Python package in {PACKAGE}")


def mypy(code, folder):
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("mypy is not installed (Debian package mypy)")
    (folder / "sample.py").write_text(code)
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder / "cache", "sample.py"],
                          cwd=folder, capture_output=True, text=True, env=clean_environment(MYPYPATH=str(PACKAGE)))


def test_a_program_that_uses_the_package_rightly_passes_strict_mypy(tmp_path):
    run = mypy(GOOD, tmp_path)
    assert run.returncode == 0, run.stdout


def test_strict_mypy_sees_what_is_used_wrongly(tmp_path):
    output = mypy(BAD, tmp_path).stdout
    assert 'incompatible type "str"; expected "int"' in output
    assert '"Result" has no attribute "centers"' in output
    assert 'Unexpected keyword argument "clusters"' in output


def test_the_package_itself_passes_strict_mypy_and_its_stubs_agree_with_the_extension(tmp_path):
    mypy("", tmp_path)  # skips without mypy
    call(sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", "-p", "xchg", cwd=tmp_path,
         env=clean_environment(MYPYPATH=str(PACKAGE)))
    call(sys.executable, "-m", "mypy.stubtest", "xchg._xchg", cwd=tmp_path,
         env=clean_environment(MYPYPATH=str(PACKAGE), PYTHONPATH=str(PACKAGE)))


def test_what_cmake_installs_can_be_imported_from_anywhere(tmp_path):
    call("cmake", "--install", BUILD, "--prefix", tmp_path / "first", "--component", "python")
    (tmp_path / "first").rename(tmp_path / "moved")
    (package,) = (tmp_path / "moved" / "lib").glob("python3*/*-packages")
    code = "import xchg, xchg.kmedoids; print(xchg.__file__, xchg.kmedoids.cluster([[0.0, 1], [1, 0]], 1).converged)"
    place, answer = call(sys.executable, "-c", code, cwd=tmp_path,
                         env=clean_environment(PYTHONPATH=str(package))).split()
    assert place == str(package / "xchg" / "__init__.py") and answer == "True"


@pytest.mark.slow
def test_pip_installs_the_package_without_network(tmp_path):
    call("/usr/bin/python3", "-m", "venv", "--system-site-packages", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    call(python, "-m", "pip", "wheel", "--no-index", "--no-build-isolation", "--no-deps", "-w", tmp_path, SOURCE,
         env=clean_environment())
    (wheel,) = tmp_path.glob("xchg-*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert {"xchg/__init__.py", "xchg/py.typed", "xchg/kmedoids/__init__.py", "xchg/_xchg/kmedoids.pyi"} <= set(names)
    strange = [name for name in names
               if not (name.startswith("xchg/") and name.endswith((".py", ".pyi", ".so", "py.typed")))]
    assert not strange and sum(name.endswith(".so") for name in names) == 1
    call(python, "-m", "pip", "install", "--no-index", "--no-deps", wheel, env=clean_environment())
    code = ("import importlib.metadata as m, xchg, xchg.kmedoids; "
            "print(m.version('xchg'), xchg.__version__, m.metadata('xchg')['License'], xchg.__file__)")
    told, own, licence, place = call(python, "-c", code, cwd=tmp_path, env=clean_environment()).split()
    assert told == own and licence == "Apache-2.0" and str(tmp_path / "venv") in place
