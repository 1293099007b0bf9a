"""What is known beforehand about a graph."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xchg.errors import InputError

Node = str | int
Pair = tuple[Node, Node] | Sequence[Node]


@dataclass(frozen=True)
class Knowledge:
    """Prior knowledge; nodes by name or by number of their column. A dictionary of the same keys will do as well."""

    required: Sequence[Pair] = ()
    """Edges (from, to) of the graph, never pruned."""
    forbidden: Sequence[Pair] = ()
    """Edges that are not in the graph; the order is free."""
    before: Sequence[Pair] = ()
    """Pairs of which the first stands before the second in the order."""
    tiers: Sequence[Sequence[Node]] = ()
    """Every node of a tier stands before every node of later ones."""
    roots: Sequence[Node] = ()
    """Nodes without parents."""
    leaves: Sequence[Node] = ()
    """Nodes without children."""
    targets: Mapping[Any, Sequence[Node]] = field(default_factory=dict)
    """Nodes that were set from outside in the rows of a regime."""


def knowledge_text(knowledge: Knowledge | Mapping[str, Any] | None, names: Sequence[str]) -> str:
    """The text of a knowledge file; empty for none."""
    if knowledge is None:
        return ""
    if not isinstance(knowledge, Knowledge):
        for key in knowledge:
            if key not in Knowledge.__dataclass_fields__:
                raise InputError.of(f"knowledge has no '{key}'", ", ".join(Knowledge.__dataclass_fields__))
        knowledge = Knowledge(**knowledge)

    def named(node: Node) -> str:
        if isinstance(node, str):
            return node
        if not 0 <= int(node) < len(names):
            raise InputError.of(f"knowledge names node {node}", f"0 to {len(names) - 1}, or a name")
        return names[int(node)]

    def lists(groups: Sequence[Sequence[Node]]) -> list[list[str]]:
        return [[named(node) for node in group] for group in groups]

    return json.dumps(
        {
            "required": lists(knowledge.required),
            "forbidden": lists(knowledge.forbidden),
            "before": lists(knowledge.before),
            "tiers": lists(knowledge.tiers),
            "roots": lists([knowledge.roots])[0],
            "leaves": lists([knowledge.leaves])[0],
            "targets": {str(regime): lists([nodes])[0] for regime, nodes in knowledge.targets.items()},
        }
    )
