"""The documents of the tree, and its files."""
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOREIGN_FOLDERS = {"build", "node_modules", "__pycache__"}


@cache
def files():
    """All files of the tree, as paths from the root; none that is hidden, built or fetched."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        foreign = any(part in FOREIGN_FOLDERS or part.startswith(".") for part in parts)
        if not foreign and path.is_file():
            found.append("/".join(parts))
    return found


def documents():
    return [file for file in files() if file.endswith(".md")]


@cache
def text_of(document):
    return (ROOT / document).read_text(encoding="utf-8")
