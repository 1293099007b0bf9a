"""The functions of xchg.hiring."""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import inf
from os import PathLike, fspath
from typing import Any

import numpy as np
import numpy.typing as npt

from xchg._xchg import hiring as _binding
from xchg.errors import InputError
from xchg.hiring._results import (
    Check,
    FrontierPoint,
    Learned,
    Progress,
    Request,
    Result,
    Simulation,
    entries,
    make_result,
    make_simulation,
)

Instance = _binding.Instance

AnyInstance = str | PathLike[str] | Mapping[str, Any] | _binding.Instance
Exact = Fraction | int | float | str
Environment = Callable[[Request], npt.ArrayLike | tuple[npt.ArrayLike, bool]]


def design(
    instance: AnyInstance,
    payment_bound: Exact | None = None,
    *,
    mechanism: str = "corr",
    method: str = "automatic",
    outside: Sequence[Exact] = (),
    slack: Exact = 0,
    cost_error: Exact = 0,
    expected_budget: Exact | None = None,
    sure_budget: Exact | None = None,
    epsilon: float = 1e-6,
    exact: bool = True,
    ladder: bool = True,
    memory_bytes: int = 4 << 30,
    time_limit_seconds: float = inf,
    progress: Progress | None = None,
) -> Result:
    """The mechanism that leaves the principal the most, with a proof.

    payment_bound: the most that an agent is paid in a round, math.inf for no bound; None is the instance's. mechanism:
    "own", "det", "product" or "corr"; method: "automatic", "program", "columns" or "fast-path". Obeying is better than
    any other effort by slack; costs are known up to the share cost_error. outside: what each agent has elsewhere.

    Raises InputError, LimitError (memory_bytes), NumericError. Cacciamani, Castiglioni, Gatti 2023.
    """
    read = _instance(instance)
    options: dict[str, Any] = {
        "mechanism": mechanism,
        "method": method,
        "outside": [_exact(amount) for amount in outside],
        "slack": _exact(slack),
        "cost_error": _exact(cost_error),
        "epsilon": epsilon,
        "exact": exact,
        "ladder": ladder,
        "memory_bytes": memory_bytes,
        "time_limit_seconds": time_limit_seconds,
    }
    for name, value in (("payment_bound", payment_bound), ("expected_budget", expected_budget),
                        ("sure_budget", sure_budget)):  # fmt: skip
        if value is not None:
            options[name] = _exact(value)
    text, certificate = _binding.design(read, options, progress)
    return make_result(json.loads(text), _binding.payments(read, text), certificate)


def verify(instance: AnyInstance, certificate: Result | str, *, progress: Progress | None = None) -> Check:
    """Recomputes a certificate (a Result, or its text) in exact arithmetic from the instance alone."""
    text = certificate.certificate if isinstance(certificate, Result) else certificate
    found = json.loads(_binding.verify(_instance(instance), text, progress))
    bound = Fraction(found["upper_bound_exact"]) if found["bounded"] else None
    return Check(found["proven"], Fraction(found["value_exact"]), Fraction(found["violation_exact"]), bound,
                 tuple(found["findings"]))  # fmt: skip


