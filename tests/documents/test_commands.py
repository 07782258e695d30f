"""Every command that a document or a help text shows is run, or is named as one that cannot be.

INPAINT_BUILD names the build whose program is run. `-k` with the name of a document runs its commands alone:
INPAINT_BUILD=build/dev python3 -B -m unittest discover -s tests/documents -k quality
"""
import json
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from functools import cache
from pathlib import Path

import commands
import recipes
from documents import ROOT, documents, text_of
from markdown import read
from sandbox import Sandbox

OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")
LONG_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")


def build_folder():
    return (ROOT / os.environ.get("INPAINT_BUILD", "build/dev")).resolve()


@cache
def help_of(*words):
    """What `inpaint WORDS --help` says."""
    done = subprocess.run([build_folder() / "bin/inpaint", *words, "--help"], capture_output=True, text=True,
                          check=True)
    return done.stdout


def subcommands(text):
    """The names in a help text's list of subcommands."""
    _, _, listed = text.partition("Subcommands:\n")
    return re.findall(r"^  (\w+)", listed.partition("\n\n")[0], re.MULTILINE)


@cache
def helps():
    """{"inpaint train --help": its text} of the program and all subcommands."""
    found, open_words = {}, [()]
    while open_words:
        words = open_words.pop()
        text = help_of(*words)
        found[" ".join(["inpaint", *words, "--help"])] = text
        if not words or text.partition("Examples:")[0].count("Subcommands:"):
            open_words += [(*words, name) for name in subcommands(text)]
    return found


@cache
def shown():
    """All commands, in the order of their documents."""
    found = []
    for document in documents():
        found += sorted(commands.of_document(document, text_of(document)), key=lambda one: one.line)
    for name, text in helps().items():
        found += commands.of_help(name, text)
    return found


def file_of(word, document):
    """The script that a word names: from the root, or beside the document that names it; else None."""
    beside = (ROOT / document).parent / word
    if (ROOT / word).is_file():
        return ROOT / word
    return beside if beside.is_file() else None


@cache
def options_of_script(path):
    """Every option that the help of a script of ours names."""
    runner = ["python3", "-B"] if path.suffix == ".py" else ["bash"]
    done = subprocess.run([*runner, path, "--help"], capture_output=True, text=True, timeout=30, check=False)
    return set(OPTION.findall(done.stdout)), done.returncode


def options_of_command(command):
    """Options that a command's program knows, or None where the program is of others."""
    words = command.words
    if words[0] == "inpaint":
        names = [word for word in words[1:] if re.fullmatch(r"[a-z]+", word)]
        name = " ".join(["inpaint", *names[:2], "--help"])
        text = helps().get(name) or helps().get(f"inpaint {words[1]} --help", "")
        return set(OPTION.findall(text))
    script = next((file_of(word, command.source) for word in words if commands.OUR_SCRIPT.match(word)), None)
    if script is None:
        return None
    known, status = options_of_script(script)
    assert status == 0, f"{script} --help ends with {status}"
    passed_on = recipes.PASSES_ON.get(script.name)
    if passed_on:
        known = known | set(OPTION.findall(helps()[f"{passed_on} --help"]))
    return known


def unknown_options(command):
    asked = [word.partition("=")[0] for word in command.words if OPTION.fullmatch(word.partition("=")[0])]
    if command.program == "inpaint":  # what a remark says of another run of it
        asked += LONG_OPTION.findall(command.comment)
    known = options_of_command(command) if asked else None
    return [] if known is None else [option for option in asked if option not in known]


def presets(kind):
    return {one["name"] for one in json.loads((ROOT / "CMakePresets.json").read_text())[kind]}


def wrong_file(command):
    """What a command that is not run names and is not there; None: all is."""
    words = command.words
    if "--preset" in words:
        kind = {"ctest": "testPresets"}.get(words[0], "buildPresets" if "--build" in words else "configurePresets")
        name = words[words.index("--preset") + 1]
        return None if name in presets(kind) else f"no preset {name}"
    if words[:2] == ["npm", "run"]:
        scripts = json.loads((ROOT / "editors/vscode/package.json").read_text())["scripts"]
        return None if words[2] in scripts else f"no script {words[2]}"
    if words[0] == "cd":
        return None if (ROOT / words[1]).is_dir() else f"no folder {words[1]}"
    for word in words:
        if commands.OUR_SCRIPT.match(word):
            script = file_of(word, command.source)
            if script is None:
                return f"no file {word}"
            if word == words[0] and not os.access(script, os.X_OK):
                return f"{word} may not be executed"
    return None


