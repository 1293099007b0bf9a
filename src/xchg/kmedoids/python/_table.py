"""Tables with columns of several types, for Gower's dissimilarity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg.errors import InputError

Types = Mapping[Any, str | Sequence[Any]] | Sequence[str | Sequence[Any]]

TYPES = ("numeric", "ordinal", "nominal", "asymmetric")


@dataclass
class Column:
    """One column as it was in the table that was read first; later tables are encoded in the same way."""

    name: str
    type: str
    codes: dict[Any, float] | None
    """Of the levels of an ordinal or nominal column."""
    range: float = np.nan
    """Greatest minus least value or code; NaN for types that have none."""

    def encode(self, values: Sequence[Any]) -> npt.NDArray[np.float64]:
        """(n) numbers or codes; NaN where a value is missing. New levels of a nominal column get codes of their own."""
        result = np.full(len(values), np.nan)
        new: dict[Any, float] = {}
        for row, value in enumerate(values):
            if is_missing(value):
                continue
            if self.codes is None:
                result[row] = self._number(value, row)
            elif value in self.codes:
                result[row] = self.codes[value]
            elif self.type == "nominal":
                result[row] = new.setdefault(value, float(len(self.codes) + len(new)))
            else:
                raise InputError.of(
                    f"column '{self.name}', row {row}: {value!r} is no level", ", ".join(map(str, self.codes))
                )
        return result

    def _number(self, value: Any, row: int) -> float:
        try:
            return float(value)
        except (TypeError, ValueError):
            raise InputError.of(f"column '{self.name}', row {row}: {value!r}", f"a number ({self.type})") from None


class Table:
    """How the columns of a table become numbers."""

    def __init__(self, X: Any, types: Types | None) -> None:
        columns = columns_of(X)
        chosen = _chosen_types(list(columns), types)
        self.columns = [_column(name, values, chosen.get(name)) for name, values in columns.items()]
        encoded = self.encode(X)
        for column, values in zip(self.columns, encoded.T, strict=True):
            if column.type in ("numeric", "ordinal"):
                known = values[~np.isnan(values)]
                column.range = float(known.max() - known.min()) if known.size else 0.0

    def encode(self, X: Any) -> npt.NDArray[np.float64]:
        """(n, columns) numbers and codes of a table with the same columns."""
        columns = columns_of(X)
        names = [column.name for column in self.columns]
        if list(map(str, columns)) != names:
            raise InputError.of(f"X has the columns {', '.join(map(str, columns))}", ", ".join(names))
        pairs = zip(self.columns, columns.values(), strict=True)
        encoded = [column.encode(_values(values)) for column, values in pairs]
        lengths = sorted({len(values) for values in encoded})
        if len(lengths) != 1:
            raise InputError.of(f"columns have {' and '.join(map(str, lengths))} rows", "the same number")
        return np.stack(encoded, axis=1)


def is_missing(value: Any) -> bool:
    """None, NaN, pandas.NA, or an empty string."""
    if isinstance(value, str):
        return value == ""
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def columns_of(X: Any) -> dict[Any, Any]:
    """Columns by name: of a data frame, a mapping, a structured array, or by number of an array of two dimensions."""
    if hasattr(X, "columns") and hasattr(X, "iloc"):
        if len(set(X.columns)) != len(X.columns):
            raise InputError.of("X has two columns of one name", "different names")
        return {name: X[name] for name in X.columns}
    if isinstance(X, Mapping):
        return dict(X)
    array = X if isinstance(X, np.ndarray) else np.array([list(row) for row in X], dtype=object)
    if array.dtype.names is not None:
        return {name: array[name] for name in array.dtype.names}
    if array.ndim != 2:
        raise InputError.of(f"X has shape {array.shape}", "a table: a data frame, a dict of columns, or shape (n, d)")
    return {number: array[:, number] for number in range(array.shape[1])}


def _values(column: Any) -> list[Any]:
    """Values as Python objects, so that 1, 1.0 and numpy.int64(1) are one level."""
    return list(column.tolist() if hasattr(column, "tolist") else column)


def _chosen_types(names: list[Any], types: Types | None) -> dict[Any, str | Sequence[Any]]:
    if types is None:
        return {}
    if not isinstance(types, Mapping):
        if len(types) != len(names):
            raise InputError.of(f"{len(types)} types for {len(names)} columns", "one for each")
        return dict(zip(names, types, strict=True))
    for name in types:
        if name not in names:
            raise InputError.of(f"types names the column {name!r}", ", ".join(map(str, names)))
    return dict(types)


def _column(name: Any, values: Any, chosen: str | Sequence[Any] | None) -> Column:
    categories = getattr(getattr(values, "dtype", None), "categories", None)
    if chosen is not None and not isinstance(chosen, str):
        return Column(str(name), "ordinal", _codes(chosen))
    known = [value for value in _values(values) if not is_missing(value)]
    if chosen is None:
        chosen = _guessed_type(values, known, categories is not None)
    if chosen not in TYPES:
        raise InputError.of(f"column '{name}' has the type '{chosen}'", f"{', '.join(TYPES)}, or a list of levels")
    if chosen in ("numeric", "asymmetric"):
        return Column(str(name), chosen, None)
    if categories is not None:
        return Column(str(name), chosen, _codes(categories.tolist()))
    if chosen == "nominal":
        return Column(str(name), chosen, _codes(dict.fromkeys(known)))
    if all(_is_number(value) for value in known):
        return Column(str(name), chosen, _codes(sorted(set(known))))
    raise InputError.of(f"the levels of column '{name}' are texts without an order", "a list of them in types")


def _guessed_type(values: Any, known: list[Any], categorical: bool) -> str:
    if categorical:
        return "ordinal" if values.dtype.ordered else "nominal"
    return "numeric" if known and all(_is_number(value) for value in known) else "nominal"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _codes(levels: Any) -> dict[Any, float]:
    return {level: float(code) for code, level in enumerate(levels)}
