#!/usr/bin/env python3
"""Runs clang-tidy, or clang-format, over the C++ sources; exit status 1 if something was found.

    tools/tidy.py [--build FOLDER] [--all | FILE…]     clang-tidy on what differs from the branch main, on all, or on FILEs
    tools/tidy.py --format [--fix]                     whether clang-format would leave the whole tree as it is
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def git(*arguments: str) -> list[str]:
    run = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True)
    return run.stdout.splitlines() if run.returncode == 0 else []


def sources() -> list[Path]:
    """All C++ files of ours."""
    folders = [ROOT / "src", ROOT / "test"]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in {".cpp", ".hpp"})


def changed() -> list[Path]:
    """The C++ files that are not as on the branch main."""
    names = git("diff", "--name-only", "main", "--") + git("ls-files", "--others", "--exclude-standard")
    return [path for path in sources() if str(path.relative_to(ROOT)) in names]


def need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        sys.exit(f"tidy.py: {program} is not installed: apt-get install {program}")
    return found


def check_format(fix: bool) -> int:
    program = need("clang-format")
    options = ["-i"] if fix else ["--dry-run", "--Werror"]
    return subprocess.run([program, *options, *sources()]).returncode


def compiled(paths: list[Path], database: list[dict[str, str]]) -> list[Path]:
    """The files of the compilation database to look at: the sources named, and for a header all sources of its folder,
    through which it is seen."""
    known = {Path(entry["directory"], entry["file"]).resolve() for entry in database}
    chosen = {path for path in paths if path in known}
    folders = {path.parent for path in paths if path.suffix == ".hpp"}
    return sorted(chosen | {path for path in known if path.parent in folders})


def check_tidy(paths: list[Path], build: Path) -> int:
    program = need("clang-tidy")
    commands = build / "compile_commands.json"
    if not commands.exists():
        sys.exit(f"tidy.py: {commands} is missing: cmake --preset release")
    files = compiled(paths, json.loads(commands.read_text()))

    def check(path: Path) -> bool:
        # The warning options are GCC's; clang knows most of them.
        run = subprocess.run([program, "-p", build, "--quiet", "--extra-arg=-Wno-unknown-warning-option", path],
                             capture_output=True, text=True)
        print(f"{path.relative_to(ROOT)}: {'clean' if run.returncode == 0 else 'FOUND'}")
        if run.returncode != 0:
            print(run.stdout, flush=True)
        return run.returncode == 0

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        results = list(pool.map(check, files))
    print(f"clang-tidy: {results.count(True)} files clean, {results.count(False)} with findings")
    return 1 if False in results else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--format", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.format:
        return check_format(options.fix)
    paths = [path.resolve() for path in options.files] or (sources() if options.all else changed())
    return check_tidy(paths, options.build)


if __name__ == "__main__":
    sys.exit(main())
