#!/usr/bin/env python3
"""Runs the tests of xchg over C++, Python, shell and browser and counts them; called by `./xchg test` after the build.

The last line is `N passed, M failed, K skipped`. The exit status is 0 if at least one test ran and none failed, 1 if
one failed or a part that should have tests ran none, 130 after an interruption.

A test program in shell or JavaScript prints a line for each test: `ok - NAME`, `not ok - NAME`, or
`ok - NAME # skip REASON`. Everything else that it prints is shown if one of its tests fails.
"""
import argparse
import fcntl
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
RELEASE = BUILD / "release"
OUTPUT = BUILD / "test-output"
LIVE = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
TAP_LINE = re.compile(r"^(not ok|ok)\b(?:\s+\d+)?(?:\s+-)?\s*(.*)$")
TAP_SKIP = re.compile(r"\s+#\s*skip\b\s*(.*)$", re.IGNORECASE)


@dataclass
class Tally:
    """What a part of the tests came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    skip_reasons: list = field(default_factory=list)

    @property
    def executed(self):
        return self.passed + self.failed

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def fail(self, name, output):
        self.failed += 1
        end_progress()
        print(f"FAILED {name}")
        lines = (output or "").rstrip().splitlines()
        if len(lines) > 100:
            print(f"    … {len(lines) - 100} lines before these")
        for line in lines[-100:]:
            print(f"    {line}")
        sys.stdout.flush()

    def skip(self, name, reason):
        self.skipped += 1
        self.skip_reasons.append(f"{name}: {reason}" if reason else name)

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def progress(text):
    if LIVE:
        print(f"\r\033[K{text[:100]}", end="", flush=True)


def end_progress():
    if LIVE:
        print("\r\033[K", end="", flush=True)


def lines_of(command, environment=None):
    """Yields the output lines of a command as they come; returns its exit status. Ends the command, and everything it
    started, when the caller is interrupted."""
    process = subprocess.Popen(
        [str(word) for word in command], cwd=ROOT, env=dict(os.environ, **(environment or {})),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        start_new_session=True)
    try:
        yield from (line.rstrip("\n") for line in process.stdout)
        return process.wait()
    finally:
        if process.poll() is None:
            end_group(process)


def end_group(process):
    """Asks the process to end, and then ends whatever is left of its group."""
    for number, patience in ((signal.SIGINT, 3), (signal.SIGTERM, 2), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, number)
            if number != signal.SIGKILL and process.poll() is None:
                process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            break
    process.wait(5)


def run(command, show=None, environment=None):
    """Runs a command; returns its exit status and its output. `show` is called with each line."""
    output = []
    lines = lines_of(command, environment)
    while True:
        try:
            line = next(lines)
        except StopIteration as end:
            return end.value, output
        output.append(line)
        if show:
            show(line)


def selected(name, wanted):
    return not wanted or any(part in name for part in wanted)


def test_environment():
    """What test programs may want to know."""
    return {"XCHG_BUILD": str(RELEASE), "XCHG_TEST_OUTPUT": str(OUTPUT),
            "XCHG_NODE_MODULES": str(BUILD / "web" / "node_modules"),
            "CCACHE_BASEDIR": str(ROOT)}  # as in the launcher: tests that build find it


# --- C++ ---------------------------------------------------------------------------------------------------------------


def cpp_tests(options, folder=RELEASE, label=None, environment=None):
    report = OUTPUT / f"ctest-{folder.name}.xml"
    report.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", folder, "--output-junit", report, "--timeout", "600",
               "-j", len(os.sched_getaffinity(0))]
    if label:
        command += ["-L", f"^{label}$"]
    if options.left_out:
        command += ["-LE", f"^({'|'.join(options.left_out)})$"]
    if options.names:
        command += ["-R", "|".join(re.escape(name) for name in options.names)]

    def show(line):
        if re.match(r"\s*\d+/\d+ Test\s", line):
            progress(f"C++ {line.split()[0]}")

    status, output = run(command, show, environment)
    tally = Tally()
    if report.exists():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            count_ctest_case(tally, case)
    if status != 0 and tally.failed == 0:
        tally.fail(f"ctest in {folder.name} (exit status {status})", "\n".join(output))
    return tally


def count_ctest_case(tally, case):
    name, text = case.get("name"), case.findtext("system-out")
    skipped = case.find("skipped")
    if case.get("status") == "run":
        tally.passed += 1
    elif case.get("status") == "disabled":
        tally.skip(name, "disabled")
    elif skipped is not None and (skipped.get("message") or "").startswith("SKIP_"):
        tally.skip(name, gtest_skip_reason(text))
    else:
        tally.fail(name, text)


def gtest_skip_reason(text):
    found = re.search(r": Skipped\n(.*)", text or "")
    return found.group(1).strip() if found else ""


# --- Python ------------------------------------------------------------------------------------------------------------


def python_tests(options):
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(RELEASE / "python"), os.environ.get("PYTHONPATH")])),
        "PYTHONDONTWRITEBYTECODE": "1", **test_environment()}
    pytest = [sys.executable, "-m", "pytest", "--rootdir", ROOT]
    if options.left_out:
        pytest += ["-m", " and ".join(f"not {marker}" for marker in options.left_out)]
    tests = [ROOT / "src", ROOT / "test"]
    if options.names:
        _, listed = run([*pytest, "--collect-only", "-q", *tests], environment=environment)
        tests = [line for line in listed if "::" in line and selected(line, options.names)]
        if not tests:
            return Tally()
    report = OUTPUT / "pytest.xml"
    report.unlink(missing_ok=True)

    def show(line):
        found = re.search(r"\[\s*(\d+)%\]$", line)
        if found:
            progress(f"Python {found.group(1)} %")

    status, output = run([*pytest, "-v", f"--junit-xml={report}", *tests], show, environment)
    tally = Tally()
    if report.exists():
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            count_pytest_case(tally, case)
    if status not in (0, 5) and tally.failed == 0:
        tally.fail(f"pytest (exit status {status})", "\n".join(output))
    return tally


def count_pytest_case(tally, case):
    name = f"{case.get('classname')}.{case.get('name')}"
    bad = [part for part in case if part.tag in ("failure", "error")]
    skipped = case.find("skipped")
    if bad:
        tally.fail(name, "\n".join(part.text or "" for part in bad))
    elif skipped is not None:
        tally.skip(name, skipped.get("message"))
    else:
        tally.passed += 1


# --- shell and browser -------------------------------------------------------------------------------------------------


def tap_tests(options, interpreter, files, environment):
    tally = Tally()
    for file in files:
        label = str(file.relative_to(ROOT))
        names = [] if selected(label, options.names) else options.names
        if not names or selected(file.read_text(encoding="utf-8"), names):
            run_tap_file(tally, [interpreter, file], label, names, environment)
    return tally


def run_tap_file(tally, command, label, names, environment):
    failures = []
    chatter = []
    seen = 0

    def show(line):
        nonlocal seen
        found = TAP_LINE.match(line)
        if not found:
            chatter.append(line)
            return
        seen += 1
        name = found.group(2)
        skip = TAP_SKIP.search(name)
        progress(f"{label}: {name}")
        if not selected(name, names):
            pass
        elif found.group(1) != "ok":
            failures.append((f"{label}: {name}", list(chatter)))
        elif skip:
            tally.skip(f"{label}: {name[:skip.start()]}", skip.group(1))
        else:
            tally.passed += 1
        chatter.clear()

    status, _ = run(command, show, dict(environment, XCHG_TEST_NAMES="\n".join(names)))
    for number, (name, output) in enumerate(failures):
        tally.fail(name, "\n".join(output + (chatter if number == len(failures) - 1 else [])))
    if not failures and status != 0:
        tally.fail(f"{label} (exit status {status})", "\n".join(chatter))
    elif seen == 0:
        tally.fail(f"{label} (printed no test)", "\n".join(chatter))


def shell_tests(options):
    return tap_tests(options, "bash", sorted((ROOT / "test").glob("*/*_test.sh")), test_environment())


def browser_tests(options):
    return tap_tests(options, "node", sorted((ROOT / "web").glob("*_test.mjs")), test_environment())


# --- sanitizers and fuzzing --------------------------------------------------------------------------------------------


def address_tests(options):
    return cpp_tests(options, BUILD / "asan", environment={
        "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": "print_stacktrace=1"})


def thread_tests(options):
    return cpp_tests(options, BUILD / "tsan", label="parallel")


def room_folder(source):
    """The folder of the room that a file lies in, perhaps in a subfolder."""
    rooms = ROOT / "src" / "xchg"
    return rooms / source.relative_to(rooms).parts[0]


def fuzz_tests(options):
    targets = []
    for source in sorted((ROOT / "src" / "xchg").rglob("*_fuzz.cpp")):
        name = f"{room_folder(source).name}_{source.stem}"
        if selected(name, options.names):
            targets.append((name, source))
    tally = Tally()
    for name, source in targets:
        run_fuzz_target(tally, name, source, max(1, options.fuzz // len(targets)))
    return tally


def run_fuzz_target(tally, name, source, seconds):
    """Runs a libFuzzer program from its corpus; new inputs are kept under build/, crashing ones are named."""
    room = room_folder(source)
    found = BUILD / "fuzz-corpus" / name
    crashes = OUTPUT / "fuzz"
    found.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    status, output = run([
        BUILD / "fuzz" / "src" / "xchg" / room.name / name, f"-max_total_time={seconds}", "-timeout=20",
        "-rss_limit_mb=2048", f"-artifact_prefix={crashes}/{name}-", found, room / "corpus" / source.stem],
        lambda line: progress(f"{name}: {line}"))
    end_progress()
    print(f"{name}: {seconds} s, {output[-1] if output else 'no output'}")
    if status == 0:
        tally.passed += 1
    else:
        tally.fail(f"{name} (exit status {status})", "\n".join(output))


# --- all together ------------------------------------------------------------------------------------------------------


def parts_of(options):
    """The parts to run: name, function, whether it must have tests when no names are given."""
    if options.fuzz:
        return [("fuzz", fuzz_tests, True)]
    if options.sanitize:
        return [("C++, address and undefined", address_tests, True), ("C++, thread", thread_tests, True)]
    parts = [("C++", cpp_tests, True), ("Python", python_tests, True)]
    if not options.quick:
        parts.append(("shell", shell_tests, True))
        parts.append(("browser", browser_tests, (ROOT / "web").exists()))
    return parts


def run_parts(options):
    total = Tally()
    complete = True
    for name, function, must_have_tests in parts_of(options):
        start = time.monotonic()
        progress(name)
        tally = function(options)
        end_progress()
        print(f"{name}: {tally} in {time.monotonic() - start:.1f} s", flush=True)
        for reason in tally.skip_reasons:
            print(f"    skipped {reason}")
        total.add(tally)
        if must_have_tests and not options.names and tally.executed == 0:
            print(f"{name}: no test ran, though this part should have some")
            complete = False
    if total.executed == 0 and options.names:
        print(f"no test has a name that contains {' or '.join(options.names)}")
    print(total, flush=True)
    return 0 if complete and total.failed == 0 and total.executed > 0 else 1


def wait_for_other_run():
    """Two runs at once would write the same reports. The lock goes with the process."""
    lock = open(BUILD / ".test-lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        print("xchg: other tests are running in this folder; waiting for them", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main():
    parser = argparse.ArgumentParser(prog="./xchg test")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument("--quick", action="store_true")
    modes.add_argument("--long", action="store_true")
    modes.add_argument("--sanitize", action="store_true")
    modes.add_argument("--fuzz", type=int, metavar="SECONDS")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_intermixed_args()
    options.left_out = ["slow", "long"] if options.quick else [] if options.long else ["long"]

    interrupted = False

    def interrupt(*_):
        nonlocal interrupted
        if not interrupted:  # a second one must not cut the tidying up short
            interrupted = True
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        OUTPUT.mkdir(parents=True, exist_ok=True)
        lock = wait_for_other_run()
        status = run_parts(options)
        lock.close()
        return status
    except KeyboardInterrupt:
        end_progress()
        print("xchg: tests interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
