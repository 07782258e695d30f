"""Every file, folder, test, variable and type that a document names is there; of comments, the paths.

`a/b` stands for a/b.h and a/b.cpp as well, and may be the end of a path ("protocol/position"); `*` and `?`
stand for any letters. What only looks like a name of ours is listed here, with what it is.
"""
import fnmatch
import os
import re
import unittest
from functools import cache

from documents import ROOT, documents, files, text_of
from markdown import read

MAP = "ARCHITECTURE.md"
TOP = {"editors", "engine", "grammar", "lsp", "packaging", "tests"}
# First parts of what has a slash and is no path of the tree: where it comes from.
ELSEWHERE = {
    "build": "what a build writes",
    "inpaint": "the protocol, methods of ours",
    "pip": "a package of others",
    "textDocument": "the protocol",
}
# Names with an ending of ours for what is not in the tree: who has it.
WRITTEN = {
    "checkpoint.safetensors": "inpaint train",
    "init.lua": "the configuration of Neovim",
    "keep.jsonl": "fetch.py",
    "languages.json": "a reader's own languages",
    "lossless.jsonl": "inpaint eval",
    "log.jsonl": "inpaint train",
}
ENDINGS = "cpp cu el h json jsonl lua md mjs py safetensors sh svg toml ts txt".split()
# Paths of the tree in which a letter stands for any name.
PATTERNS = {"tests/engine/x/y_test.cpp", "engine/x/y.cpp", "tests/fuzz/x.cpp", "tests/fuzz/corpus/x"}

PATH = re.compile(r"[\w.*?{}-]+(/[\w.*?{}-]+)+/?$")
FILE = re.compile(rf"[\w.*?-]+\.({'|'.join(ENDINGS)})$")
TEST = re.compile(r"([A-Z]\w+)\.(\*|[A-Z]\w+)$")
VARIABLE = re.compile(r"\bINPAINT_[A-Z_]+\b")
IDENTIFIER = re.compile(r"[A-Z][a-z0-9]+([A-Z][a-z0-9]*)+$|[a-z][a-z0-9]*(_[a-z0-9]+)+(\(\))?$")
COMMENT = re.compile(r"\s*(//|#)\s")
PATH_IN_COMMENT = re.compile(rf"(?<![\w/.~-])((?:{'|'.join(sorted(TOP))})/[\w./*-]*\w)")
PATH_IN_SCRIPT = re.compile(rf"(?:(?<![\w/.~$-])|root/)((?:{'|'.join(sorted(TOP))})/[\w./*-]*\w)")
INLINE = re.compile(r"`([^` ]+)`")
EDITOR_COMMAND = re.compile(r":(Inpaint\w+)|(inpaint-[a-z-]+)$")


@cache
def places():
    """All paths of the tree: of files, of files without their endings, of folders."""
    found = set()
    for file in files():
        found.add(file)
        head, _, name = file.rpartition("/")
        found.add(f"{head}/{name.split('.')[0]}".lstrip("/"))
        while head:
            found.add(head)
            head = head.rpartition("/")[0]
    return found


@cache
def sources():
    """All that is not a document, as one text."""
    kinds = (".cpp", ".h", ".c", ".cu", ".py", ".sh", ".lua", ".el", ".ts", ".mjs", ".txt", ".json", ".cmake")
    names = [file for file in files() if file.endswith(kinds) and not file.startswith("tests/golden/")]
    return "\n".join((ROOT / name).read_text(encoding="utf-8", errors="replace") for name in names)


@cache
def words():
    return set(re.findall(r"\w+", sources())) | {file.rpartition("/")[2].split(".")[0] for file in files()}


def is_place(path, document):
    """Whether a path is there: from the root, from the document's folder, or as the end of another."""
    path = path.rstrip("/")
    folder, _, name = path.rpartition("/")
    if re.match("[A-Z]", name) and name in words():  # a type, and where it lives
        path = folder
    beside = f"{document.rpartition('/')[0]}/{path}".lstrip("/")
    if path in places() or beside in places():
        return True
    if path.split("/")[0] in TOP and not set(path) & set("*?"):
        return False
    patterns = [path, beside] if path.split("/")[0] in TOP else [path, beside, f"*/{path}"]
    return any(fnmatch.filter(places(), pattern) for pattern in patterns)


