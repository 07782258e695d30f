#!/usr/bin/env python3
"""HumanEval-Infilling (arXiv 2207.14255): cases for `inpaint eval`, and how many fills pass the tests.

    humaneval.py cases HumanEval-SingleLineInfilling.jsonl.gz --out CASES
    inpaint eval --cases CASES --out ANSWERS --model MODEL
    humaneval.py grade HumanEval-SingleLineInfilling.jsonl.gz ANSWERS [--beside ANSWERS]

The file is that of the benchmark's own repository; it is not fetched here. A case is one line of a
function, with its line end left standing behind the cursor. `grade` first passes the benchmark's own
solutions, whose share is the most that can be reached, then the answers; others beside them, where both
answer, problem by problem.

It runs what a model wrote: each program in a process of its own, in an empty folder, without the
environment, with limits of time, memory and size of files; not more than that.
"""

import argparse
import concurrent.futures
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile

from answers import trimmed_for_scoring
from versus import beside

SECONDS = 5
MEMORY = 1 << 30


def read_problems(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def case_of(problem):
    """One line of it; the line end belongs to the text behind."""
    line = problem["canonical_solution"]
    target = line.removesuffix("\n")
    ended = line[len(target):]
    return {"id": problem["task_id"], "language": "python", "kind": "line", "path": "solution.py",
            "prefix": problem["prompt"], "suffix": ended + problem["suffix"], "target": target}


def program(problem, fill):
    case = case_of(problem)
    return (case["prefix"] + fill + case["suffix"] + "\n" + problem["test"] + "\n"
            + f"check({problem['entry_point']})\n")


def limit():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def passes(text):
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run([sys.executable, "-I", "-c", text], cwd=folder, env={}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=2 * SECONDS,
                                  preexec_fn=limit, check=False)
        except (subprocess.TimeoutExpired, OSError):
            return False
        return done.returncode == 0


def pass_all(texts, what):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = []
        for done, right in enumerate(pool.map(passes, texts), 1):
            passed.append(right)
            if sys.stderr.isatty():
                print(f"\r{what}: {done} of {len(texts)}", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return passed


def write_cases(problems, path):
    with open(path, "w", encoding="utf-8") as file:
        for problem in problems:
            file.write(json.dumps(case_of(problem)) + "\n")
    print(f"{len(problems)} cases")


def read_fills(path):
    with open(path, encoding="utf-8") as file:
        return {answer["id"]: answer["text"] for answer in map(json.loads, file)}


def is_exact(problem, fill):
    return trimmed_for_scoring(fill) == trimmed_for_scoring(case_of(problem)["target"])


def grade(problems, path, other):
    fills = read_fills(path)
    asked = [problem for problem in problems if problem["task_id"] in fills]
    if not asked:
        print(f"humaneval.py: {path}: answers none of the problems: was it made from their cases?", file=sys.stderr)
        return 1
    own = pass_all([program(p, case_of(p)["target"]) for p in asked], "the benchmark's own lines")
    passed = pass_all([program(p, fills[p["task_id"]]) for p in asked], "answers")
    exact = [is_exact(p, fills[p["task_id"]]) for p in asked]
    n = len(asked)
    print(f"{n} problems: {100 * sum(passed) / n:.1f} % pass, {100 * sum(exact) / n:.1f} % are exact, "
          f"{100 * sum(own) / n:.1f} % of the benchmark's own lines pass")
    if other:
        compare(asked, passed, exact, read_fills(other))
    return 0


def compare(asked, passed, exact, fills):
    """What was asked, passed and is exact, with what others say of the same problems."""
    both = [i for i, problem in enumerate(asked) if problem["task_id"] in fills]
    if not both:
        print("beside it nothing: no problem is answered by both")
        return
    others = [(asked[i], fills[asked[i]["task_id"]]) for i in both]
    others_pass = pass_all([program(*other) for other in others], "answers beside")
    print(f"pass: {beside([passed[i] for i in both], others_pass)}")
    print(f"exact: {beside([exact[i] for i in both], [is_exact(*other) for other in others])}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("cases")
    make.add_argument("problems")
    make.add_argument("--out", required=True)
    judge = commands.add_parser("grade")
    judge.add_argument("problems")
    judge.add_argument("answers")
    judge.add_argument("--beside", metavar="ANSWERS")
    options = parser.parse_args()
    problems = read_problems(options.problems)
    if options.command == "cases":
        write_cases(problems, options.out)
        return 0
    return grade(problems, options.answers, options.beside)


if __name__ == "__main__":
    sys.exit(main())
