"""The Python face of dag."""

import dataclasses
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
xchg = pytest.importorskip("xchg", reason="the Python package is not built (or PYTHONPATH does not name it)")
dag = pytest.importorskip("xchg.dag")

DATA = Path(__file__).resolve().parents[4] / "data" / "dag"


def table(name):
    return np.loadtxt(DATA / name, delimiter=",")


def rows(name):
    return np.loadtxt(DATA / name, delimiter=",", skiprows=1)


def sachs():
    lines = [line.split(",") for line in (DATA / "sachs.csv").read_text().split()]
    kept = [line[:11] for line in lines[1:] if line[11] == "cd3_cd28"]
    return lines[0][:11], np.log(np.array(kept, dtype=float) + 10)


# --- learning ---------------------------------------------------------------------------------------------------------


def test_the_optimum_of_sachs_is_the_published_one():
    names, x = sachs()
    result = dag.learn(x, method="exact", names=names)
    assert result.score_order == pytest.approx(1.3318409673067, rel=1e-9)
    assert [names[node] for node in result.order] == "p38 pkc plc erk akt mek raf pip3 pka jnk pip2".split()
    assert result.status == "optimal" and result.gap == 0
    bic = dag.learn(x, score="bic", method="exact", names=names)
    assert bic.score_order == pytest.approx(-15054.4863956944, rel=1e-9)
    assert len(bic.edges) == 7


def test_the_graph_behind_a_gram_file_is_found():
    moments = dag.Gram(table("gram_er4_20.csv"), 1000)
    truth = table("truth_er4_20.csv")
    result = dag.learn(moments, truth=truth, prune="threshold")
    assert result.score_order == pytest.approx(9.718647852580, rel=1e-9)
    assert result.metrics.shd == 0 and dag.compare(truth, result.w).shd == 0
    assert result.identifiability.varsortability == pytest.approx(0.996563573883, abs=1e-9)
    assert result.lower_bound == pytest.approx(dag.lower_bound(moments), rel=1e-9)
    assert result.statistics.insertions_evaluated > 0 and result.steps[-1].score == pytest.approx(result.score_order)


def test_weights_are_regressions_of_effects_on_causes():
    x = rows("x_er4_20.csv")
    result = dag.learn(x)
    centred = x - x.mean(axis=0)
    for j in range(20):
        parents = np.flatnonzero(result.w[:, j])
        w = np.linalg.lstsq(centred[:, parents], centred[:, j], rcond=None)[0]
        np.testing.assert_allclose(result.w[parents, j], w, rtol=1e-7, atol=1e-9)


def test_rows_and_their_moments_give_the_same_graph():
    x = rows("x_sf4_20.csv")
    moments = dag.gram(x)
    np.testing.assert_allclose(moments.s, np.cov(x.T, bias=True), rtol=1e-10, atol=1e-12)
    assert moments.n == 1000 and moments.names == [str(k) for k in range(20)]
    np.testing.assert_array_equal(dag.learn(moments).w, dag.learn(x).w)
    together = dag.gram(x[:400]) + dag.gram(x[400:])
    np.testing.assert_allclose(together.s, moments.s, rtol=1e-9, atol=1e-12)


def test_logistic_regression_with_a_penalty_keeps_fewer_edges_and_passes_its_check():
    x = rows("binary5.csv")
    edges = []
    for lambda1 in (0.001, 0.05, 1.0):
        result = dag.learn(x, score="logistic", l1=True, lambda1=lambda1)
        edges.append(np.count_nonzero(result.w))
        assert dag.verify(x, result).ok
    assert edges == sorted(edges, reverse=True) and edges[-1] == 0 < edges[0]


