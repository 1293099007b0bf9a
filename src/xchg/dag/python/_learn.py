"""The functions of xchg.dag that work on data."""

import warnings
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np

from xchg._xchg import dag as _binding
from xchg.dag._data import Gram, as_data, as_floats
from xchg.dag._knowledge import Knowledge, knowledge_text
from xchg.dag._results import Neighbourhood, Progress, Result, Verdict, make_result
from xchg.errors import InputError

SCORES: tuple[str, ...] = _binding.scores
METHODS: tuple[str, ...] = _binding.methods

_SCORE_OPTIONS = ("score", "lambda1", "lambda2", "intercept", "l1", "degree", "hidden_units", "bias", "knowledge")
_GRAM_OPTIONS = ("center", "standardize", "missing", "threads")


def learn(
    X: Any,
    *,
    score: str = "least-squares",
    method: str = "insert",
    names: Sequence[str] | None = None,
    start: Any = "minvar",
    lambda1: float = 0.1,
    lambda2: float = 0.01,
    intercept: bool = False,
    l1: bool = False,
    degree: int = 3,
    hidden_units: int = 40,
    bias: bool = True,
    size_small: int = 0,
    size_large: int = 0,
    large_rounds: int = -1,
    min_gradient: float = 0.0,
    acyclicity: str = "log-det",
    batch: str | None = None,
    restarts: int = 1,
    perturbations: int = 0,
    tabu_steps: int = 0,
    seed: int = 1,
    exact_limit: int = 24,
    refresh: int = 64,
    prune: str | None = None,
    threshold: float = 0.0,
    alpha: float = 0.01,
    bootstrap: int = 0,
    knowledge: Knowledge | Mapping[str, Any] | None = None,
    regime: Sequence[Any] | None = None,
    truth: Any = None,
    center: bool = True,
    standardize: bool = False,
    missing: str = "error",
    threads: int = 0,
    isa: str = "auto",
    memory_budget_bytes: int = 0,
    time_limit_seconds: float = inf,
    progress: Progress | None = None,
) -> Result:
    """Learn a directed acyclic graph.

    X: (n, d) rows, an array or a data frame (whose columns are the names), or a Gram: second moments alone, which is
    enough for the scores "least-squares", "l1", "ridge", "bic". "logistic" (zeros and ones), "poisson" (counts),
    "additive" and "mlp" need rows, as do bootstrap and regime.

    score: lambda1 belongs to "l1" and "mlp" and, where l1 is True, to "logistic" and "poisson", lambda2 to "ridge" and
    "mlp", intercept and l1 to "logistic" and "poisson", degree (1..3) to "additive", hidden_units and bias to "mlp".

    method: "insert", "swap", "topo" (as published; size_small, size_large, large_rounds, min_gradient, acyclicity),
    "exact" (proven, up to exact_limit nodes), "branch-and-bound". start: "minvar", "random", "identity", "variance", an
    order of all nodes, or another method's (d, d) weights, whose cycles are broken at their weakest edges. The best of
    restarts runs is kept; batch: "best", "greedy", "single".

    prune: "t-test" (Holm, level alpha), "threshold", "bic", "l1", "adaptive", "none"; None is the usual one of the
    score. bootstrap: so many resamples of the rows, for ``frequency`` and ``precedence``. knowledge: what is known
    beforehand; its targets name variables that were set from outside in the rows of a regime, and regime, (n), tells
    each row's. truth, (d, d): the true weights, for ``metrics``. missing as in gram().

    The result depends on seed, but not on threads (0: all processors) and isa. Ctrl-C raises KeyboardInterrupt. When
    progress returns False, or the time limit is reached, the best result so far comes back with status "interrupted".

    Raises InputError (options out of range, columns that depend on each other, knowledge that no order satisfies, …),
    LimitError ("exact" needs more memory), NumericError.

    Deng, Bello, Aragam, Ravikumar: Optimizing NOTEARS objectives via topological swaps, ICML 2023.
    """
    options = dict(locals())
    for name in ("X", "names", "start", "regime", "progress"):
        del options[name]
    options.update(_start(start))
    data = _of(X, names, regime)
    options = _for_binding(options, data.names)
    kept = {name: options[name] for name in _SCORE_OPTIONS if name in options}
    if isinstance(data, Gram):
        return make_result(_binding.learn_moments(data._binding, options, progress), kept)
    return make_result(_binding.learn_rows(data, options, progress), kept)


