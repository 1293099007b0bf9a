"""The table of the engine's README: scores and graphs of the shipped Gram matrices, as Markdown.

    python3 src/xchg/dag/bench/table.py [PROGRAM]      (PROGRAM: ./xchg)

20 random starts a search; every number is what `xchg dag learn --json` says.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / "data" / "dag"
FILES = ["er1_20", "er4_20", "sf4_20", "er4_50", "sf4_50", "er4_100", "sf4_100"]
STARTS = 20


def learn(program, name, *options):
    line = [program, "dag", "learn", DATA / f"gram_{name}.csv", "--n", "1000", "--truth", DATA / f"truth_{name}.csv", "--json",
            "--quiet", "--threads", "1", *options]
    answer = subprocess.run([str(word) for word in line], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return json.loads(answer.stdout)


def quality(program):
    print("| data | bound | start | insertions | best of 20 starts | SHD at 0.3, Holm | ms |")
    print("|---|---|---|---|---|---|---|")
    for name in FILES:
        usual = learn(program, name)
        threshold = learn(program, name, "--prune", "threshold")
        several = learn(program, name, "--start", "random", "--restarts", str(STARTS))
        search = [step for step in usual["steps"] if step["kind"] != "start"]
        print(f"| {name} | {usual['lower_bound']:.5f} | {usual['score_start']:.5f} | {usual['score_order']:.5f} ({len(search)} steps) "
              f"| {several['score_order']:.5f} | {threshold['metrics']['shd']}, {usual['metrics']['shd']} "
              f"| {1000 * usual['run']['seconds']:.1f} |")


def from_random_starts(program):
    kinds = {"TOPO, sizes of the authors' package, s0 = 1": ["--method", "topo", "--sizes", "release"],
             "TOPO, the same sizes, s0 = 10": ["--method", "topo", "--sizes", "release", "--large-rounds", "10"],
             "TOPO, ours: min(5 d, all), all, s0 = 10": ["--method", "topo"],
             "swaps": ["--method", "swap"],
             "insertions, then swaps": []}
    names = ["sf4_20", "er4_50", "sf4_50"]
    print("\n| from 20 random starts: median, worst | " + " | ".join(names) + " |")
    print("|---|" + "---|" * len(names))
    for kind, options in kinds.items():
        cells = []
        for name in names:
            scores = [learn(program, name, "--start", "random", "--seed", str(seed), *options)["score_order"]
                      for seed in range(1, STARTS + 1)]
            cells.append(f"{statistics.median(scores):.5f}, {max(scores):.5f}")
        print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else ROOT / "xchg"
    quality(program)
    from_random_starts(program)


if __name__ == "__main__":
    main()
