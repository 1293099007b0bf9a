"""The Python face of k-medoids, and through it what every engine's binding shares (core/python)."""

import dataclasses
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
xchg = pytest.importorskip("xchg", reason="the Python package is not built (or PYTHONPATH does not name it)")
kmedoids = pytest.importorskip("xchg.kmedoids")

SOURCE = Path(__file__).resolve().parents[3]
BUILD = Path(os.environ.get("XCHG_BUILD", SOURCE / "build" / "release"))
IRIS = SOURCE / "data" / "kmedoids" / "iris.csv"


def points(n, d=2, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def distances(x):
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))


def python(code, **options):
    """Runs Python in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, **options)


# --- results ----------------------------------------------------------------------------------------------------------


def test_a_result_is_what_numpy_recomputes_from_it():
    d = distances(points(60))
    result = kmedoids.cluster(d, 4)
    to_medoids = d[:, result.medoids]
    np.testing.assert_array_equal(result.distance_to_medoid, to_medoids.min(axis=1))
    np.testing.assert_array_equal(to_medoids[np.arange(60), result.labels], result.distance_to_medoid)
    assert result.total_deviation == pytest.approx(result.distance_to_medoid.sum(), rel=1e-12)
    assert result.converged
    assert result.statistics.total_deviation_per_swap[-1] == pytest.approx(result.total_deviation)


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_the_result_equals_the_json_of_the_command_line(metric, tmp_path):
    program = BUILD / "bin" / "xchg"
    if not program.exists():
        pytest.skip(f"no program in {BUILD}")
    x = points(80, 3, seed=5)
    table = tmp_path / "points.csv"
    table.write_text("a,b,c\n" + "".join(",".join(map(repr, row)) + "\n" for row in x.tolist()))
    run = subprocess.run([program, "kmedoids", "cluster", table, "-k", "5", "--metric", metric, "--seed", "3", "--json",
                          "--no-run", "--restarts", "2"], capture_output=True, text=True, check=True)
    told = json.loads(run.stdout)
    result = kmedoids.cluster(x, 5, metric, seed=3, restarts=2)
    assert [medoid["index"] for medoid in told["medoids"]] == result.medoids.tolist()
    assert told["labels"] == result.labels.tolist()
    assert told["total_deviation"] == result.total_deviation
    assert told["distance_to_medoid"] == result.distance_to_medoid.tolist()
    assert told["converged"] == result.converged
    for name, value in told["statistics"].items():
        mine = getattr(result.statistics, name)
        assert value == (mine.tolist() if isinstance(mine, np.ndarray) else mine), name


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int32", "uint16", "uint8"])
def test_every_matrix_type_gives_the_same_clusters(dtype):
    d = np.rint(10 * distances(points(40)))
    reference = kmedoids.cluster(d, 3, init="build")
    result = kmedoids.cluster(d.astype(dtype), 3, init="build")
    assert result.medoids.tolist() == reference.medoids.tolist()
    assert result.total_deviation_exact == (int(reference.total_deviation) if "int" in dtype else None)


@pytest.mark.parametrize("method", kmedoids.METHODS)
def test_every_method_gives_a_clustering_that_its_check_accepts(method):
    x = points(24)
    try:
        result = kmedoids.cluster(x, 3, "euclidean", method=method)
    except xchg.InputError as error:
        pytest.skip(str(error))
    check = kmedoids.verify(x, result, "euclidean")
    assert result.method == method and check.right, check.problem
    assert check.total_deviation == pytest.approx(result.total_deviation, rel=1e-12)


@pytest.mark.parametrize("option", [{"init": "lab"}, {"init": "plusplus", "plusplus_power": 2}, {"init": "park_jun"},
                                    {"init": "build", "ties": "last"}, {"order": list(range(39, -1, -1))},
                                    {"skip": False}, {"shuffle": True}, {"restarts": 3},
                                    {"method": "fastpam2", "fastpam2_tolerance": 0.5}])
def test_every_option_reaches_the_engine(option):
    result = kmedoids.cluster(points(40), 4, "euclidean", **option)
    assert kmedoids.verify(points(40), result, "euclidean").swap_optimal
    assert result.statistics.restarts_done == option.get("restarts", 1)


def test_ties_of_build_may_go_to_the_last_object():
    corners = np.array([[0.0], [1.0], [2.0], [3.0]])
    first, last = (kmedoids.cluster(corners, 1, "euclidean", init="build", ties=ties, max_rounds=0).medoids.tolist()
                   for ties in ("first", "last"))
    assert (first, last) == ([1], [2])


def test_an_altered_result_does_not_pass_its_check():
    d = distances(points(30))
    result = kmedoids.cluster(d, 3)
    assert kmedoids.verify(d, result).right
    wrong = dataclasses.replace(result, labels=(result.labels + 1) % np.int32(3))
    check = kmedoids.verify(d, wrong)
    assert not check.right and "label" in check.problem


def test_curves_over_k_hold_what_each_k_gives_by_itself():
    x = np.concatenate([points(15, seed=i) / 10 + 3 * i for i in range(4)])
    curve = kmedoids.cluster_range(x, 2, 6, "euclidean", method="fastermsc", init="build")
    assert curve.criterion == "medoid-silhouette"
    assert [point.k for point in curve.curve] == [2, 3, 4, 5, 6] and curve.best_k == 4 and curve.converged
    for point in curve.curve:
        alone = kmedoids.cluster(x, point.k, "euclidean", method="fastermsc", init="build")
        assert alone.medoids.tolist() == point.medoids.tolist()
        assert alone.average_medoid_silhouette == point.average_medoid_silhouette
    assert curve.stopped_by == ""

    def until_4(done, total, stage):
        return not stage.startswith("k = 4")

    early = kmedoids.cluster_range(x, 2, 6, "euclidean", method="fastermsc", progress=until_4)
    assert not early.converged and early.stopped_by and len(early.curve) < 5
    path = kmedoids.dynmsc(x, 2, 6, "euclidean")
    assert path.best_k == 4 and len(path.best.medoids) == 4
    assert path.best.average_medoid_silhouette == max(point.average_medoid_silhouette for point in path.curve)
    with pytest.raises(TypeError, match="'restart'"):
        kmedoids.dynmsc(x, 2, 6, "euclidean", restart=2)


def test_data_that_was_read_once_serves_several_calls():
    x = points(30, 3)
    data = kmedoids.dissimilarity(x, "minkowski", p=3)
    assert len(data) == data.size == 30 and data.symmetric and data.dense and not data.integers
    assert data.at(2, 5) == pytest.approx((np.abs(x[2] - x[5]) ** 3).sum() ** (1 / 3), rel=1e-12)
    assert data.row(5)[2] == data.at(2, 5)
    assert kmedoids.cluster(data, 4).medoids.tolist() == kmedoids.cluster(x, 4, "minkowski", p=3).medoids.tolist()


@pytest.mark.parametrize("metric", ["sqeuclidean", "chebyshev", "cosine", "correlation", "hamming", "dtw"])
def test_metrics_give_the_same_with_and_without_a_matrix(metric):
    x = np.rint(3 * points(40, 5)) if metric == "hamming" else points(40, 5)
    kept = kmedoids.cluster(x, 3, metric)
    made = kmedoids.cluster(x, 3, metric, matrix="never")
    assert made.medoids.tolist() == kept.medoids.tolist() and made.total_deviation == kept.total_deviation


def test_a_parameter_that_the_metric_lacks_is_an_error():
    message = "metric 'euclidean' of this data has no parameter p; expected it with minkowski"
    with pytest.raises(xchg.InputError, match=message):
        kmedoids.cluster(points(9), 2, "euclidean", p=3)
    with pytest.raises(xchg.InputError, match="window"):
        kmedoids.cluster(points(9), 2, "manhattan", window=3)


def test_weights_count_as_repeated_rows():
    x = points(20)
    weights = 1 + np.arange(20) % 3
    weighted = kmedoids.cluster(x, 3, "euclidean", init="build", weights=weights)
    repeated = kmedoids.cluster(np.repeat(x, weights, axis=0), 3, "euclidean", init="build")
    assert weighted.total_deviation == pytest.approx(repeated.total_deviation, rel=1e-12)


def test_an_asymmetric_matrix_is_read_as_its_orientation_says():
    d = np.random.default_rng(3).uniform(1, 2, size=(30, 30))
    np.fill_diagonal(d, 0)
    with pytest.raises(xchg.InputError):
        kmedoids.cluster(d, 3)
    by_object = kmedoids.cluster(d, 3, orientation="rows-are-objects", init="build")
    by_candidate = kmedoids.cluster(np.ascontiguousarray(d.T), 3, orientation="rows-are-candidates", init="build")
    assert by_object.medoids.tolist() == by_candidate.medoids.tolist()
    assert by_object.total_deviation == pytest.approx(d[:, by_object.medoids].min(axis=1).sum(), rel=1e-12)


def test_silhouettes_follow_their_definition():
    d = distances(points(25))
    labels = kmedoids.cluster(d, 3).labels
    widths = kmedoids.silhouette(d, labels)
    for o in range(25):
        own = labels == labels[o]
        if own.sum() == 1:
            assert widths[o] == 0
            continue
        a = d[o, own].sum() / (own.sum() - 1)
        b = min(d[o, labels == other].mean() for other in set(labels.tolist()) - {int(labels[o])})
        assert widths[o] == pytest.approx((b - a) / max(a, b), abs=1e-12)


# --- memory -----------------------------------------------------------------------------------------------------------


def test_a_matrix_is_not_copied():
    code = """