def alternatives(text):
    """`a/{b,c}` as the paths that it stands for."""
    braces = re.search(r"\{([^}]*)\}", text)
    if not braces:
        return [text]
    return [text[: braces.start()] + one + text[braces.end():] for one in braces.group(1).split(",")]


def is_path_of_ours(text):
    first = text.split("/")[0]
    return bool(PATH.match(text)) and first not in ELSEWHERE and not first.isupper() and \
        text.rstrip("/") not in PATTERNS


class Names(unittest.TestCase):
    def each(self, pattern_or_test):
        """(document, inline code) that a pattern or a function takes."""
        taken = pattern_or_test if callable(pattern_or_test) else pattern_or_test.match
        for document in documents():
            for inline in read(text_of(document))[1]:
                for word in inline.text.split():
                    if taken(word):
                        yield document, inline.line, word

    def missing(self, pattern_or_test, is_there):
        found = [f"{document}:{line}: {word}" for document, line, word in self.each(pattern_or_test)
                 if not is_there(word, document)]
        self.assertEqual(found, [], "documents name what is not there")

    def test_paths(self):
        self.missing(is_path_of_ours,
                     lambda word, document: all(is_place(one, document) for one in alternatives(word)))

    def test_files(self):
        names = {file.rpartition("/")[2] for file in files()}
        self.missing(lambda word: FILE.match(word) and word not in WRITTEN,
                     lambda word, _: bool(fnmatch.filter(names, word)))

    def test_tests(self):
        tests = {f"{suite}.{name}" for suite, name in
                 re.findall(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", sources())}
        self.missing(TEST, lambda word, _: bool(fnmatch.filter(tests, word)))

    def test_variables(self):
        self.missing(VARIABLE, lambda word, _: VARIABLE.match(word).group() in words())

    def test_identifiers_of_the_map(self):
        found = [f"{document}:{line}: {word}" for document, line, word in self.each(IDENTIFIER)
                 if document == MAP and word.removesuffix("()").removesuffix("_slow") not in words()]
        self.assertEqual(found, [], "the map names what is not there")

    def test_places_of_the_map(self):
        """The last cell of a row says where to look: files, folders, types."""
        found = []
        for number, line in enumerate(text_of(MAP).split("\n"), 1):
            cells = line.split("|")
            for word in INLINE.findall(cells[-2]) if len(cells) > 2 else []:
                there = is_place(word, MAP) or any(place.endswith("/" + word) for place in places())
                if not there and not (re.search("[A-Z(.]", word) and word.removesuffix("()") in words()):
                    found.append(f"{MAP}:{number}: {word}")
        self.assertEqual(found, [], "the map names what is not there")

    def test_commands_of_editors(self):
        self.missing(EDITOR_COMMAND, lambda word, _: word.lstrip(":") in sources())


class CommentsAndScripts(unittest.TestCase):
    def test_paths(self):
        found = []
        for file in files():
            if not file.endswith((".cpp", ".h", ".cu", ".py", ".sh", ".txt")) or "/corpus/" in file:
                continue
            for number, line in enumerate(text_of(file).split("\n"), 1):
                for path in PATH_IN_COMMENT.findall(line) if COMMENT.match(line) else []:
                    if path not in PATTERNS and not is_place(path, file):
                        found.append(f"{file}:{number}: {path}")
        self.assertEqual(found, [], "comments name what is not there")

    def test_a_script_may_be_run(self):
        self.assertEqual([file for file in files() if file.endswith((".sh", ".py")) and text_of(file).startswith("#!")
                          and not os.access(ROOT / file, os.X_OK)], [], "chmod +x")

    def test_paths_in_scripts(self):
        found = [f"{file}: {path}" for file in files() if file.endswith(".sh")
                 for path in PATH_IN_SCRIPT.findall(text_of(file)) if not is_place(path, file)]
        self.assertEqual(found, [], "scripts use what is not there")


class Lists(unittest.TestCase):
    """What this file excepts is still needed."""

    def test_every_exception_is_in_a_document(self):
        shown = {word for document in documents() for inline in read(text_of(document))[1]
                 for word in inline.text.split()}
        firsts = {word.split("/")[0] for word in shown if "/" in word}
        self.assertEqual([one for one in ELSEWHERE if one not in firsts], [])
        self.assertEqual([one for one in WRITTEN if one not in shown], [])
        self.assertEqual([one for one in PATTERNS if one not in {word.rstrip("/") for word in shown}], [])


if __name__ == "__main__":
    unittest.main()
