"""xchg: engines for methods whose core move is a swap.

Each engine is a package of its own: ``from xchg import kmedoids``. NumPy arrays are used where they lie, the
interpreter's lock is released while an engine works, and Ctrl-C stops it. Errors are the classes below.
"""

from xchg._xchg import __version__, available_threads
from xchg.errors import (
    CancelledError,
    DeviceError,
    Error,
    InputError,
    InstallError,
    LimitError,
    NumericError,
    Where,
)

__all__ = [
    "CancelledError",
    "DeviceError",
    "Error",
    "InputError",
    "InstallError",
    "LimitError",
    "NumericError",
    "Where",
    "__version__",
    "available_threads",
]
