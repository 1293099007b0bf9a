"""The test runner counts what ran, what failed and what was skipped, and never takes silence for success."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

SOURCE = Path(__file__).resolve().parent.parent
RUNNER = SOURCE / "tools" / "run_tests.py"


@pytest.fixture
def runner(monkeypatch, tmp_path):
    """tools/run_tests.py as a module with a root folder of its own."""
    spec = importlib.util.spec_from_file_location("run_tests", RUNNER)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "run_tests", module)
    spec.loader.exec_module(module)
    for name, folder in [("ROOT", ""), ("BUILD", "build"), ("RELEASE", "build/release"), ("OUTPUT", "build/test-output")]:
        monkeypatch.setattr(module, name, tmp_path / folder)
    module.OUTPUT.mkdir(parents=True)
    return module


def run_script(runner, text, names=()):
    script = runner.ROOT / "some_test.sh"
    script.write_text(text)
    return runner.tap_tests(SimpleNamespace(names=list(names)), "bash", [script], {})


def counts(tally):
    return tally.passed, tally.failed, tally.skipped


def test_lines_of_a_script_are_counted(runner, capsys):
    tally = run_script(runner, """
        echo 'ok - first'
        echo 'the reason of the second'
        echo 'not ok - second'
        echo 'ok 3 - third # SKIP no such machine'
        echo 'okay is no result'
        exit 1""")
    assert counts(tally) == (1, 1, 1)
    assert tally.skip_reasons == ["some_test.sh: third: no such machine"]
    said = capsys.readouterr().out
    assert "FAILED some_test.sh: second" in said and "the reason of the second" in said


@pytest.mark.parametrize("text", ["exit 0", "echo nothing", "echo 'ok - one'; exit 3", "echo 'ok - one'; kill -9 $$"])
def test_a_script_that_prints_no_test_or_dies_has_failed(runner, text):
    assert run_script(runner, text).failed == 1


def test_names_choose_among_the_tests_of_a_script(runner):
    text = "echo 'ok - swap a medoid'\necho 'not ok - read a file'"
    assert counts(run_script(runner, text, ["swap"])) == (1, 0, 0)
    assert counts(run_script(runner, text, ["swap", "read"])) == (1, 1, 0)
    assert counts(run_script(runner, text, ["some_test"])) == (1, 1, 0)
    assert counts(run_script(runner, text, ["elsewhere"])) == (0, 0, 0)


@pytest.mark.parametrize("case, expected", [
    ('<testcase name="a" status="run"/>', (1, 0, 0)),
    ('<testcase name="a" status="fail"><failure message=""/><system-out>why</system-out></testcase>', (0, 1, 0)),
    ('<testcase name="a" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>', (0, 0, 1)),
    ('<testcase name="a" status="disabled"/>', (0, 0, 1)),
    ('<testcase name="a" status="notrun"><skipped message="Unable to find executable"/></testcase>', (0, 1, 0)),
])
def test_states_of_ctest(runner, case, expected):
    tally = runner.Tally()
    runner.count_ctest_case(tally, ElementTree.fromstring(case))
    assert counts(tally) == expected


@pytest.mark.parametrize("case, expected", [
    ('<testcase classname="m" name="a"/>', (1, 0, 0)),
    ('<testcase classname="m" name="a"><failure>why</failure></testcase>', (0, 1, 0)),
    ('<testcase classname="m" name="a"><error>why</error></testcase>', (0, 1, 0)),
    ('<testcase classname="m" name="a"><skipped message="why"/></testcase>', (0, 0, 1)),
])
def test_states_of_pytest(runner, case, expected):
    tally = runner.Tally()
    runner.count_pytest_case(tally, ElementTree.fromstring(case))
    assert counts(tally) == expected


@pytest.mark.parametrize("tallies, names, status, last", [
    ([(3, 0, 1), (2, 0, 0)], [], 0, "5 passed, 0 failed, 1 skipped"),
    ([(3, 0, 0), (2, 1, 0)], [], 1, "5 passed, 1 failed, 0 skipped"),
    ([(3, 0, 0), (0, 0, 2)], [], 1, "3 passed, 0 failed, 2 skipped"),  # a part that should have tests ran none
    ([(3, 0, 0), (0, 0, 0)], ["name"], 0, "3 passed, 0 failed, 0 skipped"),
    ([(0, 0, 0), (0, 0, 0)], ["name"], 1, "0 passed, 0 failed, 0 skipped"),
])
def test_the_last_line_counts_all_parts(runner, monkeypatch, capsys, tallies, names, status, last):
    parts = [(f"part {number}", lambda _, tally=tally: runner.Tally(*tally), True) for number, tally in enumerate(tallies)]
    monkeypatch.setattr(runner, "parts_of", lambda options: parts)
    assert runner.run_parts(SimpleNamespace(names=names)) == status
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_an_interruption_ends_what_runs_and_exits_with_130(tmp_path):
    """The runner in a tree of its own whose only test sleeps: after SIGINT nothing of it is left."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "run_tests.py").write_text(RUNNER.read_text())
    (tmp_path / "test" / "launcher").mkdir(parents=True)
    script = tmp_path / "test" / "launcher" / "sleep_test.sh"
    script.write_text(f"sleep 98765 &\necho $! > {tmp_path}/pid\nwait\n")
    starter = ("import sys; sys.path.insert(0, 'tools'); import run_tests; "
               "run_tests.parts_of = lambda options: [('shell', run_tests.shell_tests, True)]; "
               "sys.argv = ['test']; sys.exit(run_tests.main())")
    process = subprocess.Popen([sys.executable, "-B", "-c", starter], cwd=tmp_path, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)  # an impatient user
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "xchg: tests interrupted\n")
    sleeper = int((tmp_path / "pid").read_text())
    while time.monotonic() < deadline:
        try:
            os.kill(sleeper, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail("the test went on after the interruption")
