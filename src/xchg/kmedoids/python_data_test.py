"""Every kind of data that dissimilarity() and cluster() take, and KMedoids with them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")
xchg = pytest.importorskip("xchg", reason="the Python package is not built (or PYTHONPATH does not name it)")
kmedoids = pytest.importorskip("xchg.kmedoids")

TYPES = ["float64", "float32", "int64", "int32", "uint16", "uint8"]
DATA = Path(__file__).resolve().parents[3] / "data" / "kmedoids"


def points(n, d=2, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


def distances(x):
    return np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))


def condensed(d):
    return np.ascontiguousarray(d[np.triu_indices(len(d), 1)])


def same(a, b):
    return (a.medoids.tolist(), a.labels.tolist(), a.total_deviation) == (
        b.medoids.tolist(), b.labels.tolist(), b.total_deviation)


def python(code, *arguments, **options):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


# --- matrices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("matrix", ["auto", "always", "never"])
def test_condensed_vectors_are_square_matrices(dtype, matrix):
    d = np.rint(20 * distances(points(40))).astype(dtype)
    result = kmedoids.cluster(condensed(d), 4, matrix=matrix)
    assert same(result, kmedoids.cluster(d, 4))
    assert kmedoids.dissimilarity(condensed(d), matrix=matrix).dense == (matrix != "never")


def test_condensed_vectors_are_those_of_scipy():
    spatial = pytest.importorskip("scipy.spatial.distance")
    x = points(30, 3)
    data = kmedoids.dissimilarity(spatial.pdist(x))
    assert data.row(7) == pytest.approx(distances(x)[7], rel=1e-12)
    with pytest.raises(xchg.InputError, match="7 values are no packed triangle; .* 6 for 4 objects or 10 for 5"):
        kmedoids.cluster(np.ones(7), 2)


@pytest.mark.parametrize("dtype", TYPES)
def test_sparse_matrices_are_dense_ones_with_a_value_for_absent_pairs(dtype):
    sparse = pytest.importorskip("scipy.sparse")
    d = np.rint(20 * distances(points(40))).astype(dtype)
    near = np.where(d < 20, d, 0).astype(dtype)
    full = np.where(near > 0, near, 100).astype(dtype)
    np.fill_diagonal(full, 0)
    stored = sparse.csr_matrix(near)
    assert stored.nnz < 40 * 39 / 2
    assert same(kmedoids.cluster(stored, 4, absent=100), kmedoids.cluster(full, 4))
    assert same(kmedoids.cluster(sparse.csr_array(near), 4, absent=100), kmedoids.cluster(full, 4))
    default = kmedoids.dissimilarity(stored)
    assert default.row(3).max() == 2 * near.max() and not default.dense


def test_asymmetric_sparse_matrices_have_an_orientation():
    sparse = pytest.importorskip("scipy.sparse")
    d = np.random.default_rng(0).uniform(1, 2, size=(20, 20))
    d[np.random.default_rng(1).uniform(size=(20, 20)) < 0.5] = 0
    np.fill_diagonal(d, 0)
    data = kmedoids.dissimilarity(sparse.csr_matrix(d), absent=5, orientation="rows-are-objects")
    assert data.row(3).tolist() == [0 if o == 3 else d[o, 3] or 5 for o in range(20)]
    with pytest.raises(xchg.InputError, match="not symmetric"):
        kmedoids.cluster(sparse.csr_matrix(d), 3)
    with pytest.raises(xchg.InputError, match=r"sparse in the format csc; expected D.tocsr\(\)"):
        kmedoids.cluster(sparse.csc_matrix(d), 3)
    with pytest.raises(xchg.InputError, match=r"X is sparse, .* expected X.toarray\(\)"):
        kmedoids.cluster(sparse.csr_matrix(d), 3, "euclidean")


def test_infinite_values_may_be_replaced_and_are_counted():
    d = distances(points(20))
    d[3, 5] = d[5, 3] = np.inf
    with pytest.raises(xchg.InputError, match="inf"):
        kmedoids.cluster(d, 3)
    for given in (d, condensed(d)):
        data = kmedoids.dissimilarity(given, infinite_penalty=True)
        assert data.infinite_replaced == 2
        assert data.at(3, 5) == pytest.approx(2 * 20 * d[np.isfinite(d)].max())


CAPPED = """
import resource, sys, numpy
from xchg import kmedoids
d = numpy.load(sys.argv[1], mmap_mode="r")
kmedoids.cluster(numpy.zeros((2, 2)), 1)  # what is needed in any case
used = 1024 * int(next(line for line in open("/proc/self/status") if line.startswith("VmData")).split()[1])
resource.setrlimit(resource.RLIMIT_DATA, (used + d.nbytes // 2,) * 2)
try:
    d.copy()
except MemoryError:
    print(kmedoids.cluster(d, 3, max_rounds=1, threads=1, matrix=None if d.ndim == 2 else "never").total_deviation > 0)
"""


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("kind", ["square", "condensed"])
def test_no_matrix_is_copied_where_there_is_no_memory_for_a_copy(dtype, kind, tmp_path):
    bytes_wanted, size = 48 << 20, np.dtype(dtype).itemsize
    n = int((bytes_wanted / size) ** 0.5) if kind == "square" else int((2 * bytes_wanted / size) ** 0.5)
    shape = (n, n) if kind == "square" else (n * (n - 1) // 2,)
    file = np.lib.format.open_memmap(tmp_path / "d.npy", mode="w+", dtype=dtype, shape=shape)
    file[:] = 1
    if kind == "square":
        np.fill_diagonal(file, 0)
    del file
    process = python(CAPPED, tmp_path / "d.npy")
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, output) == (0, "True\n"), errors


@pytest.mark.parametrize("metric, parameters", [("euclidean", {}), ("minkowski", {"p": 3}), ("cosine", {})])
def test_predict_assigns_to_the_nearest_medoid(metric, parameters):
    x, new = points(40, 3), points(11, 3, seed=5)
    result = kmedoids.cluster(x, 4, metric, **parameters)
    again = kmedoids.predict(x[result.medoids], x, metric, **parameters)
    assert again.labels.tolist() == result.labels.tolist()
    assert again.distance_to_medoid.tolist() == result.distance_to_medoid.tolist()
    full = kmedoids.dissimilarity(np.concatenate([x, new]), metric, **parameters)
    table = np.array([full.row(medoid)[40:] for medoid in result.medoids]).T
    assert kmedoids.predict(x[result.medoids], new, metric, **parameters).labels.tolist() == table.argmin(1).tolist()
    d_new = np.array([full.row(o)[40:] for o in range(40)]).T
    assert kmedoids.predict(result.medoids, d_new).labels.tolist() == table.argmin(1).tolist()


def test_predict_refuses_what_does_not_go_with_the_medoids():
    with pytest.raises(xchg.InputError, match="X has 2 features"):
        kmedoids.predict(points(3, 3), points(5, 2), "euclidean")
    with pytest.raises(xchg.InputError, match=r"medoids are \[0, 9\]; expected columns of X, 0 to 4"):
        kmedoids.predict([0, 9], np.zeros((3, 5)))
    with pytest.raises(xchg.InputError, match="NaN, infinite or negative"):
        kmedoids.predict([0, 1], np.full((3, 5), -1.0))
    with pytest.raises(xchg.InputError, match="ranges"):
        kmedoids.predict(TABLE, TABLE, "gower")


# --- strings ----------------------------------------------------------------------------------------------------------


def edits(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


WORDS = ["kitten", "sitting", "mitten", "Käfer", "Kaefer", "käfig", "", "sit"]


@pytest.mark.parametrize("normalised", [None, True])
@pytest.mark.parametrize("matrix", [None, "never"])
def test_strings_have_levenshtein_distances(normalised, matrix):
    data = kmedoids.dissimilarity(WORDS, "levenshtein", normalised=normalised, matrix=matrix)
    for i, a in enumerate(WORDS):
        longest = [max(len(a), len(b), 1) if normalised else 1 for b in WORDS]
        assert data.row(i) == pytest.approx([edits(a, b) / by for b, by in zip(WORDS, longest)], rel=1e-12)
    assert data.integers == (normalised is None)


def test_an_estimator_takes_strings():
    model = kmedoids.KMedoids(2, metric="levenshtein", init="build").fit(WORDS)
    assert model.transform(["kitchen", "Tiger"]).tolist() == [
        [edits(word, center) for center in model.cluster_centers_] for word in ["kitchen", "Tiger"]]
    assert model.predict(np.array(WORDS)).tolist() == model.labels_.tolist()
    with pytest.raises(xchg.InputError, match="string 1 is 5; expected a str"):
        kmedoids.cluster(["a", 5], 1, "levenshtein")
    with pytest.raises(xchg.InputError, match="X is one string"):
        kmedoids.cluster("abc", 1, "levenshtein")


# --- tables -----------------------------------------------------------------------------------------------------------

TABLE = {
    "size": [1.0, 2.0, None, 5.0, 3.0, 2.0],
    "grade": ["low", "mid", "high", "low", "mid", "high"],
    "colour": ["red", "red", "blue", "", "green", "blue"],
    "rare": [0, 1, 1, 0, 0, 1],
}
TABLE_TYPES = {"grade": ["low", "mid", "high"], "rare": "asymmetric"}


def gower(i, j):
    total = count = 0
    for name, values in TABLE.items():
        a, b = values[i], values[j]
        if a in (None, "") or b in (None, "") or (name == "rare" and a == b == 0):
            continue
        if name == "size":
            total += abs(a - b) / 4
        elif name == "grade":
            total += abs(TABLE_TYPES["grade"].index(a) - TABLE_TYPES["grade"].index(b)) / 2
        else:
            total += a != b
        count += 1
    return total / count


def as_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(TABLE)
    frame["grade"] = pandas.Categorical(frame["grade"], TABLE_TYPES["grade"], ordered=True)
    frame["colour"] = frame["colour"].replace("", pandas.NA)
    return frame, {"rare": "asymmetric"}


def as_structured():
    rows = [tuple(np.nan if value is None else value for value in row) for row in zip(*TABLE.values())]
    return np.array(rows, dtype=[("size", "f8"), ("grade", "U4"), ("colour", "U5"), ("rare", "i4")]), TABLE_TYPES


def as_rows():
    return [list(row) for row in zip(*TABLE.values())], ["numeric", ["low", "mid", "high"], "nominal", "asymmetric"]


@pytest.mark.parametrize("matrix", [None, "never"])
@pytest.mark.parametrize("make", [lambda: (TABLE, TABLE_TYPES), as_frame, as_structured, as_rows])
def test_tables_have_gowers_dissimilarity(make, matrix):
    table, types = make()
    data = kmedoids.dissimilarity(table, "gower", types=types, matrix=matrix)
    expected = [[gower(i, j) for j in range(6)] for i in range(6)]
    assert [data.row(i).tolist() for i in range(6)] == pytest.approx(np.array(expected), rel=1e-12)
    assert len(kmedoids.cluster(table, 2, "gower", types=types).medoids) == 2


@pytest.mark.parametrize("types, message", [
    ({"size": "number"}, "column 'size' has the type 'number'; expected numeric, ordinal"),
    ({"grade": "ordinal"}, "the levels of column 'grade' are texts without an order"),
    ({"weight": "numeric"}, "types names the column 'weight'; expected size, grade"),
    ({"grade": ["low", "mid"]}, "column 'grade', row 2: 'high' is no level; expected low, mid"),
    ({"colour": "numeric"}, "column 'colour', row 0: 'red'; expected a number"),
    (["numeric"], "1 types for 4 columns"),
    ({"size": "asymmetric"}, "size"),
])
def test_types_that_do_not_fit_a_table_are_named(types, message):
    with pytest.raises(xchg.InputError, match=message):
        kmedoids.cluster(TABLE, 2, "gower", types=types)


def test_an_estimator_of_a_table_measures_new_rows_by_the_ranges_and_levels_of_fit():
    frame, types = as_frame()
    model = kmedoids.KMedoids(2, metric="gower", metric_params={"types": types}, init="build").fit(frame)
    assert list(model.cluster_centers_.columns) == list(TABLE)
    assert model.predict(frame).tolist() == model.labels_.tolist()
    assert model.transform(frame[2:4]).tolist() == model.transform(frame)[2:4].tolist()
    assert model.transform(frame[2:4]) == pytest.approx(
        np.array([[gower(i, m) for m in model.medoid_indices_] for i in (2, 3)]), rel=1e-12)
    with pytest.raises(xchg.InputError, match="names should match|X has the columns"):
        model.predict(frame[["size", "grade"]])


def test_the_published_table_and_words_have_their_published_optima():
    with (DATA / "mixed12.csv").open() as file:
        rows = list(csv.DictReader(file))
    table = {name: [row[name] for row in rows] for name in rows[0]}
    types = {"height": "numeric", "grade": ["a", "b", "c", "d"], "rare": "asymmetric"}
    data = kmedoids.dissimilarity(table, "gower", types=types)
    expected = np.loadtxt(DATA / "mixed12.gower.csv", delimiter=",")
    assert [data.row(i).tolist() for i in range(12)] == pytest.approx(expected, abs=1e-12)
    published = json.loads((DATA / "metrics.json").read_text())
    words = (DATA / "words12.txt").read_text().split()
    for metric, given in (("gower", data), ("levenshtein", kmedoids.dissimilarity(words, "levenshtein"))):
        optimum = published[metric]
        result = kmedoids.cluster(given, optimum["k"], restarts=20)
        assert result.total_deviation == pytest.approx(optimum["optimum"], abs=1e-12)
