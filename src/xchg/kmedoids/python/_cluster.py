"""The functions of xchg.kmedoids."""

import warnings
from collections.abc import Sequence
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import kmedoids as _binding
from xchg.kmedoids._data import DATA_OPTIONS, Dissimilarity, Metric, dissimilarity, split_options
from xchg.kmedoids._results import Check, LowerBound, Progress, RangeResult, Result, make_range, make_result
from xchg.kmedoids._table import Types


def cluster(
    X_or_D: Any,
    k: int,
    metric: Metric = "precomputed",
    *,
    method: str = "fasterpam",
    init: str = "random",
    medoids: Sequence[int] | npt.NDArray[np.int64] | None = None,
    weights: npt.ArrayLike | None = None,
    seed: int = 1,
    restarts: int = 1,
    max_rounds: int = 300,
    shuffle: bool = False,
    order: Sequence[int] | npt.NDArray[np.int64] | None = None,
    ties: str = "first",
    skip: bool = True,
    fastpam2_tolerance: float = 1.0,
    samples: int = 5,
    sample_size: int = 0,
    independent_samples: bool = False,
    numlocal: int = 2,
    maxneighbor: float = 0.0,
    plusplus_power: float = 1.0,
    certify: bool = False,
    certify_steps: int = 600,
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
    time_limit_seconds: float = inf,
    progress: Progress | None = None,
) -> Result:
    """Choose k medoids and assign every object to the nearest.

    X_or_D and metric, with what belongs to them (p, window, normalised, types, absent, n, orientation, zero_diagonal,
    infinite_penalty, matrix), are described at dissimilarity().

    method: "fasterpam", "fastpam1", "fastpam2" (fastpam2_tolerance: 1 takes any further improvement, 0 only unaffected
    ones), "pam", "alternating"; on samples "clara", "fastclara", "fasterclara" (samples, sample_size: 0 is 40 + 2k for
    the first, 80 + 4k for the others; independent_samples: do not contain the best medoids so far); random swaps
    "clarans", "fastclarans" (numlocal restarts, each ended by maxneighbor failures in a row: a number, below 1 a share,
    0 the default); for the medoid silhouette "fastermsc", "fastmsc", "pammedsil"; for the silhouette "pamsil".

    init: "random", "build" (greedy; ties "last" as R's pam), "lab" (greedy on samples), "plusplus" (with a probability
    proportional to distance ** plusplus_power), "park_jun", "first" (objects 0..k-1), "bound"; or medoids, k different
    objects, which implies "given". The best of restarts starts is kept.

    weights, (n), are >= 0. Candidates are visited in the order 0..n-1, or in order, each object once, or shuffled; skip
    leaves out those that a bound excludes, with the same result. max_rounds: passes over the candidates; 0 is only the
    start. certify computes a lower bound of the total deviation, in certify_steps steps at most. The result depends on
    seed, but not on threads (0: all processors) and isa.

    Ctrl-C raises KeyboardInterrupt. When progress returns False, or the time limit is reached, the best result so far
    comes back with ``converged=False`` and the reason in ``stopped_by``.

    Warns when there are fewer than k different objects: there are k medoids all the same, at distance 0 of each other.

    Raises InputError (k, data, medoids, weights or an option out of range), LimitError (the matrix of distances is over
    the memory budget, by default half of the free memory; integer sums could pass 2**63), NumericError (a sum
    overflows), CancelledError (stopped before there was a result).

    Schubert, Rousseeuw: Fast and eager k-medoids clustering, Information Systems 101, 2021.
    """
    options = dict(locals())
    for name in ("X_or_D", "k", "metric"):
        del options[name]
    data_options, search_options = split_options(options, SEARCH_OPTIONS)
    data = dissimilarity(X_or_D, metric, **data_options)
    result = make_result(_binding.cluster(data, k, _search(search_options), progress))
    _warn_of_few_objects(data, result)
    return result


# What the binding reads; threads and their like are read with the data as well.
SEARCH_OPTIONS = frozenset(cluster.__kwdefaults__) - DATA_OPTIONS | {"threads", "isa", "memory_budget_bytes"}


def _search(options: dict[str, Any]) -> dict[str, Any]:
    """Options for the binding: None is left out, numbers of NumPy become Python's."""
    given = {name: value for name, value in options.items() if value is not None}
    for name in ("medoids", "order"):
        if name in given:
            given[name] = np.asarray(given[name]).tolist()
    if "weights" in given:
        given["weights"] = np.ascontiguousarray(given["weights"], dtype=np.float64)
    return given


def _warn_of_few_objects(data: Dissimilarity, result: Result) -> None:
    """Objects may coincide, but who asks for more clusters than there are different objects should know."""
    if result.total_deviation > 0:
        return
    medoids = result.medoids.tolist()
    twins = sum(any(data.at(a, b) == 0 for b in medoids[:slot]) for slot, a in enumerate(medoids))
    if twins:
        warnings.warn(f"only {len(medoids) - twins} different objects for k = {len(medoids)}", stacklevel=3)


