"""The base class of scikit-learn's estimators where it is installed, otherwise what TopologicalSwaps needs of it."""

import inspect
from typing import TYPE_CHECKING, Any

from xchg.errors import InputError

if not TYPE_CHECKING:
    try:
        from sklearn.base import BaseEstimator
        from sklearn.exceptions import NotFittedError

        AVAILABLE = True
    except ImportError:
        AVAILABLE = False
else:
    AVAILABLE = False

if not AVAILABLE:

    class NotFittedError(ValueError, AttributeError):
        """Asked for a graph before fit."""

    class BaseEstimator:
        """Parameters are those of the constructor."""

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            """The parameters of the constructor by name."""
            return {name: getattr(self, name) for name in sorted(inspect.signature(type(self)).parameters)}

        def __repr__(self) -> str:
            defaults = inspect.signature(type(self)).parameters
            changed = [f"{name}={getattr(self, name)!r}" for name, parameter in defaults.items()
                       if getattr(self, name) is not parameter.default]  # fmt: skip
            return f"{type(self).__name__}({', '.join(changed)})"


class UnfittedError(InputError, NotFittedError):
    """An InputError that scikit-learn understands."""
