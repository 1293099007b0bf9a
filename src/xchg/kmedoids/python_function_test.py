"""Functions of the user as dissimilarities, and how a computation is interrupted."""

import os
import signal
import subprocess
import sys
import time

import pytest

np = pytest.importorskip("numpy")
xchg = pytest.importorskip("xchg", reason="the Python package is not built (or PYTHONPATH does not name it)")
kmedoids = pytest.importorskip("xchg.kmedoids")


def points(n, d=2, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def distances(x):
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))


def same(a, b):
    return (a.medoids.tolist(), a.labels.tolist(), a.total_deviation) == (
        b.medoids.tolist(), b.labels.tolist(), b.total_deviation)


def seconds_to_stop(code):
    """Runs Python in a process of its own and interrupts it when it works; how long it took to raise."""
    code = f"""
import signal, time, numpy
from xchg import kmedoids
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may start jobs deaf to it
print("ready", flush=True)
try:
    {code}
except KeyboardInterrupt:
    print(time.time(), flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                               text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.4)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    try:
        output, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 0 and output, errors
    return float(output) - sent


@pytest.mark.parametrize("matrix", [None, "never"])
def test_a_function_of_two_numbers_is_a_matrix(matrix):
    d = distances(points(25))
    calls = []

    def distance(i, j):
        calls.append((i, j))
        return d[i, j]

    assert same(kmedoids.cluster(distance, 3, n=25, matrix=matrix), kmedoids.cluster(d, 3))
    if matrix is None:
        assert sorted(calls) == [(i, j) for i in range(25) for j in range(i + 1, 25)]
    with pytest.raises(xchg.InputError, match="n is not given"):
        kmedoids.cluster(distance, 3)


@pytest.mark.parametrize("orientation", ["rows-are-objects", "rows-are-candidates"])
def test_an_asymmetric_function_is_read_as_its_orientation_says(orientation):
    d = np.random.default_rng(0).uniform(1, 2, size=(20, 20))
    np.fill_diagonal(d, 0)
    result = kmedoids.cluster(lambda i, j: d[i, j], 3, n=20, orientation=orientation)
    assert same(result, kmedoids.cluster(d, 3, orientation=orientation))


def test_a_metric_may_be_a_function_of_two_rows_or_of_any_two_objects():
    x = points(30, 3)
    result = kmedoids.cluster(x, 3, lambda a, b: np.abs(a - b).sum())
    assert result.medoids.tolist() == kmedoids.cluster(x, 3, "manhattan").medoids.tolist()
    sets = [{1, 2}, {1, 2, 3}, {7, 8}, {7, 8, 9}]
    result = kmedoids.cluster(sets, 2, lambda a, b: len(a ^ b) / len(a | b))
    assert result.labels.tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])


@pytest.mark.parametrize("matrix", [None, "never"])
@pytest.mark.parametrize("threads", [0, 4])
def test_what_a_function_raises_comes_out_unchanged_with_the_pair_as_a_note(matrix, threads):
    error = KeyError("no such road")

    def distance(i, j):
        if (i, j) == (3, 7):
            raise error
        return abs(i - j)

    with pytest.raises(KeyError) as caught:
        kmedoids.cluster(distance, 3, n=20, matrix=matrix, threads=threads)
    assert caught.value is error
    assert error.__notes__[-1] == "xchg: raised by the dissimilarity from object 3 to object 7"


@pytest.mark.parametrize("value, shown", [(float("nan"), "nan"), (-1.0, "-1"), (float("inf"), "inf"),
                                          ("far", "'far'"), (None, "None")])
def test_a_function_that_gives_no_dissimilarity_is_an_error_with_the_pair(value, shown):
    with pytest.raises(xchg.InputError, match=f"from object 2 to object 4 is {shown}; expected a"):
        kmedoids.cluster(lambda i, j: value if (i, j) == (2, 4) else 1.0, 2, n=6)


@pytest.mark.parametrize("call", [
    'kmedoids.cluster(lambda i, j: abs(i - j), 10, n=6000, matrix="always")',
    'kmedoids.cluster(lambda i, j: abs(i - j), 10, n=100000, matrix="never")',
    'kmedoids.cluster(numpy.zeros((6000, 3)), 10, lambda a, b: 1.0)',
    'kmedoids.dissimilarity(numpy.random.default_rng(0).normal(size=(6000, 200)), "dtw")',
])
def test_ctrl_c_stops_functions_and_the_computation_of_matrices(call):
    assert seconds_to_stop(call) < 2.0


def test_an_estimator_takes_functions():
    x, new = points(40, 3), points(9, 3, seed=4)
    model = kmedoids.KMedoids(3, metric=lambda a, b: np.abs(a - b).sum()).fit(x)
    reference = kmedoids.KMedoids(3, metric="manhattan").fit(x)
    assert model.medoid_indices_.tolist() == reference.medoid_indices_.tolist()
    assert model.transform(new) == pytest.approx(reference.transform(new), rel=1e-12)
    one_way = kmedoids.KMedoids(3, metric=lambda a, b: 2.0 * (a[0] < b[0]) + abs(a[1] - b[1]),
                                metric_params={"orientation": "rows-are-objects"}).fit(x)
    expected = [[2.0 * (a[0] < c[0]) + abs(a[1] - c[1]) for c in one_way.cluster_centers_] for a in new]
    assert one_way.transform(new).tolist() == expected
