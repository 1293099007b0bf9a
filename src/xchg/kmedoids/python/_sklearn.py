"""The base classes of scikit-learn's estimators where it is installed, otherwise what KMedoids needs of them."""

import inspect
from typing import TYPE_CHECKING, Any

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
        """predict or transform before fit."""

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


def _same(value: object, default: object) -> bool:
    return value is default or (type(value) is type(default) and bool(value == default))


class UnfittedError(InputError, NotFittedError):
    """An InputError that scikit-learn understands."""
