"""Methods, starts and their options of `xchg kmedoids cluster`."""

import json
import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "kmedoids"
IRIS = DATA / "iris.csv"
EURODIST = DATA / "eurodist.csv"
METHODS = ("fasterpam fastpam1 fastpam2 pam alternating clara fastclara fasterclara clarans fastclarans "
           "fastermsc fastmsc pammedsil").split()
STARTS = "random build lab plusplus park_jun first".split()


def run(verb, *arguments):
    command = [str(PROGRAM), "kmedoids", verb, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def clustered(*arguments):
    result = run("cluster", *arguments, "--json", "--no-run")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def refused(*arguments):
    result = run("cluster", *arguments)
    assert (result.returncode, result.stdout) == (2, ""), result
    return result.stderr


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_a_result_that_verify_accepts(method, tmp_path):
    output = tmp_path / "result.json"
    assert run("cluster", IRIS, "-k", 3, "--method", method, "-o", output).returncode == 0
    assert json.loads(output.read_text())["method"] == method
    assert run("verify", IRIS, output).returncode == 0


@pytest.mark.parametrize("start", STARTS)
def test_every_start_leads_near_the_optimum(start):
    result = clustered(IRIS, "-k", 3, "--init", start, "--restarts", 3)
    assert result["options"]["init"] == start
    assert 98.13 < result["total_deviation"] < 100


def test_help_lists_methods_and_starts():
    text = run("cluster", "--help").stdout
    for word in METHODS + STARTS + ["pamsil", "given"]:
        assert word in text


def test_medoids_imply_a_given_start():
    named = clustered(IRIS, "-k", 3, "--medoids", "0,1,2", "--method", "pam")
    assert named == clustered(IRIS, "-k", 3, "--medoids", "0,1,2", "--init", "given", "--method", "pam")
    assert named["options"]["init"] == "given"
    assert "0 medoids were given for k = 3" in refused(IRIS, "-k", "3", "--init", "given")


def test_ties_of_build_decide_the_optimum_of_the_roads():
    arguments = [EURODIST, "--precomputed", "-k", 3, "--init", "build", "--method", "pam"]
    assert clustered(*arguments)["total_deviation"] == 12703
    last = clustered(*arguments, "--ties", "last")
    assert (last["total_deviation"], last["options"]["ties"]) == (11651, "last")
    assert sorted(medoid["index"] for medoid in last["medoids"]) == [10, 13, 15]


def test_the_order_of_the_candidates_is_kept_and_checked():
    plain = clustered(EURODIST, "--precomputed", "-k", 4, "--init", "first")
    ascending = clustered(EURODIST, "--precomputed", "-k", 4, "--init", "first", "--order", ",".join(map(str, range(21))))
    descending = clustered(EURODIST, "--precomputed", "-k", 4, "--init", "first", "--order", ",".join(map(str, range(20, -1, -1))))
    assert ascending["statistics"] == plain["statistics"]
    assert descending["statistics"]["total_deviation_per_swap"] != plain["statistics"]["total_deviation_per_swap"]
    assert "the order has 3 objects of 150; expected each object once" in refused(IRIS, "-k", "3", "--order", "2,1,0")


def test_skipping_changes_no_swap():
    skipping = clustered(DATA / "digits.csv", "-k", 10, "--init", "first")
    everything = clustered(DATA / "digits.csv", "-k", 10, "--init", "first", "--no-skip")
    assert everything["options"]["skip"] is False
    for key in ("medoids", "labels", "total_deviation"):
        assert everything[key] == skipping[key]
    assert everything["statistics"]["swaps"] == skipping["statistics"]["swaps"] == 53


def test_sampling_options_reach_the_search():
    small = clustered(IRIS, "-k", 3, "--method", "clara", "--samples", 2, "--sample-size", 12)
    assert (small["options"]["samples"], small["options"]["sample_size"]) == (2, 12)
    assert small["statistics"]["evaluated"] < clustered(IRIS, "-k", 3, "--method", "clara")["statistics"]["evaluated"]
    assert clustered(IRIS, "-k", 3, "--method", "clarans", "--numlocal", 4)["statistics"]["rounds"] == 4
    few = clustered(IRIS, "-k", 3, "--method", "clarans", "--maxneighbor", 5, "--numlocal", 1)
    assert few["statistics"]["evaluated"] < 250
    assert clustered(IRIS, "-k", 3, "--method", "fasterclara", "--independent-samples")["converged"]


@pytest.mark.parametrize("arguments, said", [
    (["--sample-size", "2"], "the sample size is 2; expected at least k = 3"),
    (["--samples", "0"], "samples is 0; expected 1 or more"),
    (["--numlocal", "0"], "numlocal is 0; expected 1 or more"),
    (["--maxneighbor", "-1"], "maxneighbor is -1"),
    (["--fastpam2-tolerance", "2"], "the tolerance of FastPAM2 is 2; expected 0 to 1"),
    (["--plusplus-power", "0"], "plusplus_power is 0"),
    (["--ties", "both"], "--ties"),
    (["--method", "pan"], "--method"),
])
def test_options_out_of_range_are_named(arguments, said):
    assert said in refused(IRIS, "-k", "3", *arguments)
