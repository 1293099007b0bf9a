"""The chapter "Adding an engine" of docs/hacking.md, followed to the letter in a copy of the tree."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent
GUIDE = SOURCE / "docs" / "hacking.md"
ROOM_ROW = "| `mode` | – | most frequent value of a column | core |"


def code_blocks():
    """File name -> content, for every file of the new engine that the guide shows."""
    steps = re.split(r"\n(?=\d+\. \*\*)", GUIDE.read_text(encoding="utf-8"))
    blocks = {}
    for step in steps:
        names = re.findall(r"`src/xchg/mode/([\w./]+)`", step)
        codes = re.findall(r"((?:\n {7,}\S.*|\n(?=\n* {7}))+)", step)
        texts = [re.sub(r"(?m)^ {7}", "", code).strip("\n") + "\n" for code in codes]
        blocks.update(zip(names, texts))
    return blocks


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the source tree with the guide's engine in it, built."""
    copy = tmp_path_factory.mktemp("guide") / "xchg"
    shutil.copytree(SOURCE, copy, ignore=lambda folder, names: {"build", ".git", "tour"} if Path(folder) == SOURCE else (),
                    symlinks=True)
    plan = copy / "docs" / "architecture.md"
    text = plan.read_text(encoding="utf-8")
    row = re.search(r"(?m)^\| `kmedoids` .*\n", text)
    plan.write_text(text[: row.end()] + ROOM_ROW + "\n" + text[row.end():], encoding="utf-8")
    for name, content in code_blocks().items():
        file = copy / "src" / "xchg" / "mode" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    build = copy / "build" / "release"
    environment = os.environ | {"CCACHE_BASEDIR": str(copy)}
    for command in (["cmake", "--preset", "release"],
                    ["cmake", "--build", build, "--target", "xchg", "mode_test", "xchg_python"]):
        run = subprocess.run(command, cwd=copy, capture_output=True, text=True, env=environment, check=False)
        assert run.returncode == 0, run.stdout[-3000:] + run.stderr
    return copy


def test_the_guide_shows_every_file():
    assert ROOM_ROW in GUIDE.read_text(encoding="utf-8")
    assert set(code_blocks()) == {"mode.hpp", "mode.cpp", "CMakeLists.txt", "mode_test.cpp", "command.cpp", "tour.cpp",
                                  "binding.cpp", "python/__init__.py"}


@pytest.mark.long
def test_the_new_engine_has_its_tests_command_chapter_and_python_face(tree):
    build = tree / "build" / "release"

    def output(*command, **options):
        run = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    assert "2 tests" in output(build / "src" / "xchg" / "mode" / "mode_test")
    table = tree / "ages.csv"
    table.write_text("age\n3\n5\n3\n4\n")
    assert output(build / "bin" / "xchg", "mode", "find", table, "--column", "age") == "3\n"
    assert "mode find data.csv --column age" in output(build / "bin" / "xchg", "mode", "find", "--help")
    code = "import numpy, xchg.mode; print(xchg.mode.most_frequent(numpy.array([1., 2., 2.])))"
    assert output("/usr/bin/python3", "-c", code, env={"PYTHONPATH": str(build / "python")}) == "(2.0, 2)\n"
    output("/usr/bin/python3", tree / "tools" / "check_layers.py", cwd=tree)
