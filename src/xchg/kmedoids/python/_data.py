"""Data of every kind as a Dissimilarity."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import kmedoids as _binding
from xchg.errors import InputError
from xchg.kmedoids._results import Progress
from xchg.kmedoids._table import Table, Types

Dissimilarity = _binding.Dissimilarity
Metric = str | Callable[[Any, Any], float]

MATRIX_TYPES = frozenset(np.dtype(name) for name in ("float64", "float32", "int64", "int32", "uint16", "uint8"))
"""What a matrix of dissimilarities may hold."""


def dissimilarity(
    X_or_D: Any,
    metric: Metric = "precomputed",
    *,
    p: float | None = None,
    window: int | None = None,
    normalised: bool | None = None,
    types: Types | None = None,
    absent: float | None = None,
    n: int | None = None,
    orientation: str = "symmetric",
    zero_diagonal: bool = False,
    infinite_penalty: bool = False,
    matrix: str | None = None,
    threads: int = 0,
    isa: str = "auto",
    memory_budget_bytes: int = 0,
    progress: Progress | None = None,
) -> Dissimilarity:
    """Reads and checks data once, for several calls: every function here takes the result in place of X_or_D.

    ``metric="precomputed"``: X_or_D is D, one of

    - (n, n), dissimilarities as float64, float32, int64, int32, uint16 or uint8 (sums of integers are exact). D is used
      where it lies, memory-mapped arrays too, and must be C-contiguous; it is never converted or copied, except that
      ``orientation="rows-are-objects"``, a diagonal to clear and infinite values to replace need a copy.
    - (n (n - 1) / 2), the upper triangle of a symmetric matrix row by row, as scipy.spatial.distance.pdist makes it;
      used where it lies with ``matrix="never"``, unpacked with "always", and by default ("auto") where that fits.
    - a sparse matrix in SciPy's CSR format, (n, n); pairs that are not stored have the dissimilarity absent, by default
      twice the largest stored value. Its entries are copied.
    - a function ``D(object, candidate)`` of two numbers in 0..n-1, with n=; called for every pair once ("auto" and
      "always") or whenever a value is needed ("never"), never for an object with itself, and with a symmetric
      orientation for one order of each pair.

    Element (i, j) of an asymmetric D is the dissimilarity from object i to medoid j (orientation "rows-are-objects") or
    from j to i ("rows-are-candidates"). zero_diagonal: what stands on the diagonal is taken for 0. infinite_penalty:
    infinite values are replaced by 2 * n * (largest finite value); ``infinite_replaced`` says how many.

    Otherwise X_or_D is X, the objects themselves, and metric one of

    - "euclidean", "sqeuclidean", "manhattan", "chebyshev", "minkowski" (exponent p, default 2), "cosine",
      "correlation", "jaccard" (of 0/1 vectors), "hamming", "dtw" (window: greatest shift in time, default any): (n, d)
      points, turned into C-contiguous float64 where they are not.
    - "levenshtein": a list of n strings; normalised divides by the length of the longer one.
    - "gower": a table, that is a data frame of pandas, a dict of columns, a structured array, or an array or list of
      rows. types says for each column (a list, or a dict by name for some) whether it is "numeric", "nominal",
      "ordinal", "asymmetric" (0/1, two 0 say nothing), or ordinal with these levels in rising order (a list). Without
      it numbers are numeric, ordered categories ordinal, all else nominal. None, NaN and "" are missing.
    - a function of two elements of X, such as two rows of an array. It is called as D would be.

    matrix says whether dissimilarities are computed once and kept in memory, n * n values: "always" (the default for X
    with a named metric), "auto" (where they fit) or "never" (each is computed every time it is needed). isa is "auto",
    "scalar", "avx2" or "avx512". Ctrl-C works. What a function raises comes out as it is, with a note that names the
    pair.

    Raises InputError (shape, dtype, a value that cannot be a dissimilarity, with its place; a parameter that the metric
    does not have), LimitError (the matrix is over memory_budget_bytes, 0 being half of the free memory), NumericError
    (a distance overflows), CancelledError (progress returned False).
    """
    if isinstance(X_or_D, Dissimilarity):
        return X_or_D
    kind = _kind(X_or_D, metric)
    _refuse_unused(metric, kind, {"p": p, "window": window, "normalised": normalised, "types": types, "absent": absent,
                                  "n": n})  # fmt: skip
    given = {"matrix": matrix, "p": p, "window": window, "absent": absent}
    options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    options |= {"threads": threads, "isa": isa, "memory_budget_bytes": memory_budget_bytes}
    options |= {"orientation": orientation, "zero_diagonal": zero_diagonal, "infinite_penalty": infinite_penalty}
    if kind == "matrix":
        if np.ndim(X_or_D) == 1:
            return Dissimilarity.packed(X_or_D, options, progress)
        return Dissimilarity.view(X_or_D, options)
    if kind == "sparse":
        return _sparse(X_or_D, options, progress)
    if kind == "function":
        return _function(X_or_D, metric, n, options, progress)
    if kind == "levenshtein":
        return Dissimilarity.strings(as_strings(X_or_D), bool(normalised), options, progress)
    if kind == "gower":
        table = Table(X_or_D, types)
        return of_table(table, table.encode(X_or_D), options, progress)
    return Dissimilarity.points(as_points(X_or_D), str(metric), options, progress)


def _kind(X_or_D: Any, metric: Metric) -> str:
    """What X_or_D is: matrix, sparse, function, levenshtein, gower or points."""
    if callable(metric) or (metric == "precomputed" and callable(X_or_D)):
        return "function"
    if metric == "precomputed":
        return "sparse" if hasattr(X_or_D, "toarray") else "matrix"
    return metric if metric in ("levenshtein", "gower") else "points"


_USED_BY = {"p": "minkowski", "window": "dtw", "normalised": "levenshtein", "types": "gower", "absent": "sparse",
            "n": "function"}  # fmt: skip


def _refuse_unused(metric: Metric, kind: str, parameters: dict[str, Any]) -> None:
    """A parameter that nothing would read must not be dropped without a word."""
    for name, value in parameters.items():
        if value is not None and _USED_BY[name] not in (metric, kind):
            raise InputError.of(f"metric {metric!r} of this data has no parameter {name}", f"it with {_USED_BY[name]}")


def _sparse(D: Any, options: dict[str, Any], progress: Progress | None) -> Dissimilarity:
    if D.format != "csr":
        raise InputError.of(f"D is sparse in the format {D.format}", "D.tocsr()")
    if D.shape[0] != D.shape[1]:
        raise InputError.of(f"D has shape {D.shape}", "(n, n)")
    starts, columns = (np.ascontiguousarray(part, dtype=np.int64) for part in (D.indptr, D.indices))
    return Dissimilarity.sparse(starts, columns, D.data, D.shape[0], options, progress)


def _function(
    X: Any, metric: Metric, n: int | None, options: dict[str, Any], progress: Progress | None
) -> Dissimilarity:
    """Of D(object, candidate), or of metric(row, row)."""
    orientation = options["orientation"]
    known = ("symmetric", "rows-are-objects", "rows-are-candidates")
    if orientation not in known:
        raise InputError.of(f"unknown orientation '{orientation}'", " or ".join(known))
    if callable(metric):
        rows = as_objects(X)
        n = len(rows)
        measure = metric

        def distance(i: int, j: int) -> float:
            return measure(rows[i], rows[j])

    elif n is None:
        raise InputError.of("n is not given", "the number of objects that the function knows")
    else:
        distance = X
    if orientation == "rows-are-candidates":
        forward = distance

        def distance(i: int, j: int) -> float:
            return forward(j, i)

    return Dissimilarity.callback(distance, n, options | {"symmetric": orientation == "symmetric"}, progress)


def of_table(
    table: Table, rows: npt.NDArray[np.float64], options: dict[str, Any], progress: Progress | None = None
) -> Dissimilarity:
    """Gower's dissimilarity of the encoded rows of a table, (n, columns)."""
    return Dissimilarity.table(
        [column.name for column in table.columns],
        [column.type for column in table.columns],
        [np.ascontiguousarray(values) for values in rows.T],
        [column.range for column in table.columns],
        options,
        progress,
    )


