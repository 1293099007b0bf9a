"""Directed acyclic graphs of causes, learnt by swapping positions of an order.

    from xchg import dag
    result = dag.learn(frame, method="exact")
    result.w            # (d, d): w[i, j] != 0 is the edge i -> j, rows are causes
    result.to_networkx()

learn() takes rows (an array or a data frame) or only their second moments (gram()); TopologicalSwaps is the same as an
estimator of scikit-learn. The edges are consistent with the data under assumptions (no hidden common causes, acyclic,
linear, equal noise variance); they are no proof of causes.
"""

from typing import TYPE_CHECKING, Any

from xchg.dag._data import Gram, gram
from xchg.dag._graphs import compare, cpdag, simulate
from xchg.dag._knowledge import Knowledge
from xchg.dag._learn import METHODS, SCORES, learn, lower_bound, neighbourhood, score_order, verify
from xchg.dag._results import (
    Cpdag,
    Identifiability,
    Metrics,
    Neighbourhood,
    Progress,
    Result,
    Simulation,
    Statistics,
    Step,
    Verdict,
)

if TYPE_CHECKING:
    from xchg.dag._estimator import TopologicalSwaps

__all__ = [
    "METHODS",
    "SCORES",
    "Cpdag",
    "Gram",
    "Identifiability",
    "Knowledge",
    "Metrics",
    "Neighbourhood",
    "Progress",
    "Result",
    "Simulation",
    "Statistics",
    "Step",
    "TopologicalSwaps",
    "Verdict",
    "compare",
    "cpdag",
    "gram",
    "learn",
    "lower_bound",
    "neighbourhood",
    "score_order",
    "simulate",
    "verify",
]


def __getattr__(name: str) -> Any:
    """TopologicalSwaps when it is asked for: only then is scikit-learn imported, if it is there."""
    if name == "TopologicalSwaps":
        from xchg.dag._estimator import TopologicalSwaps

        return TopologicalSwaps
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