def lsp_messages():
    """A conversation as short as it can be: a server that is started must answer and leave."""
    messages = [{"id": 1, "method": "initialize", "params": {"capabilities": {}}},
                {"method": "initialized", "params": {}}, {"id": 2, "method": "shutdown"}, {"method": "exit"}]
    text = b""
    for message in messages:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        text += b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    return text


def as_run(command):
    """The line that the test gives to a shell."""
    text = command.text
    if command.inline:
        words = command.words
        if command.program == "inpaint" and all(re.fullmatch("[a-z]+", word) for word in words):
            return f"{text} --help"  # the name of a subcommand
        if "|" not in text and ">" not in text:
            text = shlex.join(recipes.completed(words))
    for word, meaning in recipes.MEANING.items():
        text = re.sub(rf"(?<![\w/]){re.escape(word)}(?!\w)" if word.isupper() else re.escape(word), meaning, text)
    script = file_of(command.program, command.source)
    if script is not None and "/" not in command.program:
        text = text.replace(command.program, str(script.relative_to(ROOT)), 1)
    return text


def right_status(command, statuses):
    """0 of every part of a pipe; diff says 1 where it found a difference."""
    parts = command.text.split("|")
    return all(status == 0 or (status == 1 and part.split()[0] == "diff")
               for status, part in zip(statuses, parts, strict=True))


class Commands(unittest.TestCase):
    """One test a document is added below."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="inpaint-documents-")
        cls.base = Sandbox.prepare(Path(cls.temporary.name) / "base", build_folder())

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def run_all(self, source):
        sandbox = self.base.copy(Path(self.temporary.name) / re.sub(r"\W", "_", source))
        for command in shown():
            if command.source != source or not command.known or command.text in recipes.NOT_RUN:
                continue
            with self.subTest(str(command)):
                self.assertEqual(unknown_options(command), [], "options that the program does not know")
                if command.text in recipes.BEFORE:
                    sandbox.must(recipes.BEFORE[command.text])
                stdin = lsp_messages() if command.words[:2] == ["inpaint", "serve"] else b""
                line = as_run(command)
                text, statuses = sandbox.run(line, stdin)
                self.assertTrue(right_status(command, statuses), f"{line}\n{statuses}\n{text}")


def add_tests():
    for source in dict.fromkeys(command.source for command in shown()):
        name = "test_" + re.sub(r"\W+", "_", source).strip("_")
        setattr(Commands, name, lambda self, source=source: self.run_all(source))


class Blocks(unittest.TestCase):
    def test_one_without_a_language_holds_commands(self):
        self.assertEqual([str(one) for one in shown() if not one.known], [], "mark a block of something else as "
                         "```text; a program that is not ours is named in commands.py")


class Recipes(unittest.TestCase):
    def test_each_is_of_a_command_that_is_shown(self):
        texts = {command.text for command in shown()}
        self.assertEqual([text for text in [*recipes.NOT_RUN, *recipes.BEFORE] if text not in texts], [],
                         "no document shows it any more: take it out of recipes.py")


class NotRun(unittest.TestCase):
    def test_its_files_and_options_are_there(self):
        for command in shown():
            if command.text in recipes.NOT_RUN:
                with self.subTest(str(command)):
                    self.assertIsNone(wrong_file(command))
                    self.assertEqual(unknown_options(command), [])


class OptionsInProse(unittest.TestCase):
    def test_some_program_of_ours_knows_them(self):
        known = set()
        for text in helps().values():
            known |= set(OPTION.findall(text))
        for command in shown():
            if command.known and OPTION.search(command.text):
                known |= options_of_command(command) or set()
        for document in documents():
            for inline in read(text_of(document))[1]:
                if inline.text.startswith("--"):
                    with self.subTest(f"{document}:{inline.line}"):
                        self.assertEqual([one for one in OPTION.findall(inline.text) if one not in known], [])


add_tests()
if __name__ == "__main__":
    unittest.main()
