"""`xchg kmedoids` on points whose matrix of distances does not fit."""

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"


def write_mixture(path, n, d, centres=60):
    """n rows of d numbers around some centres, as CSV."""
    draw = random.Random(1)
    middles = [[10 * draw.random() for _ in range(d)] for _ in range(centres)]
    with path.open("w", encoding="ascii") as file:
        for _ in range(n):
            middle = draw.choice(middles)
            file.write(",".join(f"{value + draw.gauss(0, 1):.5f}" for value in middle) + "\n")


def cluster(table, *arguments):
    """The result and the peak memory in bytes."""
    output = table.with_suffix(".json")
    command = [str(PROGRAM), "kmedoids", "cluster", str(table), "-o", str(output), "--no-run", "--quiet",
               *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return json.loads(output.read_text()), usage.ru_maxrss * 1024


def test_without_a_matrix_the_swaps_are_those_with_one(tmp_path):
    table = tmp_path / "points.csv"
    write_mixture(table, 5000, 4)
    with_matrix, much = cluster(table, "-k", 20)
    without, little = cluster(table, "-k", 20, "--no-matrix")
    assert without["medoids"] == with_matrix["medoids"]
    assert without["total_deviation"] == with_matrix["total_deviation"]
    assert without["statistics"] == with_matrix["statistics"]
    assert much > 5000 * 5000 * 8
    assert little < 100 << 20


@pytest.mark.long
def test_fifty_thousand_points_fit_into_a_gibibyte(tmp_path):
    table = tmp_path / "points.csv"
    write_mixture(table, 50000, 16)
    result, peak = cluster(table, "-k", 50, "--no-matrix")
    assert result["converged"]
    assert peak <= 1 << 30  # the matrix would be 18.6 GiB
