"""`xchg kmedoids path` and `cluster --k-range` as their users call them."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "kmedoids"
IRIS = DATA / "iris.csv"
RUSPINI = DATA / "ruspini.csv"


def kmedoids(*arguments, **options):
    command = [str(PROGRAM), "kmedoids", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def result_of(*arguments):
    run = kmedoids(*arguments, "--json", "--quiet")
    assert run.returncode == 0, run
    assert run.stderr == ""
    return json.loads(run.stdout)


def error_line(run):
    assert run.returncode == 2, run
    assert run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def test_path_finds_the_four_groups_of_ruspini():
    result = result_of("path", RUSPINI, "--k-range", "2:10", "--init", "build")
    assert list(result)[:7] == ["engine", "version", "options", "seed", "best_k", "criterion", "curve"]
    assert (result["best_k"], result["criterion"]) == (4, "medoid-silhouette")
    assert [point["k"] for point in result["curve"]] == list(range(2, 11))
    best = max(result["curve"], key=lambda point: point["average_medoid_silhouette"])
    assert best["k"] == 4
    assert best["average_medoid_silhouette"] == result["average_medoid_silhouette"] == pytest.approx(0.818160201265, abs=1e-11)
    assert best["medoids"] == [medoid["index"] for medoid in result["medoids"]]
    assert sorted(best["medoids"]) == [9, 31, 53, 69]
    for point in result["curve"]:
        assert len(point["medoids"]) == point["k"]
        assert point["converged"] is True
        assert "mean_silhouette" not in point


def test_path_prints_the_curve_with_the_best_marked():
    run = kmedoids("path", RUSPINI, "--k-range", "3:5", "--init", "build")
    lines = run.stdout.splitlines()
    assert lines[0].split() == ["k", "medoid", "silhouette", "total", "deviation"]
    assert [line.split()[0] for line in lines[2:5]] == ["3", "4", "5"]
    assert [line.endswith("best") for line in lines[2:5]] == [False, True, False]
    assert lines[5] == "best k 4 by medoid-silhouette"
    assert "average medoid silhouette 0.818160" in lines[-1]


@pytest.mark.parametrize("criterion, method, best", [
    ("medoid-silhouette", "fastermsc", 2),
    ("silhouette", "fasterpam", 2),
    ("td", "fasterpam", 3),
])
def test_a_range_is_judged_by_its_criterion(criterion, method, best):
    result = result_of("cluster", IRIS, "--k-range", "2:7", "--criterion", criterion, "--method", method, "--init", "build")
    assert (result["best_k"], result["criterion"]) == (best, criterion)
    curve = {point["k"]: point for point in result["curve"]}
    assert list(curve) == list(range(2, 8))
    if criterion == "td":
        bends = {k: curve[k - 1]["total_deviation"] - 2 * curve[k]["total_deviation"] + curve[k + 1]["total_deviation"]
                 for k in range(3, 7)}
        assert max(bends, key=bends.get) == best
    if criterion == "silhouette":
        assert curve[2]["mean_silhouette"] == max(point["mean_silhouette"] for point in curve.values())
    alone = result_of("cluster", IRIS, "-k", best, "--method", method, "--init", "build")
    assert curve[best]["medoids"] == [medoid["index"] for medoid in alone["medoids"]]
    assert result["labels"] == alone["labels"]


def test_bytes_do_not_depend_on_threads_and_instruction_set():
    outputs = set()
    for threads, isa in ((1, "scalar"), (2, "auto"), (4, "auto")):
        outputs.add(kmedoids("path", IRIS, "--k-range", "2:8", "--json", "--no-run", "--threads", threads, "--isa", isa).stdout)
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["best_k"] == 2


@pytest.mark.parametrize("method", ["fastermsc", "fastmsc", "pammedsil", "pamsil"])
def test_silhouette_methods_pass_their_check(method, tmp_path):
    output = tmp_path / "result.json"
    run = kmedoids("cluster", RUSPINI, "-k", 4, "--method", method, "--init", "build", "--verify", "-o", output)
    assert run.returncode == 0, run.stderr
    assert "verified" in run.stderr
    result = json.loads(output.read_text())
    assert result["converged"] is True
    assert ("mean_silhouette" in result) == (method == "pamsil")
    assert kmedoids("verify", RUSPINI, output).returncode == 0


def test_the_result_of_a_path_is_verified_like_any_other(tmp_path):
    output = tmp_path / "path.json"
    assert kmedoids("path", IRIS, "--k-range", "2:6", "--verify", "-o", output).returncode == 0
    assert kmedoids("verify", IRIS, output).returncode == 0
    damaged = json.loads(output.read_text())
    damaged["average_medoid_silhouette"] += 1e-6
    output.write_text(json.dumps(damaged))
    run = kmedoids("verify", IRIS, output)
    assert run.returncode == 10
    assert "average medoid silhouette" in run.stdout


@pytest.mark.parametrize("arguments, said", [
    (["path", IRIS], "--k-range"),
    (["path", IRIS, "--k-range", "0:5"], "range of k is 0 to 5; expected 1 to 150"),
    (["path", IRIS, "--k-range", "2:151"], "range of k is 2 to 151; expected 1 to 150"),
    (["path", IRIS, "--k-range", "6:2"], "'6:2' is empty"),
    (["path", IRIS, "--k-range", "2.5:4"], "'2.5:4' is not a range of k; expected LO:HI, two whole numbers"),
    (["path", IRIS, "--k-range", "2:10:3"], "not a range of k"),
    (["path", IRIS, "--k-range", "two"], "'two' is not a range"),
    (["cluster", IRIS], "-k K or --k-range LO:HI"),
    (["cluster", IRIS, "-k", "3", "--k-range", "2:4"], "--k-range"),
    (["cluster", IRIS, "--k-range", "2:4", "--medoids", "1,2"], "medoids are given for several k"),
    (["cluster", IRIS, "--k-range", "2:3", "--criterion", "td"], "at least three k"),
    (["cluster", IRIS, "--k-range", "2:3", "--criterion", "best"], "--criterion"),
])
def test_wrong_usage_is_one_line_and_exit_2(arguments, said):
    assert said in error_line(kmedoids(*arguments))


def test_plots_show_the_curves(tmp_path):
    if not (PROGRAM.parent.parent / "share" / "xchg" / "report" / "vega.min.js").is_file():
        pytest.skip("the chart renderer is not installed")
    run = kmedoids("path", IRIS, "--k-range", "2:6", "--plot", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "iris.kmedoids.html").read_text()
    for title in ("Silhouettes over k", "Total deviation over k", "Medoid silhouette after every swap", "Clusters in the plane"):
        assert title in page
    assert "Total deviation after every swap" not in page
    run = kmedoids("cluster", IRIS, "--k-range", "2:6", "--criterion", "silhouette", "--plot=range.html", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "range.html").read_text()
    for title in ("Silhouettes over k", "Total deviation over k", "Total deviation after every swap"):
        assert title in page


def test_every_example_of_help_works(tmp_path):
    shutil.copy(IRIS, tmp_path / "data.csv")
    text = kmedoids("path", "--help").stdout
    examples = [line.strip() for line in text.split("Examples:")[1].splitlines() if line.strip()]
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[:2] == ["xchg", "kmedoids"]
        run = kmedoids(*words[2:], cwd=tmp_path)
        if "the chart renderer is missing" not in run.stderr:
            assert run.returncode == 0, f"{example}\n{run.stderr}"
