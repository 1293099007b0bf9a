"""What the estimators of every engine have in common: scikit-learn's base classes where it is installed, otherwise what
is needed of them; seeds and threads as scikit-learn names them.
"""

import inspect
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from xchg._xchg import available_threads
from xchg.errors import InputError

if not TYPE_CHECKING:
    try:
        from sklearn.base import BaseEstimator, ClusterMixin, TransformerMixin
        from sklearn.exceptions import NotFittedError

        AVAILABLE = True
    except ImportError:
        AVAILABLE = False
else:
    AVAILABLE = False

if not AVAILABLE:

    class NotFittedError(ValueError, AttributeError):
        """Asked for a result before fit."""

    class TransformerMixin:
        pass

    class ClusterMixin:
        _estimator_type = "clusterer"

    class BaseEstimator:
        """Parameters are those of the constructor."""

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            """The parameters of the constructor by name."""
            return {name: getattr(self, name) for name in sorted(inspect.signature(type(self)).parameters)}

        def __repr__(self) -> str:
            defaults = inspect.signature(type(self)).parameters
            changed = [f"{name}={getattr(self, name)!r}" for name, parameter in defaults.items()
                       if not _same(getattr(self, name), parameter.default)]  # fmt: skip
            return f"{type(self).__name__}({', '.join(changed)})"


Self = TypeVar("Self", bound="Estimator")


class Estimator(BaseEstimator):
    """An estimator that says at once which parameters it does not have."""

    def set_params(self: Self, **params: Any) -> Self:
        """Changes parameters; returns self. InputError, and nothing changed, for a name that is none."""
        names = list(inspect.signature(type(self)).parameters)
        for name in params:
            if name not in names:
                raise InputError.of(f"{type(self).__name__} has no parameter '{name}'", ", ".join(names))
        for name, value in params.items():
            setattr(self, name, value)
        return self


class UnfittedError(InputError, NotFittedError):
    """An InputError that scikit-learn understands."""


def seed_of(random_state: int | np.random.RandomState | np.random.Generator | None) -> int:
    """The seed that a random_state of scikit-learn means; None is 1."""
    if random_state is None:
        return 1
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(np.iinfo(np.int32).max))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(np.iinfo(np.int64).max))
    return random_state


def threads_of(n_jobs: int | None) -> int:
    """The number of threads that n_jobs of joblib means; 0 is all processors."""
    if n_jobs is None:
        return 0
    if n_jobs == 0:
        raise InputError.of("n_jobs is 0", "None, the number of threads, or -1 for all processors")
    return n_jobs if n_jobs > 0 else max(1, available_threads() + 1 + n_jobs)


def _same(value: object, default: object) -> bool:
    return value is default or (type(value) is type(default) and bool(value == default))
