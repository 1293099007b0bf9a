"""`xchg kmedoids cluster` by several processes under mpirun: same bytes, errors once, a process that dies."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")).parent / "mpi"
DATA = SOURCE / "data" / "kmedoids"
DIGITS = DATA / "digits.csv"
MISSING = [tool for tool in ("mpic++", "mpirun", "cmake", "ninja") if not shutil.which(tool)]

pytestmark = [pytest.mark.slow,
              pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} (libopenmpi-dev, openmpi-bin)")]


@pytest.fixture(scope="module")
def program():
    """The program built with MPI; compiling is mostly a matter of ccache."""
    options = ["XCHG_MPI=ON", "CMAKE_BUILD_TYPE=Release", "XCHG_BUILD_TESTS=OFF", "XCHG_BUILD_BENCHMARKS=OFF",
               "XCHG_BUILD_PYTHON=OFF"]
    configure = ["cmake", "-S", str(SOURCE), "-B", str(BUILD), "-G", "Ninja", *(f"-D{option}" for option in options)]
    for command in (configure, ["ninja", "-C", str(BUILD), "xchg"]):
        run = subprocess.run(command, capture_output=True, text=True, timeout=1800)
        assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    return BUILD / "bin" / "xchg"


def under_mpirun(program, ranks, *arguments):
    return ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks), str(program), "kmedoids", "cluster",
            *map(str, arguments)]


def result_of(command, output):
    """The bytes that the call wrote to its -o."""
    run = subprocess.run([*command, "-o", str(output), "--no-run", "--quiet"], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return output.read_bytes()


def verify(program, data, result):
    return subprocess.run([program, "kmedoids", "verify", data, result], capture_output=True, text=True, timeout=60)


def test_exact_search_gives_the_same_bytes_for_every_number_of_processes(program, tmp_path):
    arguments = [DIGITS, "-k", 10, "--init", "first", "--distributed"]
    results = [result_of(under_mpirun(program, ranks, *arguments), tmp_path / f"{ranks}.json") for ranks in (1, 2, 3)]
    assert results[1] == results[0] and results[2] == results[0]
    result = json.loads(results[0])
    assert result["total_deviation"] == pytest.approx(51194.6998163425, rel=1e-12)
    assert result["statistics"]["swaps"] == 53
    assert "no single swap improves it" in verify(program, DIGITS, tmp_path / "3.json").stdout


def test_shards_give_the_same_bytes_for_every_number_of_processes(program, tmp_path):
    arguments = [DIGITS, "-k", 10, "--shards", 5, "--repetitions", 2]
    alone = result_of([str(program), "kmedoids", "cluster", *map(str, arguments)], tmp_path / "alone.json")
    for ranks in (1, 2, 3):
        assert result_of(under_mpirun(program, ranks, *arguments), tmp_path / f"{ranks}.json") == alone
    assert verify(program, DIGITS, tmp_path / "alone.json").returncode == 0


def test_the_first_process_alone_prints(program):
    run = subprocess.run(under_mpirun(program, 3, DIGITS, "-k", 4, "--distributed"), capture_output=True, text=True,
                         timeout=60)
    assert run.returncode == 0
    assert run.stdout.count("total deviation") == 1
    assert run.stderr.count("1797 rows") == 1


def test_an_error_is_told_once_and_ends_all_processes(program, tmp_path):
    for arguments in ([DIGITS, "-k", 100, "--shards", 30], [tmp_path / "none.csv", "-k", 3, "--distributed"],
                      ["-", "-k", 3, "--distributed"],
                      [DIGITS, "-k", 3, "--shards", 2, "-o", tmp_path / "no" / "folder.json"]):
        run = subprocess.run(under_mpirun(program, 3, *arguments), capture_output=True, text=True, timeout=60,
                             stdin=subprocess.DEVNULL)
        assert run.returncode == 2, run.stderr
        assert run.stderr.count("xchg: error: ") == 1, run.stderr


def process_of_rank(launcher, rank):
    """The id of a process of an MPI job."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            environment = (folder / "environ").read_bytes().split(b"\0")
        except (OSError, ValueError):
            continue  # it has ended, or is not ours
        if parent == launcher and f"OMPI_COMM_WORLD_RANK={rank}".encode() in environment:
            return int(folder.name)
    raise AssertionError(f"no process of rank {rank}")


def test_a_process_that_dies_leaves_a_valid_result_that_a_later_call_goes_on_from(program, tmp_path):
    output = tmp_path / "result.json"
    arguments = [DIGITS, "-k", 10, "--shards", 6, "--seed", 4]
    command = [*under_mpirun(program, 3, *arguments, "--repetitions", 100000), "-o", output, "--no-run", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as job:
        until = time.monotonic() + 60
        while not output.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert job.poll() is None
        os.kill(process_of_rank(job.pid, 1), signal.SIGKILL)
        assert job.wait(timeout=60) != 0
    check = verify(program, DIGITS, output)
    assert check.returncode == 0, check.stdout
    left = json.loads(output.read_text())
    assert left["converged"] is False
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]

    repetitions = left["statistics"]["restarts_done"] + 2
    go_on = under_mpirun(program, 2, *arguments, "--repetitions", repetitions, "--resume")
    uninterrupted = [str(program), "kmedoids", "cluster", *map(str, arguments), "--repetitions", str(repetitions)]
    assert result_of(go_on, output) == result_of(uninterrupted, tmp_path / "uninterrupted.json")
