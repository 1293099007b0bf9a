"""Graphs: comparison, equivalence classes, simulation."""

from typing import Any

from xchg._xchg import dag as _binding
from xchg.dag._data import as_floats
from xchg.dag._results import Cpdag, Metrics, Progress, Simulation


def compare(truth: Any, estimate: Any, *, classes: bool = False) -> Metrics:
    """How the graph estimate differs from the graph truth, both (d, d) with edges i -> j where [i, j] is not 0.

    The estimate may have a pair in both directions: an undirected edge, which is right where the truth has one. With
    classes the Markov equivalence classes are compared. Raises InputError when sizes differ or there is a cycle.
    """
    return Metrics(**_binding.compare(as_floats(truth, "truth"), as_floats(estimate, "estimate"), classes))


def cpdag(w: Any) -> Cpdag:
    """The Markov equivalence class of an acyclic graph (Chickering 1995). Raises InputError for a cycle."""
    return Cpdag(**_binding.cpdag(as_floats(w, "w")))


def simulate(
    *,
    graph: str = "er",
    degree: float = 4.0,
    nodes: int = 20,
    rows: int = 1000,
    noise: str = "gauss",
    mechanism: str = "linear",
    weight_low: float = 0.5,
    weight_high: float = 2.0,
    noise_ratio: float = 1.0,
    seed: int = 1,
    progress: Progress | None = None,
) -> Simulation:
    """A random graph and data that follow it.

    graph: "er", "sf", "bipartite", "chain", with about degree * nodes edges. noise: "gauss", "exp", "gumbel",
    "uniform", of standard deviations in [1, noise_ratio]. mechanism: "linear", "logistic", "poisson", "mlp", "mim",
    "additive-gp". Weights are +-U(weight_low, weight_high). Raises InputError for options out of range, NumericError
    when values overflow.
    """
    options = {name: value for name, value in locals().items() if name != "progress"}
    return Simulation(**_binding.simulate(options, progress))
