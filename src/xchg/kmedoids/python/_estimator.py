"""KMedoids with the conventions of scikit-learn, which is not needed."""

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._sklearn import ClusterMixin, Estimator, TransformerMixin, UnfittedError, seed_of, threads_of
from xchg.errors import InputError
from xchg.kmedoids._cluster import cluster
from xchg.kmedoids._data import Metric
from xchg.kmedoids._estimator_input import TrainingData
from xchg.kmedoids._results import Result


class KMedoids(TransformerMixin, ClusterMixin, Estimator):
    """k-medoids clustering as an estimator of scikit-learn, whose base classes it has where that is installed.

    The parameters are kept as they are given and checked by fit. metric (a name or a function of two rows) and
    metric_params (a dictionary of what the metric has: p, window, normalised, types, orientation, …) are those of
    dissimilarity(), method and init those of cluster(); init may also be an array of n_clusters objects to start from.
    n_init: starts of which the best is kept; max_iter: rounds. random_state is the seed, a numpy RandomState or
    Generator to draw it from, or None, which is 1: the same call gives the same result. n_jobs as in joblib, None being
    all processors. time_limit: seconds. certify: compute a lower bound
    (``result_.lower_bound``) and try to prove the result optimal. matrix and memory_budget_bytes as in dissimilarity().
    options: further options of cluster() by name, e.g. {"samples": 10}.

    After fit: ``labels_`` (n), ``medoid_indices_`` (k), ``cluster_centers_`` (k rows of X; None if precomputed),
    ``inertia_`` (the total deviation), ``n_iter_`` (rounds, at least 1), ``n_features_in_`` (n if precomputed, 1 for
    strings), ``feature_names_in_`` (where X is a data frame), ``result_`` (xchg.kmedoids.Result).

    Differences to scikit-learn's conventions: an object of weight 0 adds nothing to the total deviation, but may become
    a medoid, so it is not the same as leaving it out (check_sample_weights_invariance); random_state=None is a fixed
    seed.
    """

    labels_: npt.NDArray[np.int32]
    medoid_indices_: npt.NDArray[np.int64]
    cluster_centers_: Any
    inertia_: float
    n_iter_: int
    n_features_in_: int
    feature_names_in_: npt.NDArray[np.object_]
    result_: Result

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        metric: Metric = "euclidean",
        metric_params: Mapping[str, Any] | None = None,
        method: str = "fasterpam",
        init: str | npt.ArrayLike = "random",
        n_init: int = 1,
        max_iter: int = 300,
        random_state: int | np.random.RandomState | np.random.Generator | None = None,
        n_jobs: int | None = None,
        time_limit: float | None = None,
        certify: bool = False,
        matrix: str | None = None,
        memory_budget_bytes: int = 0,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.metric = metric
        self.metric_params = metric_params
        self.method = method
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.time_limit = time_limit
        self.certify = certify
        self.matrix = matrix
        self.memory_budget_bytes = memory_budget_bytes
        self.options = options

    def fit(self, X: Any, y: object = None, sample_weight: npt.ArrayLike | None = None) -> "KMedoids":
        """Clusters X: (n, d) points, (n, n) dissimilarities if precomputed, or what else the metric takes.

        sample_weight, (n), is >= 0. y is ignored; returns self. Raises what cluster() raises.
        """
        training = TrainingData(X, self.metric, self.metric_params)
        threads = threads_of(self.n_jobs)
        keeping = {"threads": threads, "matrix": self.matrix, "memory_budget_bytes": self.memory_budget_bytes}
        result = cluster(
            training.dissimilarity(**keeping),
            self.n_clusters,
            method=self.method,
            init=self.init if isinstance(self.init, str) else "given",
            medoids=None if isinstance(self.init, str) else np.asarray(self.init, dtype=np.int64),
            weights=_weights(sample_weight, training.size),
            seed=seed_of(self.random_state),
            restarts=self.n_init,
            max_rounds=self.max_iter,
            threads=threads,
            memory_budget_bytes=self.memory_budget_bytes,
            time_limit_seconds=inf if self.time_limit is None else self.time_limit,
            certify=self.certify,
            **(self.options or {}),
        )
        self.cluster_centers_ = training.keep(X, result.medoids)
        self._training = training
        self.result_ = result
        self.labels_ = result.labels
        self.medoid_indices_ = result.medoids
        self.inertia_ = result.total_deviation
        self.n_iter_ = max(1, result.statistics.rounds)
        self.n_features_in_ = training.width
        if training.names is not None:
            self.feature_names_in_ = training.names
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        return self

    def fit_predict(
        self, X: Any, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> npt.NDArray[np.int32]:
        """fit, then labels_."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def fit_transform(
        self, X: Any, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> npt.NDArray[np.float64]:
        """fit, then transform(X)."""
        return self.fit(X, sample_weight=sample_weight)._distances(X)

    def transform(self, X: Any) -> npt.NDArray[np.float64]:
        """(m, k) dissimilarities of new objects to the medoids.

        If precomputed, X is (m, n): dissimilarities of m new objects to all n objects of fit, of which the columns
        medoid_indices_ are used.
        """
        return self._distances(X)

    def predict(self, X: Any) -> npt.NDArray[np.int32]:
        """(m) labels: the nearest medoid of each object, the first of equally near ones. X as in transform."""
        labels: npt.NDArray[np.int32] = self._distances(X).argmin(axis=1).astype(np.int32)
        return labels

    def score(self, X: Any, y: object = None, sample_weight: npt.ArrayLike | None = None) -> float:
        """Minus the total deviation of X: greater is better. X as in transform."""
        nearest = self._distances(X).min(axis=1)
        weights = _weights(sample_weight, len(nearest))
        return -float(nearest.sum() if weights is None else (weights * nearest).sum())

    def get_feature_names_out(self, input_features: npt.ArrayLike | None = None) -> npt.NDArray[np.object_]:
        """Names of the columns of transform: kmedoids0, kmedoids1, …"""
        self._check_fitted()
        return np.array([f"kmedoids{slot}" for slot in range(len(self.medoid_indices_))], dtype=object)

    def _distances(self, X: Any) -> npt.NDArray[np.float64]:
        self._check_fitted()
        return self._training.distances(X)

    def _check_fitted(self) -> None:
        if not hasattr(self, "result_"):
            raise UnfittedError.of("this KMedoids is not fitted", "a call of fit first")

    def _more_tags(self) -> dict[str, Any]:
        zeros = "an object of weight 0 is still a candidate for a medoid"
        return {
            "pairwise": self.metric == "precomputed",
            "_xfail_checks": {"check_sample_weights_invariance": zeros},
        }


def _weights(sample_weight: npt.ArrayLike | None, n: int) -> npt.NDArray[np.float64] | None:
    if sample_weight is None:
        return None
    weights = np.ascontiguousarray(sample_weight, dtype=np.float64)
    if weights.shape != (n,):
        raise InputError.of(f"sample_weight has shape {weights.shape}", f"({n},)")
    return weights