import resource, numpy
from xchg import kmedoids
n = 3000
x = numpy.random.default_rng(0).normal(size=n)
d = numpy.abs(x[:, None] - x[None, :])
kmedoids.cluster(d[:100, :100].copy(), 2)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kmedoids.cluster(d, 5, max_rounds=1)
print(1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / d.nbytes)
"""
    process = python(code)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert float(output) < 0.2, "the peak grew by this part of the matrix"


def test_memory_mapped_and_read_only_matrices_will_do(tmp_path):
    d = distances(points(50))
    np.save(tmp_path / "d.npy", d)
    mapped = np.load(tmp_path / "d.npy", mmap_mode="r")
    assert kmedoids.cluster(mapped, 3).medoids.tolist() == kmedoids.cluster(d, 3).medoids.tolist()


def test_result_arrays_own_the_memory_of_the_engine():
    labels = kmedoids.cluster(distances(points(30)), 3).labels
    assert type(labels.base).__name__ == "PyCapsule"
    assert not labels.flags.owndata and labels.flags.writeable
    assert labels.dtype == np.int32


# --- errors -----------------------------------------------------------------------------------------------------------


def test_wrong_arrays_are_named_with_the_call_that_mends_them():
    d = distances(points(20))
    with pytest.raises(xchg.InputError, match=r"D with shape \(10, 10\) .* expected numpy.ascontiguousarray\(D\)"):
        kmedoids.cluster(d[::2, ::2], 3)
    with pytest.raises(xchg.InputError, match=r"D has dtype float16; expected float64 or float32 or int32 or int64 or "
                                              "uint16 or uint8, e.g. D.ast"):
        kmedoids.cluster(d.astype("float16"), 3)
    with pytest.raises(xchg.InputError, match="D has dtype >f8"):
        kmedoids.cluster(d.astype(">f8"), 3)
    with pytest.raises(xchg.InputError, match=r"20 values are no packed triangle"):
        kmedoids.cluster(d[0], 3)
    with pytest.raises(xchg.InputError, match=r"D has shape \(1, 20, 20\); expected 2 dimensions \(n, n\)"):
        kmedoids.cluster(d[None], 3)
    with pytest.raises(xchg.InputError, match=r"D has shape \(10, 20\)"):
        kmedoids.cluster(d[:10], 3)
    with pytest.raises(xchg.InputError, match="D is None"):
        kmedoids.cluster(None, 3)


def test_an_input_error_keeps_its_parts_and_is_a_value_error():
    with pytest.raises(ValueError) as caught:
        kmedoids.cluster(distances(points(20)), 21)
    error = caught.value
    assert type(error) is xchg.InputError and isinstance(error, xchg.Error)
    assert error.problem and error.expected
    assert error.problem in str(error) and error.expected in str(error)
    assert error.where == xchg.Where() and error.exit_code == 2


@pytest.mark.parametrize("k", [0, -1, 21, 2.5, "three", None, 10**30])
def test_a_k_that_is_no_number_of_clusters_is_told_the_range(k):
    with pytest.raises(xchg.InputError, match=r"k is .*; expected 1 to 20, the number of objects"):
        kmedoids.cluster(distances(points(20)), k)


@pytest.mark.parametrize("option, message", [
    ({"seed": -1}, r"seed is -1; expected a whole number from 0 to 2\^64 - 1"),
    ({"restarts": 0}, "restarts is 0; expected 1 or more"),
    ({"max_rounds": "many"}, "max_rounds is 'many'; expected a whole number"),
    ({"method": "fastpam"}, "unknown method 'fastpam'"),
    ({"init": "ramdom"}, "unknown initialisation 'ramdom'"),
    ({"ties": "both"}, "unknown ties 'both'; expected first or last"),
    ({"isa": "mmx"}, "mmx"),
    ({"matrix": "maybe"}, "unknown matrix 'maybe'; expected auto, always or never"),
    ({"order": [0, 0]}, "order"),
    ({"medoids": [1, 1, 2]}, "the given medoid 1 is there twice"),
    ({"medoids": [1, 2, 20]}, "the given medoid 20 does not exist; expected 0 to 19"),
    ({"medoids": [1, 2]}, "2 medoids were given for k = 3"),
    ({"weights": [1.0] * 19}, "19 weights for 20 objects"),
    ({"weights": [-1.0] * 20}, "the weight of object 0 is -1"),
    ({"time_limit_seconds": 0}, "time limit"),
])
def test_options_out_of_range_are_named_with_what_was_expected(option, message):
    with pytest.raises(xchg.InputError, match=message):
        kmedoids.cluster(points(20), 3, "euclidean", **option)


def test_fewer_different_objects_than_clusters_are_told():
    with pytest.warns(UserWarning, match="only 2 different objects for k = 4"):
        result = kmedoids.cluster([[0.0], [1.0], [0.0], [1.0], [0.0]], 4, "euclidean")
    assert len(set(result.medoids.tolist())) == 4 and result.labels[result.medoids].tolist() == [0, 1, 2, 3]


def test_a_lower_bound_comes_with_its_proof():
    d = np.rint(100 * distances(points(40))).astype(np.int32)
    bound = kmedoids.lower_bound(d, 4, certify_steps=300)
    result = kmedoids.cluster(d, 4, certify=True, restarts=5)
    assert bound.lower_bound <= result.total_deviation and result.lower_bound <= result.total_deviation
    assert result.gap == pytest.approx((result.total_deviation - result.lower_bound) / result.total_deviation)
    reduced = np.minimum(0, d - bound.multipliers[:, None]).sum(axis=0)
    proven = bound.multipliers.sum() + np.sort(reduced)[:4].sum()
    assert np.ceil(proven - 1e-6) >= bound.lower_bound
    assert d[:, bound.medoids].min(axis=1).sum() == bound.total_deviation
    assert len(bound.lower_bound_per_step) <= 300 and bound.optimal == (bound.lower_bound == bound.total_deviation)


def test_a_limit_error_says_how_much_was_asked_for():
    with pytest.raises(MemoryError) as caught:
        kmedoids.cluster(points(500), 3, "euclidean", memory_budget_bytes=1000)
    error = caught.value
    assert type(error) is xchg.LimitError and error.exit_code == 3
    assert error.asked_bytes >= 500 * 499 / 2 * 8 and error.limit_bytes == 1000


def test_a_numeric_error_is_an_arithmetic_error():
    x = np.array([[-1.5e308], [1.5e308], [0.0]])
    with pytest.raises(ArithmeticError) as caught:
        kmedoids.cluster(x, 1, "euclidean")
    assert type(caught.value) is xchg.NumericError and caught.value.exit_code == 4


def test_errors_survive_pickling():
    error = xchg.InputError("message", "problem", ("file.csv", 3, 2, ""), "expected")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.where.line, copy.expected) == (xchg.InputError, "message", 3, "expected")


# --- while it works ---------------------------------------------------------------------------------------------------


def test_other_threads_run_while_the_engine_works():
    d = distances(points(1500))
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    start = time.perf_counter()
    try:
        kmedoids.cluster(d, 10, restarts=1000, time_limit_seconds=0.6)
    finally:
        end = time.perf_counter()
        done.set()
        thread.join()
    within = [moment for moment in ticks if start < moment < end]
    assert len(within) >= 10, "with the lock held there would be one or none"


def test_ctrl_c_raises_keyboard_interrupt_at_once():
    code = """
