"""Tests of plot.py, answers.py and svg.py: no network, no build."""
import json
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

import answers
import plot
import svg

PLOTS = ["coverage.svg", "exact_by_length.svg", "reliability.svg", "speed_by_length.svg"]


def answer(exact=False, probability=None, shown=True, n_bytes=4, n_tokens=4, n_forwards=2, milliseconds=10.0):
    return answers.Answer(exact, shown, probability, n_bytes, n_tokens, n_forwards, milliseconds)


class Scores(unittest.TestCase):
    def test_exactness_is_that_of_text_scores(self):
        for name, fill, target, exact in [  # those of text_scores_test.cpp, and two more
                ("the same", "a + b", "a + b", True),
                ("white space at both ends does not count", "\n  a + b \r\n", "a + b", True),
                ("nor at line ends", "a  \r\nb\t\nc", "a\nb\nc", True),
                ("but at the begin of a line it does", "a\n  b", "a\nb", False),
                ("and inside of one", "a +b", "a + b", False),
                ("blank lines count", "a\n\nb", "a\nb", False),
                ("nothing for something", "", "ab", False),
                ("nothing for nothing", " ", "\n", True),
                ("other white space is text", "a\u00a0", "a", False),
                ("and ends no line", "a \u2028b", "a\u2028b", False)]:
            with self.subTest(name):
                scored = answers.score(target, {"text": fill, "probability": None, "tokens": 0, "forwards": 0,
                                                "milliseconds": 0})
                self.assertEqual(scored.exact, exact)
                self.assertEqual(scored.shown, fill.strip(" \t\r\n") != "")

    def test_length_is_in_bytes_of_what_is_compared(self):
        line = {"text": "", "probability": None, "tokens": 0, "forwards": 0, "milliseconds": 0}
        self.assertEqual(answers.score(" ä \n", line).n_bytes, 2)


class Figures(unittest.TestCase):
    def test_wilson_interval(self):
        for part, whole, low, high in [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0),
                                       (81, 263, 0.2553, 0.3662)]:  # the last from Newcombe (1998)
            self.assertAlmostEqual(plot.wilson(part, whole)[0], low, places=4)
            self.assertAlmostEqual(plot.wilson(part, whole)[1], high, places=4)

    def test_bins_hold_equal_counts_in_order(self):
        for n, counts in [(100, [10] * 10), (105, [10, 11] * 5), (25, [12, 13]), (3, [3])]:
            bins = plot.equal_count_bins([answer(probability=i / n) for i in reversed(range(n))])
            self.assertEqual([one.n for one in bins], counts)
            self.assertEqual(bins, sorted(bins))

    def test_calibration_error_weighs_bins_by_count(self):
        self.assertAlmostEqual(plot.calibration_error([plot.Bin(0.5, 5, 10), plot.Bin(0.9, 15, 30)]), 0.3)
        right = [answer(exact=i < 3, probability=0.25) for i in range(12)]
        self.assertAlmostEqual(plot.calibration_error(plot.equal_count_bins(right)), 0.0)

    def test_coverage_counts_what_is_shown(self):
        some = [answer(True, 0.9), answer(False, 0.5), answer(True, 0.5), answer(), answer(True, 0.9, shown=False)]
        self.assertEqual(plot.coverage_and_precision(some, 0.5), (3 / 5, 2 / 3))
        self.assertEqual(plot.coverage_and_precision(some, 0.9), (1 / 5, 1.0))
        self.assertIsNone(plot.coverage_and_precision(some, 0.95))
        self.assertEqual(plot.coverage_curve(some, least=1), [(1 / 5, 1.0), (3 / 5, 2 / 3)])
        self.assertEqual(plot.coverage_curve(some), [(3 / 5, 2 / 3)])

    def test_lengths_fall_into_their_bin(self):
        for value, name in [(0, "1–8"), (1, "1–8"), (8, "1–8"), (9, "9–16"), (64, "33–64"), (65, "65–128"),
                            (128, "65–128"), (129, "129+")]:
            self.assertEqual(plot.bin_of(value, plot.LENGTHS), name)
        self.assertEqual(plot.exact_by_length([answer(True), answer(), answer(n_bytes=20)]),
                         {"1–8": (1, 2), "17–32": (0, 1)})

    def test_speeds_are_ratios_of_medians_over_the_same_cases(self):
        series = {"diffusion": [answer(milliseconds=ms) for ms in (1.0, 3.0, 5.0, 7.0)],
                  "autoregressive": [answer(n_tokens=n, milliseconds=10.0) for n in (8, 1, 9, 0)]}
        rows = plot.speeds(series)
        self.assertEqual([(row.mode, row.tokens, row.n, row.median_ms, row.ratio) for row in rows],
                         [("diffusion", "1–8", 2, 1.0, 0.1), ("autoregressive", "1–8", 2, 10.0, 1.0),
                          ("diffusion", "9–32", 1, 5.0, 0.5), ("autoregressive", "9–32", 1, 10.0, 1.0)])
        self.assertEqual(plot.speed_table(rows).splitlines()[2], "| diffusion | 1–8 | 2 | 1.00 | 0.10 | 2.00 |")
        self.assertEqual(plot.speeds({"copy": series["diffusion"]}), [])

    def test_no_time_and_no_forwards_give_no_ratio(self):
        nothing = answer(n_forwards=0, milliseconds=0)
        self.assertEqual(plot.speeds({"autoregressive": [nothing]})[0][4:], (None, None))
        self.assertIsNone(plot.speed(plot.speeds({"autoregressive": [nothing]})))


