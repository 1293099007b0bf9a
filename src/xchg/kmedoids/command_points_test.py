"""`xchg kmedoids` on points whose matrix of distances does not fit."""

import json
import os
import random
import subprocess
import sys
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


# A child's peak begins with that of the process that forked it, which under pytest is large: a small one starts the program.
MEASURE = ("import resource, subprocess, sys; status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)")


def cluster(table, *arguments):
    """The result and the peak memory in bytes."""
    output = table.with_suffix(".json")
    command = [sys.executable, "-c", MEASURE, PROGRAM, "kmedoids", "cluster", table, "-o", output, "--no-run", "--quiet", *arguments]
    run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(output.read_text()), int(run.stdout) * 1024


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
