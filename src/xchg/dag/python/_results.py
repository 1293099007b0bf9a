"""What the functions of xchg.dag give back; the names are those of the C++ structures."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg.errors import InstallError

Progress = Callable[[float, float, str], bool | None]
"""Called as ``progress(done, total, stage)`` now and then; total is 0 where it is not known. Returning False stops."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Statistics:
    """Counts of what the search did."""

    insertions_evaluated: int
    swaps_evaluated: int
    moves: int
    factorisations: int
    refits: int
    """Of single nodes, for scores without closed differences."""
    cache_hits: int
    sets: int
    """Of nodes, by exact methods."""
    largest_drift: float
    refresh: int
    runs: int
    best_run: int
    seconds: float
    isa: str


@dataclass(frozen=True)
class Step:
    """One step of a search."""

    seconds: float
    run: int
    kind: str
    moves: int
    score: float


@dataclass(frozen=True)
class Metrics:
    """How an estimate differs from the truth."""

    shd: int
    """extra + missing + reversed; a reversed edge counts once."""
    extra: int
    missing: int
    reversed: int
    true_positive: int
    predicted: int
    """Edges of the estimate."""
    edges: int
    """Edges of the truth."""
    tpr: float
    fdr: float
    fpr: float
    precision: float
    recall: float
    f1: float
    sid: int | None
    """Structural intervention distance, up to 100 nodes."""


@dataclass(frozen=True)
class Cpdag:
    """What a Markov equivalence class of acyclic graphs has in common."""

    directed: list[tuple[int, int]]
    """Edges of one direction in every member."""
    undirected: list[tuple[int, int]]
    """Edges of which both directions occur."""
    nodes: int

    def adjacency(self) -> Floats:
        """(d, d) zeros and ones; undirected edges in both directions."""
        matrix = np.zeros((self.nodes, self.nodes))
        for i, j in self.directed:
            matrix[i, j] = 1
        for i, j in self.undirected:
            matrix[i, j] = matrix[j, i] = 1
        return matrix


@dataclass(frozen=True)
class Identifiability:
    """What the data can and cannot tell about directions."""

    varsortability: float | None
    r2_sortability: float | None
    variance_score: float | None
    """Score of the order by variance."""
    variance_distance: float
    """Share of pairs that the found order has the other way round than that by variance."""
    standardized_distance: float | None


@dataclass(frozen=True, eq=False)
class Result:
    """What was learnt. Nodes are numbers of columns."""

    names: list[str]
    order: npt.NDArray[np.int64]
    """(d) first node first."""
    w: Floats
    """(d, d) of the graph after pruning and refitting: w[i, j] is i -> j."""
    w_order: Floats
    """(d, d) of the regression on all allowed predecessors."""
    se: Floats | None
    """(d, d) standard errors of w given the graph, where the score has them."""
    se_order: Floats | None
    score_order: float
    """What the search minimised: of w_order."""
    score_graph: float
    """Of w."""
    score_start: float
    lower_bound: float | None
    """No order scores below."""
    gap: float | None
    kkt_residual: float | None
    status: str
    """"optimal" (proven), "local" or "interrupted"."""
    stopped_by: str
    separated: bool
    removed_from_start: list[tuple[int, int]]
    resamples: int
    frequency: Floats | None
    """(d, d) share of resamples whose graph has i -> j."""
    precedence: Floats | None
    """(d, d) share of resamples in which i stands before j."""
    cpdag: Cpdag
    metrics: Metrics | None
    cpdag_metrics: Metrics | None
    identifiability: Identifiability
    warnings: list[str]
    steps: list[Step]
    statistics: Statistics
    options: dict[str, Any] = field(repr=False)
    """Score and knowledge as the check needs them."""

    @property
    def edges(self) -> list[tuple[str, str, float]]:
        """(from, to, weight) by name."""
        pairs = np.argwhere(self.w != 0).tolist()
        return [(self.names[i], self.names[j], float(self.w[i, j])) for i, j in pairs]

    def to_networkx(self) -> Any:
        """A networkx.DiGraph of names with weights (and, after a bootstrap, frequencies). Needs networkx."""
        try:
            networkx = importlib.import_module("networkx")
        except ImportError:
            raise InstallError("to_networkx needs networkx: apt install python3-networkx") from None
        graph = networkx.DiGraph()
        graph.add_nodes_from(self.names[node] for node in self.order.tolist())
        for i, j in np.argwhere(self.w != 0).tolist():
            extra = {} if self.frequency is None else {"frequency": float(self.frequency[i, j])}
            graph.add_edge(self.names[i], self.names[j], weight=float(self.w[i, j]), **extra)
        return graph


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Every insertion and swap of an order with its exact least-squares difference."""

    kind: list[str]
    """"insert" or "swap"."""
    from_position: npt.NDArray[np.int64]
    """Position of the node that moves."""
    to_position: npt.NDArray[np.int64]
    """Where it stands after it; of a swap the other position."""
    difference: Floats
    """Of the score; below 0 is better."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """Data with known truth."""

    X: Floats
    """(n, d)"""
    names: list[str]
    truth: Floats
    """(d, d) weights; of nonlinear mechanisms 1 for an edge."""
    order: npt.NDArray[np.int64]
    """A topological order."""


@dataclass(frozen=True)
class Verdict:
    """What an independent recomputation says about a result."""

    ok: bool
    """Everything that was checked holds."""
    checked: list[str]
    findings: list[str]
    """What does not hold."""
    unchecked: list[str]
    """What could not be checked, and why."""


def make_metrics(members: dict[str, Any] | None) -> Metrics | None:
    """Metrics of what the binding gives."""
    return None if members is None else Metrics(**members)


def make_result(members: dict[str, Any], options: dict[str, Any]) -> Result:
    """A Result of what the binding gives."""
    members["cpdag"] = Cpdag(**members["cpdag"])
    members["metrics"] = make_metrics(members["metrics"])
    members["cpdag_metrics"] = make_metrics(members["cpdag_metrics"])
    members["identifiability"] = Identifiability(**members["identifiability"])
    members["steps"] = [Step(**step) for step in members["steps"]]
    members["statistics"] = Statistics(**members["statistics"])
    return Result(**members, options=options)