def as_points(X: Any) -> npt.NDArray[np.float64]:
    """X as C-contiguous float64; InputError for what has no real numbers."""
    if hasattr(X, "toarray"):
        raise InputError.of("X is sparse, which metrics on points do not take", "X.toarray()")
    array = np.asarray(X)
    require_real(array)
    try:
        return np.ascontiguousarray(array, dtype=np.float64)
    except ValueError as error:
        raise InputError.of(f"X cannot be made an array of numbers: {error}", "shape (n, d)") from error


def as_strings(X: Any) -> list[Any]:
    """Strings of a list, an array or a column of a table."""
    if isinstance(X, str):
        raise InputError.of("X is one string", "a list of strings")
    array = X if isinstance(X, list | tuple) else np.asarray(X, dtype=object).ravel().tolist()
    return list(array)


def as_objects(X: Any) -> Any:
    """What a function is given elements of: rows of an array or data frame, else a list."""
    if hasattr(X, "toarray"):
        raise InputError.of("X is sparse, which functions of two rows do not take", "X.toarray()")
    if hasattr(X, "iloc"):
        return X.to_numpy()
    return X if isinstance(X, np.ndarray) else list(X)


def require_real(array: npt.NDArray[Any]) -> None:
    """InputError, in the words of scikit-learn, for complex numbers."""
    if np.iscomplexobj(array):
        raise InputError.of("Complex data not supported: X is complex", "real numbers")


DATA_OPTIONS = frozenset(dissimilarity.__kwdefaults__)


def split_options(options: Mapping[str, Any], others: frozenset[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What dissimilarity() takes, and what is among the others; threads and their like may be both."""
    for name in options:
        if name not in DATA_OPTIONS and name not in others:
            raise TypeError(f"unexpected keyword argument '{name}'")
    return (
        {name: value for name, value in options.items() if name in DATA_OPTIONS},
        {name: value for name, value in options.items() if name in others},
    )
