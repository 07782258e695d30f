#!/usr/bin/env python3
"""Other places in the files of some cases: where a cursor cuts a token.

    cut_cases.py --cases cases.jsonl --place word --n 400 --seed 1 --out word.jsonl
    cut_cases.py --cases cases.jsonl --place indentation --n 400 --seed 1 --out indentation.jsonl

`word`: in the middle of a word of three characters or more. `indentation`: behind some of the white space that a line
begins with, or all of it. What is missing is the rest of the line. Files take turns in a drawn order, and no line is
taken twice. What such a place is worth is told by answers under two prompt formats, one of which ends with whole
tokens: `inpaint eval --prompt-format fim-psm-1`, and `fim-cut-1`. Exit: 0, 1 for files that are none.
"""
import argparse
import json
import random
import re
import sys

from answers import CASE_KEYS, BadInput, is_text, read_lines

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")
INDENTATION = re.compile(r"[ \t]+(?=\S)")


def cuts_of(place, line):
    """Offsets in the line at which a cursor may stand."""
    if place == "indentation":
        found = INDENTATION.match(line)
        return list(range(1, found.end() + 1)) if found else []
    return [at for word in WORD.finditer(line) for at in range(word.start() + 1, word.end())]


def cut(case, place, chance, taken):
    """The case of another place in its file, or None where a drawn line has none."""
    text = case["prefix"] + case["target"] + case["suffix"]
    lines = re.split(r"(?<=\n)", text)
    number = chance.randrange(len(lines))
    line = lines[number].rstrip("\r\n")
    cuts = cuts_of(place, line)
    if not cuts or (case["path"], text, number) in taken:
        return None
    taken.add((case["path"], text, number))
    begin = sum(map(len, lines[:number]))
    at, end = begin + chance.choice(cuts), begin + len(line)
    return {**case, "kind": "line", "prefix": text[:at], "target": text[at:end], "suffix": text[end:]}


def drawn(cases, place, n, seed):
    """n cases, or as many as are found in a hundred turns."""
    chance = random.Random(seed)
    files = list({case["prefix"] + case["target"] + case["suffix"]: case for case in cases}.values())
    chance.shuffle(files)
    taken, found = set(), []
    for _ in range(100):
        for file in files:
            one = cut(file, place, chance, taken)
            if one:
                found.append({**one, "id": f"{one['language']}-{place}-{len(found) + 1:04}"})
            if len(found) == n:
                return found
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True, metavar="FILE")
    parser.add_argument("--place", required=True, choices=["word", "indentation"])
    parser.add_argument("--n", type=int, default=400, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--out", required=True, metavar="FILE")
    options = parser.parse_args()
    keys = {**CASE_KEYS, **dict.fromkeys(["language", "path", "prefix", "suffix"], is_text)}
    try:
        read_lines(options.cases, keys, "name a file that `inpaint cases` wrote")
    except BadInput as error:
        sys.exit(f"cut_cases.py: {error}")
    with open(options.cases, encoding="utf-8", newline="\n") as file:  # whole: their other files as well
        cases = [json.loads(line) for line in file if line.strip()]
    found = drawn(cases, options.place, options.n, options.seed)
    with open(options.out, "w", encoding="utf-8") as out:
        for one in found:
            print(json.dumps(one, ensure_ascii=False), file=out)
    print(f"{len(found)} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
