"""KMedoids with the conventions of scikit-learn, which is not needed."""

import inspect
from typing import Any

import numpy as np
import numpy.typing as npt

import xchg.kmedoids
from xchg.errors import InputError

# Distances of a block of rows to all centers take about so many numbers at a time.
_BLOCK = 1 << 20


class KMedoids:
    """k-medoids clustering with fit, predict and transform.

    The parameters are kept as they are given and checked by fit. metric is "euclidean", "manhattan" or "precomputed";
    init is "random", "build" or "first"; random_state is the seed, None being 1: the same call gives the same result.

    After fit: ``labels_`` (n), ``medoid_indices_`` (k), ``cluster_centers_`` (k, d; None if precomputed), ``inertia_``
    (the total deviation), ``n_iter_`` (rounds), ``n_features_in_``, ``result_`` (xchg.kmedoids.Result).
    """

    labels_: npt.NDArray[np.int32]
    medoid_indices_: npt.NDArray[np.int64]
    cluster_centers_: npt.NDArray[np.float64] | None
    inertia_: float
    n_iter_: int
    n_features_in_: int
    result_: "xchg.kmedoids.Result"

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        metric: str = "euclidean",
        method: str = "fasterpam",
        init: str = "random",
        n_init: int = 1,
        max_iter: int = 300,
        random_state: int | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.metric = metric
        self.method = method
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state
        self.n_jobs = n_jobs

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters of the constructor by name."""
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **params: Any) -> "KMedoids":
        """Changes parameters; returns self."""
        for name, value in params.items():
            if name not in self._parameter_names():
                raise InputError.of(f"KMedoids has no parameter '{name}'", ", ".join(self._parameter_names()))
            setattr(self, name, value)
        return self

    def fit(self, X: npt.ArrayLike, y: None = None, sample_weight: npt.ArrayLike | None = None) -> "KMedoids":
        """Clusters X: (n, d) points, or (n, n) dissimilarities if precomputed. y is ignored; returns self."""
        points = X if self.metric == "precomputed" else np.ascontiguousarray(X, dtype=np.float64)
        result = xchg.kmedoids.cluster(
            points,
            self.n_clusters,
            self.metric,
            method=self.method,
            init=self.init,
            weights=sample_weight,
            seed=1 if self.random_state is None else self.random_state,
            restarts=self.n_init,
            max_rounds=self.max_iter,
            threads=0 if self.n_jobs is None or self.n_jobs < 0 else self.n_jobs,
        )
        self.result_ = result
        self.labels_ = result.labels
        self.medoid_indices_ = result.medoids
        self.cluster_centers_ = None if self.metric == "precomputed" else np.asarray(points)[result.medoids]
        self.inertia_ = result.total_deviation
        self.n_iter_ = result.statistics.rounds
        self.n_features_in_ = np.shape(points)[1]
        return self

    def fit_predict(
        self, X: npt.ArrayLike, y: None = None, sample_weight: npt.ArrayLike | None = None
    ) -> npt.NDArray[np.int32]:
        """fit, then labels_."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def fit_transform(
        self, X: npt.ArrayLike, y: None = None, sample_weight: npt.ArrayLike | None = None
    ) -> npt.NDArray[Any]:
        """fit, then transform(X)."""
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def transform(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        """(m, k) distances to the medoids. If precomputed, X is (m, n): dissimilarities to the objects of fit."""
        rows = self._checked(X)
        if self.cluster_centers_ is None:
            return rows[:, self.medoid_indices_]
        distances = np.empty((len(rows), len(self.cluster_centers_)))
        step = max(1, _BLOCK // self.cluster_centers_.size)
        for start in range(0, len(rows), step):
            difference = rows[start : start + step, None, :] - self.cluster_centers_
            distances[start : start + step] = (
                np.abs(difference).sum(axis=2)
                if self.metric == "manhattan"
                else np.sqrt(np.square(difference).sum(axis=2))
            )
        return distances

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """(m) labels: the nearest medoid of each row, the first of equally near ones. X as in transform."""
        labels: npt.NDArray[np.int32] = self.transform(X).argmin(axis=1).astype(np.int32)
        return labels

    def __repr__(self) -> str:
        defaults = inspect.signature(type(self)).parameters
        changed = [f"{k}={v!r}" for k, v in self.get_params().items() if v != defaults[k].default]
        return f"KMedoids({', '.join(changed)})"

    @classmethod
    def _parameter_names(cls) -> list[str]:
        return list(inspect.signature(cls).parameters)

    def _checked(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        if not hasattr(self, "result_"):
            raise InputError.of("this KMedoids is not fitted", "a call of fit first")
        rows = np.asarray(X) if self.metric == "precomputed" else np.asarray(X, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != self.n_features_in_:
            raise InputError.of(f"X has shape {rows.shape}", f"(m, {self.n_features_in_})")
        return rows
