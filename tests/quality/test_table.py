"""Tests of table.py: no network, no build."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import table


def row(language, kind, exact, length="all", **more):
    return {"language": language, "kind": kind, "length": length, "cases": 4, "exact": exact, "exact_of_three": 0.5,
            "similarity": 50.25, "promise_kept": None, "coverage": 1.0, "precision": exact,
            "tokens_per_forward": None, "p50_ms": 1.5, "p95_ms": 20.04, "thresholds": [], **more}


def summary(mode, **more):
    return {"mode": mode, "gate": False, "model": None,
            "rows": [row("c", "line", 0.25, **more), row("c", "all", 0.25, **more),
                     row("all", "line", 0.125, **more), row("all", "all", 0.125, **more)],
            "lengths": [row("all", "all", 0.5, length="1-16", **more)]}


class Tables(unittest.TestCase):
    def test_kinds_have_a_row_for_every_mode(self):
        modes = [summary("copy"), summary("lossless", tokens_per_forward=1.234, promise_kept=0.5)]
        self.assertEqual(table.by_kind(modes).splitlines()[2:], [
            "| line | copy | 4 | 12.5 | 50.0 | 50.2 | - | - | 1.50 | 20.04 |",
            "| line | lossless | 4 | 12.5 | 50.0 | 50.2 | 50.0 | 1.23 | 1.50 | 20.04 |",
            "| all | copy | 4 | 12.5 | 50.0 | 50.2 | - | - | 1.50 | 20.04 |",
            "| all | lossless | 4 | 12.5 | 50.0 | 50.2 | 50.0 | 1.23 | 1.50 | 20.04 |"])

    def test_languages_and_lengths_stand_side_by_side(self):
        modes = [summary("copy"), summary("lossless")]
        self.assertEqual(table.by_language(modes).splitlines()[2:],
                         ["| c | 25.0 | 50.2 | 25.0 | 50.2 |", "| all | 12.5 | 50.2 | 12.5 | 50.2 |"])
        modes[1]["lengths"] = []
        self.assertEqual(table.by_length(modes).splitlines()[2:], ["| 1-16 | 50.0 | 50.2 | - | - |"])

    def test_every_line_has_the_columns_of_the_head(self):
        thresholds = [{"threshold": 0.5, "coverage": 0.2, "precision": None}]
        text = table.document([summary("copy"), summary("lossless", thresholds=thresholds)])
        for part in text.split("\n\n"):
            counts = {line.count("|") for line in part.strip().splitlines()}
            self.assertEqual(len(counts), 1, part)
        self.assertIn("| lossless | 0.50 | 20.0 | - |", text)

    def test_what_became_of_the_texts_is_told_where_there_is_a_model(self):
        self.assertEqual(table.by_written([summary("copy")]), "")
        lines = table.by_written([summary("lossless", written={"straight": 0.75, "cut": 0.25})]).splitlines()
        self.assertEqual(lines[2], "| lossless | line | 75.0 | 0.0 | 25.0 | 0.0 | 0.0 |")

    def test_without_probabilities_there_is_no_gate(self):
        self.assertEqual(table.by_threshold([summary("copy")]), "")

    def test_the_program_reads_files_and_refuses_others(self):
        program = [sys.executable, table.__file__]
        with tempfile.TemporaryDirectory() as folder:
            good, bad = Path(folder) / "good.json", Path(folder) / "bad.json"
            good.write_text(json.dumps(summary("copy")))
            bad.write_text("{}")
            done = subprocess.run([*program, good], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout.startswith("| kind | mode |"))
            for path in (bad, Path(folder) / "absent"):
                done = subprocess.run([*program, path], capture_output=True, text=True)
                self.assertEqual(done.returncode, 1)
                self.assertTrue(done.stderr.startswith(f"table.py: {path}: "), done.stderr)


if __name__ == "__main__":
    unittest.main()
