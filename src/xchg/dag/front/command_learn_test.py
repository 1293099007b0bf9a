"""`xchg dag learn` and `verify` as their users call them: results, files, interruption, full disks."""

import csv
import inspect
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
RENDERER = PROGRAM.parent.parent / "share" / "xchg" / "report" / "vega.min.js"
DATA = SOURCE / "data" / "dag"
SACHS = [DATA / "sachs.csv", "--where", "condition=cd3_cd28", "--transform", "log(x+10)"]
FILES = ["graph.dot", "graph.graphml", "graph.json", "report.html", "result.json", "w.csv"]
# Minutes, unless it is stopped.
LONG_RUN = [DATA / "gram_er4_100.csv", "--n", "1000", "--restarts", "1000000"]


def xchg(verb, *arguments, **options):
    command = [str(PROGRAM), "dag", verb, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def result_of(*arguments, **options):
    run = xchg("learn", *arguments, "--json", **options)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def error_line(run, status=2):
    """The one line of an error, whose exit status must be `status` and which must print nothing else to stdout."""
    assert run.returncode == status, run
    assert run.stdout == ""
    lines = [line for line in run.stderr.splitlines() if line.startswith("xchg: error: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def files_of(folder):
    """What a result's folder has; the page is there where the renderer is installed."""
    return FILES if RENDERER.exists() else [name for name in FILES if name != "report.html"]


def pairs_of(edges):
    return {(edge["from"], edge["to"]) for edge in edges}


def test_the_proven_optimum_of_a_gram_matrix():
    result = result_of(DATA / "gram_er4_20.csv", "--n", 1000, "--exact")
    assert result["score_order"] == pytest.approx(9.718647852580, rel=1e-9)
    assert result["status"] == "optimal"
    assert result["lower_bound"] == result["score_order"]
    assert result["gap"] == 0
    assert sorted(map(int, result["order"])) == list(range(20))
    with open(DATA / "truth_er4_20.csv", encoding="ascii") as file:
        truth = {(str(i), str(j)) for i, row in enumerate(csv.reader(file)) for j, w in enumerate(row) if float(w) != 0}
    assert pairs_of(result["edges"]) == truth


def test_options_of_the_search_before_a_proof_are_said_to_steer_only_that():
    gram = [DATA / "gram_sf4_20.csv", "--n", 1000]
    proven = result_of(*gram, "--exact")
    said = "only for the search before the proof"
    assert not any(said in warning for warning in proven["warnings"])
    for option, value, name in (("--restarts", 3, "restarts"), ("--perturb", 2, "perturbations"),
                                ("--tabu", 5, "tabu steps"), ("--batch", "greedy", "batch")):
        result = result_of(*gram, "--exact", option, value)
        assert [text for text in result["warnings"] if said in text][0].startswith(name + ": ")
        assert (result["order"], result["score_order"]) == (proven["order"], proven["score_order"])
        assert not any(said in warning for warning in result_of(*gram, option, value)["warnings"])
    # Where the proof is stopped, the order is the one they led to.
    stopped = result_of(DATA / "gram_er4_20.csv", "--n", 1000, "--exact", "--restarts", 1000000, "--time-limit", 0.3)
    assert stopped["status"] == "interrupted" and not any(said in warning for warning in stopped["warnings"])
    help_text = " ".join(xchg("learn", "--help").stdout.split())
    assert "--restarts, --perturb, --tabu and --batch are for the search before the proof" in help_text


def test_sachs_in_a_folder_of_files_that_other_programs_read(tmp_path):
    run = xchg("learn", *SACHS, "--exact", "-o", "out", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "853 of 7466 rows chosen" in run.stderr
    out = tmp_path / "out"
    assert sorted(os.listdir(out)) == files_of(out)
    result = json.loads((out / "result.json").read_text())
    assert result["score_order"] == pytest.approx(1.3318409673067, rel=1e-9)
    assert result["order"] == "p38 pkc plc erk akt mek raf pip3 pka jnk pip2".split()
    with open(out / "w.csv", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    weights = {(names[i], names[j]): float(w) for i, row in enumerate(rows) for j, w in enumerate(row) if float(w) != 0}
    assert weights == {(edge["from"], edge["to"]): edge["weight"] for edge in result["edges"]}
    for file in ("graph.dot", "graph.graphml", "graph.json", "w.csv"):
        again = json.loads(xchg("compare", out / "result.json", out / file, "--json").stdout)
        assert again["metrics"]["shd"] == 0, file
        assert again["metrics"]["true_positive"] == len(weights), file


def test_networkx_reads_the_graph_files(tmp_path):
    networkx = pytest.importorskip("networkx")
    out = tmp_path / "out"
    assert xchg("learn", *SACHS, "--exact", "-o", out).returncode == 0
    weights = {(edge["from"], edge["to"]): edge["weight"] for edge in json.loads((out / "result.json").read_text())["edges"]}
    links = {"edges": "links"} if "edges" in inspect.signature(networkx.node_link_graph).parameters else {}
    graphs = [networkx.read_graphml(out / "graph.graphml"),
              networkx.node_link_graph(json.loads((out / "graph.json").read_text()), **links)]
    for graph in graphs:
        assert networkx.is_directed_acyclic_graph(graph)
        assert len(graph) == 11
        assert networkx.get_edge_attributes(graph, "weight") == weights


def test_json_has_the_frame_and_the_members_of_the_result():
    result = result_of(*SACHS, "--bootstrap", 5)
    assert list(result)[:4] == ["engine", "version", "options", "seed"]
    assert list(result)[-1] == "run"
    assert set(result) >= {"names", "score", "order", "score_order", "score_graph", "score_start", "lower_bound", "gap",
                           "kkt_residual", "status", "edges", "cpdag", "resamples", "identifiability", "warnings",
                           "steps", "statistics"}
    assert set(result["edges"][0]) == {"from", "to", "weight", "se", "frequency", "frequency_reversed"}
    assert result["options"]["where"] == ["condition=cd3_cd28"]
    assert result["options"]["transform"] == ["log(x+10)"]
    assert set(result["run"]) >= {"seconds", "threads", "isa", "host"}
    assert result["kkt_residual"] <= 1e-9
    assert result["score_order"] <= result["score_graph"]


def test_json_is_all_that_standard_output_has_and_quiet_silences_remarks():
    run = xchg("learn", *SACHS, "--json", "--quiet", "--no-run")
    assert "run" not in json.loads(run.stdout)
    assert all(line.startswith("xchg: warning: ") for line in run.stderr.splitlines())
    assert xchg("learn", *SACHS, "-o", "-", "--no-run").stdout == run.stdout


@pytest.mark.parametrize("arguments", [
    [DATA / "gram_er4_50.csv", "--n", 1000, "--restarts", 4],
    [DATA / "gram_er4_20.csv", "--n", 1000, "--exact"],
    [DATA / "gram_sf4_20.csv", "--n", 1000, "--method", "topo", "--start", "random"],
    [*SACHS, "--score", "bic", "--bootstrap", 4],
    [DATA / "binary5.csv", "--score", "logistic"],
])
def test_bytes_do_not_depend_on_threads_and_instruction_set(arguments):
    outputs = set()
    for threads in (1, 2):
        for isa in ("scalar", "auto"):
            run = xchg("learn", *arguments, "--json", "--no-run", "--threads", threads, "--isa", isa)
            assert run.returncode == 0, run.stderr
            outputs.add(run.stdout)
    assert len(outputs) == 1


def test_standard_input_is_a_table_too():
    run = xchg("learn", "-", "--json", input="a,b\n1,2\n3,1\n-1,0.5\n")
    assert json.loads(run.stdout)["names"] == ["a", "b"]


def test_the_table_on_the_terminal_says_what_it_rests_on():
    run = xchg("learn", *SACHS, "--exact")
    lines = run.stdout.splitlines()
    assert lines[0].split() == ["from", "to", "weight", "std.", "error", "direction"]
    assert "order: p38 pkc plc erk akt mek raf pip3 pka jnk pip2" in lines
    assert "1.331840967307" in run.stdout
    assert "proven" in run.stdout
    assert "no hidden common causes" in run.stdout
    assert "variance" in run.stderr
    bic = xchg("learn", *SACHS, "--score", "bic").stdout
    assert "Gaussian noise" in bic
    assert "equal variance" not in bic


def test_hundred_variables_fit_a_terminal():
    run = xchg("learn", DATA / "gram_er4_100.csv", "--n", 1000)
    lines = run.stdout.splitlines()
    assert len(lines) < 75
    assert any(line.startswith("… and ") and "-o FOLDER or --json" in line for line in lines)
    assert max(map(len, lines)) <= 160
    assert "% above it" in run.stdout


@pytest.mark.parametrize("verb", ["learn", "explain", "score", "compare", "simulate", "verify"])
def test_no_edge_is_called_a_cause(verb):
    shown = xchg(verb, "--help").stdout
    if verb == "learn":
        shown += "".join(xchg("learn", *SACHS, "--score", score).stdout for score in ("least-squares", "bic"))
    assert "caus" not in shown.lower().replace("no hidden common causes", "")


@pytest.fixture
def examples(tmp_path):
    """A folder with everything that the examples of --help name."""
    (tmp_path / "data.csv").write_text("a,b,c,batch\n" + "".join(
        f"{x % 7 - 3.5},{(x * x) % 11 - 5 + x % 7},{(x * 5) % 13 - 6 + (x * x) % 11},{1 + x // 90}\n" for x in range(100)))
    (tmp_path / "known.json").write_text('{"required": [["a", "b"]], "tiers": [["a"], ["b", "c"]]}')
    (tmp_path / "order.txt").write_text("a\nb\nc\nbatch\n")
    shutil.copy(DATA / "gram_er1_20.csv", tmp_path / "gram.csv")
    (tmp_path / "other.csv").write_text("a,b,c,batch\n0,1,0,0\n0,0,1,0\n0,0,0,0\n0,0,0,0\n")
    for name in ("truth.csv", "w.csv"):
        shutil.copy(tmp_path / "other.csv", tmp_path / name)
    assert xchg("learn", "data.csv", "-o", "learnt", cwd=tmp_path).returncode == 0
    shutil.copy(tmp_path / "learnt" / "graph.graphml", tmp_path / "graph.graphml")
    return tmp_path


@pytest.mark.parametrize("verb", ["learn", "explain", "score", "compare", "simulate", "verify"])
def test_every_example_of_help_works(verb, examples):
    text = xchg(verb, "--help").stdout
    lines = [line.strip() for line in text.split("Examples:")[1].splitlines() if line.strip()]
    assert lines
    for line in lines:
        words = shlex.split(line)
        assert words[:3] == ["xchg", "dag", verb]
        if verb == "verify":
            shutil.copytree(examples / "learnt", examples / "out")
        if "a,b,c" in words:
            words[words.index("a,b,c")] = "a,b,c,batch"
        if "gram.csv" in words and "order.txt" in words:
            (examples / "order.txt").write_text(",".join(map(str, range(20))))
        run = subprocess.run([PROGRAM, *words[1:]], cwd=examples, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{line}\n{run.stderr}"


# --- knowledge and interventions ---------------------------------------------------------------------------------------


def test_knowledge_binds_the_graph(tmp_path):
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"roots": ["pkc"], "required": [["pkc", "pka"], ["pka", "raf"], ["raf", "mek"]]}))
    result = result_of(*SACHS, "--exact", "--knowledge", known)
    assert result["score_order"] == pytest.approx(1.35883422967, rel=1e-9)
    assert pairs_of(result["edges"]) >= {("pkc", "pka"), ("pka", "raf"), ("raf", "mek")}
    assert not [edge for edge in result["edges"] if edge["to"] == "pkc"]
    known.write_text(json.dumps({"tiers": [["plc", "pip2", "pip3"], ["pkc", "pka"],
                                           ["raf", "mek", "erk", "akt", "p38", "jnk"]]}))
    result = result_of(*SACHS, "--exact", "--knowledge", known)
    assert result["score_order"] == pytest.approx(1.36460246394, rel=1e-9)


def mean(values):
    return sum(values) / len(values)


@pytest.fixture
def interventions(tmp_path):
    """x makes y; in the rows of regime 'set' y was set from outside."""
    value = 5
    rows = []
    for i in range(400):
        noise = []
        for _ in range(2):
            value = (1103515245 * value + 12345) % 2**31
            noise.append(4 * value / 2**31 - 2)
        x, y = noise[0], 1.5 * noise[0] + noise[1]
        rows.append((x, y, "free") if i % 2 == 0 else (x, 3 * noise[1], "set"))
    table = tmp_path / "set.csv"
    table.write_text("x,y,how\n" + "".join(f"{x!r},{y!r},{how}\n" for x, y, how in rows))
    known = tmp_path / "targets.json"
    known.write_text('{"targets": {"set": ["y"]}}')
    return rows, [table, "--regime", "how", "--knowledge", known]


def test_rows_in_which_a_variable_was_set_do_not_count_for_it(interventions):
    rows, arguments = interventions
    free = [(x, y) for x, y, how in rows if how == "free"]
    mean_x, mean_y = mean([x for x, _ in free]), mean([y for _, y in free])
    xx = mean([(x - mean_x) ** 2 for x, _ in free])
    xy = mean([(x - mean_x) * (y - mean_y) for x, y in free])
    yy = mean([(y - mean_y) ** 2 for _, y in free])
    all_x = mean([x for x, _, _ in rows])
    expected = (mean([(x - all_x) ** 2 for x, _, _ in rows]) + yy - xy * xy / xx) / 2
    assert float(xchg("score", *arguments, "--order", "x,y").stdout) == pytest.approx(expected, rel=1e-12)
    result = result_of(*arguments)
    assert result["order"] == ["x", "y"]
    assert result["score_order"] == pytest.approx(expected, rel=1e-12)
    assert result["edges"][0]["weight"] == pytest.approx(xy / xx, rel=1e-12)
    without = float(xchg("score", arguments[0], "--ignore", "how", "--order", "x,y").stdout)
    assert abs(without - expected) > 0.01


def test_regimes_without_targets_are_warned_about(interventions):
    _, (table, *regime, _, _) = interventions
    run = xchg("learn", table, *regime)
    assert run.returncode == 0
    assert '--regime only leaves its column out' in run.stderr


# --- verify ------------------------------------------------------------------------------------------------------------


def test_verify_reads_the_table_as_for_the_result_and_tells_right_from_wrong(tmp_path):
    out = tmp_path / "out"
    xchg("learn", *SACHS, "--exact", "-o", out)
    run = xchg("verify", DATA / "sachs.csv", out / "result.json")
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "right"), run.stderr
    assert "condition=cd3_cd28" in run.stderr
    claimed = json.loads((out / "result.json").read_text())
    claimed["edges"][0]["weight"] += 1e-6
    (out / "result.json").write_text(json.dumps(claimed))
    run = xchg("verify", DATA / "sachs.csv", out / "result.json", "--json")
    assert run.returncode == 10
    assert json.loads(run.stdout)["ok"] is False
    assert json.loads(run.stdout)["findings"]


def test_verify_takes_options_of_its_own_instead(tmp_path):
    result = tmp_path / "result.json"
    result.write_text(xchg("learn", *SACHS, "--json").stdout)
    assert xchg("verify", *SACHS, result).returncode == 0
    assert xchg("verify", DATA / "sachs.csv", result, "--where", "condition=cd3_cd28").returncode == 10


@pytest.mark.parametrize("arguments", [
    [DATA / "gram_er4_20.csv", "--n", "1000"],
    [DATA / "binary5.csv", "--score", "logistic", "--intercept"],
    [DATA / "binary5.csv", "--score", "logistic", "--l1", "--lambda1", "0.01"],
    [DATA / "additive5.csv", "--score", "additive"],
    [*SACHS, "--score", "bic"],
    [*SACHS, "--score", "l1", "--lambda1", "0.02"],
    [*SACHS, "--standardize", "--score", "ridge"],
])
def test_every_result_passes_its_check(arguments, tmp_path):
    result = tmp_path / "result.json"
    run = xchg("learn", *arguments, "--verify", "--json")
    assert run.returncode == 0, run.stderr
    assert "verified: " in run.stderr
    result.write_text(run.stdout)
    run = xchg("verify", arguments[0], result)
    assert run.returncode == 0, run.stdout + run.stderr


# --- stopping, and where results go ------------------------------------------------------------------------------------


def interrupted(*arguments):
    """What a run printed that got Ctrl-C after a second."""
    command = [str(PROGRAM), "dag", "learn", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        time.sleep(1)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        shown, remarks = run.communicate(timeout=20)
        assert run.returncode == 130
        assert time.monotonic() - asked < 5
    return shown, remarks


def test_ctrl_c_keeps_the_best_so_far_in_complete_files(tmp_path):
    out = tmp_path / "out"
    shown, _ = interrupted(*LONG_RUN, "-o", out)
    assert "interrupted" in shown
    assert sorted(os.listdir(out)) == files_of(out)
    result = json.loads((out / "result.json").read_text())
    assert result["status"] == "interrupted"
    assert xchg("verify", LONG_RUN[0], out / "result.json").returncode == 0


def test_ctrl_c_keeps_the_resamples_that_were_done(tmp_path):
    out = tmp_path / "out"
    _, remarks = interrupted(DATA / "x_er4_20.csv", "--bootstrap", 10000000, "-o", out)
    result = json.loads((out / "result.json").read_text())
    assert 0 < result["resamples"] < 10000000
    assert f"{10000000 - result['resamples']} of 10000000 resamples were not done" in remarks
    assert all(0 <= edge["frequency"] <= 1 for edge in result["edges"])


def test_ctrl_c_during_resamples_leaves_every_file_whole(tmp_path):
    out, page = tmp_path / "out", tmp_path / "page.html"
    plot = ["--plot", page] if RENDERER.exists() else []
    shown, remarks = interrupted(DATA / "x_er4_20.csv", "--bootstrap", 100000, "-o", out, *plot)
    assert sorted(os.listdir(tmp_path)) == sorted(["out", *(["page.html"] if plot else [])])
    assert sorted(os.listdir(out)) == files_of(out)
    result = json.loads((out / "result.json").read_text())
    done = result["resamples"]
    assert 0 < done < 100000
    assert f"{100000 - done} of 100000 resamples were not done" in remarks
    assert any(f"{100000 - done} of 100000" in warning for warning in result["warnings"])
    # What was counted are shares of the resamples that were done.
    for edge in result["edges"]:
        assert edge["frequency"] * done == pytest.approx(round(edge["frequency"] * done), abs=1e-6)
    assert result["status"] == "local"  # the search itself had come to its end
    assert "resamples" in shown.splitlines()[0]
    for file in ("graph.dot", "graph.graphml", "graph.json", "w.csv"):
        again = json.loads(xchg("compare", out / "result.json", out / file, "--json").stdout)
        assert (again["metrics"]["shd"], again["metrics"]["predicted"]) == (0, len(result["edges"])), file
    for html in ([out / "report.html", page] if plot else []):
        text = html.read_text()
        assert text.rstrip().endswith("</html>") and f"{100000 - done} of 100000 resamples" in text
    assert xchg("verify", DATA / "x_er4_20.csv", out / "result.json").returncode == 0


@pytest.mark.parametrize("arguments", [
    LONG_RUN,
    [DATA / "gram_sf4_100.csv", "--n", 1000, "--method", "branch-and-bound"],
    [DATA / "gram_er4_100.csv", "--n", 1000, "--perturb", 100000000],
])
def test_time_limit_is_success_and_says_so(arguments):
    began = time.monotonic()
    result = result_of(*arguments, "--time-limit", 0.4)
    assert time.monotonic() - began < 5
    assert result["status"] == "interrupted"
    assert "time limit" in result["stopped_by"]
    assert result["lower_bound"] <= result["score_order"]


def test_a_folder_that_is_not_empty_is_refused_before_work_and_forced(tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    began = time.monotonic()
    assert "not empty; expected" in error_line(xchg("learn", *LONG_RUN, "-o", tmp_path))
    assert time.monotonic() - began < 2
    assert os.listdir(tmp_path) == ["keep.txt"]
    assert xchg("learn", *SACHS, "-o", tmp_path, "--force").returncode == 0
    assert sorted(os.listdir(tmp_path)) == sorted([*files_of(tmp_path), "keep.txt"])
    assert (tmp_path / "keep.txt").read_text() == "mine"


@pytest.mark.parametrize("place, said", [
    ("no/such/folder", "No such file or directory"),
    ("file", "is a file; expected a folder"),
    ("file/below", "Not a directory"),
])
def test_places_that_cannot_be_written_to_are_refused_before_work(place, said, tmp_path):
    (tmp_path / "file").write_text("")
    began = time.monotonic()
    for verb, *arguments in (["learn", *LONG_RUN], ["simulate"]):
        line = error_line(xchg(verb, *arguments, "-o", place, cwd=tmp_path))
        assert place in line
        assert said in line
    assert time.monotonic() - began < 2
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    assert "Permission denied" in error_line(xchg("learn", *LONG_RUN, "-o", tmp_path / "out"))


def test_standard_output_on_a_full_device_is_exit_3():
    for more in (["--json"], []):
        with open("/dev/full", "w", encoding="ascii") as full:
            run = subprocess.run([PROGRAM, "dag", "learn", *SACHS, *more], stdout=full, stderr=subprocess.PIPE, check=False)
        assert run.returncode == 3
        assert b"no space left" in run.stderr.lower()


@pytest.mark.skipif(not RENDERER.exists(), reason="the chart renderer is not installed")
def test_a_page_on_a_full_device_is_exit_3():
    assert "No space left on device" in error_line(xchg("learn", *SACHS, "--plot", "/dev/full"), 3)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_leaves_no_partial_file_and_old_ones_as_they_were(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", disk], check=False).returncode != 0:
        pytest.skip("this machine cannot mount a small disk")
    try:
        (disk / "w.csv").write_text("old")
        arguments = [DATA / "gram_er4_100.csv", "--n", 1000, "-o", disk, "--force"]
        assert "No space left on device" in error_line(xchg("learn", *arguments), 3)
        assert os.listdir(disk) == ["w.csv"]
        assert (disk / "w.csv").read_text() == "old"
        assert "No space left on device" in error_line(xchg("simulate", "-o", disk / "sim"), 3)
        assert os.listdir(disk) == ["w.csv"]
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(RENDERER.exists(), reason="the chart renderer is installed")
def test_without_the_renderer_a_folder_lacks_its_page_and_plot_is_refused_before_work(tmp_path):
    run = xchg("learn", *SACHS, "-o", tmp_path / "out")
    assert run.returncode == 0
    assert "report.html is left out: " in run.stderr
    began = time.monotonic()
    assert "renderer" in error_line(xchg("learn", *LONG_RUN, "--plot", tmp_path / "page.html"), 1)
    assert time.monotonic() - began < 2


@pytest.mark.skipif(not RENDERER.exists(), reason="the chart renderer is not installed")
def test_plot_writes_one_page(tmp_path):
    run = xchg("learn", *SACHS, "--plot", "page.html", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert os.listdir(tmp_path) == ["page.html"]
    page = (tmp_path / "page.html").read_text()
    assert "11 variables" in page
    assert "853" in page
