"""The C++ sources are as clang-format writes them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent


def test_clang_format_leaves_the_tree_as_it_is():
    if shutil.which("clang-format") is None:
        pytest.skip("clang-format is not installed")
    run = subprocess.run([sys.executable, SOURCE / "tools" / "tidy.py", "--format"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-3000:]
