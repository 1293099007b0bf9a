"""k-medoids: k representative objects (medoids) of any data with dissimilarities.

>>> import numpy
>>> from xchg import kmedoids
>>> X = numpy.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
>>> kmedoids.cluster(X, 2, metric="euclidean").total_deviation
4.0
"""

from typing import TYPE_CHECKING, Any

from xchg._xchg import kmedoids as _binding
from xchg.kmedoids._cluster import cluster, cluster_range, dynmsc, lower_bound, silhouette, verify
from xchg.kmedoids._data import Dissimilarity, dissimilarity
from xchg.kmedoids._predict import predict
from xchg.kmedoids._results import Assignment, Check, CurvePoint, LowerBound, Progress, RangeResult, Result, Statistics

METHODS: tuple[str, ...] = _binding.methods
"""Searches by name."""
INITS: tuple[str, ...] = _binding.inits
"""Starts by name."""
METRICS: tuple[str, ...] = _binding.metrics
"""Metrics on raw data by name."""

if TYPE_CHECKING:
    from xchg.kmedoids._estimator import KMedoids

__all__ = [
    "INITS",
    "METHODS",
    "METRICS",
    "Assignment",
    "Check",
    "CurvePoint",
    "Dissimilarity",
    "KMedoids",
    "LowerBound",
    "Progress",
    "RangeResult",
    "Result",
    "Statistics",
    "cluster",
    "cluster_range",
    "dissimilarity",
    "dynmsc",
    "lower_bound",
    "predict",
    "silhouette",
    "verify",
]


def __getattr__(name: str) -> Any:
    """KMedoids when it is asked for: only then is scikit-learn imported, if it is there."""
    if name == "KMedoids":
        from xchg.kmedoids._estimator import KMedoids

        return KMedoids
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
