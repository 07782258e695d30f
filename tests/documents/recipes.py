"""How the documents' commands are run by a test: with what is small in the place of what is large.

What a command says is kept, option for option; only sizes shrink. A command that no test can run is
named here with the reason, and its files and options are still looked up.
"""

from pathlib import Path

TINY_MODEL = Path(__file__).resolve().parents[1] / "golden/pretrained/qwen2_yarn.gguf"
# The value that an option gets, of every command of ours that has it.
SMALL = {"--steps": "1", "--batch": "1", "--limit": "1", "--size": "tiny", "--per-language": "2", "--jobs": "1",
         "--keys": "5",
         "--base": str(TINY_MODEL)}
# Options that stand for another one in a small run.
INSTEAD = {"--minutes": ("--steps", "1")}
# What a subcommand is told besides, where the words at the left are not there already.
BESIDES = {
    "train": [("--context", "64"), ("--area", "128"), ("--threads", "1"), ("--steps", "1"), ("--batch", "1")],
    "eval": [("--limit", "1")],
    "bench": [("--quick",), ("--no-busy",), ("--rows", "typed through")],
    "bench typing": [("--keys", "5"), ("--speed", "20")],
}
# What prose leaves out because the reader knows it: what a command cannot do without.
KNOWN = {
    "complete": [("", "src/circle.py:9:16")],
    "rewrite": [("", "src/circle.py")],
    "cases": [("--from", "src"), ("--out", "cut.jsonl")],
    "eval": [("--cases", "CASES"), ("--out", "answers.jsonl")],
    "train": [("--data", "DATA")],
    "lab.sh": [("--data", "DATA"), ("--out", "LAB")],
}
# Words that stand for something.
MEANING = {
    "FILE:LINE:COLUMN": "src/circle.py:9:16",
    "FILE": "src/shapes.py",
    "/path/to/inpaint": "$PWD",
    "/tmp/": "tmp/",
}

# What must be there before a command can be run, and which command of a shell brings it.
BEFORE = {
    "tar xf inpaint-*.tar.xz -C ~/.local":
        "mkdir -p inpaint/bin && cp bin/inpaint inpaint/bin && tar cJf inpaint-0.1.0-linux-x86_64.tar.xz inpaint",
    "cat model.tar.?? | tar x": "tar cf - my-code | split -b 4096 - model.tar.",
    "tests/quality/plot.py --cases cases.jsonl --out DIR copy.jsonl diffusion.jsonl lossless.jsonl "
    "autoregressive.jsonl": "cp ~/.cache/inpaint/quality/results/*.jsonl .",
}

NETWORK = "fetches from the network"
ROOT = "needs root, the network and minutes"
BUILDS = "builds the tree that the test runs in"
EDITOR = "needs VS Code and its packages; ctest's editors.vscode builds the extension"
CTEST = "is one of ctest's scripts.*, which takes seconds"
GPU = "is for a machine with a GPU, and for its bundle"
# Commands that are not run: why. Each must stand in a document.
NOT_RUN = {
    "packaging/setup.sh": ROOT,
    "packaging/try.sh": ROOT,
    "packaging/test.sh": BUILDS,
    "cmake --preset dev": BUILDS,
    "cmake --preset release": BUILDS,
    "cmake --build --preset dev": BUILDS,
    "cmake --build --preset dev -j1": BUILDS,
    "cmake --build --preset release": BUILDS,
    "ctest --preset fast": BUILDS,
    "ctest --preset dev -L editors": BUILDS,
    "ctest --preset dev -R Name": BUILDS,
    "build/dev/bin/tests_grammar --gtest_filter=...": "the dots stand for the name of a test",
    "build/asan/bin/fuzz_x -runs=1000000 -max_total_time=600 -seed=2 tests/fuzz/corpus/x":
        "needs a build with a sanitizer, and ten minutes",
    "python3 -m unittest discover -s tests/quality": CTEST,
    "tests/house/format.sh --fix": "writes the sources",
    "tests/house/tidy.py build/dev --fix": "writes the sources",
    "cd editors/vscode": EDITOR,
    "npm ci": EDITOR,
    "npm run package": EDITOR,
    "code --install-extension inpaint.vsix": EDITOR,
    "npm pack @tree-sitter-grammars/tree-sitter-lua": NETWORK,
    "tar xf tree-sitter-grammars-tree-sitter-lua-*.tgz": NETWORK,
    "cc -shared -fPIC -O2 -I package/src package/src/parser.c package/src/scanner.c -o ~/lua.so": NETWORK,
    "python3 engine/training/data/fetch.py --out DATA": NETWORK,
    "python3 engine/training/data/fetch.py --out HELD --section heldout": NETWORK,
    "tests/quality/make_cases.sh": NETWORK,
    "tests/quality/make_cases.sh --fresh": NETWORK,
    "tests/quality/make_cases.sh --per-language 60 --seed 77 --out cases.jsonl": NETWORK,
    "inpaint models get qwen2.5-coder-0.5b": NETWORK,
    "inpaint models use qwen2.5-coder-0.5b": "needs the model that the line before it fetches",
    "pip install tokenizers==0.23.3": NETWORK,
    "python engine/training/tokenizer/train_tokenizer.py --data DATA --out engine/mini/tokenizer.json":
        "needs the package tokenizers",
    "bundle.sh --run RUN --size 9m --shards SHARDS --shards-mib 40": GPU,
    "bundle.sh --only-shards --shards SHARDS --skip N": GPU,
    "train.sh 12 --size 28m --batch 64": GPU,
    "train.sh --more-data": GPU,
    "train.sh --status": GPU,
    "train.sh --finish [model|weights|all]": GPU,
    "echo -15 > /proc/PID/autogroup": "needs root, and a process to hurry",
}
# Programs whose other arguments go to a program of ours, which knows their options.
PASSES_ON = {"train.sh": "inpaint train", "try.sh": "inpaint complete"}


def has(words, option):
    """Whether an option is there; the empty one stands for an operand."""
    if option:
        return any(word == option or word.startswith(option + "=") for word in words)
    flags = {"--json", "--watch", "--why"}
    taken = [i for i, word in enumerate(words[:-1]) if word.startswith("--") and word not in flags]
    return any(not word.startswith("-") and i - 1 not in taken for i, word in enumerate(words))


def small(arguments):
    """The arguments of `inpaint`, made small."""
    if not arguments or arguments[0] not in BESIDES or "--help" in arguments:
        return arguments
    words, value_of = [], None
    for word in arguments:
        if value_of:
            words.append(SMALL.get(value_of, word))
        elif word in INSTEAD:
            words += [INSTEAD[word][0]]
        else:
            words.append(word)
        option = INSTEAD[word][0] if word in INSTEAD else word
        value_of = option if not value_of and option in SMALL else None
    nested = " ".join(arguments[:2])
    for option, *value in BESIDES[nested if nested in BESIDES else arguments[0]]:
        if not has(words, option):
            words += [option, *value]
    if arguments[0] == "train" and not has(words, "--size") and not has(words, "--from"):
        words += ["--size", "tiny"]
    return words


def completed(words):
    """An inline command with what prose leaves out."""
    rest = list(words)
    name = words[1] if words[0] == "inpaint" else words[0].rsplit("/", 1)[-1]
    for option, *value in KNOWN.get(name, []):
        if not has(rest[2 if words[0] == "inpaint" else 1:], option):
            rest += [option, *value] if option else value
    return rest
