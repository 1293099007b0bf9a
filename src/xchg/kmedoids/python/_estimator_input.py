"""What KMedoids is fitted to, and how far new objects are from its medoids."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg.errors import InputError
from xchg.kmedoids._data import MATRIX_TYPES, Metric, as_points, dissimilarity, require_real

# New objects are read in blocks of about so many numbers.
_BLOCK = 1 << 20


class TrainingData:
    """Data of one call of fit, and afterwards of the medoids only."""

    data: Any
    """What cluster() takes; None after keep()."""
    centers: Any = None
    """Rows of the medoids; None if precomputed."""

    def __init__(self, X: Any, metric: Metric, metric_params: Mapping[str, Any] | None) -> None:
        self.metric = metric
        self.parameters = dict(metric_params or {})
        self.names = feature_names(X)
        self.data = self._read(X)
        self.size, self.width = self.data.shape
        if metric != "precomputed":
            _require_finite(self.data)
        elif self.size != self.width:
            raise InputError.of(f"X has shape {self.data.shape}", "a square matrix (n, n) of dissimilarities")

    def keep(self, medoids: npt.NDArray[np.int64]) -> None:
        """Forgets all objects but the medoids."""
        self.medoids = medoids
        if self.metric != "precomputed":
            self.centers = self.data[medoids]
        self.data = None

    def distances(self, X: Any) -> npt.NDArray[np.float64]:
        """(m, k) from new objects to the medoids."""
        self._check_names(X)
        rows = self._read(X)
        _require_finite(rows)
        if rows.shape[1] != self.width:
            raise InputError.of(
                f"X has {rows.shape[1]} features, but KMedoids is expecting {self.width} features as input",
                f"(m, {self.width})",
            )
        if self.metric == "precomputed":
            return np.asarray(rows[:, self.medoids], dtype=np.float64)
        k = len(self.medoids)
        result = np.empty((len(rows), k))
        step = max(1, _BLOCK // self.width)
        for start in range(0, len(rows), step):
            block = np.concatenate([self.centers, rows[start : start + step]])
            data = dissimilarity(block, self.metric, **self.parameters, matrix="never", threads=1)
            for slot in range(k):
                result[start : start + step, slot] = data.row(slot)[k:]
        return result

    def _read(self, X: Any) -> npt.NDArray[Any]:
        """X as an array of two dimensions, with the messages that scikit-learn's users know."""
        if hasattr(X, "toarray"):
            raise InputError.of("X is sparse, which KMedoids does not take", "X.toarray(), or cluster()")
        rows: npt.NDArray[Any] = _as_matrix(X) if self.metric == "precomputed" else as_points(X)
        if rows.ndim != 2:
            raise InputError.of(
                f"Expected 2D array, got {rows.ndim}D array instead. Reshape your data: X has shape {rows.shape}",
                "(n, d)",
            )
        for count, what in zip(rows.shape, ("sample", "feature"), strict=True):
            if count == 0:
                raise InputError.of(
                    f"Found array with 0 {what}(s) (shape={rows.shape}) while a minimum of 1 is required.", "(n, d)"
                )
        return rows

    def _check_names(self, X: Any) -> None:
        names = feature_names(X)
        if names is None and self.names is not None:
            _warn("X does not have valid feature names, but KMedoids was fitted with feature names")
        elif names is not None and self.names is None:
            _warn("X has feature names, but KMedoids was fitted without feature names")
        elif names is not None and self.names is not None and names.tolist() != self.names.tolist():
            raise InputError.of(
                f"The feature names should match those that were passed during fit: X has {', '.join(names)}",
                ", ".join(self.names),
            )


def _require_finite(rows: npt.NDArray[Any]) -> None:
    if not np.isfinite(rows).all():
        raise InputError.of(f"Input X contains {'NaN' if np.isnan(rows).any() else 'infinity'}.", "finite numbers")


def _as_matrix(X: Any) -> npt.NDArray[Any]:
    """X where it lies if cluster() takes it like that, otherwise a copy that it takes."""
    array = np.asarray(X)
    require_real(array)
    return np.ascontiguousarray(array, dtype=array.dtype if array.dtype in MATRIX_TYPES else np.float64)


def feature_names(X: Any) -> npt.NDArray[np.object_] | None:
    """Names of the columns of a data frame, if all are strings."""
    columns = getattr(X, "columns", None)
    if columns is None or not all(isinstance(name, str) for name in columns):
        return None
    return np.asarray(list(columns), dtype=object)


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=6)  # the caller of predict or transform
