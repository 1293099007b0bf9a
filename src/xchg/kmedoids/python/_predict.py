"""New objects assigned to medoids."""

from typing import Any

import numpy as np
import numpy.typing as npt

from xchg.errors import InputError
from xchg.kmedoids._data import Metric
from xchg.kmedoids._estimator_input import TrainingData
from xchg.kmedoids._results import Assignment


def predict(medoids: Any, X: Any, metric: Metric = "precomputed", **parameters: Any) -> Assignment:
    """Assigns the objects of X, (m), to the nearest of the medoids, the first of equally near ones.

    medoids are the objects themselves, such as ``X_fit[result.medoids]``; X, metric and its parameters as in
    dissimilarity(). ``metric="precomputed"``: medoids are numbers of objects, such as ``result.medoids``, and X is
    (m, n), dissimilarities of the new objects to all n objects that were clustered, of which those columns are used.
    Objects that were clustered get their label again, unless two medoids are at distance 0 of each other.

    Raises InputError (X does not go with the medoids; metric "gower", whose ranges are those of the clustered table:
    KMedoids keeps them) and what dissimilarity() raises.
    """
    if metric == "gower":
        raise InputError.of("predict does not know the ranges of the clustered table", "KMedoids(metric='gower')")
    if metric == "precomputed":
        table = _columns(X, np.asarray(medoids))
    else:
        training = TrainingData(medoids, metric, parameters)
        training.keep(medoids, np.arange(training.size))
        table = training.distances(X)
    labels = table.argmin(axis=1).astype(np.int32)
    return Assignment(labels, table[np.arange(len(labels)), labels])


def _columns(D: Any, medoids: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    rows = np.asarray(D)
    if rows.ndim != 2:
        raise InputError.of(f"X has shape {rows.shape}", "(m, n)")
    if medoids.size == 0 or medoids.min() < 0 or medoids.max() >= rows.shape[1]:
        raise InputError.of(f"medoids are {medoids.tolist()}", f"columns of X, 0 to {rows.shape[1] - 1}")
    table = rows[:, medoids].astype(np.float64)
    if not np.isfinite(table).all() or (table < 0).any():
        raise InputError.of("X has NaN, infinite or negative values", "finite dissimilarities >= 0")
    return table