def audit(
    instance: AnyInstance,
    mechanism: Result | str,
    *,
    cost_factors: Sequence[Exact] = (),
    coalitions: int = 2,
    equilibria: bool = True,
    random_starts: int = 100,
    seed: int = 1,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What could go wrong with a mechanism (a Result, or the JSON of one), independently of design().

    The members are those of the C++ structure Audit: incentive_compatible, violation, recommendations (the most
    tempting plans), cost_error, costs_off (one for each of cost_factors), law_error, coalitions, equilibria.
    """
    text = json.dumps({"support": json.loads(mechanism.certificate)["support"]}) if isinstance(
        mechanism, Result) else mechanism  # fmt: skip
    options = {"cost_factors": [_exact(factor) for factor in cost_factors], "coalitions": coalitions,
               "equilibria": equilibria, "random_starts": random_starts, "seed": seed}  # fmt: skip
    found: dict[str, Any] = json.loads(_binding.audit(_instance(instance), text, options, progress))
    return found


def frontier(
    instance: AnyInstance,
    bounds: Sequence[Exact],
    *,
    refine: float = 0.1,
    most: int = 200,
    mechanism: str = "corr",
    progress: Progress | None = None,
) -> list[FrontierPoint]:
    """What the best mechanism is worth for each payment bound (at least two), refined where it rises steeply."""
    texts = [_exact(bound) for bound in bounds]
    points = json.loads(_binding.frontier(_instance(instance), texts, {"mechanism": mechanism}, refine, most, progress))
    return [
        FrontierPoint(
            None if point["payment_bound"] is None else Fraction(point["payment_bound_exact"]),
            point["value"],
            point["expected_payment"],
            tuple(tuple(profile) for profile in point["profiles"]),
        )
        for point in points
    ]


def estimate(
    panel: str | PathLike[str],
    *,
    like: AnyInstance | None = None,
    costs: Mapping[tuple[str, str], Exact] | None = None,
    cost_per_label: Exact | None = None,
    alpha: Exact = 1,
    independent: bool = False,
) -> _binding.Instance:
    """An instance from a table task,agent,effort,report,truth (CSV). costs: by (agent, effort)."""
    options: dict[str, Any] = {"alpha": _exact(alpha), "independent": independent}
    if costs:
        options["costs"] = ",".join(f"{agent}:{effort}={_exact(cost)}" for (agent, effort), cost in costs.items())
    if cost_per_label is not None:
        options["cost_per_label"] = _exact(cost_per_label)
    return _binding.estimate(fspath(panel), None if like is None else _instance(like), options)[0]


def estimate_pools(
    labels: str | PathLike[str],
    *,
    pools: int,
    efforts: Sequence[int],
    cost_per_label: Exact,
    like: AnyInstance | None = None,
) -> _binding.Instance:
    """The exact instance of vendors who own workers, from a table task,worker,label,truth (CSV)."""
    options = {"alpha": "1", "cost_per_label": _exact(cost_per_label)}
    named = None if like is None else _instance(like)
    return _binding.estimate_pools(fspath(labels), pools, list(efforts), named, options)


def generate(
    agents: int = 3, efforts: int = 3, signals: int = 3, states: int = 3, *, seed: int = 1
) -> _binding.Instance:
    """A random instance, the same everywhere for a seed."""
    return _binding.generate(agents, efforts, signals, states, seed)


def simulate(
    instance: AnyInstance,
    *,
    rounds: Sequence[float] = (1e5, 1e6, 1e7),
    methods: Sequence[str] = ("hire_online",),
    seeds: int = 30,
    first_seed: int = 1,
    exploration: float = 2,
    slack: float = 0.5,
    threads: int = 0,
    progress: Progress | None = None,
) -> Simulation:
    """Regret curves against simulated agents; the same for every number of threads."""
    options = {"rounds": [float(count) for count in rounds], "methods": list(methods), "seeds": seeds,
               "first_seed": first_seed, "exploration": exploration, "slack": slack, "threads": threads}  # fmt: skip
    return make_simulation(json.loads(_binding.simulate(_instance(instance), options, progress)))


def learn(
    instance: AnyInstance,
    environment: Environment | None = None,
    *,
    rounds: int = 1_000_000,
    exploration: float = 2,
    slack: float = 0.5,
    theory_slack: bool = False,
    mixture: bool = False,
    anytime: bool = False,
    seed: int = 1,
    progress: Progress | None = None,
) -> Learned:
    """Learns the mechanism by repeated play. Of the instance, costs and law are not used but for the strict rules.

    environment(request) plays at most request.rounds rounds of request.support and returns how often each cell came
    out: an integer array (entries, signal profiles, states); where request.chooser is an agent's name, a pair of the
    array and whether he chose the alternative. None: agents of the instance itself are simulated, with this seed.
    """
    read = _instance(instance)
    options = {"rounds": int(rounds), "exploration": float(exploration), "slack": float(slack),
               "theory_slack": theory_slack, "mixture": mixture, "anytime": anytime}  # fmt: skip
    learner = _binding.Learner(read, options)
    if environment is None:
        learner.play(read, seed, progress)
        return _learned(json.loads(learner.request()))
    while True:
        found = json.loads(learner.request())
        if found["phase"] == "done":
            return _learned(found)
        if progress is not None and progress(found["played"], rounds, found["phase"]) is False:
            return _learned(found)
        answer = environment(_request(found))
        counts, chose = answer if isinstance(answer, tuple) else (answer, False)
        learner.observe(np.ascontiguousarray(counts, dtype=np.int64), bool(chose))


def _request(found: Mapping[str, Any]) -> Request:
    alternative = found.get("alternative", {"support": []})
    return Request(found["phase"], found["number"], found["rounds"], entries(found["support"]), found.get("chooser"),
                   entries(alternative["support"]))  # fmt: skip


def _learned(found: Mapping[str, Any]) -> Learned:
    return Learned(found["finished"], found["played"], entries(found["support"]), found["fallback"], found["slack"],
                   found["promised"], tuple(found["warnings"]))  # fmt: skip


def _exact(value: Exact) -> str:
    """The text of an exact number; a float means its shortest decimal."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, Fraction | int | float | str):
        raise InputError.of(f"{value!r} is no number", "a Fraction, int, float or str such as '1/3'")
    return repr(value) if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise InputError.of(f"{value!r} in an instance", "names and numbers")


def _instance(instance: AnyInstance) -> _binding.Instance:
    if isinstance(instance, _binding.Instance):
        return instance
    if isinstance(instance, Mapping):
        return _binding.Instance.parse(json.dumps(instance, default=_plain))
    return _binding.Instance.read(fspath(instance))
