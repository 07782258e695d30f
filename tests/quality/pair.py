#!/usr/bin/env python3
"""What one way of writing costs beside another, from answers to the same cases.

    pair.py plain.jsonl drafted.jsonl > pair.md

The first file is the measure: `inpaint eval --mode autoregressive --drafts off --adapter none`, say, and the second one
the same with what is to be judged. By the forwards that the first took, which are the tokens that were written: how many
texts are equal, tokens a forward (forwards of the first / forwards of the second) and writing time (of the second /
of the first), each a quotient of sums. Behind them the middle 95 % of such quotients of 2,000 draws of the cases,
with repetition, by a fixed seed.
"""
import argparse
import random
import sys

from answers import ANSWER_KEYS, BadInput, is_number, read_lines
from table import table

HEAD = ["forwards", "cases", "same text", "tokens a forward", "time"]
BANDS = [("1 to 8", 1, 8), ("9 to 32", 9, 32), ("33 and more", 33, sys.maxsize), ("all", 0, sys.maxsize)]
DRAWS = 2000
SEED = 1


def quotient(pairs, of, to):
    """Sum of `of` through sum of `to`; both take a pair. None where nothing is to be divided by."""
    below = sum(to(pair) for pair in pairs)
    return sum(of(pair) for pair in pairs) / below if below else None


def with_interval(pairs, of, to):
    value = quotient(pairs, of, to)
    if value is None:
        return "-"
    chance = random.Random(SEED)
    drawn = sorted(q for q in (quotient(chance.choices(pairs, k=len(pairs)), of, to) for _ in range(DRAWS))
                   if q is not None)
    return f"{value:.2f} ({drawn[int(0.025 * len(drawn))]:.2f} to {drawn[int(0.975 * len(drawn)) - 1]:.2f})"


def rows_of(first, second):
    """A row for each band that has cases; only cases that both answer."""
    common = [(first[one], second[one]) for one in first if one in second]
    if not common:
        raise BadInput("the two files", "have no case in common", "name answers to the same cases")
    rows = []
    for name, low, high in BANDS:
        pairs = [pair for pair in common if low <= pair[0]["forwards"] <= high]
        if pairs:
            rows.append([
                name, str(len(pairs)), str(sum(a["text"] == b["text"] for a, b in pairs)),
                with_interval(pairs, lambda p: p[0]["forwards"], lambda p: p[1]["forwards"]),
                with_interval(pairs, lambda p: p[1]["denoise_milliseconds"], lambda p: p[0]["denoise_milliseconds"])])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first", metavar="PLAIN.jsonl")
    parser.add_argument("second", metavar="DRAFTED.jsonl")
    options = parser.parse_args()
    keys = {**ANSWER_KEYS, "denoise_milliseconds": is_number}
    try:
        both = [read_lines(path, keys, "name a file that `inpaint eval --out` wrote")
                for path in (options.first, options.second)]
        print(table(HEAD, rows_of(*both)), end="")
    except BadInput as error:
        sys.exit(f"pair.py: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
