"""The answers of `inpaint eval`, scored as lsp/evaluation scores them.

Files are JSON lines. Cases (`inpaint cases`): id, target and more. Answers (`inpaint eval --out`): id, text,
probability (null where there is none), tokens, forwards, milliseconds and more.
"""
import json
from pathlib import Path
from typing import NamedTuple

MODES = ["copy", "analogy", "draft", "diffusion", "lossless", "autoregressive"]


class BadInput(Exception):
    """What is wrong, why, and the remedy: one line."""

    def __init__(self, what, why, remedy):
        super().__init__(f"{what}: {why}: {remedy}")


class Answer(NamedTuple):
    """One case with its answer (ScoredCase in eval_summary.h)."""
    exact: bool
    shown: bool
    probability: float | None
    n_bytes: int  # of what was cut out, as it is compared
    n_tokens: int
    n_forwards: int
    milliseconds: float


def trimmed_for_scoring(text):
    """As text_scores.h: without white space (space, tab, CR, LF) at line ends and at both ends."""
    return "\n".join(line.rstrip(" \t\r") for line in text.split("\n")).strip(" \t\r\n")


def score(target, answer):
    text, wanted = trimmed_for_scoring(answer["text"]), trimmed_for_scoring(target)
    n_bytes = len(wanted.encode(errors="replace"))
    return Answer(text == wanted, bool(text), answer["probability"], n_bytes, answer["tokens"],
                  answer["forwards"], answer["milliseconds"])


def is_text(value):
    return isinstance(value, str)


def is_number(value, most=1e15):
    return type(value) in (int, float) and 0 <= value <= most  # neither bool nor NaN


def is_count(value):
    return type(value) is int and is_number(value)


def is_probability(value):
    return value is None or is_number(value, 1)


CASE_KEYS = {"id": is_text, "target": is_text}
ANSWER_KEYS = {"id": is_text, "text": is_text, "probability": is_probability, "tokens": is_count,
               "forwards": is_count, "milliseconds": is_number}


def parse_line(line, keys, where, remedy):
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BadInput(where, "is no JSON object", remedy)
    for key, is_right in keys.items():
        if key not in value or not is_right(value[key]):
            raise BadInput(where, f"has no usable {key}", remedy)
    return {key: value[key] for key in keys}


def read_lines(path, keys, remedy):
    """The objects by id, in their order. Blank lines are skipped; an id comes once."""
    try:
        lines = Path(path).read_bytes().decode().split("\n")
    except OSError as error:
        raise BadInput(path, error.strerror, remedy) from error
    except UnicodeDecodeError as error:
        raise BadInput(path, "is not UTF-8", remedy) from error
    found = {}
    for i, line in enumerate(lines, 1):
        if line.strip():
            value = parse_line(line, keys, f"{path}:{i}", remedy)
            if value["id"] in found:
                raise BadInput(f"{path}:{i}", f"has the id {value['id']!r} a second time", remedy)
            found[value["id"]] = value
    if not found:
        raise BadInput(path, "is empty", remedy)
    return found


def load(cases_path, paths):
    """{series: {id: answer}}; a series is named by the stem of its file. Known modes come first, in
    the order of MODES, so that the plots of two runs are alike."""
    cases = read_lines(cases_path, CASE_KEYS, "name the file that `inpaint cases` wrote")
    series = {}
    for path in map(Path, paths):
        if path.stem in series or not path.stem.isprintable():
            raise BadInput(path, f"names no new series ({path.stem!r})", "name files by their mode, as copy.jsonl")
        answers = read_lines(path, ANSWER_KEYS, "name a file that `inpaint eval --out` wrote")
        for one in answers:
            if one not in cases:
                raise BadInput(path, f"answers {one!r}, no case of {cases_path}", "name the cases it was asked")
        series[path.stem] = {one: score(cases[one]["target"], answer) for one, answer in answers.items()}
    return dict(sorted(series.items(), key=lambda item: (item[0] not in MODES, item[0] in MODES
                                                         and MODES.index(item[0]))))


def in_common(series):
    """{series: [answer]}: all to the same cases in the same order; what others lack is left out."""
    first, *others = series.values()
    ids = [one for one in first if all(one in answers for answers in others)]
    if not ids:
        raise BadInput(", ".join(series), "have no case in common", "name answers to the same cases")
    return {name: [answers[one] for one in ids] for name, answers in series.items()}
