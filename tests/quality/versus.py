#!/usr/bin/env python3
"""How often one set of answers is right where another is not, case by case.

    versus.py --cases cases.jsonl first.jsonl second.jsonl

Of the cases that both answer: how many are exact in each, in only one of them, and the chance that as unequal a share of
these comes about where neither is better (sign test, both sides). Exit: 0, 1 for files that are none.
"""
import argparse
import math
import sys

from answers import ANSWER_KEYS, CASE_KEYS, BadInput, read_lines, score


def sign_test(only_first, only_second):
    n, least = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(least + 1)) / 2 ** n)


def beside(first, second):
    """One line about two lists of what is right, in the same order."""
    n = len(first)
    only_first = sum(a and not b for a, b in zip(first, second))
    only_second = sum(b and not a for a, b in zip(first, second))
    return (f"{n} cases: {100 * sum(first) / n:.1f} % beside {100 * sum(second) / n:.1f} %; only the first {only_first}, "
            f"only the second {only_second}, p = {sign_test(only_first, only_second):.2g}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True, metavar="FILE")
    parser.add_argument("first", metavar="FIRST.jsonl")
    parser.add_argument("second", metavar="SECOND.jsonl")
    options = parser.parse_args()
    try:
        cases = read_lines(options.cases, CASE_KEYS, "name the file that `inpaint cases` wrote")
        both = [read_lines(path, ANSWER_KEYS, "name a file that `inpaint eval --out` wrote")
                for path in (options.first, options.second)]
        common = [one for one in both[0] if one in both[1] and one in cases]
        if not common:
            raise BadInput("the two files", "have no case in common", "name answers to the same cases")
    except BadInput as error:
        sys.exit(f"versus.py: {error}")
    first, second = ([score(cases[one]["target"], answers[one]).exact for one in common] for answers in both)
    same = sum(both[0][one]["text"] == both[1][one]["text"] for one in common)
    print(f"{beside(first, second)}; the same text {same}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
