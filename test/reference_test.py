"""The generated reference: complete, without warnings, and what the public headers and the package promise is in it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release"))


@pytest.mark.slow
def test_the_reference_is_made_without_faults_and_links_to_its_three_parts():
    if shutil.which("doxygen") is None:
        pytest.skip("doxygen is not installed")
    if not (BUILD / "build.ninja").exists():
        pytest.skip(f"nothing is configured in {BUILD}")
    subprocess.run(["cmake", BUILD], check=True, capture_output=True)
    run = subprocess.run(["cmake", "--build", BUILD, "--target", "reference"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    reference = BUILD / "reference"
    for part in ["cpp/index.html", "cpp/annotated.html", "cpp/files.html", "python/xchg.html",
                 "python/xchg.kmedoids.html"]:
        assert (reference / part).is_file()
        assert part in (reference / "index.html").read_text()
    assert "xchg kmedoids cluster" in (reference / "cpp" / "index.html").read_text()
    assert "predict" in (reference / "python" / "xchg.kmedoids.html").read_text()
    assert "which is taken over" in (reference / "cpp" / "classxchg_1_1kmedoids_1_1Dissimilarity.html").read_text()


def check(log, folder):
    path = folder / "doxygen.log"
    path.write_text(log)
    return subprocess.run(["cmake", f"-DLOG={path}", "-P", SOURCE / "cmake" / "CheckReference.cmake"],
                          capture_output=True, text=True)


def test_a_class_without_a_comment_is_a_fault_but_a_member_is_not(tmp_path):
    assert check("a.hpp:3: warning: Member size() const (function) of class A is not documented.\n", tmp_path).returncode == 0
    assert check("a.hpp:3: warning: Compound A is not documented.\n", tmp_path).returncode != 0
    assert check("a.hpp:3: warning: Found unknown command '\\x'\n", tmp_path).returncode != 0
