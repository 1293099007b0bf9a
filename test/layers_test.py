"""The rooms keep to the plan, and the check that says so notices every kind of offence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release"))

PLAN = """# Plan
## Rooms
| room | swapped | system | may include |
|---|---|---|---|
| `core` | – | – | – |
| `low` | – | – | core |
| `side` | – | – | core |
| `high` | – | – | low |
| `cli`, `tour` | – | – | everything |
"""

DEPENDENCIES = """# Dependencies
## Third-party headers per room
| headers | may be included by |
|---|---|
| `fmt/` | `every room` |
| `png.h` | `core` |
| `CLI/` | `front` |
| `gtest/` | `test` |
"""

GOOD_TREE = {
    "docs/architecture.md": PLAN,
    "docs/dependencies.md": DEPENDENCIES,
    "src/xchg/core/CMakeLists.txt": "xchg_room(core SUMMARY s)\n",
    "src/xchg/core/image.cpp": "#include <png.h>\n#include <vector>\n#include <sys/stat.h>\n",
    "src/xchg/core/command/session.hpp": "#include <CLI/CLI.hpp>\n",
    "src/xchg/low/CMakeLists.txt": "xchg_room(low\n  SUMMARY s\n  USES core  # and no other\n  PUBLIC_HEADERS low.hpp more.hpp)\n",
    "src/xchg/low/low.cpp": '#include "xchg/low/inner.hpp"\n#include "xchg/core/inner.hpp"\n#include <fmt/format.h>\n',
    "src/xchg/low/command.cpp": '#include <CLI/CLI.hpp>\n#include "xchg/core/command/session.hpp"\n',
    "src/xchg/low/low_test.cpp": "#include <gtest/gtest.h>\n",
    "src/xchg/side/CMakeLists.txt": "xchg_room(side SUMMARY s USES core)\n",
    "src/xchg/high/CMakeLists.txt": "xchg_room(high SUMMARY s USES low)\n",
    "src/xchg/high/high.cpp": '#include "xchg/core/error.hpp"\n#include "xchg/low/low.hpp"\n#include "xchg/low/more.hpp"\n',
    "src/xchg/tour/CMakeLists.txt": "",
    "src/xchg/tour/tour.cpp": '#include "xchg/cli/engines.hpp"\n#include "xchg/high/inner.hpp"\n',
}


def check(source):
    run = subprocess.run([sys.executable, SOURCE / "tools" / "check_layers.py", source], capture_output=True, text=True)
    return run.returncode, run.stdout.splitlines()


def write_tree(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_every_include_of_the_project_follows_the_plan():
    assert check(SOURCE) == (0, ["every include follows the plan"])


def test_a_tree_that_follows_its_plan_passes(tmp_path):
    write_tree(tmp_path, GOOD_TREE)
    assert check(tmp_path) == (0, ["every include follows the plan"])


@pytest.mark.parametrize(
    "file, text, place, offence",
    [
        ("src/xchg/side/side.cpp", '\n#include "xchg/low/low.hpp"\n', ":2", "side may not include low"),
        ("src/xchg/core/core.cpp", '#include "xchg/low/low.hpp"\n', ":1", "core may not include low"),
        ("src/xchg/low/deep/part.hpp", '  #  include "xchg/high/high.hpp"\n', ":1", "low may not include high"),
        ("src/xchg/low/low_test.cpp", '#include "xchg/high/high.hpp"\n', ":1", "low may not include high"),
        ("src/xchg/side/command.cpp", '#include "xchg/cli/engines.hpp"\n', ":1", "side may not include cli"),
        ("src/xchg/high/high.cpp", '#include "xchg/low/inner.hpp"\n', ":1", "xchg/low/inner.hpp is internal to low"),
        ("src/xchg/low/low.cpp", '#include "xchg/core/command/session.hpp"\n', ":1",
         "core/command is for command.cpp, tour.cpp and binding.cpp only"),
        ("src/xchg/low/low.cpp", '#include "inner.hpp"\n', ":1", '"inner.hpp" does not begin with xchg/<room>/'),
        ("src/xchg/low/low.cpp", '#include "xchg/nowhere/a.hpp"\n', ":1", "nowhere is no room of docs/architecture.md"),
        ("src/xchg/low/low.cpp", "#include <png.h>\n", ":1", "low may not include <png.h> here (docs/dependencies.md)"),
        ("src/xchg/low/low.cpp", "#include <CLI/CLI.hpp>\n", ":1",
         "low may not include <CLI/CLI.hpp> here (docs/dependencies.md)"),
        ("src/xchg/low/low.cpp", "#include <torch/torch.h>\n", ":1",
         "<torch/torch.h> is in no row of 'Third-party headers per room' in docs/dependencies.md"),
        ("src/xchg/side/CMakeLists.txt", "xchg_room(side SUMMARY s\n  USES core low)\n", ":2", "side may not use low"),
        ("src/xchg/new/CMakeLists.txt", "xchg_room(new SUMMARY s)\n", "", "no room of this name in docs/architecture.md"),
        ("docs/architecture.md", PLAN.replace("| core |\n| `side`", "| high |\n| `side`"), ":6",
         "low may include high, which stands in no row above"),
    ],
)
def test_an_offence_is_reported_with_its_place(tmp_path, file, text, place, offence):
    write_tree(tmp_path, {**GOOD_TREE, file: text})
    status, lines = check(tmp_path)
    where = file.removesuffix("/CMakeLists.txt") if not place else file
    assert status == 1
    assert f"{where}{place}: {offence}" in lines


def test_a_room_must_link_what_it_includes(tmp_path):
    write_tree(tmp_path, {**GOOD_TREE, "src/xchg/high/CMakeLists.txt": "xchg_room(high SUMMARY s USES core)\n"})
    status, lines = check(tmp_path)
    assert status == 1
    assert "src/xchg/high/high.cpp:2: high includes low, but its CMakeLists.txt does not USE it" in lines


def rooms_without_libtorch():
    plan = (SOURCE / "docs" / "architecture.md").read_text(encoding="utf-8")
    names = re.findall(r"^\| `([a-z]+)` \|", plan, re.MULTILINE)
    return names[:names.index("nn")]


def test_the_rooms_from_core_to_memory_include_no_header_of_libtorch():
    rooms = rooms_without_libtorch()
    assert rooms == ["core", "kmedoids", "dag", "hiring", "entangle", "memory"]
    include = re.compile(r'^\s*#\s*include\s*[<"](torch|ATen|c10|caffe2)/', re.MULTILINE)
    files = [file for room in rooms for file in (SOURCE / "src" / "xchg" / room).rglob("*.[ch]pp")]
    assert len(files) > 50
    assert [str(file) for file in files if include.search(file.read_text(encoding="utf-8"))] == []


def test_what_is_built_of_the_rooms_from_core_to_memory_links_no_libtorch():
    programs = [BUILD / "src" / "xchg" / room / f"{room}_test" for room in rooms_without_libtorch()]
    programs = [program for program in programs if program.exists()]
    if not programs:
        pytest.skip(f"nothing is built in {BUILD}")
    for program in programs:
        libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
        assert "libstdc++" in libraries
        assert not re.search(r"libtorch|libc10", libraries)
