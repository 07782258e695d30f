#!/usr/bin/env python3
"""Plots of the answers of `inpaint eval`, for the model card: SVG that follows light and dark.

    plot.py --cases cases.jsonl --out DIR copy.jsonl lossless.jsonl ... > speed.md

A file of answers is one series, named by its stem (copy, diffusion, lossless, autoregressive). Only cases
that all files answer are drawn, so that every series is judged by the same ones. Left in DIR:

    reliability.svg      shown probability against the share that was exact
    coverage.svg         how much a gate at some probability shows, and how much of that is exact
    exact_by_length.svg  exact match by length of what was cut out
    speed_by_length.svg  time of an answer beside the autoregressive one, by its length; the same as a
                         Markdown table on stdout. Without autoregressive.jsonl there is neither.

Exact, shown and median mean what they mean in lsp/evaluation (text_scores.h, eval_summary.h).
Exit: 0, 1 for input that cannot be drawn, 2 for wrong usage.
"""
import argparse
import math
import statistics
import sys
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from answers import BadInput, in_common, load
from svg import WIDTH, Axes, Svg, digits, round_steps
from table import number, table

# ---- figures ----

Z_95 = 1.959964  # of the normal distribution, two-sided


def wilson(part, whole):
    """The 95 % interval of a share (E. Wilson, 1927)."""
    share, z2 = part / whole, Z_95 * Z_95
    middle = share + z2 / (2 * whole)
    reach = Z_95 * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole * whole))
    return max(0.0, (middle - reach) / (1 + z2 / whole)), min(1.0, (middle + reach) / (1 + z2 / whole))


def judged(answers):
    """What is shown with a probability."""
    return [one for one in answers if one.shown and one.probability is not None]


class Bin(NamedTuple):
    probability: float  # the mean
    n_exact: int
    n: int


