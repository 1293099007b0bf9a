"""Errors of every engine. ``str(error)`` is one line: where, what is wrong, what was expected."""

from typing import NamedTuple


class Where(NamedTuple):
    """The place of an error. Unset parts are empty or 0; lines and columns count from 1."""

    file: str = ""
    line: int = 0
    column: int = 0
    pointer: str = ""
    """JSON pointer (RFC 6901)."""


class Error(Exception):
    """Base of all errors of xchg."""

    exit_code: int = 4
    """What the program ``xchg`` exits with on this error."""


class InputError(Error, ValueError):
    """Wrong input or usage."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        problem: str = "",
        where: tuple[str, int, int, str] = Where(),
        expected: str = "",
    ) -> None:
        super().__init__(message)
        self.problem = problem
        self.where = Where(*where)
        self.expected = expected

    @classmethod
    def of(cls, problem: str, expected: str) -> "InputError":
        """An error about an argument: the message is made of the parts."""
        return cls(f"{problem}; expected {expected}", problem, expected=expected)


class LimitError(Error, MemoryError):
    """A budget, nearly always of memory, is too small."""

    exit_code = 3

    def __init__(self, message: str, asked_bytes: int = 0, limit_bytes: int = 0, remedy: str = "") -> None:
        super().__init__(message)
        self.asked_bytes = asked_bytes
        """0 when it is not a matter of bytes."""
        self.limit_bytes = limit_bytes
        self.remedy = remedy


class NumericError(Error, ArithmeticError):
    """A computation left the range in which its result can be trusted."""


class DeviceError(Error, OSError):
    """A device failed to read or write."""


class InstallError(Error, RuntimeError):
    """Something must be installed or built first; the message names the command that does it."""

    exit_code = 1


class CancelledError(Error):
    """The progress function said stop (returned False) before there was a result worth keeping.

    Ctrl-C is not this: it raises KeyboardInterrupt, as everywhere in Python.
    """

    exit_code = 130
