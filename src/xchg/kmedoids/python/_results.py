"""What the functions of xchg.kmedoids give back; the names are those of the C++ structures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Progress = Callable[[float, float, str], bool | None]
"""Called as ``progress(done, total, stage)`` now and then; total is 0 where it is not known. Returning False stops."""

Floats = npt.NDArray[np.float64]


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
    skipped: int
    """Candidates left out because of a bound."""
    objects_changed: int
    """Changes of a nearest or second nearest medoid, over all swaps."""
    total_deviation_per_swap: Floats
    """(swaps) total deviation after each swap."""
    objective_per_swap: Floats
    """(swaps) the silhouette that the method maximises; empty for other methods."""
    seconds_per_swap: Floats
    """(swaps) when it was done, since the start of the search."""
    lower_bound_per_step: Floats
    """(steps) of the certificate."""
    upper_bound_per_step: Floats
    """(steps) least total deviation known then."""
    seconds_init: float
    seconds_swap: float
    seconds_bound: float
    isa: str
    """Instruction set used."""
    restarts_done: int
    best_start: int
    """Number, from 0, of the start that led to the result."""


@dataclass(frozen=True, eq=False)
class Result:
    """A clustering, valid whether the search came to its end or was stopped."""

    medoids: npt.NDArray[np.int64]
    """(k) the medoids, 0-based objects, by slot; all different."""
    labels: npt.NDArray[np.int32]
    """(n) slot of the nearest medoid; a medoid is always in its own slot."""
    distance_to_medoid: Floats
    """(n)"""
    total_deviation: float
    """Sum of weight * distance_to_medoid."""
    total_deviation_exact: int | None
    """The same as an exact integer, for integer dissimilarities without broken weights."""
    average_medoid_silhouette: float
    """Weighted mean of 1 - d1/d2 over the objects; 0 for k = 1."""
    mean_silhouette: float | None
    """Mean silhouette, of method "pamsil"."""
    lower_bound: float | None
    """No k medoids have a lower total deviation."""
    gap: float | None
    """(total_deviation - lower_bound) / total_deviation"""
    optimal: bool
    """Proven: no k medoids have a lower total deviation."""
    converged: bool
    """The search came to its end."""
    stopped_by: str
    """Why it did not: cancelled, the time limit, or the error of a later restart; else empty."""
    method: str
    statistics: Statistics


@dataclass(frozen=True, eq=False)
class CurvePoint:
    """One k of a curve over k."""

    k: int
    total_deviation: float
    average_medoid_silhouette: float
    mean_silhouette: float | None
    """Where the criterion needs it."""
    medoids: npt.NDArray[np.int64]
    """(k) by slot."""
    converged: bool


@dataclass(frozen=True, eq=False)
class RangeResult:
    """Clusterings for several k, and the best of them."""

    criterion: str
    """What the best is chosen by: "medoid-silhouette", "silhouette" or "td"."""
    curve: list[CurvePoint]
    """By rising k; when stopped early only the k that were reached."""
    best_k: int
    """The smallest of several."""
    best: Result
    converged: bool
    """All k were reached and converged."""
    stopped_by: str
    """Why not all k were reached: cancelled, the time limit, or the error of a later k; else empty."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """Objects assigned to medoids."""

    labels: npt.NDArray[np.int32]
    """(m) slot of the nearest medoid."""
    distance_to_medoid: Floats
    """(m)"""


@dataclass(frozen=True, eq=False)
class LowerBound:
    """A bound of the total deviation that no k medoids can go below."""

    lower_bound: float
    """What rounding can amount to is off; whole where sums are integers."""
    multipliers: Floats
    """(n) u >= 0, the proof: lower_bound <= the sum of u(o) + the k smallest of the sums over o of
    min(0, w(o) d(o, x) - u(o)), one for each candidate x; sums of integers are rounded up."""
    medoids: npt.NDArray[np.int64]
    """(k) the best that were found on the way."""
    total_deviation: float
    """Theirs."""
    gap: float
    """(total_deviation - lower_bound) / total_deviation"""
    optimal: bool
    """No k medoids are better than these."""
    lower_bound_per_step: Floats
    """(steps) the best so far."""
    upper_bound_per_step: Floats


@dataclass(frozen=True)
class Check:
    """What an independent recomputation says about a result."""

    right: bool
    problem: str
    """The first thing that is wrong; empty if right."""
    total_deviation: float
    """Recomputed."""
    swap_optimal: bool
    """No single swap improves what the method optimises."""
    best_swap_change: float
    """Least change over all swaps: of the total deviation, or of 1 - the (medoid) silhouette."""
    best_swap_slot: int
    best_swap_object: int


def make_result(members: dict[str, Any]) -> Result:
    """A Result of what the binding gives."""
    members["statistics"] = Statistics(**members["statistics"])
    return Result(**members)


def make_range(members: dict[str, Any]) -> RangeResult:
    """A RangeResult of what the binding gives."""
    members["curve"] = [CurvePoint(**point) for point in members["curve"]]
    members["best"] = make_result(members["best"])
    return RangeResult(**members)