import signal, sys, time, numpy
from xchg import kmedoids
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start jobs deaf to it
x = numpy.random.default_rng(0).normal(size=1500)
d = numpy.abs(x[:, None] - x[None, :])
print("ready", flush=True)
try:
    kmedoids.cluster(d, 10, restarts=10**9, time_limit_seconds=60)
except KeyboardInterrupt:
    print(time.time(), flush=True)
"""
    process = python(code)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    try:
        output, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0 and output, errors
    assert float(output) - sent < 1.0


def test_a_progress_function_is_told_and_can_stop_the_work():
    calls = []

    def progress(done, total, stage):
        calls.append((done, total, stage))
        return len(calls) < 3

    result = kmedoids.cluster(distances(points(800)), 10, restarts=10**9, progress=progress, time_limit_seconds=60)
    assert len(calls) == 3 and all(stage for _, _, stage in calls)
    assert not result.converged and len(set(result.medoids.tolist())) == 10


def test_what_a_progress_function_raises_comes_out():
    def progress(done, total, stage):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        kmedoids.cluster(distances(points(100)), 10, progress=progress)
    with pytest.raises(xchg.InputError, match="progress cannot be called"):
        kmedoids.cluster(distances(points(100)), 10, progress=3)


def test_threads_may_cluster_at_the_same_time():
    d = distances(points(300))
    expected = kmedoids.cluster(d, 5).medoids.tolist()
    found = [None] * 4

    def work(i):
        found[i] = kmedoids.cluster(d, 5, threads=1).medoids.tolist()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
