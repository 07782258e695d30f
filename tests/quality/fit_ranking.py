#!/usr/bin/env python3
"""Fits the weights of lsp/completion/ranking.cpp to answers whose truth is known.

    inpaint eval --cases CASES --out OUT --candidates --model mini
    fit_ranking.py CASES OUT [CASES OUT ...]

One logistic regression for each origin of a candidate (model, draft, both), by Newton's method with a
ridge. What model and file both say is rare, so its weights are drawn towards those of drafts, not
towards nothing. Prints a Weighting of ranking.cpp, then how well it holds on answers that it was not fitted
on (five folds by file, so that no file is on both sides): per band of probability how many candidates
there were and how many were right, and the coverage and precision of the best candidate by threshold.

The cases must be others than those that are reported: another seed of `inpaint cases`.
"""

import json
import math
import sys
import zlib

from answers import trimmed_for_scoring
from newton import dot, solve

ORIGINS = ("model", "draft", "both")
RIDGE = 2.0
FOLDS = 5


def sigmoid(value):
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, value))))


def fit(samples, prior=None):
    """samples: [(observations, right)] -> weights."""
    if not samples:
        return prior
    size = len(samples[0][0])
    prior = prior or [0.0] * size
    weights = prior[:]
    for _ in range(30):
        gradient = [-RIDGE * (w - p) for w, p in zip(weights, prior)]
        curvature = [[RIDGE if r == c else 0.0 for c in range(size)] for r in range(size)]
        for seen, right in samples:
            p = sigmoid(dot(weights, seen))
            for r in range(size):
                gradient[r] += (right - p) * seen[r]
                for c in range(size):
                    curvature[r][c] += p * (1.0 - p) * seen[r] * seen[c]
        step = solve(curvature, gradient)
        weights = [w + s for w, s in zip(weights, step)]
        if max(abs(s) for s in step) < 1e-6:
            break
    return weights


def read(arguments):
    """-> [(file, [(origin, observations, right, text)])] for each case that has candidates."""
    answers = []
    for cases_file, results_file in zip(arguments[::2], arguments[1::2]):
        with open(cases_file, encoding="utf-8") as file:
            cases = {case["id"]: case for case in map(json.loads, file)}
        with open(results_file, encoding="utf-8") as file:
            for result in map(json.loads, file):
                case = cases[result["id"]]
                target = trimmed_for_scoring(case["target"])
                candidates = [
                    (c["origin"], c["observations"], float(trimmed_for_scoring(c["text"]) == target), c["text"])
                    for c in result.get("candidates", [])
                    if c["text"]
                ]
                answers.append((case.get("path", case["id"]), candidates))
    return answers


def fit_all(answers):
    of = {
        origin: [(seen, right) for _, candidates in answers for o, seen, right, _ in candidates
                 if o == origin]
        for origin in ORIGINS
    }
    draft = fit(of["draft"])
    return {"model": fit(of["model"]), "draft": draft, "both": fit(of["both"], draft)}


def main():
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        print(__doc__, file=sys.stderr)
        return 2
    answers = read(sys.argv[1:])
    weights = fit_all(answers)
    for origin in ORIGINS:
        of_it = [right for _, candidates in answers for o, _, right, _ in candidates if o == origin]
        print(f"// {origin}: {len(of_it)} candidates, {sum(of_it):.0f} of them right")
        if weights[origin]:
            row = ", ".join(f"{w:.3f}" for w in weights[origin])
            print(f".{origin} = {{{row}}},")

    fold_of = {file: zlib.crc32(file.encode()) % FOLDS for file, _ in answers}
    judged = []  # (probability, right) of every candidate
    best = []  # of the best candidate of each case
    first_right = any_right = 0
    for fold in range(FOLDS):
        rest = fit_all([answer for answer in answers if fold_of[answer[0]] != fold])
        for file, candidates in answers:
            if fold_of[file] != fold:
                continue
            scored = sorted(
                ((sigmoid(dot(rest[o], seen)) if rest[o] else 0.0, right)
                 for o, seen, right, _ in candidates), reverse=True)
            judged += scored
            any_right += any(right for _, right in scored)
            if scored:
                best.append(scored[0])
                first_right += scored[0][1]
    print(f"\n{len(answers)} cases, {len(judged)} candidates; right first {100 * first_right / len(answers):.1f} %, "
          f"right anywhere {100 * any_right / len(answers):.1f} %")
    print("\nprobability   candidates   right")
    for low in range(10):
        band = [right for p, right in judged if low <= 10 * p < low + 1 or (low == 9 and p == 1.0)]
        if band:
            print(f"{low / 10:.1f} to {(low + 1) / 10:.1f}   {len(band):10d}   {100 * sum(band) / len(band):5.1f} %")
    print("\nshown from    coverage   precision")
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        shown = [right for p, right in best if p >= threshold]
        if shown:
            print(f"{threshold:10.2f}   {100 * len(shown) / len(answers):7.1f} %   {100 * sum(shown) / len(shown):7.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
