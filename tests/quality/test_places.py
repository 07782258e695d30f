"""Tests of places.py: no network, no build."""
import unittest

import places


def case(target, suffix):
    return {"id": "x", "target": target, "suffix": suffix}


def answer(text, probability=0.5, after=0, baseline=0):
    return {"text": text, "probability": probability, "tokens": 1, "forwards": 1, "milliseconds": 1.0,
            "errors_after": after, "errors_baseline": baseline}


class Places(unittest.TestCase):
    def test_a_place_is_told_by_its_case(self):
        self.assertEqual(places.place_of(case("a", "\nb")), "end of a line")
        self.assertEqual(places.place_of(case("a", "  \r\nb")), "end of a line")
        self.assertEqual(places.place_of(case("a", "")), "end of a line")
        self.assertEqual(places.place_of(case("a", ");\nb")), "middle of a line")
        self.assertEqual(places.place_of(case("a\nb", ");")), "several lines")
        self.assertEqual(places.place_of(case("a\n", ");")), "middle of a line")

    def test_each_place_has_its_shares(self):
        cases = {"1": case("a", "\n"), "2": case("b", ")\n"), "3": case("c", ")\n")}
        answers = {"1": answer("a"), "2": answer("b", probability=0.2), "3": answer("x", after=1)}
        self.assertEqual(places.rows_of("m", cases, answers, 0.35), [
            ["m", "end of a line", "1", "100.0", "100.0", "100.0", "100.0", "100.0"],
            ["m", "middle of a line", "2", "50.0", "100.0", "50.0", "50.0", "0.0"],
            ["m", "all", "3", "66.7", "100.0", "66.7", "66.7", "50.0"]])

    def test_what_is_not_known_is_not_counted(self):
        cases = {"1": case("a", "\n")}
        silent = places.rows_of("m", cases, {"1": answer("", None, None, None)}, 0.35)
        self.assertEqual(silent[0], ["m", "end of a line", "1", "0.0", "0.0", "-", "0.0", "-"])
        copied = places.rows_of("m", cases, {"1": answer("a", None)}, 0.35)
        self.assertEqual(copied[0][-2:], ["100.0", "100.0"])


if __name__ == "__main__":
    unittest.main()
