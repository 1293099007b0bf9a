"""Kinds of input, metrics and predict, as users of `xchg kmedoids` call them."""

import csv
import io
import json
import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "kmedoids"
IRIS, MIXED, WORDS = DATA / "iris.csv", DATA / "mixed12.csv", DATA / "words12.txt"
MIXED_TYPES = ["--type", "grade=ordinal,rare=asymmetric"]


def xchg(verb, *arguments, **options):
    command = [str(PROGRAM), "kmedoids", verb, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def result_of(*arguments, **options):
    run = xchg("cluster", *arguments, "--json", **options)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def error_line(run, status=2):
    """The one line of an error, whose exit status must be `status`."""
    assert run.returncode == status, run
    assert run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def assignments(text):
    return [(int(row["label"]), float(row["distance"])) for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.parametrize("arguments", [
    [IRIS, "--metric", "sqeuclidean"],
    [IRIS, "--metric", "chebyshev"],
    [IRIS, "--metric", "minkowski", "--p", "3"],
    [IRIS, "--metric", "cosine"],
    [IRIS, "--metric", "correlation"],
    [IRIS, "--metric", "hamming"],
    [IRIS, "--metric", "dtw", "--window", "1"],
    [IRIS, "--metric", "gower"],
    [MIXED, *MIXED_TYPES],
    [WORDS],
    [WORDS, "--normalised"],
])
def test_every_metric_verifies_and_predicts_its_own_labels(arguments, tmp_path):
    output = tmp_path / "result.json"
    run = xchg("cluster", *arguments, "-k", 3, "-o", output)
    assert run.returncode == 0, run.stderr
    assert xchg("verify", arguments[0], output, *arguments[1:]).returncode == 0
    result = json.loads(output.read_text())
    run = xchg("predict", arguments[0], "--model", output)
    assert run.returncode == 0, run.stderr
    assert assignments(run.stdout) == list(zip(result["labels"], result["distance_to_medoid"]))
    as_json = json.loads(xchg("predict", arguments[0], "--model", output, "--json").stdout)
    assert as_json["labels"] == result["labels"]


def test_mixed_columns_make_gower_the_default_and_the_types_are_told():
    run = xchg("cluster", MIXED, "-k", 3, *MIXED_TYPES, "--medoids", "6,9,10", "--json")
    assert "compared by gower: height numeric, grade ordinal (a < b < c < d), colour nominal, rare asymmetric" in run.stderr
    result = json.loads(run.stdout)
    assert result["options"]["metric"] == "gower"
    assert result["total_deviation"] == pytest.approx(1.717191601049869, abs=1e-12)


def test_a_list_of_words_is_compared_by_levenshtein():
    result = result_of(WORDS, "-k", 3, "--medoids", "1,6,9")
    assert result["options"]["metric"] == "levenshtein"
    assert result["total_deviation_exact"] == "19"
    assert [medoid["id"] for medoid in result["medoids"]] == ["sitting", "swamp", "medoid"]


def test_the_result_is_the_same_without_a_matrix_and_fits_a_small_budget():
    expected = result_of(IRIS, "-k", 3, "--no-run")
    assert "--no-matrix" in error_line(xchg("cluster", IRIS, "-k", 3, "--memory", "64KiB"), 3)
    assert result_of(IRIS, "-k", 3, "--no-run", "--no-matrix", "--memory", "64KiB") == expected
    assert result_of(IRIS, "-k", 3, "--memory", "64KiB", "--method", "fasterclara")["n"] == 150


def test_standard_input_is_read_whatever_it_holds(tmp_path):
    assert result_of("-", "-k", 3, input=IRIS.read_text())["n"] == 150
    assert result_of("-", "-k", 3, input=WORDS.read_text())["options"]["metric"] == "levenshtein"
    sparse = "%%MatrixMarket matrix coordinate integer symmetric\n4 4 2\n2 1 3\n4 3 2\n"
    assert result_of("-", "-k", 2, "--init", "build", input=sparse)["total_deviation_exact"] == "5"
    assert result_of("-", "-k", 1, "--absent", 10, input=sparse)["total_deviation_exact"] == "22"
    table = tmp_path / "new.csv"
    xchg("cluster", IRIS, "-k", 3, "-o", tmp_path / "result.json")
    table.write_text("5.0,3.4,1.5,0.2\n")
    run = xchg("predict", "-", "--model", tmp_path / "result.json", input=table.read_text())
    assert run.stdout.splitlines()[0] == "object,label,medoid,distance"
    assert len(run.stdout.splitlines()) == 2


def test_packed_and_infinite_matrices(tmp_path):
    packed = tmp_path / "packed.csv"
    packed.write_text("1,4,5,3,6,2\n")
    assert result_of(packed, "-k", 1, "--precomputed")["n"] == 4
    packed.write_text("1,4,5,3\n")
    assert "4 values are no packed triangle" in error_line(xchg("cluster", packed, "-k", 1, "--packed"))
    square = tmp_path / "square.csv"
    square.write_text("0,1,inf\n1,0,2\ninf,2,0\n")
    assert "--infinite=penalty" in error_line(xchg("cluster", square, "-k", 1, "--precomputed"))
    run = xchg("cluster", square, "-k", 1, "--precomputed", "--infinite", "penalty")
    assert run.returncode == 0
    assert "2 infinite values replaced" in run.stderr


def test_fewer_different_objects_than_k_is_a_warning(tmp_path):
    table = tmp_path / "same.csv"
    table.write_text("1\n1\n1\n7\n")
    run = xchg("cluster", table, "-k", 3)
    assert run.returncode == 0
    assert "only 2 different objects for k = 3" in run.stderr


@pytest.mark.parametrize("arguments, said", [
    ([IRIS, "-k", "three"], "three"),
    ([IRIS, "--k-range", "5:2"], "5"),
    ([MIXED, "-k", "3", "--metric", "euclidean"], "--metric gower"),
    ([MIXED, "-k", "3", "--type", "color=nominal"], "colour"),
    ([MIXED, "-k", "3", "--type", "colour"], "'colour' of --type says no type"),
    ([MIXED, "-k", "3", "--type", "colour=colourful"], "numeric, ordinal, nominal or asymmetric"),
    ([MIXED, "-k", "3", "--type", "grade=numeric"], "column 'grade' holds text"),
    ([IRIS, "-k", "3", "--metric", "jaccard"], "0 or 1 for jaccard"),
    ([IRIS, "-k", "3", "--metric", "minkowski", "--p", "0"], "p of minkowski is 0"),
    ([WORDS, "-k", "3", "--metric", "euclidean"], "levenshtein"),
])
def test_what_does_not_fit_is_one_line_and_exit_2(arguments, said):
    assert said in error_line(xchg("cluster", *arguments))


def test_predict_refuses_what_its_model_does_not_know(tmp_path):
    result, new = tmp_path / "result.json", tmp_path / "new.csv"
    xchg("cluster", MIXED, "-k", 3, *MIXED_TYPES, "-o", result)
    new.write_text("height,grade,colour\n180,a,red\n")
    assert "rare" in error_line(xchg("predict", new, "--model", result))
    new.write_text("height,grade,colour,rare\n180,z,red,0\n")
    assert '"z" is no level of the ordinal column' in error_line(xchg("predict", new, "--model", result))
    xchg("cluster", DATA / "eurodist.csv", "-k", 3, "--precomputed", "-o", result)
    assert "the result has no model" in error_line(xchg("predict", new, "--model", result))
    assert sorted(os.listdir(tmp_path)) == ["new.csv", "result.json"]


def test_predict_writes_nothing_partial_where_it_cannot_write(tmp_path):
    result = tmp_path / "result.json"
    xchg("cluster", IRIS, "-k", 3, "-o", result)
    error_line(xchg("predict", IRIS, "--model", result, "-o", tmp_path / "no" / "labels.csv"))
    assert os.listdir(tmp_path) == ["result.json"]
