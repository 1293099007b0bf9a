"""What KMedoids is fitted to, and how far new objects are from its medoids."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg.errors import InputError
from xchg.kmedoids._data import (
    MATRIX_TYPES,
    Dissimilarity,
    Metric,
    as_objects,
    as_points,
    as_strings,
    dissimilarity,
    of_table,
    require_real,
)
from xchg.kmedoids._table import Table

# New objects are read in blocks of about so many numbers.
_BLOCK = 1 << 20


class TrainingData:
    """Data of one call of fit, and afterwards of the medoids only.

    Objects of every kind are held as an array whose first axis they are: a matrix, points, strings (n), encoded rows of
    a table, or whatever a metric that is a function takes.
    """

    def __init__(self, X: Any, metric: Metric, metric_params: Mapping[str, Any] | None) -> None:
        self.metric = metric
        self.parameters = dict(metric_params or {})
        self.names = feature_names(X)
        self.table = Table(X, self.parameters.pop("types", None)) if metric == "gower" else None
        if self.table is not None and self.parameters:
            raise InputError.of(f"metric 'gower' has no parameter {next(iter(self.parameters))}", "types")
        self.objects = self._read(X)
        self.size = len(self.objects)
        self.width = self.objects.shape[1] if self.objects.ndim == 2 else 1
        if metric == "precomputed" and self.size != self.width:
            raise InputError.of(f"X has shape {self.objects.shape}", "a square matrix (n, n) of dissimilarities")

    def dissimilarity(self, **options: Any) -> Dissimilarity:
        """Of the objects of fit."""
        return self._dissimilarity(self.objects, options)

    def keep(self, X: Any, medoids: npt.NDArray[np.int64]) -> Any:
        """Forgets all objects but the medoids; returns their rows of X, None if precomputed."""
        self.medoids = medoids
        self.objects = self.objects[:0] if self.metric == "precomputed" else self.objects[medoids]
        if self.metric == "precomputed":
            return None
        return _rows_of(X, medoids) if self.table is not None else self.objects

    def distances(self, X: Any) -> npt.NDArray[np.float64]:
        """(m, k) from new objects to the medoids."""
        self._check_names(X)
        rows = self._read(X)
        if rows.ndim == 2 and rows.shape[1] != self.width:
            raise InputError.of(
                f"X has {rows.shape[1]} features, but KMedoids is expecting {self.width} features as input",
                f"(m, {self.width})",
            )
        if self.metric == "precomputed":
            _require_finite(rows)
            return np.asarray(rows[:, self.medoids], dtype=np.float64)
        k = len(self.medoids)
        result = np.empty((len(rows), k))
        step = max(1, _BLOCK // self.width)
        for start in range(0, len(rows), step):
            block = np.concatenate([self.objects, rows[start : start + step]])
            data = self._dissimilarity(block, {"matrix": "never", "threads": 1})
            for slot in range(k):
                result[start : start + step, slot] = data.row(slot, k)
        return result

    def _dissimilarity(self, objects: npt.NDArray[Any], options: dict[str, Any]) -> Dissimilarity:
        if self.table is not None:
            return of_table(self.table, objects, {name: value for name, value in options.items() if value is not None})
        return dissimilarity(objects, self.metric, **self.parameters, **options)

    def _read(self, X: Any) -> npt.NDArray[Any]:
        """X as an array, with the messages that scikit-learn's users know."""
        if hasattr(X, "toarray"):
            raise InputError.of("X is sparse, which KMedoids does not take", "X.toarray(), or cluster()")
        if self.metric == "levenshtein":
            return _object_array(as_strings(X))
        if callable(self.metric):
            objects = as_objects(X)
            return objects if isinstance(objects, np.ndarray) else _object_array(objects)
        if self.table is not None:
            return self.table.encode(X)
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
        if self.metric != "precomputed":
            _require_finite(rows)
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


def _object_array(objects: list[Any]) -> npt.NDArray[Any]:
    """(n) of the objects as they are, also where these are sequences."""
    array = np.empty(len(objects), dtype=object)
    array[:] = objects
    return array


def _rows_of(X: Any, rows: npt.NDArray[np.int64]) -> Any:
    """Rows of a table: a data frame gives a data frame, a mapping a mapping, an array an array."""
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    if isinstance(X, Mapping):
        return {name: np.asarray(values, dtype=object)[rows] for name, values in X.items()}
    return (X if isinstance(X, np.ndarray) else np.array([list(row) for row in X], dtype=object))[rows]


def feature_names(X: Any) -> npt.NDArray[np.object_] | None:
    """Names of the columns of a data frame, if all are strings."""
    columns = getattr(X, "columns", None)
    if columns is None or not all(isinstance(name, str) for name in columns):
        return None
    return np.asarray(list(columns), dtype=object)


def _warn(message: str) -> None:
    warnings.warn(message, stacklevel=6)  # the caller of predict or transform
