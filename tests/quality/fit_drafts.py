#!/usr/bin/env python3
"""Fits the weights of the drafts rated together (lsp/retrieval/draft_probability.cpp).

    inpaint eval --cases CASES --mode draft --candidates --out OUT
    fit_drafts.py CASES OUT [CASES OUT]

Of the drafts of a hole at most one is right: p = odds / (1 + sum of all odds), the odds an exponential of
weighted observations. The weights are those of most likelihood, with a ridge, by Newton's method, one set
for each kind of hole. Prints them as draft_probability.cpp has them, and then, for the second pair of
files or else the first, how often the most probable draft is right and how often a probability holds.

The cases that are fitted must be others than those that are reported: another seed of `inpaint cases`.
"""

import json
import math
import sys

from answers import trimmed_for_scoring
from newton import dot, solve

KINDS = ("line", "block", "span")
RIDGE = 1.0
LONGEST_STEP = 2.0
BANDS = (0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01)


def read(cases_file, results_file):
    """-> {kind: [[(observations, right)] of each case]}"""
    holes = {kind: [] for kind in KINDS}
    with open(cases_file, encoding="utf-8") as file:
        cases = {case["id"]: (case["kind"], trimmed_for_scoring(case["target"])) for case in map(json.loads, file)}
    with open(results_file, encoding="utf-8") as file:
        for result in map(json.loads, file):
            kind, target = cases[result["id"]]
            holes[kind].append([(draft["observations"], trimmed_for_scoring(draft["text"]) == target)
                                for draft in result.get("candidates", [])])
    return holes


def probabilities(weights, drafts):
    odds = [math.exp(max(-30.0, min(30.0, dot(weights, seen)))) for seen, _ in drafts]
    whole = 1.0 + sum(odds)
    return [one / whole for one in odds]


def fit(holes):
    """-> weights: gradient and curvature of the log likelihood, hole by hole."""
    holes = [drafts for drafts in holes if drafts]
    size = len(holes[0][0][0])
    weights = [0.0] * size
    for _ in range(60):
        gradient = [-RIDGE * w for w in weights]
        curvature = [[RIDGE if r == c else 0.0 for c in range(size)] for r in range(size)]
        for drafts in holes:
            chances = probabilities(weights, drafts)
            mean = [0.0] * size
            for p, (seen, right) in zip(chances, drafts):
                there = [i for i in range(size) if seen[i]]
                for r in there:
                    mean[r] += p * seen[r]
                    gradient[r] += (right - p) * seen[r]
                    for c in there:
                        curvature[r][c] += p * seen[r] * seen[c]
            there = [i for i in range(size) if mean[i]]
            for r in there:
                for c in there:
                    curvature[r][c] -= mean[r] * mean[c]
        step = solve(curvature, gradient)
        longest = max(abs(s) for s in step)
        scale = min(1.0, LONGEST_STEP / longest)
        weights = [w + scale * s for w, s in zip(weights, step)]
        if longest < 1e-6:
            break
    return weights


def judge(weights, holes):
    """How often the most probable drafts are right, and the bands of probability."""
    first = among = 0
    bands = [[] for _ in BANDS]
    for drafts in holes:
        rated = sorted(zip(probabilities(weights, drafts), (right for _, right in drafts)), reverse=True)
        first += any(right for _, right in rated[:1])
        among += any(right for _, right in rated[:4])
        for p, right in rated:
            bands[sum(p >= low for low in BANDS) - 1].append((p, right))
    print(f"{len(holes)} holes; right first {100 * first / len(holes):.1f} %, "
          f"among four {100 * among / len(holes):.1f} %")
    for low, high, band in zip(BANDS, BANDS[1:], bands):
        if band:
            expected = 100 * sum(p for p, _ in band) / len(band)
            right = 100 * sum(right for _, right in band) / len(band)
            print(f"  {low:.2f} to {min(high, 1.0):.2f}   {len(band):6d} drafts   said {expected:5.1f} %   "
                  f"right {right:5.1f} %")


def main():
    if len(sys.argv) not in (3, 5):
        print(__doc__, file=sys.stderr)
        return 2
    fitted = read(*sys.argv[1:3])
    judged = read(*sys.argv[3:5]) if len(sys.argv) == 5 else fitted
    for kind in KINDS:
        if not any(fitted[kind]):
            continue
        weights = fit(fitted[kind])
        print(f".{kind} = {{{', '.join(f'{w:.2f}' for w in weights)}}}")
        judge(weights, judged[kind])
    return 0


if __name__ == "__main__":
    sys.exit(main())
