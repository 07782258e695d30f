#!/usr/bin/env python3
"""Whether an installed tree runs on another system, and how large its parts are.

    packaging/check_tree.py TREE [--glibc 2.35]

Every file must be one that is expected, and every kind of file must be there. What a program or a library
needs lies in the tree or is glibc's, and is found by a run path that starts at the file itself and stays in
the tree. With --glibc none may need a newer glibc. Needs binutils.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

GLIBC = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libutil.so.1",
         "ld-linux-x86-64.so.2"}
# What else may be the host's, of the one library that `inpaint models get` opens.
HOST = {"libinpaint_download.so": {"libcurl.so.4", "libcrypto.so.3"}}

# The parts of a tree, as patterns; each must have a file, and each file a part.
PARTS = {
    "program": [r"bin/inpaint", r"lib/libinpaint_download\.so"],
    "engine": [r"lib/libinpaint_engine\.so"],
    "LibTorch": [r"lib/libtorch_cpu\.so", r"lib/libc10\.so", r"lib/libgomp\.so\.1"],
    "NVIDIA, which LibTorch links": [r"lib/libcudart\.so\.13", r"lib/libcupti\.so\.13"],
    "other libraries": [rf"lib/lib{name}\.so\.\d+" for name in (r"stdc\+\+", "gcc_s", "fmt", "pcre2-8", "zstd")],
    "model mini": [rf"share/inpaint/mini/{name}" for name in
                   (r"config\.json", r"tokenizer\.json", r"model\.safetensors", r"README\.md")],
    "adapters": [r"share/inpaint/adapters/README\.md", r"share/inpaint/adapters/[\w.-]+/README\.md",
                 r"share/inpaint/adapters/[\w.-]+/(config\.json|adapter\.safetensors)"],
    "catalogue of models": [r"share/inpaint/models/(catalogue\.json|mirror\.py)"],
    "clients of editors": [r"share/inpaint/editors/neovim/.+\.(lua|vim|txt|md)",
                           r"share/inpaint/editors/emacs/.+\.(el|md)"],
    "licences": [r"share/doc/inpaint/(LICENSE|NOTICE|README\.md)"] + [
        rf"share/doc/inpaint/licences/{name}\.txt" for name in
        ("libtorch", "libtorch-notice", "nvidia", "boost", "fmt", "nlohmann-json", "cli11", "pcre2", "zstd",
         "gcc", "gpl-3", "unicode", r"tree-sitter(-(c|cpp|go|java|javascript|python|rust|typescript))?")],
}


def listed(tree):
    """(what is wrong with the list of files, {part: bytes})."""
    wrong, sizes, seen = [], dict.fromkeys(PARTS, 0), set()
    for path in sorted(tree.rglob("*")):
        name = str(path.relative_to(tree))
        if path.is_symlink():
            wrong.append(f"{name}: it is a link, which a .vsix cannot hold")
        if not path.is_file():
            continue
        part, pattern = next(((part, pattern) for part, patterns in PARTS.items() for pattern in patterns
                              if re.fullmatch(pattern, name)), (None, None))
        if part is None:
            wrong.append(f"{name}: no part of a release")
        else:
            sizes[part] += path.stat().st_size
            seen.add(pattern)
    wrong += [f"{pattern}: no such file" for patterns in PARTS.values() for pattern in patterns
              if pattern not in seen]
    return wrong, sizes


def inside(tree, folder, entry):
    """Whether an entry of a run path starts at its file, which is in `folder`, and stays in the tree."""
    if not re.match(r"\$ORIGIN(/|$)", entry):
        return False
    return pathlib.Path(os.path.normpath(entry.replace("$ORIGIN", str(folder)))).is_relative_to(tree)


def linked(tree, path):
    """(what is wrong with what a file needs, the newest glibc it needs)."""
    said = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"^ +NEEDED +(\S+)$", said, re.MULTILINE))
    there = {file.name for file in (tree / "lib").iterdir()} | GLIBC | HOST.get(path.name, set())
    wrong = [f"it needs {name}, which neither the tree nor glibc has" for name in sorted(needed - there)]
    for tag, entries in re.findall(r"^ +(RPATH|RUNPATH) +(.*)$", said, re.MULTILINE):
        if tag == "RUNPATH":
            wrong.append("its run path comes behind LD_LIBRARY_PATH (RUNPATH)")
        wrong += [f"its run path '{entry}' leaves the tree" for entry in entries.split(":")
                  if not inside(tree, path.parent, entry)]
    versions = re.findall(r"\bGLIBC_(\d+)\.(\d+)", said)
    return wrong, max((tuple(map(int, version)) for version in versions), default=(0, 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=pathlib.Path)
    parser.add_argument("--glibc", metavar="VERSION", help="the oldest glibc that it must run with")
    arguments = parser.parse_args()
    tree = arguments.tree.resolve()
    wrong, sizes = listed(tree)
    newest = {}
    for path in [tree / "bin/inpaint", *sorted((tree / "lib").glob("*.so*"))]:
        found, newest[path.name] = linked(tree, path)
        wrong += [f"{path.name}: {one}" for one in found]
    glibc, name = max((version, name) for name, version in newest.items())
    if arguments.glibc and glibc > tuple(map(int, arguments.glibc.split("."))):
        wrong.append(f"{name}: it needs glibc {glibc[0]}.{glibc[1]}, newer than {arguments.glibc}")
    for part, size in sizes.items():
        print(f"   {part:<30} {size / 1e6:8.1f} MB")
    print(f"   {'all':<30} {sum(sizes.values()) / 1e6:8.1f} MB; needs glibc {glibc[0]}.{glibc[1]} ({name})")
    for one in wrong:
        print(f"{tree.name}: {one}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
