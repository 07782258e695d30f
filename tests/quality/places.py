#!/usr/bin/env python3
"""Whether the middle of a line is served as well as its end, as a Markdown table for grammar/README.md.

    places.py --cases cases.jsonl [--threshold 0.35] lossless.jsonl ... > places.md

A place is told by its case: the missing piece has several lines, or the rest of the line stands behind it, or
nothing does. `shown`: the answers that a gate at the threshold lets pass, and how many of these are exact;
`promise`: of all answers, how many parse no worse than the place can be. Exit: 0, 1 for files that are none.
"""
import argparse
import sys

from answers import ANSWER_KEYS, CASE_KEYS, BadInput, is_text, read_lines, score, trimmed_for_scoring
from table import number, table

SHOWN_FROM = 0.35  # of the embedded model: shown_from() in lsp/completion/ranking.cpp
PLACES = ["end of a line", "middle of a line", "several lines", "all"]
HEAD = ["mode", "place", "cases", "exact %", "answered %", "promise %", "shown %", "of these exact %"]


def is_errors(value):
    return value is None or type(value) is int


def place_of(case):
    if "\n" in trimmed_for_scoring(case["target"]):
        return "several lines"
    rest = case["suffix"].split("\n", 1)[0]
    return "middle of a line" if rest.strip() else "end of a line"


def share(part, whole):
    return number(100 * len(part) / len(whole)) if whole else "-"


def rows_of(mode, cases, answers, threshold):
    """One row a place. `answers`: by id, as read."""
    by_place = {place: [] for place in PLACES}
    for one, answer in answers.items():
        scored = score(cases[one]["target"], answer)
        known = None not in (answer["errors_after"], answer["errors_baseline"])
        kept = answer["errors_after"] <= answer["errors_baseline"] if known else None
        for place in (place_of(cases[one]), "all"):
            by_place[place].append((scored, kept))
    rows = []
    for place, found in by_place.items():
        if not found:
            continue
        answered = [(one, kept) for one, kept in found if one.shown]
        checked = [kept for _, kept in answered if kept is not None]
        shown = [one for one, _ in answered if one.probability is None or one.probability >= threshold]
        rows.append([mode, place, str(len(found)), share([one for one, _ in found if one.exact], found),
                     share(answered, found), share([kept for kept in checked if kept], checked),
                     share(shown, found), share([one for one in shown if one.exact], shown)])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", required=True, metavar="FILE")
    parser.add_argument("--threshold", type=float, default=SHOWN_FROM, metavar="P")
    parser.add_argument("answers", nargs="+", metavar="MODE.jsonl")
    options = parser.parse_args()
    try:
        cases = read_lines(options.cases, {**CASE_KEYS, "suffix": is_text},
                           "name the file that `inpaint cases` wrote")
        rows = []
        for path in options.answers:
            answers = read_lines(path, {**ANSWER_KEYS, "errors_after": is_errors, "errors_baseline": is_errors},
                                 "name a file that `inpaint eval --out` wrote")
            for one in answers:
                if one not in cases:
                    raise BadInput(path, f"answers {one!r}, no case of {options.cases}",
                                   "name the cases it was asked")
            mode = path.rsplit("/", 1)[-1].removesuffix(".jsonl")
            rows += rows_of(mode, cases, answers, options.threshold)
    except BadInput as error:
        sys.exit(f"places.py: {error}")
    print(table(HEAD, rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
