"""Learning a graph with the conventions of scikit-learn, which is not needed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._sklearn import Estimator, UnfittedError, seed_of, threads_of
from xchg.dag._knowledge import Knowledge
from xchg.dag._learn import learn
from xchg.dag._results import Floats, Result
from xchg.errors import InputError


class TopologicalSwaps(Estimator):
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

    def fit(self, X: Any, y: object = None) -> "TopologicalSwaps":
        """Learns the graph of the columns of X, (n, d). y is ignored; returns self. Raises what learn() raises."""
        given = self.get_params(deep=False)
        further = given.pop("options") or {}
        seed, threads = seed_of(given.pop("random_state")), threads_of(given.pop("n_jobs"))
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
