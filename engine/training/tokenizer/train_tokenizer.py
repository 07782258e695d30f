#!/usr/bin/env python3
"""Train the byte-level BPE vocabulary of the embedded model, once.

    train_tokenizer.py --data DATA --out engine/mini/tokenizer.json
    train_tokenizer.py --data DATA --check engine/mini/tokenizer.json

DATA is what the fetcher laid out: DATA/src/LANGUAGE/PACKAGE/... and, when it is there, the
de-duplicated DATA/keep.jsonl, which then is the only list that files are drawn from.

The sample holds --megabytes of each language. A file's chance grows with the square root of its
package's size instead of the size itself, so no project fills the vocabulary with its own names;
the draw is a seeded weighted sample without replacement (Efraimidis and Spirakis, 2006: keys
-ln(u)/w in ascending order), u coming from a hash of the file's path, hence the same on every
machine. Files whose path names a package of the never-train list are left out.

Needs `tokenizers` (the version in README.md); nothing of the program depends on this script.
"""
import argparse
import collections
import hashlib
import json
import math
import os
import sys
import time
from pathlib import Path

LANGUAGES = ["python", "c", "cpp", "javascript", "typescript", "rust", "go", "java"]
VOCABULARY = 16384
TRAINED = 17408      # before the names of single projects are taken out again
SHARED = 3           # a token of 6 or more bytes earns its place by at least so many packages
LONGEST_TOKEN = 48   # bytes; a longer one would be a ruler of dashes or one project's name
SPLIT = (r"[\r\n]+[ \t]*|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|[ \t]+(?!\S)|\s+")
SPECIAL = (["<pad>", "<mask>", "<end>", "<file>", "<snippet>", "<far>", "<prefix>", "<near>"]
           + [f"<hole_{i}>" for i in range(8)] + [f"<fill_{i}>" for i in range(8)]
           + [f"<spare_{i}>" for i in range(8)])


def never_train_names(path):
    """The last parts of the names that training must not see, in lower case."""
    names = Path(path).read_text().split()
    return {name.lower().replace(":", "/").rsplit("/", 1)[-1] for name in names}


def candidates(data, language, never):
    """(path, bytes, package) of every file that may be drawn, sorted by path."""
    keep = data / "keep.jsonl"
    if keep.exists():
        rows = (json.loads(line) for line in keep.open())
        rows = ((r["path"], r["bytes"], r["path"].split("/")[2]) for r in rows
                if r["lang"] == language)
    else:
        root = data / "src" / language
        rows = ((str(p.relative_to(data)), p.stat().st_size, p.relative_to(root).parts[0])
                for p in root.rglob("*") if p.is_file())
    return sorted(r for r in rows if not never.intersection(r[0].lower().split("/")))


def draw(data, language, wanted, seed, never):
    """Paths of the sample of one language, about `wanted` bytes, exact copies drawn once."""
    files = candidates(data, language, never)
    total = collections.Counter()
    for _, size, package in files:
        total[package] += size
    keyed = []
    for path, _, package in files:
        digest = hashlib.sha256(f"{seed}:{path}".encode()).digest()
        uniform = (int.from_bytes(digest[:8], "big") + 1) / (2**64 + 1)
        keyed.append((-math.log(uniform) * math.sqrt(total[package]), path))
    taken, seen, chosen = 0, set(), []
    for _, path in sorted(keyed):
        if taken >= wanted:
            break
        raw = (data / path).read_bytes()
        key = hashlib.sha256(b"".join(raw.split())).digest()
        if key in seen:
            continue
        seen.add(key)
        chosen.append(path)
        taken += len(raw)
    return chosen, taken


def split_tokenizer():
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    tokenizer = Tokenizer(models.BPE(byte_fallback=False, ignore_merges=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def train(texts):
    from tokenizers import pre_tokenizers, trainers
    tokenizer = split_tokenizer()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=TRAINED, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        max_token_length=LONGEST_TOKEN))
    return tokenizer


def load(path):
    from tokenizers import Tokenizer
    return Tokenizer.from_file(str(path))


def check(path, samples):
    """Problems of a finished tokenizer.json (none when it may be used); prints bytes a token."""
    from tokenizers import pre_tokenizers
    tokenizer = load(path)
    vocabulary = tokenizer.get_vocab()
    problems = []
    if len(vocabulary) != VOCABULARY or sorted(vocabulary.values()) != list(range(VOCABULARY)):
        problems.append(f"{len(vocabulary)} tokens, wanted {VOCABULARY} without a gap")
    for index, name in enumerate(SPECIAL):
        if vocabulary.get(name) != index:
            problems.append(f"{name} has id {vocabulary.get(name)}, wanted {index}")
    missing = [c for c in pre_tokenizers.ByteLevel.alphabet() if c not in vocabulary]
    if missing:
        problems.append(f"{len(missing)} of 256 byte tokens are missing")
    for indent in ("\n", "\n    ", "\n        ", "\n            ", "\n\t", "\n\t\t", "\n  "):
        if len(tokenizer.encode(indent, add_special_tokens=False).ids) != 1:
            problems.append(f"{indent!r} is more than one token")
    for language, texts in samples.items():
        n_bytes = n_tokens = 0
        for text in texts:
            ids = tokenizer.encode(text, add_special_tokens=False).ids
            n_bytes += len(text.encode())
            n_tokens += len(ids)
            if tokenizer.decode(ids, skip_special_tokens=False) != text:
                problems.append(f"{language}: a round trip is not exact")
        if n_tokens:
            print(f"{language:12} {n_bytes / n_tokens:.2f} bytes/token on {n_bytes} bytes")
    return problems


