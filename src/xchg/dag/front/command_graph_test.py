"""Other programs' graphs as starts and truths, and the verbs score, explain, compare and simulate of `xchg dag`."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4]
PROGRAM = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release")) / "bin" / "xchg"
DATA = SOURCE / "data" / "dag"
S5 = "1,2,-1,0,2\n2,5,-2,1,4\n-1,-2,2,2,-4\n0,1,2,6,-5\n2,4,-4,-5,10\n"


def xchg(verb, *arguments, **options):
    command = [str(PROGRAM), "dag", verb, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def json_of(verb, *arguments, **options):
    run = xchg(verb, *arguments, "--json", **options)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def simulated(tmp_path):
    """A folder with data and their true graph, of 8 variables."""
    assert xchg("simulate", "-d", 8, "--degree", 2, "-n", 200, "--seed", 3, "-o", tmp_path / "sim").returncode == 0
    return tmp_path / "sim"


def truth_of(folder):
    """Names and weights of truth.csv."""
    with open(folder / "truth.csv", encoding="ascii") as file:
        names, *rows = csv.reader(file)
    return names, [[float(w) for w in row] for row in rows]


def edges_of(w):
    return [(i, j) for i in range(len(w)) for j in range(len(w)) if w[i][j] != 0]


def is_acyclic(w):
    left = set(range(len(w)))
    while left:
        free = [j for j in left if not any(w[i][j] for i in left)]
        if not free:
            return False
        left -= set(free)
    return True


def first_order(w):
    """The topological order that takes the smallest free node each time."""
    left, order = set(range(len(w))), []
    while left:
        node = min(j for j in left if not any(w[i][j] for i in left))
        order.append(node)
        left.remove(node)
    return order


def as_named_csv(names, w):
    return ",".join(names) + "\n" + as_bare_csv(names, w)


def as_bare_csv(_, w):
    return "".join(",".join(map(repr, row)) + "\n" for row in w)


def as_pandas_csv(names, w):
    return "," + ",".join(names) + "\n" + "".join(f"{name}," + ",".join(map(repr, row)) + "\n" for name, row in zip(names, w))


def as_dot(names, w):
    nodes = "".join(f"  {name};\n" for name in reversed(names))
    return f"digraph g {{\n{nodes}" + "".join(f'  {names[i]} -> "{names[j]}" [weight={w[i][j]!r}];\n' for i, j in edges_of(w)) + "}\n"


def as_graphml(names, w):
    edges = "".join(f'<edge source="n{i}" target="n{j}"><data key="d1">{w[i][j]!r}</data></edge>' for i, j in edges_of(w))
    nodes = "".join(f'<node id="n{i}"><data key="d0">{name}</data></node>' for i, name in enumerate(names))
    return ('<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
            '<key id="d0" for="node" attr.name="name" attr.type="string"/>'
            '<key id="d1" for="edge" attr.name="weight" attr.type="double"/>'
            f'<graph edgedefault="directed">{nodes}{edges}</graph></graphml>')


def as_node_link(names, w):
    return json.dumps({"directed": True, "multigraph": False, "graph": {}, "nodes": [{"id": name} for name in names],
                       "edges": [{"source": names[i], "target": names[j], "weight": w[i][j]} for i, j in edges_of(w)]})


FORMS = [as_named_csv, as_bare_csv, as_pandas_csv, as_dot, as_graphml, as_node_link]


@pytest.mark.parametrize("form", FORMS)
def test_a_graph_of_any_form_is_improved_and_never_worsened(form, simulated):
    names, w = truth_of(simulated)
    # Another program's graph: the true one with every second edge turned round, as far as that makes no cycle.
    for i, j in edges_of(w)[::2]:
        w[i][j], w[j][i] = 0.0, w[i][j]
        if not is_acyclic(w):
            w[i][j], w[j][i] = w[j][i], 0.0
    start = simulated / "start"
    start.write_text(form(names, w))
    order = first_order(w)
    own = float(xchg("score", simulated / "data.csv", "--order", ",".join(names[k] for k in order)).stdout)
    result = json_of("learn", simulated / "data.csv", "--start", start)
    assert result["score_start"] == pytest.approx(own, rel=1e-12)
    assert result["score_order"] <= own
    assert result["options"]["start"] == str(start)
    assert "removed_from_start" not in result
    assert result["score_order"] == pytest.approx(json_of("learn", simulated / "data.csv", "--exact")["score_order"], rel=1e-3)


@pytest.mark.parametrize("form", FORMS)
def test_edges_removed_from_a_cyclic_graph_are_listed(form, simulated):
    names, w = truth_of(simulated)
    order = first_order(w)
    last, first = order[-1], order[0]
    path = next((i, j) for i, j in edges_of(w) if i == first)
    w[path[1]][first] = 0.01
    start = simulated / "start"
    start.write_text(form(names, w))
    run = xchg("learn", simulated / "data.csv", "--start", start)
    assert run.returncode == 0
    assert f"the start graph has cycles; removed: {names[path[1]]} -> {names[first]}" in run.stderr
    result = json_of("learn", simulated / "data.csv", "--start", start)
    assert result["removed_from_start"] == [[names[path[1]], names[first]]]
    w[path[1]][first] = 0.0
    own = float(xchg("score", simulated / "data.csv", "--order", ",".join(names[k] for k in order)).stdout)
    assert result["score_start"] == pytest.approx(own, rel=1e-12)
    assert result["score_order"] <= own
    assert last != first


def test_names_of_a_start_may_stand_in_another_order(simulated):
    names, w = truth_of(simulated)
    turned = list(reversed(range(len(names))))
    (simulated / "turned.csv").write_text(as_named_csv([names[k] for k in turned], [[w[i][j] for j in turned] for i in turned]))
    scores = {json_of("learn", simulated / "data.csv", "--start", simulated / file)["score_start"] for file in ("truth.csv", "turned.csv")}
    assert len(scores) == 1


def test_a_learnt_graph_is_a_start_and_a_truth(simulated):
    out = simulated / "out"
    assert xchg("learn", simulated / "data.csv", "-o", out).returncode == 0
    score = json.loads((out / "result.json").read_text())["score_order"]
    for file in ("graph.dot", "graph.graphml", "graph.json", "w.csv", "result.json"):
        result = json_of("learn", simulated / "data.csv", "--start", out / file, "--truth", out / file)
        assert result["score_order"] <= score * (1 + 1e-12), file
        assert result["metrics"]["shd"] == 0, file


def test_orders_are_lists_of_names_or_files(simulated):
    names = truth_of(simulated)[0]
    order = list(reversed(names))
    (simulated / "lines.txt").write_text("\n".join(order) + "\n")
    (simulated / "commas.txt").write_text(", ".join(order))
    results = [json_of("learn", simulated / "data.csv", "--order", text, "--no-run")
               for text in (",".join(order), simulated / "lines.txt", simulated / "commas.txt")]
    assert len({result["score_start"] for result in results}) == 1
    own = float(xchg("score", simulated / "data.csv", "--order", ",".join(order)).stdout)
    assert results[0]["score_start"] == pytest.approx(own, rel=1e-12)
    assert results[0]["options"]["order"] == ",".join(order)


def test_truth_brings_metrics_and_varsortability(simulated):
    result = json_of("learn", simulated / "data.csv", "--truth", simulated / "truth.csv")
    names, w = truth_of(simulated)
    true = {(names[i], names[j]) for i, j in edges_of(w)}
    found = {(edge["from"], edge["to"]) for edge in result["edges"]}
    assert result["metrics"]["true_positive"] == len(true & found)
    assert result["metrics"]["edges"] == len(true)
    assert result["metrics"]["predicted"] == len(found)
    assert 0 <= result["identifiability"]["varsortability"] <= 1
    assert "against the truth: SHD " in xchg("learn", simulated / "data.csv", "--truth", simulated / "truth.csv").stdout


def test_a_threshold_alone_prunes_by_it(simulated):
    result = json_of("learn", simulated / "data.csv", "--threshold", 0.8)
    assert result["options"]["prune"] == "threshold"
    everything = json_of("learn", simulated / "data.csv", "--prune", "none")
    assert len(everything["edges"]) == 28
    assert len(result["edges"]) == sum(abs(edge["weight"]) >= 0.8 for edge in everything["edges"])


# --- score and explain -------------------------------------------------------------------------------------------------


@pytest.fixture
def s5(tmp_path):
    (tmp_path / "s5.csv").write_text(S5)
    return [tmp_path / "s5.csv", "--n", 1000]


@pytest.mark.parametrize("order, score", [("0,1,2,3,4", 5 / 2), ("4,3,2,1,0", 761 / 105), ("4,3,1,2,0", 22384 / 3045)])
def test_score_of_an_order(s5, order, score):
    assert float(xchg("score", *s5, "--order", order).stdout) == pytest.approx(score, rel=1e-12)
    result = json_of("score", *s5, "--order", order)
    assert result["score_order"] == pytest.approx(score, rel=1e-12)
    assert result["order"] == order.split(",")


def test_score_with_a_penalty(s5):
    score = float(xchg("score", *s5, "--score", "l1", "--lambda1", 0.1, "--order", "0,1,2,3,4").stdout)
    assert score == pytest.approx(3.27359195402, rel=1e-9)
    assert float(xchg("score", *s5, "--score", "l1", "--order", "4,3,2,1,0").stdout) == pytest.approx(7.60197619048, rel=1e-9)


def moved(order, move):
    """The order after a move of explain."""
    order = list(order)
    if move["kind"] == "swap":
        order[move["from"]], order[move["to"]] = order[move["to"]], order[move["from"]]
    else:
        order.insert(move["to"], order.pop(move["from"]))
    return order


def test_score_says_when_the_knowledge_rules_the_order_out(s5, tmp_path):
    known = tmp_path / "known.json"
    known.write_text('{"required": [["0", "1"]], "tiers": [["0", "1"], ["4"]], "forbidden": [["0", "2"]]}')
    run = xchg("score", *s5, "--order", "4,1,0,2,3", "--knowledge", known)
    assert run.returncode == 0
    warning = ("xchg: warning: the knowledge rules this order out: 0 must precede 1 (required), "
               "0 must precede 4 (tiers 1, 2), 1 must precede 4 (tiers 1, 2)")
    assert warning in run.stderr.splitlines()
    result = json_of("score", *s5, "--order", "4,1,0,2,3", "--knowledge", known)
    assert ["xchg: warning: " + text for text in result["warnings"]] == [warning]
    assert result["score_order"] == float(run.stdout)
    run = xchg("score", *s5, "--order", "0,1,4,2,3", "--knowledge", known)
    assert (run.returncode, run.stderr) == (0, "")
    assert json_of("score", *s5, "--order", "0,1,4,2,3", "--knowledge", known)["warnings"] == []


def test_learn_says_when_the_knowledge_rules_its_start_out(s5, tmp_path):
    known = tmp_path / "known.json"
    known.write_text('{"before": [["0", "4"]]}')
    said = "the knowledge rules the start out"
    for order, expected in (("4,3,2,1,0", True), ("0,1,2,3,4", False)):
        result = json_of("learn", *s5, "--order", order, "--knowledge", known)
        assert any(said in warning for warning in result["warnings"]) is expected
    assert not any(said in warning for warning in json_of("learn", *s5, "--knowledge", known)["warnings"])


def test_every_move_that_explain_lists_changes_the_score_by_what_it_says(s5):
    order = list("43210")
    result = json_of("explain", *s5, "--order", ",".join(order))
    assert len(result["moves"]) == 20 - 4 + 10  # an insertion by one position is the same from both sides
    assert result["score_order"] == pytest.approx(761 / 105, rel=1e-12)
    differences = [move["difference"] for move in result["moves"]]
    assert differences == sorted(differences)
    for move in result["moves"]:
        score = float(xchg("score", *s5, "--order", ",".join(moved(order, move))).stdout)
        assert score - 761 / 105 == pytest.approx(move["difference"], abs=1e-11)


def test_explain_shows_the_best_moves_in_words(s5):
    run = xchg("explain", *s5, "--order", "4,3,2,1,0", "--top", 3)
    lines = run.stdout.splitlines()
    assert len(lines) == 2 + 3 + 1
    assert lines[2].split()[0] in ("swap", "insert")
    best = json_of("explain", *s5, "--order", "4,3,2,1,0")["moves"][0]["difference"]
    assert f"{best:.6g}"[:7] in lines[2]
    assert "lower is better" in lines[-1]


# --- compare and simulate ----------------------------------------------------------------------------------------------


def test_compare_counts_a_reversal_once(tmp_path):
    (tmp_path / "truth.csv").write_text("a,b,c,d\n0,1,0,0\n0,0,1,0\n0,0,0,1\n0,0,0,0\n")
    (tmp_path / "w.csv").write_text("a,b,c,d\n0,0,0,0\n2,0,1,0\n0,0,0,0\n0.1,0,0,0\n")
    result = json_of("compare", tmp_path / "truth.csv", tmp_path / "w.csv")["metrics"]
    assert {key: result[key] for key in ("shd", "extra", "missing", "reversed", "true_positive", "predicted", "edges")} == {
        "shd": 3, "extra": 1, "missing": 1, "reversed": 1, "true_positive": 1, "predicted": 3, "edges": 3}
    assert result["fdr"] == pytest.approx(2 / 3)
    assert json_of("compare", tmp_path / "truth.csv", tmp_path / "w.csv", "--threshold", 0.5)["metrics"]["shd"] == 2
    text = xchg("compare", tmp_path / "truth.csv", tmp_path / "w.csv").stdout
    assert "(SHD) 3: 1 extra, 1 missing, 1 reversed" in text


@pytest.mark.parametrize("more", [[], ["--graph", "sf", "--noise", "gumbel"], ["--graph", "bipartite", "--mechanism", "mlp"],
                                  ["--graph", "chain", "--mechanism", "logistic"], ["--mechanism", "mim", "--noise", "exp"],
                                  ["--mechanism", "additive-gp", "--noise", "uniform"],
                                  ["--mechanism", "poisson", "--weights", "0.1:0.3", "--degree", 1]])
def test_simulated_data_follow_a_graph_without_cycles_and_its_seed(more, tmp_path):
    arguments = ["-d", 10, "-n", 100, *more, "--seed", 7]
    for name in ("one", "two"):
        run = xchg("simulate", *arguments, "-o", tmp_path / name)
        assert run.returncode == 0, run.stderr
        assert sorted(os.listdir(tmp_path / name)) == ["data.csv", "simulation.json", "truth.csv"]
    for file in ("data.csv", "truth.csv", "simulation.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    names, w = truth_of(tmp_path / "one")
    assert is_acyclic(w)
    order = json.loads((tmp_path / "one" / "simulation.json").read_text())["order"]
    position = {node: k for k, node in enumerate(order)}
    assert all(position[names[i]] < position[names[j]] for i, j in edges_of(w))
    rows = (tmp_path / "one" / "data.csv").read_text().splitlines()
    assert rows[0].split(",") == names
    assert len(rows) == 101


def test_weights_of_a_simulation_are_in_their_range(tmp_path):
    assert xchg("simulate", "--weights", "0.2:0.4", "-o", tmp_path / "sim").returncode == 0
    _, w = truth_of(tmp_path / "sim")
    assert len(edges_of(w)) == 80
    assert all(0.2 <= abs(w[i][j]) <= 0.4 for i, j in edges_of(w))
