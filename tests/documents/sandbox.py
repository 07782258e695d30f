"""A folder in which the documents' commands find what they speak of, small.

Names such as DATA and CASES stand for a reader's own; here they are files and folders of these names.
The tree's folders lie in it as links, a home of its own beside them, and `inpaint` is the program behind
recipes.small().
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from documents import ROOT

HERE = Path(__file__).resolve().parent
TREE = ["editors", "engine", "grammar", "lsp", "packaging", "tests"]

CIRCLE = '''import math

class Circle:
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        """What it covers."""
        return math.pi * self.radius ** 2

    def length(self):
        width = 2 * self.radius
        return math.pi * width

    def is_empty(self):
        return self.radius <= 0

    def scaled(self, factor):
        pass

    def name(self):
        …
'''


def shapes(name, count, mark=""):
    """A module of functions that resemble one another, but those of no other name."""
    text = f'"""Shapes, {name}."""\nimport math\n\n'
    for i in range(count):
        own = f"{name}_{i}"
        text += (f"def area_of_{own}(width, height):\n    {own} = width * height\n    if {own} < {i}:\n"
                 f"        {own} = {i}{mark}\n    return {own}\n\n")
    return text


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def script(path, text):
    write(path, text)
    path.chmod(0o755)


class Sandbox:
    """Made once; copy() gives each document one of its own."""

    def __init__(self, folder, build):
        self.folder, self.build = Path(folder), Path(build)

    @classmethod
    def prepare(cls, folder, build):
        made = cls(folder, build)
        made.lay_out()
        made.must("inpaint shards pack --from my-code --out data/shards")
        made.must("inpaint cases --from my-code --out cases.jsonl --per-language 6")
        shutil.copy(made.folder / "cases.jsonl", made.folder / "CASES")
        shutil.copy(made.folder / "cases.jsonl", made.folder / "home/.cache/inpaint/quality/cases.jsonl")
        return made

    def copy(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
        made = Sandbox(folder, self.build)
        made.programs()
        return made

    def lay_out(self):
        folder = self.folder
        folder.mkdir(parents=True)
        for name in TREE:
            (folder / name).symlink_to(ROOT / name)
        (folder / "tmp").mkdir()
        for where in ["src", "home/code/one", "home/my-project"]:
            write(folder / where / "circle.py", CIRCLE)
            write(folder / where / "area.py", shapes("area", 6, " + …"))
            write(folder / where / "shapes.py", shapes("shapes", 4))
        shutil.copy(ROOT / "tests/quality/without_grammar/Rentals.cs", folder / "home/code/one")
        for where in ["my-code", "TRAIN", "VALID", "packages/one", "packages/two"]:
            for i in range(3):
                write(folder / where / f"part{i}" / f"shapes{i}.py", shapes(f"{where.replace('/', '_')}{i}", 10))
        for where, tag in [("DATA", "one"), ("DATA", "two"), ("HELD", "three")]:  # as fetch.py lays it out
            write(folder / where / "src/python" / tag / "shapes.py", shapes(tag, 10))
            write(folder / where / "records" / f"pypi-{tag}.json", json.dumps(
                {"tag": tag, "package": tag, "eco": "pypi", "version": "1", "licence": "MIT", "file_licences": {}}))
        (folder / "home/models").mkdir()
        (folder / "home/.cache/inpaint/quality").mkdir(parents=True)
        (folder / "home/models/mini").symlink_to(ROOT / "engine/mini")
        (folder / "DIR").mkdir()
        for name in ["config.json", "tokenizer.json", "model.safetensors"]:
            shutil.copy(ROOT / "engine/mini" / name, folder / "DIR" / name)
        self.programs()

    def programs(self):
        """`inpaint`, where a shell and where scripts of ours look for it."""
        inpaint = (f"#!{sys.executable} -B\nimport os, sys\nsys.path.insert(0, {str(HERE)!r})\n"
                   f"from recipes import small\nprogram = {str(self.build / 'bin/inpaint')!r}\n"
                   "os.execv(program, [program] + small(sys.argv[1:]))\n")
        for place in ["bin", "build/release/bin", "build/dev/bin"]:
            script(self.folder / place / "inpaint", inpaint)
        # A test program only says which tests it would run; there must be some.
        for program in sorted((self.build / "bin").glob("tests_*")):
            script(self.folder / "bin" / program.name,
                   f'#!/bin/sh\n"{program}" "$@" --gtest_list_tests | grep "^  "\n')

    def environment(self):
        kept = {name: os.environ[name] for name in ["LANG", "LC_ALL"] if name in os.environ}
        home = self.folder / "home"
        return kept | {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": str(home),
                       "TMPDIR": str(self.folder / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, command, stdin=b""):
        """(what it wrote, the exit statuses of its pipe's parts)."""
        line = f'{command}\necho "${{PIPESTATUS[@]}}" >&9\n'
        read_end, write_end = os.pipe()
        done = subprocess.run(["bash", "-c", f"exec 9>&{write_end} {write_end}>&-\n{line}"], input=stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder,
                              env=self.environment(), pass_fds=[write_end], timeout=120, check=False)
        os.close(write_end)
        with os.fdopen(read_end) as pipe:
            statuses = [int(word) for word in pipe.read().split()]
        return done.stdout.decode(errors="replace"), statuses or [done.returncode]

    def must(self, command):
        text, statuses = self.run(command)
        if any(statuses):
            raise RuntimeError(f"{command}: {text}")