def token_users(tokenizer, drawn, data):
    """For each token id the packages (at most SHARED of them) of the sample that use it."""
    users = collections.defaultdict(set)
    for paths in drawn.values():
        for file in paths:
            package = file.split("/")[2]
            text = (data / file).read_text()
            for token in set(tokenizer.encode(text, add_special_tokens=False).ids):
                if len(users[token]) < SHARED:
                    users[token].add(package)
    return users


def narrow(name, packages):
    return len(name) >= 6 and len(packages) < SHARED


def prune(tokenizer, users):
    """The tokenizer.json document with VOCABULARY tokens, without the names of single projects.

    Taking out a merge whose token no other merge builds on leaves all other merges as they were;
    the parts inherit the packages of what they had built. What is then still too many goes from
    the end, where the rarest merges are.
    """
    document = json.loads(tokenizer.to_str())
    model = document["model"]
    names = {index: name for name, index in model["vocab"].items()}
    packages = {name: set(users.get(index, ())) for index, name in names.items()}
    kept = []
    needed = collections.Counter(part for merge in model["merges"] for part in merge)
    for left, right in reversed(model["merges"]):
        token = left + right
        if not needed[token] and narrow(token, packages[token]):
            for part in (left, right):
                needed[part] -= 1
                packages[part] |= packages[token]
        else:
            kept.append([left, right])
    kept.reverse()
    built = {left + right for left, right in model["merges"]}
    base = [names[i] for i in sorted(names) if names[i] not in built]
    kept = kept[:VOCABULARY - len(base)]
    model["merges"] = kept
    model["vocab"] = {name: i for i, name in
                      enumerate(base + [left + right for left, right in kept])}
    return document


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--never", default=Path(__file__).parents[1] / "data/never_train.txt")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--megabytes", type=float, default=8.0, help="sample of each language")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if not (arguments.out or arguments.check):
        parser.error("name --out FILE or --check FILE")
    os.environ.setdefault("RAYON_NUM_THREADS", "1")   # one order of work, one result
    never = never_train_names(arguments.never)
    wanted = int(arguments.megabytes * 1e6)
    drawn = {}
    listing = hashlib.sha256()
    for language in LANGUAGES:
        drawn[language], taken = draw(arguments.data, language, wanted, arguments.seed, never)
        listing.update("\n".join(drawn[language]).encode())
        packages = len({p.split("/")[2] for p in drawn[language]})
        print(f"{language:12} {taken / 1e6:.2f} MB, {len(drawn[language])} files,"
              f" {packages} packages", flush=True)
        if taken < wanted / 2:
            sys.exit(f"{arguments.data}/src/{language}: {taken} bytes of {wanted} wanted:"
                     " fetch more packages of this language")
    print("sha256 of the sample's list of files:", listing.hexdigest())
    if arguments.out:
        began = time.time()
        order = sorted((hashlib.sha256(f"{arguments.seed}/{p}".encode()).digest(), p)
                       for paths in drawn.values() for p in paths)
        tokenizer = train((arguments.data / p).read_text() for _, p in order)
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        document = prune(tokenizer, token_users(tokenizer, drawn, arguments.data))
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        arguments.out.write_text(text + "\n")
        print(f"trained in {time.time() - began:.0f} s; sha256 of {arguments.out}:",
              hashlib.sha256(arguments.out.read_bytes()).hexdigest())
    path = arguments.out or arguments.check
    # Other files than those of the sample: the next draw of another seed, less the sample.
    samples = {}
    for language in LANGUAGES:
        other, _ = draw(arguments.data, language, 1_000_000, arguments.seed + 1, never)
        samples[language] = [(arguments.data / p).read_text()
                             for p in other if p not in set(drawn[language])]
    problems = check(path, samples)
    tokenizer = load(path)
    users = token_users(tokenizer, drawn, arguments.data)
    rare = [(i, tokenizer.id_to_token(i), sorted(users.get(i, ())))
            for i in range(len(SPECIAL), VOCABULARY)]
    rare = [row for row in rare if narrow(row[1], row[2])]
    print(f"{len(rare)} tokens of 6 or more bytes come from fewer than {SHARED} packages")
    for token, name, packages in rare:
        print("  ", token, repr(name), *packages)
    sys.exit("\n".join(problems) if problems else 0)


if __name__ == "__main__":
    main()
