"""The linear program of a generated instance, solved by SciPy's HiGHS: the baseline of hiring_bench.

    python3 highs.py AGENTS EFFORTS SIGNALS STATES SEED BOUND

BOUND is a number or inf. Prints the seconds of the solver alone, the optimum, and the program's size. Written from the method's
description, not from the engine: its generator and its program are its own.
"""

import itertools
import sys
import time

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

MASK = (1 << 64) - 1


class SplitMix:
    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % bound


def weights(random, count, base, spread, extra, w):
    values = [base + random.below(spread) for _ in range(count)]
    values[w % count] += extra
    return np.array(values, float) / sum(values)


def generate(n, k, m, t, seed):
    random = SplitMix(seed)
    latents = 2 * t
    prior = np.array([1 + random.below(9) for _ in range(latents)], float)
    prior /= prior.sum()
    state = np.array([weights(random, t, 1, 3, 12, w) for w in range(latents)])
    signal, cost = [], []
    for _ in range(n):
        signal.append([np.array([weights(random, m, 4, 4, 12 * b, w) for w in range(latents)]) for b in range(k)])
        cost.append([b * (b + 1) * (5 + random.below(11)) / 2000 for b in range(k)])
    return prior, state, signal, cost


def law(instance, efforts):
    """P^b as an array (signals of every agent, states)."""
    prior, state, signal, _ = instance
    total = 0
    for w in range(len(prior)):
        joint = np.array(prior[w])
        for i, b in enumerate(efforts):
            joint = np.multiply.outer(joint, signal[i][b][w])
        total = total + np.multiply.outer(joint, state[w])
    return total


class Program:
    """Rows and columns of the program in coordinates, maximised."""

    def __init__(self, n, k, m, t, instance, bound):
        self.n, self.k, self.m, self.t, self.bound = n, k, m, t, bound
        self.cost = instance[3]
        self.profiles = list(itertools.product(range(k), repeat=n))
        self.number = {b: index for index, b in enumerate(self.profiles)}
        self.laws = [law(instance, b) for b in self.profiles]
        self.cells = m**n * t
        self.first_payment = len(self.profiles)
        self.first_misreport = self.first_payment + len(self.profiles) * n * self.cells
        self.columns = self.first_misreport + n * k * k * m
        self.rows, self.entries = 0, ([], [], [])
        self.build()

    def add(self, row, columns, values):
        columns, values = np.ravel(columns), np.ravel(values)
        self.entries[0].append(np.full(columns.shape, row))
        self.entries[1].append(columns)
        self.entries[2].append(values)

    def payments(self, b, i):
        """Columns of agent i's payments on profile b, with his own report as the first axis."""
        first = self.first_payment + (self.number[b] * self.n + i) * self.cells
        columns = np.arange(first, first + self.cells).reshape((self.m,) * self.n + (self.t,))
        return np.moveaxis(columns, i, 0)

    def misreport(self, i, b, other, z):
        return self.first_misreport + ((i * self.k + b) * self.k + other) * self.m + z

    def build(self):
        for i in range(self.n):
            for effort in range(self.k):
                mine = [b for b in self.profiles if b[i] == effort]
                for other in range(self.k):
                    self.add_rows(i, effort, other, mine)
        if np.isfinite(self.bound):
            count = self.first_misreport - self.first_payment
            rows = self.rows + np.arange(count)
            profile = np.arange(count) // (self.n * self.cells)
            self.entries[0].extend([rows, rows])
            self.entries[1].extend([self.first_payment + np.arange(count), profile])
            self.entries[2].extend([np.ones(count), np.full(count, -self.bound)])
            self.rows += count

    def add_rows(self, i, effort, other, mine):
        deviating = {b: np.moveaxis(self.laws[self.number[b[:i] + (other,) + b[i + 1:]]], i, 0) for b in mine}
        for z in range(self.m):
            for r in range(self.m):
                for b in mine:
                    self.add(self.rows, self.payments(b, i)[r], deviating[b][z])
                self.add(self.rows, [self.misreport(i, effort, other, z)], [-1.0])
                self.rows += 1
        for b in mine:
            self.add(self.rows, self.payments(b, i), -np.moveaxis(self.laws[self.number[b]], i, 0))
            self.add(self.rows, [self.number[b]], [self.cost[i][effort] - self.cost[i][other]])
        for z in range(self.m):
            self.add(self.rows, [self.misreport(i, effort, other, z)], [1.0])
        self.rows += 1

    def solve(self):
        gain = np.zeros(self.columns)
        for b, p in enumerate(self.laws):
            gain[b] = p.reshape(-1, self.t).max(axis=1).sum()
            for i in range(self.n):
                columns = self.first_payment + (b * self.n + i) * self.cells + np.arange(self.cells)
                gain[columns] = -p.ravel()
        parts = [np.concatenate(part) for part in self.entries]
        matrix = csr_matrix((parts[2], (parts[0], parts[1])), shape=(self.rows, self.columns))
        mass = csr_matrix((np.ones(len(self.profiles)), (np.zeros(len(self.profiles), int), np.arange(len(self.profiles)))),
                          shape=(1, self.columns))
        low = np.zeros(self.columns)
        low[self.first_misreport:] = -np.inf
        bounds = np.stack([low, np.full(self.columns, np.inf)], axis=1)
        start = time.perf_counter()
        result = linprog(-gain, A_ub=matrix, b_ub=np.zeros(self.rows), A_eq=mass, b_eq=[1.0], bounds=bounds, method="highs",
                         options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9})
        seconds = time.perf_counter() - start
        if result.status != 0:
            sys.exit(result.message)
        return seconds, -result.fun, matrix.nnz


def main():
    n, k, m, t, seed = (int(value) for value in sys.argv[1:6])
    program = Program(n, k, m, t, generate(n, k, m, t, seed), float(sys.argv[6]))
    seconds, value, nonzeros = program.solve()
    print(f"{seconds:.6f} {value:.12f} {program.rows + 1} {program.columns} {nonzeros}")


if __name__ == "__main__":
    main()
