"""Learning a graph with the conventions of scikit-learn, which is not needed."""

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import available_threads
from xchg.dag._knowledge import Knowledge
from xchg.dag._learn import learn
from xchg.dag._results import Floats, Result
from xchg.dag._sklearn import BaseEstimator, UnfittedError
from xchg.errors import InputError


class TopologicalSwaps(BaseEstimator):
    """A directed acyclic graph as an estimator of scikit-learn, whose base class it has where that is installed.

    The parameters are kept as they are given and checked by fit; they are those of learn(). random_state is the seed,
    a numpy RandomState or Generator to draw it from, or None, which is 1. n_jobs as in joblib, None being all
    processors. options: further options of learn() by name, e.g. {"perturbations": 10}.

    After fit: ``adjacency_`` (d, d), the weights: [i, j] is the edge i -> j; ``order_`` (d), ``score_``,
    ``n_features_in_``, ``feature_names_in_`` (where X is a data frame), ``result_`` (xchg.dag.Result).
    """

    adjacency_: Floats
    order_: npt.NDArray[np.int64]
    score_: float
    n_features_in_: int
    feature_names_in_: npt.NDArray[np.object_]
    result_: Result

    def __init__(
        self,
        *,
        score: str = "least-squares",
        method: str = "insert",
        start: Any = "minvar",
        lambda1: float = 0.1,
        lambda2: float = 0.01,
        restarts: int = 1,
        prune: str | None = None,
        threshold: float = 0.0,
        alpha: float = 0.01,
        bootstrap: int = 0,
        knowledge: Knowledge | Mapping[str, Any] | None = None,
        standardize: bool = False,
        random_state: int | np.random.RandomState | np.random.Generator | None = None,
        n_jobs: int | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.score = score
        self.method = method
        self.start = start
        self.lambda1 = lambda1
        self.lambda2 = lambda2
        self.restarts = restarts
        self.prune = prune
        self.threshold = threshold
        self.alpha = alpha
        self.bootstrap = bootstrap
        self.knowledge = knowledge
        self.standardize = standardize
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.options = options

    def set_params(self, **params: Any) -> "TopologicalSwaps":
        """Changes parameters; returns self. InputError, and nothing changed, for a name that is none."""
        names = list(inspect.signature(type(self)).parameters)
        for name in params:
            if name not in names:
                raise InputError.of(f"TopologicalSwaps has no parameter '{name}'", ", ".join(names))
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def fit(self, X: Any, y: object = None) -> "TopologicalSwaps":
        """Learns the graph of the columns of X, (n, d). y is ignored; returns self. Raises what learn() raises."""
        given = self.get_params(deep=False)
        further = given.pop("options") or {}
        seed, threads = _seed(given.pop("random_state")), _threads(given.pop("n_jobs"))
        result = learn(X, seed=seed, threads=threads, **given, **further)
        self.result_ = result
        self.adjacency_ = result.w
        self.order_ = result.order
        self.score_ = result.score_order
        self.n_features_in_ = len(result.names)
        if hasattr(X, "columns"):
            self.feature_names_in_ = np.array(result.names, dtype=object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_
        return self

    def to_networkx(self) -> Any:
        """A networkx.DiGraph of the graph; needs networkx."""
        if not hasattr(self, "result_"):
            raise UnfittedError.of("this TopologicalSwaps is not fitted", "a call of fit first")
        return self.result_.to_networkx()


def _seed(random_state: int | np.random.RandomState | np.random.Generator | None) -> int:
    if random_state is None:
        return 1
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(np.iinfo(np.int32).max))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(np.iinfo(np.int64).max))
    return random_state


def _threads(n_jobs: int | None) -> int:
    if n_jobs is None:
        return 0
    if n_jobs == 0:
        raise InputError.of("n_jobs is 0", "None, the number of threads, or -1 for all processors")
    return n_jobs if n_jobs > 0 else max(1, available_threads() + 1 + n_jobs)
