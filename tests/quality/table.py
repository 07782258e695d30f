#!/usr/bin/env python3
"""Summaries of `inpaint eval` as Markdown tables, for the model card.

    table.py copy.json lossless.json ... > table.md

Each is named as its file is. One table by kind of hole, one by language, one by length, one of what became of
the model's texts, and, where the answers carry a probability, one of what a gate at that probability would
show. Exit: 0, 1 for a file that is no summary.
"""
import json
import sys
from pathlib import Path


def number(value, digits=1, factor=1.0):
    """"-" for what is not known."""
    return "-" if value is None else f"{value * factor:.{digits}f}"


def rows_by(rows, **wanted):
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def table(head, lines):
    """Markdown; the first column to the left, the others to the right."""
    marks = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, marks, *lines]) + "\n"


COLUMNS = ["mode", "cases", "exact %", "of three %", "similarity", "promise %", "tokens/forward", "p50 ms", "p95 ms"]


def figures(row):
    return [str(row["cases"]), number(row["exact"], 1, 100), number(row["exact_of_three"], 1, 100),
            number(row["similarity"]), number(row["promise_kept"], 1, 100), number(row["tokens_per_forward"], 2),
            number(row["p50_ms"], 2), number(row["p95_ms"], 2)]


def by_kind(summaries):
    kinds = [row["kind"] for row in summaries[0]["rows"] if row["language"] == "all"]
    lines = []
    for kind in kinds:
        for summary in summaries:
            for row in rows_by(summary["rows"], language="all", kind=kind):
                lines.append([kind, summary["mode"], *figures(row)])
    return table(["kind", *COLUMNS], lines)


def by_group(summaries, name, groups, rows_of):
    """Exact match and similarity of every mode, side by side."""
    head = [name]
    for summary in summaries:
        head += [f"{summary['mode']}: exact %", "similarity"]
    lines = []
    for group in groups:
        line = [group]
        for summary in summaries:
            found = rows_of(summary, group)
            line += [number(found[0]["exact"], 1, 100), number(found[0]["similarity"])] if found else ["-", "-"]
        lines.append(line)
    return table(head, lines)


def by_language(summaries):
    rows = rows_by(summaries[0]["rows"], kind="all")
    return by_group(summaries, "language", [row["language"] for row in rows],
                    lambda summary, group: rows_by(summary["rows"], language=group, kind="all"))


def by_length(summaries):
    return by_group(summaries, "bytes", [row["length"] for row in summaries[0]["lengths"]],
                    lambda summary, group: rows_by(summary["lengths"], length=group))


def by_threshold(summaries):
    """What a gate would show; "" where no answer has a probability."""
    lines = []
    for summary in summaries:
        for row in rows_by(summary["rows"], language="all", kind="all"):
            for one in row["thresholds"]:
                lines.append([summary["mode"], number(one["threshold"], 2),
                              number(one["coverage"], 1, 100), number(one["precision"], 1, 100)])
    head = ["mode", "probability at least", "shown %", "of these exact %"]
    return table(head, lines) if lines else ""


WRITTEN = ["straight", "repaired", "cut", "nothing", "withheld"]


def by_written(summaries):
    """What became of the first text that a model wrote; "" without one."""
    lines = []
    for summary in summaries:
        for row in rows_by(summary["rows"], language="all"):
            if row.get("written"):
                shares = [number(row["written"].get(what, 0.0), 1, 100) for what in WRITTEN]
                lines.append([summary["mode"], row["kind"], *shares])
    return table(["mode", "kind", *(what + " %" for what in WRITTEN)], lines) if lines else ""


def document(summaries):
    parts = [by_kind(summaries), by_language(summaries), by_length(summaries), by_written(summaries),
             by_threshold(summaries)]
    return "\n".join(part for part in parts if part)


def load(path):
    try:
        summary = json.loads(Path(path).read_text())
        if not all(key in summary for key in ("mode", "rows", "lengths")):
            raise ValueError("no mode, rows or lengths in it")
        summary["mode"] = Path(path).stem  # a mode may have been tried in several ways
        return summary
    except (OSError, ValueError) as error:
        sys.exit(f"table.py: {path}: {error}: name a file that `inpaint eval --summary` wrote")


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__)
        return 0 if "--help" in sys.argv or "-h" in sys.argv else 2
    print(document([load(path) for path in sys.argv[1:]]), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
