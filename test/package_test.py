"""The installed tree, as strangers use it: CMake package, pkg-config, single headers, moved prefix, embedding."""

import json
import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release"))
CONSUMER = SOURCE / "test" / "consumer"


def call(*command, **options):
    """Standard output of a command that must succeed."""
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return run.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """An installation that was moved after it was made, so nothing in it may know where it was installed."""
    if not (BUILD / "bin" / "xchg").exists():
        pytest.skip(f"nothing is built in {BUILD}")
    first = tmp_path_factory.mktemp("install") / "first place"
    call("cmake", "--install", BUILD, "--prefix", first)
    moved = first.parent / "moved"
    first.rename(moved)
    return moved


@pytest.fixture(scope="module")
def consumer_answer(prefix, tmp_path_factory):
    """What the consumer prints when built with CMake against the installation."""
    build = tmp_path_factory.mktemp("consumer")
    call("cmake", "-G", "Ninja", "-S", CONSUMER, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
         "-DCMAKE_BUILD_TYPE=Debug")
    call("cmake", "--build", build)
    return call(build / "consumer")


def rooms(prefix):
    return sorted(path.stem.removeprefix("xchg-") for path in (prefix / "lib" / "pkgconfig").glob("*.pc"))


def pkg_config(prefix, *arguments):
    environment = os.environ | {"PKG_CONFIG_PATH": str(prefix / "lib" / "pkgconfig")}
    return call("pkg-config", *arguments, env=environment).split()


def test_a_cmake_consumer_links_and_runs(consumer_answer):
    total, error = consumer_answer.splitlines()
    assert total == "total deviation 4"
    assert "7" in error and "expected" in error


def test_a_pkg_config_consumer_links_and_prints_the_same(prefix, consumer_answer, tmp_path):
    flags = pkg_config(prefix, "--cflags", "--libs", "--static", "xchg-kmedoids")
    call("g++", CONSUMER / "main.cpp", *flags, "-o", tmp_path / "consumer")
    assert call(tmp_path / "consumer") == consumer_answer


def test_every_room_has_a_target_and_a_pkg_config_file_that_resolves(prefix, tmp_path):
    names = rooms(prefix)
    assert "core" in names
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(all LANGUAGES CXX)\nfind_package(xchg REQUIRED)\n"
        + "".join(f"if(NOT TARGET xchg::{name})\n  message(FATAL_ERROR {name})\nendif()\n" for name in names))
    call("cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    for name in names:
        assert f"-lxchg_{name}" in pkg_config(prefix, "--libs", "--static", f"xchg-{name}")


def test_a_component_that_is_not_installed_is_named_with_those_that_are(prefix, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(none LANGUAGES CXX)\n"
        "find_package(xchg 0.1 REQUIRED COMPONENTS nosuch)\n")
    run = subprocess.run(["cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}"],
                         capture_output=True, text=True)
    assert run.returncode != 0
    message = " ".join(run.stderr.split())
    assert "component 'nosuch' is not installed; there are: core, dag, hiring, kmedoids" in message


def test_another_minor_version_is_refused(prefix, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(newer LANGUAGES CXX)\nfind_package(xchg 0.99 QUIET)\n"
        "message(STATUS \"found: ${xchg_FOUND}\")\n")
    output = call("cmake", "-G", "Ninja", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    assert "found: 0" in output


def test_every_installed_header_compiles_alone(prefix, tmp_path):
    headers = sorted((prefix / "include").rglob("*.hpp"))
    assert any(header.name == "error.hpp" for header in headers)
    failures = []
    for header in headers:
        room = header.relative_to(prefix / "include" / "xchg").parts[0]
        run = subprocess.run(
            ["g++", "-fsyntax-only", "-x", "c++", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-",
             *pkg_config(prefix, "--cflags", f"xchg-{room}")],
            input=f'#include "{header.relative_to(prefix / "include")}"\n', capture_output=True, text=True)
        if run.returncode != 0:
            failures.append(f"{header.name}: {run.stderr[:500]}")
    assert not failures, "\n".join(failures)


def test_nothing_installed_knows_the_build_or_source_folder(prefix):
    texts = [path for path in prefix.rglob("*") if path.suffix in {".cmake", ".pc", ".hpp", ".py", ".1"}]
    assert texts
    for path in texts:
        content = path.read_text()
        assert str(SOURCE) not in content and "first place" not in content, path


def test_the_moved_program_finds_its_data_and_clusters(prefix, tmp_path):
    table = prefix / "share" / "xchg" / "data" / "kmedoids" / "ruspini.csv"
    answer = json.loads(call(prefix / "bin" / "xchg", "kmedoids", "cluster", table, "-k", "4", "--json", cwd=tmp_path))
    assert answer["total_deviation"] == pytest.approx(861.4781110933, rel=1e-9)  # published optimum


def test_destdir_puts_everything_below_it(tmp_path):
    call("cmake", "--install", BUILD, "--prefix", "/opt/xchg", env=os.environ | {"DESTDIR": str(tmp_path)})
    prefix = tmp_path / "opt" / "xchg"
    for place in ["bin/xchg", "lib/libxchg_kmedoids.a", "include/xchg/kmedoids/kmedoids.hpp",
                  "share/man/man1/xchg-kmedoids.1", "share/bash-completion/completions/xchg",
                  "share/zsh/site-functions/_xchg", "share/fish/vendor_completions.d/xchg.fish",
                  "share/xchg/data/kmedoids/iris.csv", "share/xchg/report/page.css", "share/doc/xchg/LICENSE"]:
        assert (prefix / place).is_file(), place
    assert [path.name for path in tmp_path.iterdir()] == ["opt"]


@pytest.mark.slow
def test_embedding_the_source_builds_the_library_and_nothing_else(consumer_answer, tmp_path):
    call("cmake", "-G", "Ninja", "-S", CONSUMER, "-B", tmp_path, f"-DXCHG_SOURCE={SOURCE}",
         "-DCMAKE_BUILD_TYPE=Release")
    targets = call("cmake", "--build", tmp_path, "--target", "help")
    for unwanted in ["core_test", "xchg_python", "xchg_core_front"]:
        assert f"\n{unwanted}:" not in targets
    call("cmake", "--build", tmp_path)
    assert call(tmp_path / "consumer") == consumer_answer
    rules = (tmp_path / "xchg" / "cmake_install.cmake").read_text()
    assert "pkgconfig" not in rules