def lower_bound(
    X_or_D: Any, k: int, metric: Metric = "precomputed", *, progress: Progress | None = None, **options: Any
) -> LowerBound:
    """A lower bound of the total deviation of any k medoids, with its proof, and the best medoids found on the way.

    Lagrangian relaxation in certify_steps steps at most; medoids, if given, are a set that is known already. options
    are those of dissimilarity(), and weights, medoids, certify_steps and time_limit_seconds as in cluster().

    Raises what cluster() raises.

    Beasley: A note on solving large p-median problems, European Journal of Operational Research 21, 1985.
    """
    known = frozenset({"weights", "medoids", "certify_steps", "threads", "isa", "memory_budget_bytes",
                       "time_limit_seconds"})  # fmt: skip
    data_options, search_options = split_options(options, known)
    data = dissimilarity(X_or_D, metric, progress=progress, **data_options)
    return LowerBound(**_binding.lower_bound(data, k, _search(search_options), progress))


def dynmsc(
    X_or_D: Any,
    k_min: int,
    k_max: int,
    metric: Metric = "precomputed",
    *,
    progress: Progress | None = None,
    **options: Any,
) -> RangeResult:
    """The number of clusters with the greatest average medoid silhouette, by DynMSC.

    FasterMSC for k_max, then again and again the medoid is dropped whose removal costs least and FasterMSC goes on from
    there, down to k_min. k = 1 has silhouette 0 by convention, k = n has 1. options are those of cluster() but for
    method; medoids and restarts are those of k_max. When stopped early, returns what there is.

    Raises InputError unless 1 <= k_min <= k_max <= n, and what cluster() raises.

    Lenssen, Schubert: Medoid silhouette clustering with automatic cluster number selection, Inf. Systems 120, 2024.
    """
    data_options, search_options = split_options(options, SEARCH_OPTIONS - {"method"})
    data = dissimilarity(X_or_D, metric, progress=progress, **data_options)
    return make_range(_binding.dynmsc(data, k_min, k_max, _search(search_options), progress))


def cluster_range(
    X_or_D: Any,
    k_min: int,
    k_max: int,
    metric: Metric = "precomputed",
    *,
    criterion: str = "medoid-silhouette",
    progress: Progress | None = None,
    **options: Any,
) -> RangeResult:
    """Clusterings for every k of k_min..k_max, each from a start of its own, and the best by a criterion.

    criterion: the greatest "medoid-silhouette" or mean "silhouette"; or "td", the elbow of the total deviation (the
    greatest second difference), a heuristic that answers also where there is none. options are those of cluster().
    When stopped early, and after an error at a later k, returns what there is, with the reason in ``stopped_by``.

    Raises InputError unless 1 <= k_min <= k_max <= n, for "td" with fewer than three k, with medoids, and what
    cluster() raises.
    """
    data_options, search_options = split_options(options, SEARCH_OPTIONS)
    data = dissimilarity(X_or_D, metric, progress=progress, **data_options)
    return make_range(_binding.cluster_range(data, k_min, k_max, criterion, _search(search_options), progress))


def verify(
    X_or_D: Any,
    result: Result,
    metric: Metric = "precomputed",
    *,
    weights: npt.ArrayLike | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Check:
    """Checks a result independently: labels, distances, total deviation, silhouettes and every swap are recomputed.

    Shares no code with cluster(). A swap that improves makes a result wrong only if it converged and its method ends
    where no swap improves. weights as given to cluster(); options are those of dissimilarity(). O(n * n), for "pamsil"
    O(n * n * k * (n - k)).

    Raises InputError when the sizes do not belong to the data.
    """
    data_options, _ = split_options(options, frozenset())
    data = dissimilarity(X_or_D, metric, progress=progress, **data_options)
    array = None if weights is None else np.ascontiguousarray(weights, dtype=np.float64)
    return Check(**_binding.verify(data, result, array, progress))


def silhouette(
    X_or_D: Any, labels: npt.ArrayLike, metric: Metric = "precomputed", *, threads: int = 0, **options: Any
) -> npt.NDArray[np.float64]:
    """Silhouette (Rousseeuw 1987) of every object, (n), between -1 and 1; 0 in a cluster of one.

    labels, (n), are 0..k-1 with no cluster empty. X_or_D, metric and options are those of dissimilarity(). O(n * n).
    """
    data_options, _ = split_options(options, frozenset())
    data = dissimilarity(X_or_D, metric, threads=threads, **data_options)
    return _binding.silhouette(data, np.ascontiguousarray(labels, dtype=np.int32), threads)