def equal_count_bins(answers, n_bins=10, least=10):
    """By probability; fewer bins where they would hold less than `least`."""
    ranked = sorted(answers, key=lambda one: one.probability)
    n_bins = max(1, min(n_bins, len(ranked) // least))
    edges = [i * len(ranked) // n_bins for i in range(n_bins + 1)]
    parts = [ranked[begin:end] for begin, end in zip(edges, edges[1:])]
    return [Bin(statistics.fmean(one.probability for one in part), sum(one.exact for one in part), len(part))
            for part in parts]


def calibration_error(bins):
    """Expected calibration error: what probability and share differ by, weighed by count."""
    return sum(abs(one.probability * one.n - one.n_exact) for one in bins) / sum(one.n for one in bins)


def coverage_and_precision(answers, threshold):
    """None where nothing is shown."""
    shown = [one.exact for one in judged(answers) if one.probability >= threshold]
    return (len(shown) / len(answers), sum(shown) / len(shown)) if shown else None


def coverage_curve(answers, least=10):
    """The same for falling thresholds, from where `least` are shown: before, precision is noise."""
    shown = sorted(judged(answers), key=lambda one: -one.probability)
    n_exact = list(accumulate(one.exact for one in shown))
    return [(n / len(answers), n_exact[n - 1] / n) for n in range(min(least, len(shown)), len(shown) + 1)
            if n == len(shown) or shown[n].probability < shown[n - 1].probability]


LENGTHS = [("1–8", 8), ("9–16", 16), ("17–32", 32), ("33–64", 64), ("65–128", 128), ("129+", math.inf)]
TOKENS = [("1–8", 8), ("9–32", 32), ("33+", math.inf)]


def bin_of(value, bins):
    """The first whose upper edge is not below the value."""
    return next(name for name, most in bins if value <= most)


def exact_by_length(answers):
    """{length: (exact, cases)} where there are cases; nothing but white space counts as shortest."""
    parts = {name: [one.exact for one in answers if bin_of(one.n_bytes, LENGTHS) == name] for name, _ in LENGTHS}
    return {name: (sum(part), len(part)) for name, part in parts.items() if part}


class Speed(NamedTuple):
    mode: str
    tokens: str  # of the autoregressive answer
    n: int
    median_ms: float
    ratio: float | None  # to the autoregressive median
    tokens_per_forward: float | None


def speeds(series):
    """Over the cases with an autoregressive answer that has tokens."""
    rows = []
    for tokens, _ in TOKENS:
        wanted = [i for i, one in enumerate(series.get("autoregressive", []))
                  if one.n_tokens > 0 and bin_of(one.n_tokens, TOKENS) == tokens]
        if not wanted:
            continue
        parts = {mode: [answers[i] for i in wanted] for mode, answers in series.items()}
        # The lower of two in the middle, as the p50 of `inpaint eval`.
        medians = {mode: statistics.median_low(one.milliseconds for one in part) for mode, part in parts.items()}
        base = medians["autoregressive"]
        for mode, part in parts.items():
            n_forwards = sum(one.n_forwards for one in part)
            rows.append(Speed(mode, tokens, len(part), medians[mode], medians[mode] / base if base else None,
                              sum(one.n_tokens for one in part) / n_forwards if n_forwards else None))
    return rows


def speed_table(rows):
    head = ["mode", "tokens", "cases", "median ms", "ratio to autoregressive", "tokens/forward"]
    return table(head, [[row.mode, row.tokens, str(row.n), number(row.median_ms, 2), number(row.ratio, 2),
                         number(row.tokens_per_forward, 2)] for row in rows])


# ---- plots: each an Svg, or None where there is nothing to draw ----


def percent(share):
    return number(share, 1, 100) + " %"


def percent_ticks(ticks):
    return [(value, digits(100.0 * value)) for value in ticks]


def reliability(series):
    """A panel for each series: its bins around the diagonal."""
    bins = {name: equal_count_bins(judged(answers)) for name, answers in series.items() if judged(answers)}
    if not bins:
        return None
    errors = {name: f"ECE {number(calibration_error(parts), 3)}" for name, parts in bins.items()}
    n_columns = min(2, len(bins))
    step, row, quarters = (WIDTH - 30) / n_columns, 370, [(i / 4, digits(i / 4)) for i in range(5)]
    svg = Svg(110 + row * math.ceil(len(bins) / n_columns), "Is the shown probability right?",
              "Expected calibration error. " + "; ".join(f"{name}: {error}" for name, error in errors.items()),
              ["Dots: answers in bins of equal counts. Bars: 95 % Wilson intervals. Dashed: where dots of a right "
               "probability lie.",
               "ECE, the expected calibration error: the mean vertical distance of dots from the dashed line."])
    for i, (name, parts) in enumerate(bins.items()):
        left, top = 60 + step * (i % n_columns), 120 + row * (i // n_columns)
        axes = Axes(svg, left, top, step - 60, 240, 1, 1)
        axes.y_axis("share that was exact", quarters)
        axes.x_axis("shown probability", quarters)
        svg.text(left, top - 38, name, "ink", size=14, weight="bold")
        svg.text(left + step - 60, top - 38, f"{sum(one.n for one in parts)} answers, {errors[name]}", anchor="end")
        svg.path([axes.at(0, 0), axes.at(1, 1)], "soft", dash="4 4")
        for one in parts:
            axes.interval(name, one.probability, *wilson(one.n_exact, one.n))
        for one in parts:
            axes.mark(name, one.probability, one.n_exact / one.n,
                      tip=f"{one.n_exact} of {one.n} exact at {number(one.probability, 3)}")
    return svg


# Each threshold with the shape of its mark.
THRESHOLDS = {0.1: {"corners": 3}, 0.25: {"corners": 4, "turn": 0.125}, 0.5: {"corners": 4}, 0.75: {}}


def coverage(series):
    curves = {name: coverage_curve(answers) for name, answers in series.items() if judged(answers)}
    if not curves:
        return None
    svg = Svg(560, "How much is shown, and how much of it is right?",
              "; ".join(f"{name} shows {percent(curve[-1][0])} at most, {percent(curve[-1][1])} of that exact"
                        for name, curve in curves.items()),
              ["Each point of a line is a gate that shows what has at least some probability; further right, it is "
               "wider open.", "Lines begin where ten answers are shown."])
    axes = Axes(svg, 60, 90, 530, 350, 1, 1)
    fifths = percent_ticks([i / 5 for i in range(6)])
    axes.y_axis("precision, % of shown answers that are exact", fifths)
    axes.x_axis(f"coverage, % of {len(next(iter(series.values())))} cases in which an answer is shown", fifths)
    for name, curve in curves.items():
        axes.line(name, curve)
    for name in curves:
        for threshold, shape in THRESHOLDS.items():
            point = coverage_and_precision(series[name], threshold)
            if point:
                axes.mark(name, *point, **shape, tip=f"{name} at {threshold}: {percent(point[0])} shown, "
                                                     f"{percent(point[1])} of it exact")
    axes.name_ends({name: curve[-1] for name, curve in curves.items()})
    svg.text(450, 112, "probability at least")
    for i, (threshold, shape) in enumerate(THRESHOLDS.items()):
        svg.mark(458, 130 + 20 * i, "soft", **shape)
        svg.text(472, 134 + 20 * i, str(threshold))
    return svg


def by_length(series):
    counts = {name: exact_by_length(answers) for name, answers in series.items()}
    lengths = {length: n for length, (_, n) in next(iter(counts.values())).items()}
    lines = {name: {length: exact / n for length, (exact, n) in count.items()} for name, count in counts.items()}
    svg = Svg(515, "How often is the answer what was cut out?",
              "; ".join(f"{name}: " + ", ".join(f"{percent(share)} of {length} bytes" for length, share in line.items())
                        for name, line in lines.items()),
              ["Exact: equal to what was cut out, white space at line ends and at both ends aside."])
    steps = round_steps(max([share for line in lines.values() for share in line.values()] + [0.01]))
    axes = Axes(svg, 60, 90, 530, 310, len(lengths), steps[-1])
    axes.y_axis("exact match, % of cases", percent_ticks(steps))
    axes.x_axis("length of what was cut out, bytes",
                [(i + 0.5, length, f"{n} cases") for i, (length, n) in enumerate(lengths.items())])
    draw_lines(axes, lines, percent)
    return svg


def speed(rows):
    rows = [row for row in rows if row.ratio is not None]
    if not rows:
        return None
    lines = {}
    for row in rows:
        lines.setdefault(row.mode, {})[row.tokens] = row.ratio
    svg = Svg(545, "How long does an answer take, beside the autoregressive one?",
              "; ".join(f"{row.mode}, {row.tokens} tokens: {number(row.ratio, 2)}" for row in rows),
              ["Medians over the same cases; below 1 is faster.",
               "Cases in which the autoregressive answer has no tokens are left out."])
    base = [row for row in rows if row.mode == "autoregressive"]
    steps = round_steps(max(row.ratio for row in rows))
    axes = Axes(svg, 60, 90, 530, 310, len(base), steps[-1])
    axes.y_axis("median time, ratio to autoregressive", [(step, digits(step)) for step in steps])
    axes.x_axis("length of the autoregressive answer, tokens",
                [(i + 0.5, row.tokens, f"{row.n} cases", f"1 = {number(row.median_ms, 1)} ms")
                 for i, row in enumerate(base)])
    draw_lines(axes, lines, lambda ratio: number(ratio, 2))
    return svg


def draw_lines(axes, lines, words):
    """{series: {bin: value}}, side by side in a bin, so that none hides another."""
    places = {name: [(i + 0.5 + (k - (len(lines) - 1) / 2) * 10 * axes.x_most / axes.width, value)
                     for i, value in enumerate(line.values())] for k, (name, line) in enumerate(lines.items())}
    for name, points in places.items():
        axes.line(name, points)
    axes.name_ends({name: points[-1] for name, points in places.items()})
    for name, points in places.items():
        for x, y in points:
            axes.mark(name, x, y, tip=f"{name}: {words(y)}")


# ---- the program ----


def note(what, why, consequence):
    print(f"plot.py: {what}: {why}: {consequence}", file=sys.stderr)


def write(plots, folder):
    """{file: plot, or why there is none}. What is not drawn is not left there from other answers either."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, plot in plots.items():
            if isinstance(plot, Svg):
                (folder / name).write_text(str(plot), encoding="utf-8")
            else:
                (folder / name).unlink(missing_ok=True)
                note(name, plot, "it is left out")
    except OSError as error:
        raise BadInput(error.filename or folder, error.strerror, "name a folder that can be written") from error


def main():
    parser = argparse.ArgumentParser(prog="plot.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", required=True, metavar="FILE", help="what `inpaint cases` wrote")
    parser.add_argument("--out", required=True, metavar="DIR", type=Path, help="where the plots go")
    parser.add_argument("answers", nargs="+", metavar="MODE.jsonl", help="what `inpaint eval --out` wrote")
    options = parser.parse_args()
    try:
        loaded = load(options.cases, options.answers)
        series = in_common(loaded)
        for name, answers in series.items():
            if len(answers) < len(loaded[name]):
                note(name, "other files lack some of its cases", f"{len(answers)} of {len(loaded[name])} are drawn")
        rows = speeds(series)
        write({"reliability.svg": reliability(series) or "no shown answer has a probability",
               "coverage.svg": coverage(series) or "no shown answer has a probability",
               "exact_by_length.svg": by_length(series),
               "speed_by_length.svg": speed(rows) or "there is no autoregressive answer to compare with"},
              options.out)
    except BadInput as error:
        sys.exit(f"plot.py: {error}")
    if rows:
        sys.stdout.reconfigure(encoding="utf-8")  # as the files, whatever the locale says
        print(speed_table(rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
