"""The code in a Markdown document: its fenced blocks and its inline code, each with its line.

Only what our documents use: fences of three backticks, inline code between single backticks that may
go on in the next line.
"""
import re
from dataclasses import dataclass

FENCE = re.compile(r"\s*```(\S*)\s*$")
INLINE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Block:
    language: str  # what stands behind the opening fence; may be empty
    line: int  # of the first line of the text
    text: str


@dataclass(frozen=True)
class Inline:
    line: int
    text: str  # with its line breaks as spaces


def read(text):
    """([Block], [Inline]) of a document, in its order."""
    blocks, inlines = [], []
    prose = []  # the lines outside of blocks; empty where a block stands, so that lines keep their numbers
    opened = None
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if fence and opened is None:
            opened = (fence.group(1), number + 1, [])
        elif fence:
            blocks.append(Block(opened[0], opened[1], "\n".join(opened[2])))
            opened = None
        elif opened is not None:
            opened[2].append(line)
        prose.append("" if fence or opened is not None else line)
    if opened is not None:
        raise ValueError(f"line {opened[1] - 1}: a block that is never closed")
    whole = "\n".join(prose)
    for found in INLINE.finditer(whole):
        line = whole.count("\n", 0, found.start()) + 1
        inlines.append(Inline(line, re.sub(r"\s*\n\s*", " ", found.group(1))))
    return blocks, inlines