def test_five_nodes_whose_scores_are_known_exactly():
    s5 = np.array([[1, 2, -1, 0, 2], [2, 5, -2, 1, 4], [-1, -2, 2, 2, -4], [0, 1, 2, 6, -5], [2, 4, -4, -5, 10]])
    moments = dag.Gram(s5, 100, names=list("abcde"))
    assert dag.score_order(moments, [4, 3, 2, 1, 0]) == pytest.approx(761 / 105)
    assert dag.score_order(moments, list("edcba")) == pytest.approx(761 / 105)
    assert dag.score_order(moments, [0, 1, 2, 3, 4], score="l1", lambda1=0.1) == pytest.approx(3.27359195402)
    with pytest.warns(UserWarning, match=r"rules this order out: a must precede c \(before\)$"):
        dag.score_order(moments, list("edcba"), knowledge={"before": [["a", "c"]]})
    assert dag.lower_bound(moments) == pytest.approx(2.5)
    moves = dag.neighbourhood(moments, [4, 3, 2, 1, 0])
    swaps = {(a, b): difference for kind, a, b, difference in
             zip(moves.kind, moves.from_position, moves.to_position, moves.difference) if kind == "swap"}
    assert swaps[0, 2] == pytest.approx(701 / 168 - 761 / 105)
    result = dag.learn(moments, start=[4, 3, 2, 1, 0], method="topo", size_small=4, size_large=10, large_rounds=1)
    assert result.score_order == pytest.approx(2.5) and result.status == "optimal"
    assert result.score_start == pytest.approx(761 / 105)


def test_a_matrix_to_start_from_has_its_cycles_broken():
    moments = dag.Gram(table("gram_sf4_20.csv"), 1000)
    start = table("truth_sf4_20.csv")
    i, j = np.argwhere(start != 0)[0]
    start[j, i] = 1e-3
    result = dag.learn(moments, start=start)
    assert result.removed_from_start == [(j, i)]


def test_knowledge_binds_the_graph():
    names, x = sachs()
    knowledge = dag.Knowledge(tiers=[["plc", "pip2", "pip3"], ["pkc", "pka"],
                                     ["raf", "mek", "erk", "akt", "p38", "jnk"]])
    result = dag.learn(x, method="exact", names=names, knowledge=knowledge)
    assert result.score_order == pytest.approx(1.36460246394, rel=1e-9)
    assert dag.verify(x, result).ok
    by_number = dag.learn(x, names=names, knowledge={"required": [(0, "mek")], "roots": ["pkc"]})
    assert by_number.w[0, 1] != 0 and not by_number.w[:, names.index("pkc")].any()
    with pytest.raises(xchg.InputError, match="did you mean 'pka'"):
        dag.learn(x, names=names, knowledge={"roots": ["pkd"]})
    with pytest.raises(xchg.InputError, match="knowledge has no 'root'"):
        dag.learn(x, names=names, knowledge={"root": []})


def test_interventions_leave_out_the_rows_they_concern():
    rng = np.random.default_rng(4)
    a = rng.normal(size=2000)
    b = 2 * a + rng.normal(size=2000)
    regime = np.repeat(["seen", "set"], 1000)
    b[1000:] = 5 * rng.normal(size=1000)
    result = dag.learn(np.stack([a, b], axis=1), names=["a", "b"], regime=regime,
                       knowledge={"targets": {"set": ["b"]}, "before": [("a", "b")]})
    assert result.w[0, 1] == pytest.approx(2, abs=0.1)


def test_bootstrap_does_not_depend_on_threads():
    x = rows("x_er4_20.csv")[:200, :5]
    one, two = (dag.learn(x, bootstrap=20, threads=threads) for threads in (1, 2))
    assert one.resamples == 20
    np.testing.assert_array_equal(one.frequency, two.frequency)
    np.testing.assert_allclose(one.precedence + one.precedence.T, 1 - np.eye(5))


@pytest.mark.parametrize("score", dag.SCORES)
def test_every_score_gives_a_result_that_its_check_accepts(score):
    x = rows("binary5.csv")[:, :4] if score in ("logistic", "poisson") else rows("additive5.csv")[:200, :4]
    result = dag.learn(x, score=score, hidden_units=3)
    assert sorted(result.order.tolist()) == [0, 1, 2, 3]
    verdict = dag.verify(x, result)
    assert verdict.ok, verdict.findings


