"""Optimal pay for many information gatherers, proven, offline and online.

    from xchg import hiring
    result = hiring.design("audit2.json", payment_bound=1)
    result.value_exact                       # Fraction(274, 455)
    result.support                           # who works when, what is decided, what is paid
    hiring.verify("audit2.json", result).proven

Instances are paths, dictionaries as in their JSON files, or an Instance; exact numbers are Fraction, int, str ("1/3")
or float (its shortest decimal).
"""

from xchg.hiring._engine import (
    Instance,
    audit,
    design,
    estimate,
    estimate_pools,
    frontier,
    generate,
    learn,
    simulate,
    verify,
)
from xchg.hiring._results import (
    Check,
    Curve,
    CurvePoint,
    Entry,
    FrontierPoint,
    Learned,
    Payment,
    Progress,
    Request,
    Result,
    Simulation,
    Slope,
)

__all__ = [
    "Check",
    "Curve",
    "CurvePoint",
    "Entry",
    "FrontierPoint",
    "Instance",
    "Learned",
    "Payment",
    "Progress",
    "Request",
    "Result",
    "Simulation",
    "Slope",
    "audit",
    "design",
    "estimate",
    "estimate_pools",
    "frontier",
    "generate",
    "learn",
    "simulate",
    "verify",
]
