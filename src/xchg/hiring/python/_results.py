"""What the functions of xchg.hiring give back; the names are those of the C++ structures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

Progress = Callable[[float, float, str], bool | None]
"""Called as ``progress(done, total, stage)`` now and then; total is 0 where it is not known. Returning False stops."""


@dataclass(frozen=True)
class Payment:
    """To this agent, when these signals are reported and this state comes out."""

    agent: str
    reports: tuple[str, ...]
    state: str
    amount: Fraction


@dataclass(frozen=True)
class Entry:
    """One effort profile that is recommended."""

    profile: tuple[str, ...]
    probability: Fraction
    decision: tuple[str, ...]
    """For each report profile, the last agent's signal fastest."""
    payments: tuple[Payment, ...]

    def pay(self) -> dict[tuple[str, tuple[str, ...], str], Fraction]:
        """Amounts by (agent, reports, state); what is not there is 0."""
        return {(payment.agent, payment.reports, payment.state): payment.amount for payment in self.payments}


@dataclass(frozen=True)
class Result:
    """The best mechanism and what is proven about it."""

    value: float
    value_exact: Fraction
    upper_bound: float
    upper_bound_exact: Fraction
    supremum: float
    attained: bool
    incentive_compatible: bool
    """Exactly: nobody gains by another effort, a lie, or both, alone."""
    ic_violation: Fraction
    status: str
    largest_payment: Fraction
    expected_payments: dict[str, Fraction]
    ladder: dict[str, float | None]
    """What simpler mechanisms reach: own, det, product, corr, first_best, quadratic, logarithmic, spherical."""
    support: tuple[Entry, ...]
    warnings: tuple[str, ...]
    statistics: dict[str, Any]
    payments: npt.NDArray[np.float64]
    """(agents, effort profiles, signal profiles, states), the last agent fastest; 0 where it is not in ``support``."""
    certificate: str
    """JSON with exact fractions, for verify() and `xchg hiring verify`."""


@dataclass(frozen=True)
class Check:
    """The outcome of a proof."""

    proven: bool
    value: Fraction
    violation: Fraction
    upper_bound: Fraction | None
    findings: tuple[str, ...]


@dataclass(frozen=True)
class FrontierPoint:
    """The best mechanism under one payment bound; None is no bound."""

    payment_bound: Fraction | None
    value: float
    expected_payment: float
    profiles: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Request:
    """What to post for so many rounds."""

    phase: str
    """explore, costs, commit or done."""
    number: int
    rounds: int
    support: tuple[Entry, ...]
    chooser: str | None
    """The agent who may choose between ``support`` and ``alternative``, each of one profile; None: no choice."""
    alternative: tuple[Entry, ...]


@dataclass(frozen=True)
class Learned:
    """What was learnt."""

    finished: bool
    rounds: int
    support: tuple[Entry, ...]
    """The mechanism for the rounds to come."""
    fallback: bool
    slack: float
    promised: float
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class CurvePoint:
    """One number of rounds of a curve."""

    rounds: int
    mean: float
    low: float
    high: float
    exploration: float
    obeyed: float
    fallbacks: float
    regret: tuple[float, ...]


@dataclass(frozen=True)
class Slope:
    """Of log regret over log rounds, None where it is not defined."""

    low_rounds: float
    high_rounds: float
    slope: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Curve:
    """Regret of one method."""

    method: str
    points: tuple[CurvePoint, ...]
    slopes: tuple[Slope, ...]
    break_even: float | None


@dataclass(frozen=True)
class Simulation:
    """Regret curves of methods."""

    optimum: float
    det: float | None
    complete: bool
    curves: tuple[Curve, ...]
    warnings: tuple[str, ...]


def entries(support: list[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            tuple(entry["profile"]),
            Fraction(entry["probability_exact"]),
            tuple(entry["decision"]),
            tuple(
                Payment(pay["agent"], tuple(pay["reports"]), pay["state"], Fraction(pay["amount_exact"]))
                for pay in entry["payments"]
            ),
        )
        for entry in support
    )


def make_result(found: dict[str, Any], payments: npt.NDArray[np.float64], certificate: str) -> Result:
    pay = {name: Fraction(value) for name, value in found["expected_payments"].items() if name.endswith("_exact")}
    return Result(
        found["value"],
        Fraction(found["value_exact"]),
        found["upper_bound"],
        Fraction(found["upper_bound_exact"]),
        found["supremum"],
        found["attained"],
        found["ic"] == "exact",
        Fraction(found["ic_violation_exact"]),
        found["status"],
        Fraction(found["largest_payment_exact"]),
        {name.removesuffix("_exact"): value for name, value in pay.items()},
        found["ladder"],
        entries(found["support"]),
        tuple(found["warnings"]),
        found["statistics"],
        payments,
        certificate,
    )


def _curve_point(point: dict[str, Any]) -> CurvePoint:
    members: dict[str, Any] = {**point, "regret": tuple(point["regret"])}
    return CurvePoint(**members)


def make_simulation(found: dict[str, Any]) -> Simulation:
    curves = tuple(
        Curve(
            curve["method"],
            tuple(_curve_point(point) for point in curve["points"]),
            tuple(Slope(**slope) for slope in curve["slopes"]),
            curve["break_even"],
        )
        for curve in found["curves"]
    )
    return Simulation(found["optimum"], found["det"], found["complete"], curves, tuple(found["warnings"]))
