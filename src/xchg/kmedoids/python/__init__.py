"""k-medoids: k representative objects (medoids) of any data with dissimilarities.

>>> import numpy
>>> from xchg import kmedoids
>>> X = numpy.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
>>> kmedoids.cluster(X, 2, metric="euclidean").total_deviation
4.0
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import kmedoids as _binding
from xchg.kmedoids._estimator import KMedoids

__all__ = ["KMedoids", "Progress", "Result", "Statistics", "cluster", "silhouette"]

Progress = Callable[[float, float, str], bool | None]
"""Called as ``progress(done, total, stage)`` now and then; total is 0 where it is not known. Returning False stops."""


@dataclass(frozen=True, eq=False)
class Statistics:
    """What the search did."""

    total_deviation_init: float
    """Total deviation of the start that led to the result."""
    rounds: int
    """Passes over the candidates, the last one without a swap."""
    swaps: int
    evaluated: int
    """Candidates whose k swaps were evaluated."""
    objects_changed: int
    """Changes of a nearest or second nearest medoid, over all swaps."""
    total_deviation_per_swap: npt.NDArray[np.float64]
    """(swaps) total deviation after each swap."""
    seconds_init: float
    seconds_swap: float
    isa: str
    restarts_done: int


@dataclass(frozen=True, eq=False)
class Result:
    """A clustering; the names are those of the C++ ``xchg::kmedoids::Result``."""

    medoids: npt.NDArray[np.int64]
    """(k) the medoids, 0-based objects, by slot; all different."""
    labels: npt.NDArray[np.int32]
    """(n) slot of the nearest medoid."""
    distance_to_medoid: npt.NDArray[np.float64]
    """(n)"""
    total_deviation: float
    """Sum of weight * distance_to_medoid."""
    total_deviation_exact: int | None
    """The same as an exact integer, for int32 dissimilarities without weights."""
    average_medoid_silhouette: float
    """Mean of 1 - d1/d2 over the objects."""
    converged: bool
    """No single swap improves the total deviation."""
    statistics: Statistics


def cluster(
    X_or_D: npt.ArrayLike,
    k: int,
    metric: str = "precomputed",
    *,
    method: str = "fasterpam",
    init: str = "random",
    medoids: Sequence[int] | npt.NDArray[np.int64] | None = None,
    weights: npt.ArrayLike | None = None,
    seed: int = 1,
    restarts: int = 1,
    max_rounds: int = 300,
    shuffle: bool = False,
    orientation: str = "symmetric",
    zero_diagonal: bool = False,
    threads: int = 0,
    isa: str = "auto",
    memory_budget_bytes: int = 0,
    time_limit_seconds: float = inf,
    progress: Progress | None = None,
) -> Result:
    """Choose k medoids and assign every object to the nearest.

    ``metric="precomputed"``: D, (n, n), dissimilarities as float64, float32 or int32 (exact sums). D is used where it
    lies, memory-mapped arrays too, and must be C-contiguous; it is never converted or copied, except that
    ``orientation="rows-are-objects"`` and a diagonal to clear need a copy. Element (i, j) of an asymmetric D is the
    dissimilarity from object i to medoid j ("rows-are-objects") or from j to i ("rows-are-candidates").

    ``metric="euclidean"`` or ``"manhattan"``: X, (n, d), points; turned into C-contiguous float64 where they are not.

    init is "random", "build" (greedy) or "first" (objects 0..k-1); medoids, k different objects, starts from these.
    weights, (n), are >= 0. The result depends on seed, but not on threads (0: all processors) and isa.

    Ctrl-C raises KeyboardInterrupt. When progress returns False, or the time limit is reached, the best result so far
    comes back with ``converged=False``.

    Raises InputError (k, data, medoids or weights out of range), LimitError (the matrix of distances is over the memory
    budget, by default half of the free memory; integer sums could pass 2**63), NumericError (a sum overflows),
    CancelledError (stopped before there was a result).

    Schubert, Rousseeuw: Fast and eager k-medoids clustering, Information Systems 101, 2021.
    """
    data = X_or_D if metric == "precomputed" else np.ascontiguousarray(X_or_D, dtype=np.float64)
    members: dict[str, Any] = _binding.cluster(
        data,
        k,
        metric=metric,
        method=method,
        init=init,
        medoids=None if medoids is None else [int(medoid) for medoid in medoids],
        weights=None if weights is None else np.ascontiguousarray(weights, dtype=np.float64),
        seed=seed,
        restarts=restarts,
        max_rounds=max_rounds,
        shuffle=shuffle,
        orientation=orientation,
        zero_diagonal=zero_diagonal,
        threads=threads,
        isa=isa,
        memory_budget_bytes=memory_budget_bytes,
        time_limit_seconds=time_limit_seconds,
        progress=progress,
    )
    members["statistics"] = Statistics(**members["statistics"])
    return Result(**members)


def silhouette(
    X_or_D: npt.ArrayLike,
    labels: npt.ArrayLike,
    metric: str = "precomputed",
    *,
    orientation: str = "symmetric",
    zero_diagonal: bool = False,
    threads: int = 0,
) -> npt.NDArray[np.float64]:
    """Silhouette (Rousseeuw 1987) of every object, (n), between -1 and 1; 0 in a cluster of one.

    labels, (n), are 0..k-1 with no cluster empty. X_or_D and metric as in cluster().
    """
    data = X_or_D if metric == "precomputed" else np.ascontiguousarray(X_or_D, dtype=np.float64)
    return _binding.silhouette(
        data,
        np.ascontiguousarray(labels, dtype=np.int32),
        metric=metric,
        orientation=orientation,
        zero_diagonal=zero_diagonal,
        threads=threads,
    )
