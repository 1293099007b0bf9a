"""`xchg kmedoids cluster --shards` as its users call it, in one process."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DIGITS = SOURCE / "data" / "kmedoids" / "digits.csv"


def cluster(*arguments):
    command = [str(PROGRAM), "kmedoids", "cluster", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def error_of(run):
    assert run.returncode == 2 and run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def with_shards(output, repetitions, *more):
    return cluster(DIGITS, "-k", 8, "--shards", 6, "--repetitions", repetitions, "-o", output, "--no-run", *more)


def test_result_passes_its_check_and_says_how_it_came_about(tmp_path):
    output = tmp_path / "result.json"
    run = with_shards(output, 2)
    assert run.returncode == 0
    result = json.loads(output.read_text())
    assert result["options"]["shards"] == 6 and result["options"]["repetitions"] == 2
    assert result["statistics"]["restarts_done"] == 2 and result["converged"]
    check = subprocess.run([PROGRAM, "kmedoids", "verify", DIGITS, output], capture_output=True, text=True, timeout=60)
    assert check.returncode == 0, check.stdout


def test_going_on_gives_the_bytes_of_an_uninterrupted_call(tmp_path):
    uninterrupted, resumed = tmp_path / "uninterrupted.json", tmp_path / "resumed.json"
    assert with_shards(uninterrupted, 3).returncode == 0
    first = with_shards(resumed, 1, "--resume")
    assert "nothing to go on from" in first.stderr
    second = with_shards(resumed, 3, "--resume")
    assert "going on after repetition 1" in second.stderr
    assert resumed.read_bytes() == uninterrupted.read_bytes()
    assert with_shards(resumed, 3, "--resume").returncode == 0  # nothing is left to do
    assert resumed.read_bytes() == uninterrupted.read_bytes()


def test_no_matrix_of_all_objects_is_made(tmp_path):
    roomy, tight = tmp_path / "roomy.json", tmp_path / "tight.json"
    assert with_shards(roomy, 1).returncode == 0
    run = with_shards(tight, 1, "--memory", "2MiB")  # that matrix has 24.6 MiB, that of a shard 0.7
    assert run.returncode == 0, run.stderr
    results = [json.loads(path.read_text()) for path in (roomy, tight)]
    assert results[0]["medoids"] == results[1]["medoids"]
    assert results[0]["total_deviation"] == results[1]["total_deviation"]


def test_a_killed_call_leaves_the_best_so_far(tmp_path):
    output = tmp_path / "result.json"
    command = [PROGRAM, "kmedoids", "cluster", DIGITS, "-k", "8", "--shards", "6", "--repetitions", "100000", "-o", output]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 30
        while not output.exists() and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    check = subprocess.run([PROGRAM, "kmedoids", "verify", DIGITS, output], capture_output=True, text=True, timeout=60)
    assert check.returncode == 0, check.stdout
    assert list(tmp_path.iterdir()) == [output]


def test_going_on_refuses_another_search(tmp_path):
    output = tmp_path / "result.json"
    assert with_shards(output, 1).returncode == 0
    assert "/options" in error_of(cluster(DIGITS, "-k", 9, "--shards", 6, "-o", output, "--resume"))
    assert "/seed" in error_of(with_shards(output, 1, "--resume", "--seed", 2))
    output.write_text("{}")
    assert "options" in error_of(with_shards(output, 1, "--resume"))
    assert output.read_text() == "{}"


@pytest.mark.parametrize("arguments, message", [
    (["-k", 100, "--shards", 18], "18 shards of 1797 objects"),
    (["-k", 3, "--shards", 2, "--resume"], "-o FILE"),
    (["-k", 3, "--resume"], "--shards"),
    (["-k", 3, "--shards", 2, "--distributed"], "--distributed"),
    (["--k-range", "2:3", "--shards", 2], "--k-range"),
    (["-k", 3, "--shards", 2, "--method", "pam"], "pam does not search shards"),
])
def test_what_it_cannot_do_is_an_error(arguments, message):
    assert message in error_of(cluster(DIGITS, *arguments))


def test_a_build_without_mpi_names_the_option_that_adds_it():
    cache = PROGRAM.parents[1] / "CMakeCache.txt"
    if cache.exists() and "XCHG_MPI:BOOL=ON" in cache.read_text():
        pytest.skip("this build has MPI")
    assert "-DXCHG_MPI=ON" in error_of(cluster(DIGITS, "-k", 3, "--distributed"))