class Drawing(unittest.TestCase):
    def test_digits_are_stable(self):
        for value, text in [(0.1 + 0.2, "0.3"), (-0.001, "0"), (12.0, "12"), (7, "7"), (1.005, "1"), ("a", "a")]:
            self.assertEqual(svg.digits(value), text)

    def test_steps_are_round_and_reach_the_most(self):
        for most, steps in [(1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]), (1.51, ["0", "0.5", "1", "1.5", "2"]),
                            (0.41, ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]), (37, ["0", "10", "20", "30", "40"])]:
            self.assertEqual([svg.digits(step) for step in svg.round_steps(most)], steps)

    def test_names_are_kept_apart(self):
        self.assertEqual(svg.spread([100, 100, 50], 18), [82, 100, 50])
        self.assertEqual(svg.spread([10, 95, 100], 18), [10, 82, 100])

    def test_thinned_lines_keep_their_ends(self):
        self.assertEqual(svg.thinned([(0, 0), (0.5, 0), (1, 0), (1.2, 0), (1.3, 0)]), [(0, 0), (1, 0), (1.3, 0)])
        self.assertEqual(svg.thinned([(0, 0)]), [(0, 0)])

    def test_names_are_escaped_and_shapes_have_colours(self):
        series = {"a<&\"b": [answer(True, 0.5)] * 12}
        root = xml.fromstring(str(plot.coverage(series)))
        self.assertIn("a<&\"b", [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")])
        used = {name for element in root.iter() for name in element.get("class", "").split()}
        self.assertLessEqual(used, {*svg.COLOURS, "mark"})
        self.assertLessEqual(set(answers.MODES), set(svg.COLOURS))


def case_line(i):
    return {"id": f"c-{i}", "language": "c", "kind": "line", "prefix": "", "suffix": "", "target": "x = 1;" * (i + 1)}


def answer_line(i, **more):
    return {"id": f"c-{i}", "text": "x = 1;" * (i + 1) if i % 3 else "y", "kind": "line", "errors_before": 0,
            "errors_baseline": 0, "errors_after": 0, "probability": i / 100, "tokens": i, "forwards": 1 + i // 2,
            "milliseconds": 5.0 + i, **more}


def lines_of(values):
    return "".join(json.dumps(value) + "\n" for value in values)


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file("cases.jsonl", lines_of(case_line(i) for i in range(40)))

    def file(self, name, text):
        (self.folder / name).write_text(text)

    def run_plot(self, *files, out="out", cases="cases.jsonl"):
        return subprocess.run([sys.executable, plot.__file__, "--cases", cases, "--out", out, *files],
                              capture_output=True, text=True, cwd=self.folder)

    def drawn(self, out="out"):
        return {path.name: path.read_text() for path in (self.folder / out).iterdir()}

    def test_all_plots_are_well_formed_and_the_same_twice(self):
        for mode in answers.MODES:
            self.file(f"{mode}.jsonl", lines_of(answer_line(i) for i in range(40)))
        files = [f"{mode}.jsonl" for mode in answers.MODES]
        done = self.run_plot(*files)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(done.stdout.startswith("| mode | tokens | cases |"))
        plots = self.drawn()
        self.assertEqual(sorted(plots), PLOTS)
        for name, text in plots.items():
            children = [element.tag.rpartition("}")[2] for element in xml.fromstring(text)]
            self.assertEqual(children[:3], ["title", "desc", "style"], name)
            self.assertNotIn("<script", text)
        self.assertEqual(self.run_plot(*reversed(files), out="again").stdout, done.stdout)
        self.assertEqual(self.drawn("again"), plots)

    def test_what_cannot_be_drawn_is_said_and_not_left_from_before(self):
        self.file("autoregressive.jsonl", lines_of(answer_line(i) for i in range(40)))
        self.run_plot("autoregressive.jsonl")
        self.assertEqual(sorted(self.drawn()), PLOTS)
        self.file("copy.jsonl", lines_of(answer_line(i, probability=None) for i in range(40)))
        done = self.run_plot("copy.jsonl")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual(len(done.stderr.splitlines()), 3)
        self.assertIn("plot.py: speed_by_length.svg: there is no autoregressive answer", done.stderr)
        self.assertEqual(list(self.drawn()), ["exact_by_length.svg"])

    def test_only_common_cases_are_drawn(self):
        self.file("copy.jsonl", lines_of(answer_line(i) for i in range(40)))
        self.file("autoregressive.jsonl", lines_of(answer_line(i) for i in range(7)))
        done = self.run_plot("copy.jsonl", "autoregressive.jsonl")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, "plot.py: copy: other files lack some of its cases: 7 of 40 are drawn\n")

    def test_bad_input_is_one_line(self):
        good = answer_line(1)
        for name, text, why in [
                ("nothing", "\n", "copy.jsonl: is empty: "),
                ("half a line", lines_of([good]) + '{"id":"c-2', "copy.jsonl:2: is no JSON object: "),
                ("no object", "[1]\n", "copy.jsonl:1: is no JSON object: "),
                ("no text", '{"id": "c-1"}\n', "copy.jsonl:1: has no usable text: "),
                ("no probability at all", lines_of([{"id": "c-1", "text": ""}]), "has no usable probability: "),
                ("a probability above 1", lines_of([{**good, "probability": 1.5}]), "has no usable probability: "),
                ("a time that is none", lines_of([{**good, "milliseconds": float("nan")}]), "usable milliseconds: "),
                ("half a token", lines_of([{**good, "tokens": 1.5}]), "has no usable tokens: "),
                ("the same twice", lines_of([good, good]), "copy.jsonl:2: has the id 'c-1' a second time: "),
                ("a stranger", lines_of([answer_line(99)]), "copy.jsonl: answers 'c-99', no case of cases.jsonl: ")]:
            with self.subTest(name):
                self.file("copy.jsonl", text)
                self.is_refused(self.run_plot("copy.jsonl"), why)

    def test_files_that_do_not_fit_are_refused(self):
        self.file("copy.jsonl", lines_of([answer_line(1)]))
        self.file("other.jsonl", lines_of([answer_line(2)]))
        (self.folder / "latin.jsonl").write_bytes(b"\xe4")
        for why, done in [
                ("absent.jsonl: No such file or directory: ", self.run_plot("absent.jsonl")),
                ("absent: No such file or directory: ", self.run_plot("copy.jsonl", cases="absent")),
                ("latin.jsonl: is not UTF-8: ", self.run_plot("latin.jsonl")),
                ("copy.jsonl: names no new series ('copy'): ", self.run_plot("copy.jsonl", "copy.jsonl")),
                ("copy, other: have no case in common: ", self.run_plot("copy.jsonl", "other.jsonl")),
                ("copy.jsonl: File exists: ", self.run_plot("copy.jsonl", out="copy.jsonl"))]:
            with self.subTest(why):
                self.is_refused(done, why)

    def is_refused(self, done, why):
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertTrue(done.stderr.startswith("plot.py: "), done.stderr)
        self.assertIn(why, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_help_and_wrong_usage(self):
        done = subprocess.run([sys.executable, plot.__file__, "--help"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("reliability.svg", done.stdout)
        self.assertEqual(subprocess.run([sys.executable, plot.__file__], capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittest.main()
