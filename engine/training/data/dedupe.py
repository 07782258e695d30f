"""Exact and near copies, and copies of held-out packages, taken out of what was laid out.

Exact: equal but for white space. Near: Jaccard similarity of the sets of lines at least 0.7, found
by one-permutation MinHash (Li, Owen and Zhang, 2012) in 24 bins, banded by threes, then counted
exactly. Held out: more than a quarter of a file's long lines stand in a held-out package.
The result is OUT/keep.jsonl: path, lang, bytes, package, licence of every file to train on.
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import sys
import zlib
from pathlib import Path

from selection import EXTENSIONS, LANGUAGES, is_never_train

BINS, SIMILAR, HELD_SHARE, LONG_LINE, MIN_LINES = 24, 0.7, 0.25, 28, 8
EMPTY = 0xFFFFFFFF


def long_lines(data):
    return [zlib.crc32(line.strip()) for line in data.split(b"\n")
            if len(line.strip()) >= LONG_LINE]


def held_out_lines(folder):
    """The hashes of the long lines of every source file that was laid out below `folder`.

    Not of its cache: there lie the dependencies of the held-out crates, which may be trained on.
    """
    lines = set()
    if not (Path(folder) / "src").is_dir():
        sys.exit(f"{folder}: no held-out sources in it: run with --section heldout first")
    for path in sorted((Path(folder) / "src").rglob("*")):
        if path.suffix.lower() in EXTENSIONS and path.is_file():
            lines.update(long_lines(path.read_bytes()))
    return lines


def copies_held_out(data, held):
    lines = long_lines(data)
    return len(lines) >= MIN_LINES and sum(l in held for l in lines) > HELD_SHARE * len(lines)


def signature(data):
    """(least hash of each bin, all hashes) over the distinct lines of 10 or more characters."""
    least, hashes = [EMPTY] * BINS, set()
    for line in data.split(b"\n"):
        line = line.strip()
        if len(line) >= 10:
            value = zlib.crc32(line)
            hashes.add((value * 0x9E3779B1 ^ value >> 15) & 0xFFFFFFFF)
    for value in hashes:
        least[value % BINS] = min(least[value % BINS], value)
    return least, hashes


class Seen:
    """The files of one language that have been kept so far."""

    def __init__(self):
        self.exact, self.bands, self.sets = set(), collections.defaultdict(list), []

    def copy_of_earlier(self, data):
        """"exact", "near" or None; a file that is no copy is remembered."""
        digest = hashlib.blake2b(b"".join(data.split()), digest_size=12).digest()
        if digest in self.exact:
            return "exact"
        self.exact.add(digest)
        least, lines = signature(data)
        if len(lines) < MIN_LINES:
            return None
        keys = [(i, *least[i:i + 3]) for i in range(0, BINS, 3)]
        near = {c for k in keys if k.count(EMPTY) < 2 for c in self.bands.get(hash(k), ())}
        for other in (self.sets[c] for c in sorted(near)):
            both = len(lines & other)
            if both >= SIMILAR * (len(lines) + len(other) - both):
                return "near"
        for key in keys:
            if len(self.bands[hash(key)]) < 24:
                self.bands[hash(key)].append(len(self.sets))
        self.sets.append(lines)
        return None


def dedupe_language(out, language, records, held, never):
    """The rows of keep.jsonl of one language, and what was counted."""
    seen, rows, count = Seen(), [], collections.Counter()
    base = out / "src" / language
    for tag in sorted(os.listdir(base)) if base.is_dir() else []:
        if tag not in records:   # laid out by an interrupted run: not judged to the end
            continue
        record = records[tag]
        if is_never_train(record["package"], never):   # a dependency of a crate, for one
            continue
        paths = sorted(p for p in (base / tag).rglob("*") if p.is_file())
        for path in paths:
            data = path.read_bytes()
            reason = "held out" if held and copies_held_out(data, held) else None
            reason = reason or seen.copy_of_earlier(data)
            count[reason or "kept"] += len(data)
            if reason:
                continue
            inner = path.relative_to(base / tag).as_posix()
            rows.append({
                "path": path.relative_to(out).as_posix(), "lang": language, "bytes": len(data),
                "package": f"{record['eco']}:{record['package']}@{record['version']}",
                "licence": record["file_licences"].get(f"{language}/{inner}", record["licence"])})
    return rows, dict(count)


def dedupe(out, against=None, jobs=1, never=frozenset()):
    """Writes OUT/keep.jsonl; the counts by language."""
    records = {}
    for path in sorted((out / "records").glob("*.json")):
        record = json.loads(path.read_text())
        if "file_licences" in record:
            records[record["tag"]] = record
    held = held_out_lines(against) if against else set()
    counts, temporary = {}, out / "keep.jsonl.new"
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool, temporary.open("w") as keep:
        results = pool.map(dedupe_language, [out] * len(LANGUAGES), LANGUAGES,
                           [records] * len(LANGUAGES), [held] * len(LANGUAGES),
                           [never] * len(LANGUAGES))
        for language, (rows, count) in zip(LANGUAGES, results):
            keep.writelines(json.dumps(row) + "\n" for row in rows)
            counts[language] = count
            print(f"{language:12}", ", ".join(f"{k} {v / 1e6:.1f} MB" for k, v in
                                              sorted(count.items())), flush=True)
    temporary.replace(out / "keep.jsonl")
    (out / "dedupe.json").write_text(json.dumps(counts, indent=1) + "\n")
    return counts
