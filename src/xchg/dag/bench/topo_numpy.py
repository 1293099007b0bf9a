"""TOPO by refitting: the published method with NumPy alone, as a baseline of the benchmark.

Every candidate exchange fits the columns between the two positions anew on the rows, by least squares.

    python3 topo_numpy.py X.npy ORDER SIZE_SMALL SIZE_LARGE LARGE_ROUNDS

prints the seconds of the search and the score of the final order.
"""

import sys
import time

import numpy as np


def fit_column(x, order, position):
    """Weights of the node at a position on those before it, and half the mean square of what is left."""
    target = x[:, order[position]]
    if position == 0:
        return np.zeros(0), 0.5 * np.mean(target**2)
    before = x[:, order[:position]]
    weights = np.linalg.lstsq(before, target, rcond=None)[0]
    rest = target - before @ weights
    return weights, 0.5 * np.mean(rest**2)


def exchanged(x, order, costs, a, b):
    """Order and costs after the exchange of positions a < b."""
    order = order.copy()
    order[a], order[b] = order[b], order[a]
    costs = costs.copy()
    for position in range(a, b + 1):
        costs[position] = fit_column(x, order, position)[1]
    return order, costs


def improving(x, order, costs, pairs):
    found = []
    for a, b in pairs:
        _, changed = exchanged(x, order, costs, a, b)
        if changed.sum() < costs.sum() * (1 - 1e-12):
            found.append((changed.sum(), order[b], order[a], a, b))
    return sorted(found)


def topo(x, order, small, large, rounds):
    d = x.shape[1]
    fits = [fit_column(x, order, position) for position in range(d)]
    costs = np.array([cost for _, cost in fits])
    used = 0
    while True:
        w = np.zeros((d, d))
        for position in range(d):
            w[:position, position] = np.abs(fit_column(x, order, position)[0])
        walks = np.linalg.inv(np.eye(d) - w)
        pairs = [(a, b) for a in range(d) for b in range(a + 1, d)]
        weights = np.array([walks[a, b] for a, b in pairs])
        ranked = np.sort(weights)
        low, high = ranked[min(small, len(pairs)) - 1], ranked[min(large, len(pairs)) - 1]
        moves = improving(x, order, costs, [p for p, t in zip(pairs, weights) if t <= low])
        if not moves:
            if used >= rounds:
                return costs.sum()
            moves = improving(x, order, costs, [p for p, t in zip(pairs, weights) if low < t <= high])
            if not moves:
                return costs.sum()
            used += 1
        taken = np.zeros(d, dtype=bool)
        for _, _, _, a, b in moves:
            if not taken[a : b + 1].any():
                taken[a : b + 1] = True
                order, costs = exchanged(x, order, costs, a, b)


def main():
    x = np.load(sys.argv[1])
    order = np.array([int(node) for node in sys.argv[2].split(",")])
    small, large, rounds = (int(text) for text in sys.argv[3:6])
    begin = time.perf_counter()
    score = topo(x, order, small, large, rounds)
    print(time.perf_counter() - begin, repr(float(score)))


if __name__ == "__main__":
    main()
