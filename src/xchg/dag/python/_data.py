"""Rows and second moments."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import dag as _binding
from xchg.dag._results import Floats, Progress
from xchg.errors import InputError


class Gram:
    """Second moments S = X' X / n of n observations of d variables (divided by n, not n - 1).

    S is (d, d), symmetric and positive definite; names are those of the variables, by default "0", "1", …. What
    different owners of data compute from their rows adds up by ``+``.
    """

    def __init__(self, S: Any, n: int, *, names: Sequence[str] | None = None) -> None:
        values = as_floats(S, "S")
        if values.ndim != 2:
            raise InputError.of(f"S has shape {values.shape}", "(d, d)")
        self._binding = _binding.Gram(values, n, names_of(S, values.shape[1], names))

    @property
    def s(self) -> Floats:
        """(d, d) a copy of the matrix."""
        return self._binding.s

    @property
    def n(self) -> int:
        """Observations."""
        return self._binding.n

    @property
    def mean(self) -> Floats:
        """(d) what was subtracted from the rows."""
        return self._binding.mean

    @property
    def names(self) -> list[str]:
        return self._binding.names

    def standardized(self) -> "Gram":
        """The same in units of standard deviations: the correlation matrix of centred rows."""
        return wrap(self._binding.standardized())

    def __add__(self, other: "Gram") -> "Gram":
        """Of the rows of both. InputError when names or centring differ."""
        if not isinstance(other, Gram):
            return NotImplemented
        return wrap(self._binding.merged(other._binding))


def gram(
    X: Any,
    *,
    names: Sequence[str] | None = None,
    center: bool = True,
    standardize: bool = False,
    missing: str = "error",
    threads: int = 0,
    progress: Progress | None = None,
) -> Gram:
    """Second moments of the rows of X, (n, d): an array, or a data frame, whose columns have names.

    missing: what to do about NaN: "error", "listwise" (leave out the rows), "pairwise", "em" (expectation
    maximisation). Raises InputError: fewer than two rows, a constant column, values whose squares overflow.
    """
    options = {"center": center, "standardize": standardize, "missing": missing, "threads": threads}
    return wrap(_binding.Gram.of_rows(as_data(X, names, None), options, progress))


def wrap(bound: _binding.Gram) -> Gram:
    """A Gram of the binding's."""
    result = Gram.__new__(Gram)
    result._binding = bound
    return result


def as_data(X: Any, names: Sequence[str] | None, regime: Sequence[Any] | None) -> _binding.Data:
    """Rows for the binding."""
    values = as_floats(X, "X")
    if values.ndim != 2:
        raise InputError.of(f"X has shape {values.shape}", "(n, d): a row for each observation")
    labels = [] if regime is None else [str(label) for label in np.asarray(regime).tolist()]
    regimes = list(dict.fromkeys(labels))
    numbers = {label: number for number, label in enumerate(regimes)}
    return _binding.Data(values, names_of(X, values.shape[1], names), [numbers[label] for label in labels], regimes)


def names_of(X: Any, columns: int, names: Sequence[str] | None) -> list[str]:
    """The names that are given, those of a data frame, or numbers."""
    if names is not None:
        return [str(name) for name in names]
    if hasattr(X, "columns"):
        return [str(name) for name in X.columns]
    return [str(number) for number in range(columns)]


def as_floats(X: Any, name: str) -> npt.NDArray[np.float64]:
    """A C-contiguous array of float64; InputError where that cannot be."""
    try:
        array = np.ascontiguousarray(X.to_numpy() if hasattr(X, "to_numpy") else X)
        if array.dtype.kind == "c" or array.dtype.kind in "SUMm":
            raise TypeError(f"its dtype is {array.dtype}")
        return np.ascontiguousarray(array, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError.of(f"{name} cannot be made numbers: {error}", "numbers only") from None