def score_order(X: Any, order: Any, *, names: Sequence[str] | None = None, **options: Any) -> float:
    """The score of an order of all nodes: numbers of columns, or names. options are those of learn().

    An order that the knowledge rules out has a score all the same; a UserWarning says why it is ruled out.
    """
    _known(options)
    data = _of(X, names, options.pop("regime", None))
    read = _for_binding(options, data.names)
    nodes = _order(order, data.names)
    if isinstance(data, Gram):
        score = _binding.score_moments(data._binding, nodes, read)
    else:
        score = _binding.score_rows(data, nodes, read)
    if broken := _binding.broken_knowledge(nodes, read.get("knowledge", "{}"), data.names):
        warnings.warn(f"the knowledge rules this order out: {', '.join(broken)}", stacklevel=2)
    return score


def neighbourhood(X: Any, order: Any, *, names: Sequence[str] | None = None) -> Neighbourhood:
    """Every insertion and swap of an order with its exact least-squares difference. X is a Gram or rows."""
    moments = _moments(X, names)
    return Neighbourhood(**_binding.neighbourhood(moments, _order(order, moments.names)))


def lower_bound(X: Any) -> float:
    """The least value that the least-squares score of any order has: (d/2) det(S)^(1/d). X is a Gram or rows."""
    return _binding.lower_bound(_moments(X, None))


def verify(
    X: Any,
    result: Result,
    *,
    regime: Sequence[Any] | None = None,
    center: bool = True,
    standardize: bool = False,
    missing: str = "error",
    progress: Progress | None = None,
) -> Verdict:
    """Checks a result independently: regression by QR, all orders up to 12 nodes, no code shared with learn().

    X, regime, center, standardize and missing as given to learn().
    """
    members = {name: getattr(result, name) for name in ("names", "score_order", "score_graph", "lower_bound", "gap",
                                                        "kkt_residual", "status")}  # fmt: skip
    members |= {"order": result.order.tolist(), "w": as_floats(result.w, "result.w"), **result.options}
    if isinstance(X, Gram):
        return Verdict(**_binding.verify_moments(X._binding, members, progress))
    frame_names = None if hasattr(X, "columns") else result.names
    options = {"center": center, "standardize": standardize, "missing": missing}
    data = as_data(X, frame_names, regime)
    return Verdict(**_binding.verify_rows(data, members, options, progress))


def _of(X: Any, names: Sequence[str] | None, regime: Sequence[Any] | None) -> Gram | _binding.Data:
    if not isinstance(X, Gram):
        return as_data(X, names, regime)
    for name, value in (("names", names), ("regime", regime)):
        if value is not None:
            raise InputError.of(f"{name} with a Gram", "rows, or the names that the Gram has")
    return X


def _moments(X: Any, names: Sequence[str] | None) -> _binding.Gram:
    data = _of(X, names, None)
    return data._binding if isinstance(data, Gram) else _binding.Gram.of_rows(data, {}, None)


def _known(options: Mapping[str, Any]) -> None:
    known = learn.__kwdefaults__ or {}
    for name in options:
        if name not in known:
            raise TypeError(f"learn() got an unexpected keyword argument '{name}'")


def _for_binding(options: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Options for the binding: None is left out, knowledge becomes its text, numbers of NumPy become Python's."""
    read = {name: value.item() if isinstance(value, np.generic) else value
            for name, value in options.items() if value is not None}  # fmt: skip
    if "order" in read:
        read["order"] = _order(read["order"], names)
    if "knowledge" in read:
        read["knowledge"] = knowledge_text(read["knowledge"], names)
    if "truth" in read:
        read["truth"] = as_floats(read["truth"], "truth")
    return read


def _start(start: Any) -> dict[str, Any]:
    if isinstance(start, str):
        return {"start": start}
    if np.ndim(start) == 1:
        return {"order": start}
    if np.ndim(start) == 2:
        return {"start_matrix": as_floats(start, "start")}
    raise InputError.of(f"start is {start!r}", "a name, an order of all nodes, or a matrix of weights")


def _order(order: Any, names: Sequence[str]) -> list[int]:
    nodes = list(np.asarray(order).tolist())
    for position, node in enumerate(nodes):
        if isinstance(node, str):
            if node not in names:
                raise InputError.of(f"the order names '{node}'", ", ".join(names))
            nodes[position] = list(names).index(node)
    return nodes