def test_an_altered_result_does_not_pass_its_check():
    moments = dag.Gram(table("gram_er4_20.csv"), 1000)
    result = dag.learn(moments)
    assert dag.verify(moments, result).ok
    w = result.w.copy()
    w[tuple(np.argwhere(w)[0])] += 1e-6
    verdict = dag.verify(moments, dataclasses.replace(result, w=w))
    assert not verdict.ok and "the weight of" in verdict.findings[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.w = w


def test_equivalence_classes_and_simulations():
    w = np.zeros((5, 5))
    for i, j in [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (1, 4)]:
        w[i, j] = 1
    graph = dag.cpdag(w)
    assert sorted(graph.directed) == [(1, 3), (1, 4), (2, 3), (3, 4)] and sorted(graph.undirected) == [(0, 1), (0, 2)]
    assert graph.adjacency().sum() == 8
    made = dag.simulate(graph="sf", nodes=10, degree=2, rows=50, seed=3)
    assert made.X.shape == (50, 10) and made.truth.shape == (10, 10)
    np.testing.assert_array_equal(made.X, dag.simulate(graph="sf", nodes=10, degree=2, rows=50, seed=3).X)
    place = np.argsort(made.order)
    assert all(place[i] < place[j] for i, j in np.argwhere(made.truth))


# --- what comes in ----------------------------------------------------------------------------------------------------


def test_a_data_frame_gives_the_names():
    pandas = pytest.importorskip("pandas")
    names, x = sachs()
    frame = pandas.DataFrame(x, columns=names)
    result = dag.learn(frame)
    assert result.names == names and dag.verify(frame, result).ok
    np.testing.assert_array_equal(result.w, dag.learn(x).w)


def test_any_array_of_numbers_will_do():
    x = np.rint(10 * rows("additive5.csv"))
    reference = dag.learn(x).w
    for other in (x.astype(np.int32), x.astype(np.float32), np.asfortranarray(x), x[::-1][::-1], x.tolist()):
        np.testing.assert_array_equal(dag.learn(other).w, reference)


@pytest.mark.parametrize("change, message", [
    (lambda x: x[:, 0], r"X has shape \(50,\)"),
    (lambda x: x.astype(str), "X cannot be made numbers"),
    (lambda x: np.where(np.arange(150).reshape(50, 3) == 4, np.nan, x), "missing"),
    (lambda x: x * [1, 0, 1], "constant"),
    (lambda x: x[:1], "row"),
])
def test_bad_rows_are_refused(change, message):
    x = np.random.default_rng(0).normal(size=(50, 3))
    with pytest.raises(xchg.InputError, match=message):
        dag.learn(change(x))


@pytest.mark.parametrize("options, message", [
    ({"score": "l0"}, "l0"), ({"method": "best"}, "best"), ({"start": [0, 0, 1]}, "order"),
    ({"start": np.ones((2, 2))}, "2 by 2"), ({"start": 3}, "start is 3"), ({"names": ["a", "a", "b"]}, "comes twice"),
    ({"names": ["a"]}, "1 names for 3 columns"), ({"restarts": 0}, "restarts"),
    ({"restarts": "two"}, "restarts is 'two'"),
    ({"alpha": 2}, "alpha is 2"), ({"size_small": 99}, "99"), ({"regime": [1, 2]}, "2 regimes for 50 rows"),
])
def test_bad_options_are_refused(options, message):
    x = np.random.default_rng(0).normal(size=(50, 3))
    with pytest.raises(xchg.InputError, match=message):
        dag.learn(x, **options)


def test_a_gram_must_be_one():
    with pytest.raises(xchg.InputError):
        dag.Gram([[1.0, 2.0], [2.0, 1.0]], 10)
    with pytest.raises(xchg.InputError):
        dag.Gram([[1.0, 0.5], [0.4, 1.0]], 10)
    moments = dag.Gram([[1.0, 0.5], [0.5, 1.0]], 10)
    with pytest.raises(xchg.InputError, match="rows"):
        dag.learn(moments, score="logistic")
    with pytest.raises(xchg.InputError, match="names with a Gram"):
        dag.learn(moments, names=["a", "b"])
    with pytest.raises(TypeError, match="'lamda'"):
        dag.score_order(moments, [0, 1], lamda=1)


def test_missing_values_may_be_left_out():
    x = np.random.default_rng(0).normal(size=(50, 3))
    holes = x.copy()
    holes[7, 1] = np.nan
    np.testing.assert_allclose(dag.gram(holes, missing="listwise").s, dag.gram(np.delete(x, 7, axis=0)).s)


# --- graphs, interruption ---------------------------------------------------------------------------------------------


def test_networkx_gets_the_graph():
    networkx = pytest.importorskip("networkx")
    x = rows("x_er4_20.csv")[:, :6]
    result = dag.learn(x, names=list("abcdef"), bootstrap=5)
    graph = result.to_networkx()
    assert networkx.is_directed_acyclic_graph(graph) and set(graph) == set("abcdef")
    assert sorted((i, j, data["weight"]) for i, j, data in graph.edges(data=True)) == sorted(result.edges)
    assert all(0 <= data["frequency"] <= 1 for _, _, data in graph.edges(data=True))


def test_progress_is_told_and_may_stop():
    x = rows("x_er4_20.csv")
    stages = set()
    dag.learn(x, restarts=3, progress=lambda done, total, stage: stages.add(stage))
    assert stages
    result = dag.learn(x, restarts=100000, progress=lambda done, total, stage: False)
    assert result.status == "interrupted" and sorted(result.order) == list(range(20))


def test_ctrl_c_stops_a_search():
    code = """
import numpy as np
from xchg import dag
x = np.random.default_rng(0).normal(size=(500, 60))
print("ready", flush=True)
try:
    dag.learn(x, restarts=10**5)
except KeyboardInterrupt:
    print("stopped")
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                               env={"PYTHONPATH": ":".join(sys.path)})
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    try:
        assert process.communicate(timeout=30)[0] == "stopped\n"
    finally:
        process.kill()


def test_the_estimator_follows_the_conventions():
    x = rows("x_er4_20.csv")[:, :6]
    model = dag.TopologicalSwaps(method="exact", prune="threshold", threshold=0.3)
    assert model.fit(x) is model
    result = dag.learn(x, method="exact", prune="threshold", threshold=0.3)
    np.testing.assert_array_equal(model.adjacency_, result.w)
    assert model.order_.tolist() == result.order.tolist() and model.n_features_in_ == 6
    assert model.score_ == result.score_order
    assert type(model)(**model.get_params()).get_params() == model.get_params()
    assert model.set_params(method="insert", options={"perturbations": 2}).fit(x).result_.status in ("local", "optimal")
    with pytest.raises(xchg.InputError, match="no parameter 'k'"):
        model.set_params(k=3)
    with pytest.raises(xchg.InputError, match="n_jobs is 0"):
        dag.TopologicalSwaps(n_jobs=0).fit(x)
    with pytest.raises(xchg.InputError, match="not fitted"):
        dag.TopologicalSwaps().to_networkx()
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).adjacency_, model.adjacency_)


def test_scikit_learn_can_clone_the_estimator():
    base = pytest.importorskip("sklearn.base")
    model = dag.TopologicalSwaps(score="l1", lambda1=0.2, knowledge={"roots": [0]})
    assert base.clone(model).get_params() == model.get_params()
    assert repr(model).startswith("TopologicalSwaps(")


def test_importing_the_package_does_not_import_scikit_learn():
    code = "import sys; from xchg import dag; print('sklearn' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                         env={"PYTHONPATH": ":".join(sys.path)})
    assert run.stdout == "False\n"
