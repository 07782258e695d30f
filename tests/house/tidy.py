#!/usr/bin/env python3
"""Runs clang-tidy over the project's sources and fails on any finding.

A source that was clean is not looked at again until it, a header of ours that it includes, the
configuration, the tool or its compile flags change: the verdict is kept in the cache folder under
a hash of all of these. Third-party headers are pinned, so they are left out of the hash; parsing
torch's alone takes twenty seconds.

  tests/house/tidy.py BUILD_FOLDER            what is free of torch
  tests/house/tidy.py BUILD_FOLDER --torch    the sources that include torch
  tests/house/tidy.py BUILD_FOLDER --fix      applies the fixes that clang-tidy proposes
  tests/house/tidy.py BUILD_FOLDER FILE ...   these alone
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "inpaint"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def flags_of(entry: dict) -> list[str]:
    """The compile flags that matter to clang; GCC's precompiled header and outputs do not."""
    words = iter(shlex.split(entry["command"]))
    flags = []
    for word in words:
        if word in ("-o", "-c", "-MT", "-MF", "-include"):
            next(words)
        elif word == "-isystem":
            flags += [word, next(words)]
        elif word == "-fopenmp":
            flags.append("-fopenmp-simd")  # clang comes without GCC's omp.h; threads change no finding
        elif word.startswith(("-I", "-D", "-std", "-f", "-m", "-W")) and word != "-Winvalid-pch":
            flags.append(word)
    return flags


def closure(source: pathlib.Path) -> list[pathlib.Path]:
    """The source and every header of ours that it reaches."""
    seen, todo = set(), [source]
    while todo:
        path = todo.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        todo += [ROOT / name.decode() for name in INCLUDE.findall(path.read_bytes())]
    return sorted(seen)


def key_of(source: pathlib.Path, flags: list[str], checks: str, version: str) -> str:
    digest = hashlib.sha256()
    for text in (version, checks, " ".join(flags).replace(str(ROOT), ".")):
        digest.update(text.encode() + b"\0")
    for path in [ROOT / ".clang-tidy", *closure(source)]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--torch", action="store_true")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("files", nargs="*", help="only these sources, relative to the root")
    arguments = parser.parse_intermixed_args()

    tidy = CACHE / "tools/bin/clang-tidy"
    if not tidy.exists():
        print(f"clang-tidy: not in {tidy}: run packaging/setup.sh", file=sys.stderr)
        return 1
    version = subprocess.run([tidy, "--version"], capture_output=True, text=True,
                             check=True).stdout
    # torch's umbrella headers are meant to be included as they are; the macros that write a kernel
    # for each number type take types, which no parentheses may enclose; and what a member function
    # has filled is not followed into the next (trainer.cpp).
    checks = ("-misc-include-cleaner,-bugprone-macro-parentheses,"
              "-bugprone-unchecked-optional-access") if arguments.torch else ""

    work = {}  # source -> flags; objects that two targets share are looked at once
    for entry in json.loads((arguments.build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if not source.is_relative_to(ROOT) or source.suffix != ".cpp":
            continue
        path = source.relative_to(ROOT).as_posix()
        if path.split("/")[0] not in ("grammar", "engine", "lsp"):
            continue
        if ("inpaint_engine_objects" in entry["command"]) != arguments.torch:
            continue
        if arguments.files and path not in arguments.files:
            continue
        work[source] = flags_of(entry)
    if not work and not arguments.files:
        print("clang-tidy: the build folder names no source: configure it again", file=sys.stderr)
        return 1

    verdicts = CACHE / "tidy"
    verdicts.mkdir(parents=True, exist_ok=True)

    def check(source: pathlib.Path) -> str | None:
        """Nothing when clean, else what clang-tidy said."""
        verdict = verdicts / key_of(source, work[source], checks, version)
        if verdict.exists():
            verdict.touch()  # the age of a verdict is the time since it was last of use
            return None
        command = [tidy, "--quiet", source]
        command += [f"--checks={checks}"] if checks else []
        command += ["--fix", "--fix-errors"] if arguments.fix else []
        # libstdc++'s own algorithms use what it calls deprecated.
        command += ["--", "-x", "c++", *work[source], "-Wno-deprecated-declarations"]
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if run.returncode == 0:
            verdict.touch()
            return None
        lines = [line.replace(f"{ROOT}/", "") for line in run.stdout.splitlines()]
        return "\n".join(lines) + ("\n" + run.stderr if not run.stdout.strip() else "")

    jobs = 1 if arguments.fix else arguments.jobs  # two fixes of one header would collide
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        findings = [finding for finding in pool.map(check, sorted(work)) if finding]
    print("\n".join(findings))
    print(f"{len(work)} sources, {len(findings)} with findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
