"""Every command that a document or a help text shows.

A document shows commands in fenced blocks without a language (one a line, `\\` goes on in the next, `#`
begins a comment, `$ ` a prompt, `&&` joins two) and as inline code that begins with a program. A help text
shows them indented, after "Examples:". A block that holds something else says so by its language: ```text.
"""
import re
import shlex
from dataclasses import dataclass

import markdown

# Programs of others that our documents call. What is ours is a file of the tree.
FOREIGN = {"cat", "cc", "cd", "cmake", "code", "ctest", "echo", "grep", "ln", "mkdir", "npm", "pip", "python",
           "python3", "rm", "tar"}
SHELLS = {"", "sh", "bash", "console"}
OUR_SCRIPT = re.compile(r"[\w./-]+\.(sh|py)$")
OUR_BINARY = re.compile(r"(build/\w+/bin/\w+|inpaint|tests_\w+)$")
COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$")


@dataclass(frozen=True)
class Command:
    source: str  # "README.md" or "inpaint train --help"
    line: int
    text: str  # without prompt and comment
    comment: str = ""
    inline: bool = False  # in the middle of prose, which may leave out what the reader knows

    @property
    def words(self):
        return shlex.split(self.text)

    @property
    def program(self):
        return self.words[0]

    @property
    def known(self):
        return is_program(self.text.split()[0])

    def __str__(self):
        return f"{self.source}:{self.line}: {self.text}"


def is_program(word):
    return bool(word in FOREIGN or OUR_SCRIPT.match(word) or OUR_BINARY.match(word))


def split(text):
    """The commands of one line of a shell: [(command, comment)]."""
    comment = COMMENT.search(text)
    code, remark = (text[: comment.start()], comment.group().strip(" #")) if comment else (text, "")
    parts = [part.strip() for part in code.split(" && ")]
    return [(part, remark) for part in parts if part]


def of_lines(source, line, lines):
    """Commands of a block."""
    found = []
    joined, first = "", line
    for number, text in enumerate(lines, line):
        if not joined:
            first = number
        joined += text.strip()
        if joined.endswith("\\"):
            joined = joined[:-1].rstrip() + " "
            continue
        for command, comment in split(joined.removeprefix("$ ")):
            found.append(Command(source, first, command, comment))
        if not joined.removeprefix("$ ").split("#")[0].strip() and found:  # a comment that goes on
            last = found.pop()
            remark = f"{last.comment} {joined.strip('# ')}"
            found.append(Command(last.source, last.line, last.text, remark))
        joined = ""
    return found


def of_document(source, text):
    blocks, inlines = markdown.read(text)
    found = []
    for block in blocks:
        if block.language in SHELLS:
            found += of_lines(source, block.line, block.text.split("\n"))
    for inline in inlines:
        # One word is a name; a subcommand alone ("inpaint eval") is checked to be one.
        first, *rest = inline.text.split() or [""]
        if rest and is_program(first):
            found.append(Command(source, inline.line, inline.text.replace("\\|", "|"), inline=True))
    return found


def of_help(source, text):
    """Commands in the examples of a help text."""
    _, _, examples = text.partition("Examples:\n")
    lines = [line for line in examples.split("\n") if line.startswith("  ")]
    return of_lines(source, 1, lines)
