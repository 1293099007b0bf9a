"""Data of every kind as a Dissimilarity."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import kmedoids as _binding
from xchg.errors import InputError
from xchg.kmedoids._results import Progress

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
    orientation: str = "symmetric",
    zero_diagonal: bool = False,
    matrix: str = "always",
    threads: int = 0,
    isa: str = "auto",
    memory_budget_bytes: int = 0,
    progress: Progress | None = None,
) -> Dissimilarity:
    """Reads and checks data once, for several calls: every function here takes the result in place of X_or_D.

    ``metric="precomputed"``: X_or_D is D, (n, n), dissimilarities as float64, float32, int64, int32, uint16 or uint8
    (sums of integers are exact). D is used where it lies, memory-mapped arrays too, and must be C-contiguous; it is
    never converted or copied, except that ``orientation="rows-are-objects"`` and a diagonal to clear need a copy.
    Element (i, j) of an asymmetric D is the dissimilarity from object i to medoid j ("rows-are-objects") or from j to i
    ("rows-are-candidates"). zero_diagonal: what stands on the diagonal is taken for 0.

    ``metric="euclidean"``, "sqeuclidean", "manhattan", "chebyshev", "minkowski" (exponent p, default 2), "cosine",
    "correlation", "jaccard" (of 0/1 vectors), "hamming", "dtw" (window: greatest shift of the time axis, default any):
    X_or_D is X, (n, d), points; turned into C-contiguous float64 where they are not.

    matrix says whether distances of X are kept in memory, n * n * 8 bytes: "always", "never" (each is computed every
    time it is needed) or "auto" (kept where they fit). isa is "auto", "scalar", "avx2" or "avx512". Ctrl-C works.

    Raises InputError (shape, dtype, a value that cannot be a dissimilarity, with its place), LimitError (the matrix is
    over memory_budget_bytes, 0 being half of the free memory), NumericError (a distance overflows), CancelledError
    (progress returned False).
    """
    if isinstance(X_or_D, Dissimilarity):
        return X_or_D
    _refuse_unused(metric, "p", p, ("minkowski",))
    _refuse_unused(metric, "window", window, ("dtw",))
    if not isinstance(metric, str):
        raise InputError.of(f"metric is {metric!r}", "a name")
    if metric == "precomputed":
        return Dissimilarity.view(X_or_D, {"orientation": orientation, "zero_diagonal": zero_diagonal})
    keeping = {"matrix": matrix, "threads": threads, "memory_budget_bytes": memory_budget_bytes}
    parameters = {"isa": isa} | ({} if p is None else {"p": p}) | ({} if window is None else {"window": window})
    return Dissimilarity.points(as_points(X_or_D), metric, keeping | parameters, progress)


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


def require_real(array: npt.NDArray[Any]) -> None:
    """InputError, in the words of scikit-learn, for complex numbers."""
    if np.iscomplexobj(array):
        raise InputError.of("Complex data not supported: X is complex", "real numbers")


def _refuse_unused(metric: Metric, name: str, value: object, metrics: tuple[str, ...]) -> None:
    """A parameter that the metric does not know must not be dropped without a word."""
    if value is not None and metric not in metrics:
        raise InputError.of(f"metric {metric!r} has no parameter {name}", " or ".join(metrics))


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
