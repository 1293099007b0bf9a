"""`xchg kmedoids` as its users call it: results, files, errors, interruption, full disks."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "kmedoids"
IRIS = DATA / "iris.csv"


def xchg(*arguments, **options):
    command = [str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


def cluster(*arguments, **options):
    return xchg("kmedoids", "cluster", *arguments, **options)


def error_line(run, status):
    """The one line of an error, whose exit status must be `status` and which must print nothing else to stdout."""
    assert run.returncode == status, run
    assert run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


@pytest.fixture
def long_run(tmp_path):
    """Arguments of a run that lasts for minutes unless it is stopped."""
    table = tmp_path / "many.csv"
    rows = []
    value = 12345
    for _ in range(3000):
        row = []
        for _ in range(4):
            value = (1103515245 * value + 12345) % 2**31
            row.append(str(value / 2**31))
        rows.append(",".join(row))
    table.write_text("\n".join(rows))
    return [table, "-k", "60", "--restarts", "100000"]


def test_table_names_sizes_medoids_and_total_deviation():
    run = cluster(IRIS, "-k", 3, "--init", "build")
    assert run.returncode == 0
    assert "98.13115488227" in run.stdout
    assert [line.split()[:3] for line in run.stdout.splitlines()[2:5]] == [["0", "62", "78"], ["1", "50", "7"],
                                                                         ["2", "38", "112"]]
    assert "150 rows, 4 columns of numbers, no header" in run.stderr


def test_json_has_the_frame_and_the_members_of_the_result():
    run = cluster(IRIS, "-k", 3, "--json", "--quiet")
    assert run.stderr == ""
    result = json.loads(run.stdout)
    assert list(result)[:4] == ["engine", "version", "options", "seed"]
    assert result["options"]["k"] == 3
    assert len(result["labels"]) == 150
    for slot, medoid in enumerate(result["medoids"]):
        assert result["labels"][medoid["index"]] == slot
        assert medoid["row"] == medoid["index"] + 1
    assert result["total_deviation"] == pytest.approx(sum(result["distance_to_medoid"]), rel=1e-12)
    assert set(result["run"]) >= {"seconds", "threads", "isa", "host"}


def test_bytes_do_not_depend_on_threads_and_instruction_set():
    outputs = set()
    for threads in (1, 2, 4):
        for isa in ("scalar", "auto"):
            outputs.add(cluster(DATA / "digits.csv", "-k", 10, "--json", "--no-run", "--threads", threads, "--isa", isa).stdout)
    assert len(outputs) == 1
    other_seed = cluster(DATA / "digits.csv", "-k", 10, "--json", "--no-run", "--seed", 2).stdout
    assert json.loads(other_seed)["labels"] != json.loads(outputs.pop())["labels"]


def test_standard_input_and_output():
    run = cluster("-", "-k", 3, "--init", "build", "-o", "-", "--quiet", input=IRIS.read_text())
    assert json.loads(run.stdout)["total_deviation"] == pytest.approx(98.1311548823, rel=1e-9)


def test_names_come_from_the_header_of_a_matrix():
    run = cluster(DATA / "eurodist.csv", "--precomputed", "-k", 3, "--init", "build", "--json")
    result = json.loads(run.stdout)
    assert result["total_deviation_exact"] == "12703"
    assert [medoid["id"] for medoid in result["medoids"]] == ["Lyons", "Hook of Holland", "Athens"]


def test_labels_file_has_a_line_an_object(tmp_path):
    labels = tmp_path / "labels.csv"
    assert cluster(IRIS, "-k", 3, "--init", "build", "--labels", labels).returncode == 0
    lines = labels.read_text().splitlines()
    assert lines[0] == "object,label,medoid,distance"
    assert lines[8] == "7,1,7,0"
    assert len(lines) == 151


def test_verify_tells_right_from_wrong(tmp_path):
    result = tmp_path / "result.json"
    cluster(IRIS, "-k", 3, "-o", result)
    run = xchg("kmedoids", "verify", IRIS, result)
    assert (run.returncode, run.stdout[:6]) == (0, "right:")
    claimed = json.loads(result.read_text())
    claimed["total_deviation"] += 1
    result.write_text(json.dumps(claimed))
    run = xchg("kmedoids", "verify", IRIS, result, "--json")
    assert run.returncode == 10
    assert json.loads(run.stdout)["right"] is False


@pytest.mark.parametrize("damage, said", [
    (lambda r: r.pop("labels"), "labels"),
    (lambda r: r.update(medoids="none"), "/medoids"),
    (lambda r: r["labels"].__setitem__(5, "x"), "/labels/5"),
    (lambda r: r["labels"].pop(), "149 labels"),
    (lambda r: r.update(method="fastest"), "/method"),
])
def test_damaged_result_files_are_input_errors(tmp_path, damage, said):
    result = tmp_path / "result.json"
    cluster(IRIS, "-k", 3, "-o", result)
    claimed = json.loads(result.read_text())
    damage(claimed)
    result.write_text(json.dumps(claimed))
    assert said in error_line(xchg("kmedoids", "verify", IRIS, result), 2)
    result.write_text("{")
    assert "result.json:1" in error_line(xchg("kmedoids", "verify", IRIS, result), 2)


@pytest.mark.parametrize("content, said", [
    ("1,2\n3\n", "2"),
    ("a,b\n1,2\n3,oops\n", ":3, column 2: column 'b' holds text ('oops')"),
    ("1,2\n3,\n", ":2, column 2"),
    ("1,2\n3,\"4\n", "quot"),
    ("", "empty"),
    ("1,inf\n2,3\n", "inf"),
])
def test_bad_tables_give_one_line_and_leave_nothing(tmp_path, content, said):
    table = tmp_path / "bad.csv"
    table.write_text(content)
    output = tmp_path / "result.json"
    line = error_line(cluster(table, "-k", 2, "-o", output), 2)
    assert "bad.csv" in line
    assert said in line
    assert sorted(os.listdir(tmp_path)) == ["bad.csv"]


@pytest.mark.parametrize("arguments, said", [
    (["nope.csv", "-k", "3"], "nope.csv: cannot open"),
    ([IRIS], "-k"),
    ([IRIS, "-k", "0"], "k is 0; expected 1 to 150"),
    ([IRIS, "-k", "151"], "k is 151; expected 1 to 150"),
    ([IRIS, "-k", "three"], "three"),
    ([IRIS, "-k", "3", "--metrik", "manhattan"], "did you mean '--metric'?"),
    ([IRIS, "-k", "3", "--metric", "cosin"], "--metric"),
    ([IRIS, "-k", "3", "--medoids", "1,2"], "2 medoids were given for k = 3"),
    ([IRIS, "-k", "3", "--medoids", "1,2,150"], "medoid 150 does not exist"),
    ([IRIS, "-k", "3", "--threads", "-1"], "number of threads is -1"),
    ([IRIS, "-k", "3", "--precomputed"], "not square: 150 rows and 4 columns"),
    ([IRIS, "-k", "3", "--weights", "w"], 'no column "w"'),
    ([IRIS, "-k", "3", "-o", "no/such/folder/r.json"], "no/such/folder/r.json"),
    ([IRIS, "-k", "3", "extra"], "extra"),
])
def test_wrong_usage_is_one_line_and_exit_2(arguments, said):
    assert said in error_line(cluster(*arguments), 2)


def test_a_matrix_over_the_memory_budget_is_exit_3():
    assert "limit 64.0 KiB" in error_line(cluster(IRIS, "-k", 3, "--memory", "64KiB"), 3)


def test_mistyped_verbs_name_the_nearest():
    assert "did you mean 'cluster'?" in error_line(xchg("kmedoids", "clutser"), 2)
    assert "did you mean 'kmedoids'?" in error_line(xchg("kmedoid"), 2)


def test_standard_output_on_a_full_device_is_exit_3():
    with open("/dev/full", "w", encoding="ascii") as full:
        run = subprocess.run([PROGRAM, "kmedoids", "cluster", IRIS, "-k", "3", "--json"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert run.returncode == 3
    assert b"no space left" in run.stderr.lower()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_leaves_no_partial_file_and_the_old_one_as_it_was(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk], check=False).returncode != 0:
        pytest.skip("this machine cannot mount a small disk")
    try:
        old = disk / "result.json"
        old.write_text("old")
        line = error_line(cluster(DATA / "digits.csv", "-k", 3, "-o", old, "--quiet"), 3)
        assert "No space left on device" in line
        assert old.read_text() == "old"
        assert os.listdir(disk) == ["result.json"]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_ctrl_c_keeps_what_is_done(long_run, tmp_path):
    output = tmp_path / "result.json"
    with subprocess.Popen([PROGRAM, "kmedoids", "cluster", *long_run, "-o", output], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        time.sleep(1.5)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        run.communicate(timeout=20)
        assert run.returncode == 130
        assert time.monotonic() - asked < 5
    result = json.loads(output.read_text())
    assert result["converged"] is False
    assert xchg("kmedoids", "verify", long_run[0], output).returncode == 0


def test_time_limit_is_success_and_says_so(long_run):
    run = cluster(*long_run, "--time-limit", 0.5, "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["converged"] is False


def test_plot_writes_one_page_with_its_pictures(tmp_path):
    if not (PROGRAM.parent.parent / "share" / "xchg" / "report").is_dir():
        pytest.skip("the chart renderer is not installed")
    run = cluster(IRIS, "-k", 3, "--plot", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    page = (tmp_path / "iris.kmedoids.html").read_text()
    for title in ("Clusters in the plane", "Silhouettes", "Total deviation after every swap"):
        assert title in page
    assert os.listdir(tmp_path) == ["iris.kmedoids.html"]


@pytest.mark.parametrize("verb", ["cluster", "verify", "predict"])
def test_every_example_of_help_works(verb, tmp_path):
    shutil.copy(IRIS, tmp_path / "data.csv")
    shutil.copy(IRIS, tmp_path / "new.csv")
    shutil.copy(DATA / "eurodist.csv", tmp_path / "distances.csv")
    cluster(IRIS, "-k", 3, "-o", tmp_path / "result.json")
    text = xchg("kmedoids", verb, "--help").stdout
    examples = [line.strip() for line in text.split("Examples:")[1].splitlines() if line.strip()]
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert words[0] == "xchg"
        run = xchg(*words[1:], cwd=tmp_path)
        assert run.returncode == 0, f"{example}\n{run.stderr}"


PMED1 = DATA / "orlib" / "pmed1.txt"


def test_a_p_median_instance_brings_its_k():
    run = cluster(PMED1, "--format", "orlib", "--init", "build", "--json")
    result = json.loads(run.stdout)
    assert result["total_deviation_exact"] == "5819"
    assert len(result["medoids"]) == 5
    assert result["options"]["format"] == "orlib"
    assert "pmed1.txt: p-median instance, shortest paths between 100 nodes, p = 5" in run.stderr
    other = json.loads(cluster(PMED1, "--format", "orlib", "-k", 7, "--json").stdout)
    assert len(other["medoids"]) == 7


def test_a_p_median_instance_is_verified_and_its_faults_are_named(tmp_path):
    result = tmp_path / "result.json"
    cluster(PMED1, "--format", "orlib", "-o", result)
    assert xchg("kmedoids", "verify", PMED1, result, "--format", "orlib").returncode == 0
    broken = tmp_path / "broken.txt"
    broken.write_text("3 2 1\n1 2 5\n2 4 5\n")
    assert "broken.txt:3: the node 4 does not exist" in error_line(cluster(broken, "--format", "orlib"), 2)


def test_a_certified_result_names_its_gap_and_passes_its_check(tmp_path):
    run = cluster(PMED1, "--format", "orlib", "--certify", "--verify")
    assert run.stdout.splitlines()[-1] == "gap 0, proven optimal (lower bound 5819)"
    gap = cluster(DATA / "orlib" / "pmed35.txt", "--format", "orlib", "--certify", "--certify-steps", 50)
    assert gap.stdout.splitlines()[-1].startswith("gap ")
    assert "optimal" not in gap.stdout
    result = tmp_path / "result.json"
    cluster(IRIS, "-k", 10, "--certify", "-o", result)
    content = json.loads(result.read_text())
    assert 0 < content["lower_bound"] <= content["total_deviation"]
    assert content["gap"] == pytest.approx(1 - content["lower_bound"] / content["total_deviation"])
    assert content["optimal"] is (content["gap"] <= 1e-9)
    steps = content["statistics"]["lower_bound_per_step"]
    assert len(steps) == len(content["statistics"]["upper_bound_per_step"]) <= 600
    assert xchg("kmedoids", "verify", IRIS, result).returncode == 0
    content["lower_bound"] = 2 * content["total_deviation"]
    result.write_text(json.dumps(content))
    wrong = xchg("kmedoids", "verify", IRIS, result)
    assert wrong.returncode == 10
    assert "the lower bound is" in wrong.stdout


def test_a_result_without_certificate_has_no_bound(tmp_path):
    result = json.loads(cluster(IRIS, "-k", 3, "--json").stdout)
    assert not {"lower_bound", "gap", "optimal"} & set(result)


def test_the_page_of_a_certified_result_shows_the_bounds(tmp_path):
    assert cluster(IRIS, "-k", 3, "--certify", "--plot=page.html", cwd=tmp_path).returncode == 0
    assert "Lower and upper bound" in (tmp_path / "page.html").read_text()
