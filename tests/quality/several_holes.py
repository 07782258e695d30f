#!/usr/bin/env python3
"""Whether several holes are filled consistently: a name's definition and all its uses are marked at once.

    several_holes.py --from DIR [--per-language 20] [--inpaint PROGRAM] [--model MODEL] > several_holes.md

DIR holds source files (of packages that training never sees). A name is taken where it is defined by an
assignment, comes three to six times in the file, and all of them lie within 400 bytes; one a file. Each of them
becomes a mark, and `inpaint rewrite` fills all marks. `agree`: of the files whose marks were all filled, in how
many every mark became the same text; `right`: in how many that is the name. What consistency costs where it is
not wanted says a second table: three names that have nothing to do with one another, each marked once.
The model is mini, unless another one is named. Exit: 0, 1 where nothing was found.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from table import number, table

LANGUAGES = {".c": "c", ".cc": "cpp", ".cpp": "cpp", ".go": "go", ".java": "java", ".js": "javascript",
             ".py": "python", ".rs": "rust", ".ts": "typescript"}
MARK = "…"
NEAR = 400  # bytes
NAME = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]{2,}\b")
DEFINES = re.compile(r"\s*(:\s*[\w\[\], ]+)?\s*(:=|=)[^=]")


def marked_name(text):
    """(text with every place of one name marked, the name), or None."""
    if MARK in text or len(text.encode()) > 60_000:
        return None
    places = {}
    for found in NAME.finditer(text):
        places.setdefault(found.group(), []).append(found.start())
    for name, starts in places.items():
        near = starts[-1] - starts[0] <= NEAR
        if 3 <= len(starts) <= 6 and near and DEFINES.match(text, starts[0] + len(name)):
            return re.sub(rf"\b{name}\b", MARK, text), name
    return None


def unrelated_names(text):
    """(text with one place of each of three names marked, the names), or None. Each comes more than once."""
    if MARK in text or len(text.encode()) > 60_000:
        return None
    counts = Counter(NAME.findall(text))
    places = [found for found in NAME.finditer(text) if counts[found.group()] > 2]
    # From the middle of the file on, where its names are known.
    for first in range(len(places) // 2, len(places)):
        chosen = {}
        for found in places[first:]:
            if found.end() - places[first].start() <= NEAR and len(chosen) < 3:
                chosen.setdefault(found.group(), found)
        if len(chosen) == 3:
            for found in reversed(chosen.values()):
                text = text[: found.start()] + MARK + text[found.end() :]
            return text, list(chosen)
    return None


def files_of(folder, per_language, mark):
    """(language, path, marked text, names), the packages in turn and no package twice before all had one."""
    by_language = {}
    for path in sorted(folder.rglob("*")):
        language = LANGUAGES.get(path.suffix)
        if language and path.is_file():
            package = path.relative_to(folder).parts[:3]
            by_language.setdefault(language, {}).setdefault(package, []).append(path)
    for language, packages in sorted(by_language.items()):
        found, rounds = 0, 0
        while found < per_language and any(len(paths) > rounds for paths in packages.values()):
            for paths in packages.values():
                if found == per_language or len(paths) <= rounds:
                    continue
                try:
                    marked = mark(paths[rounds].read_text())
                except UnicodeDecodeError:
                    continue
                if marked:
                    found += 1
                    yield language, paths[rounds], *marked
            rounds += 1


def fills_of(program, model, path, text):
    """What the marks became, in order, and how many there were."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / path.name
        file.write_text(text)
        done = subprocess.run([program, "rewrite", str(file), "--json", "--model", model], capture_output=True, check=False)
    if done.returncode != 0:
        return [], text.count(MARK)
    answer = json.loads(done.stdout)
    return [edit["text"].strip() for edit in answer["edits"]], answer["holes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="folder", required=True, metavar="DIR")
    parser.add_argument("--per-language", type=int, default=20, metavar="N")
    parser.add_argument("--inpaint", default="build/release/bin/inpaint", metavar="PROGRAM")
    parser.add_argument("--model", default="mini", metavar="MODEL")
    options = parser.parse_args()
    counts = {}
    for language, path, text, name in files_of(Path(options.folder), options.per_language, marked_name):
        fills, holes = fills_of(options.inpaint, options.model, path, text)
        whole = holes > 0 and len(fills) == holes
        agree = whole and len(set(fills)) == 1
        for row in (language, "all"):
            count = counts.setdefault(row, [0] * 6)
            for i, value in enumerate([1, holes, len(fills), whole, agree, agree and fills[0] == name]):
                count[i] += value
    if not counts:
        sys.exit(f"several_holes.py: {options.folder}: no file has a name to mark: name a folder of source code")
    rows = []
    for language in [*sorted(set(counts) - {"all"}), "all"]:
        files, holes, filled, whole, agree, right = counts[language]
        rows.append([language, str(files), str(holes), number(100 * filled / max(holes, 1)), str(whole),
                     number(100 * agree / whole) if whole else "-", number(100 * right / whole) if whole else "-"])
    print(table(["language", "files", "marks", "filled %", "files filled", "agree %", "right %"], rows))
    marks, right, alike = 0, 0, 0
    for _, path, text, names in files_of(Path(options.folder), options.per_language, unrelated_names):
        fills, _ = fills_of(options.inpaint, options.model, path, text)
        marks += len(names)
        if len(fills) == len(names):
            right += sum(fill == name for fill, name in zip(fills, names))
            alike += len(fills) - len(set(fills))
    print(table(["unrelated marks", "right %", "as one before %"],
                [[str(marks), number(100 * right / max(marks, 1)), number(100 * alike / max(marks, 1))]]), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
