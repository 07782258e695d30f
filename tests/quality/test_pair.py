"""Tests of pair.py: no network, no build."""
import unittest

import pair
from answers import BadInput


def answer(text, forwards, milliseconds):
    return {"id": "x", "text": text, "probability": None, "tokens": forwards, "forwards": forwards,
            "milliseconds": 1.0, "denoise_milliseconds": milliseconds}


class Pair(unittest.TestCase):
    def test_quotients_are_of_sums(self):
        first = {"1": answer("a", 4, 40.0), "2": answer("b", 6, 60.0), "3": answer("c", 40, 400.0)}
        second = {"1": answer("a", 2, 30.0), "2": answer("b", 3, 45.0), "3": answer("x", 40, 100.0)}
        self.assertEqual(pair.rows_of(first, second), [
            ["1 to 8", "2", "2", "2.00 (2.00 to 2.00)", "0.75 (0.75 to 0.75)"],
            ["33 and more", "1", "0", "1.00 (1.00 to 1.00)", "0.25 (0.25 to 0.25)"],
            ["all", "3", "2", pair.with_interval([(first[i], second[i]) for i in first],
                                                 lambda p: p[0]["forwards"], lambda p: p[1]["forwards"]),
             pair.with_interval([(first[i], second[i]) for i in first],
                                lambda p: p[1]["denoise_milliseconds"], lambda p: p[0]["denoise_milliseconds"])]])
        self.assertTrue(pair.rows_of(first, second)[2][3].startswith("1.11 (1.00 to 2.00)"))

    def test_only_cases_of_both_count(self):
        rows = pair.rows_of({"1": answer("a", 1, 1.0), "2": answer("b", 1, 1.0)}, {"2": answer("b", 1, 2.0)})
        self.assertEqual(rows[-1], ["all", "1", "1", "1.00 (1.00 to 1.00)", "2.00 (2.00 to 2.00)"])
        with self.assertRaises(BadInput):
            pair.rows_of({"1": answer("a", 1, 1.0)}, {"2": answer("a", 1, 1.0)})

    def test_what_took_no_time_gives_no_quotient(self):
        rows = pair.rows_of({"1": answer("", 0, 0.0)}, {"1": answer("", 0, 0.0)})
        self.assertEqual(rows, [["all", "1", "1", "-", "-"]])


if __name__ == "__main__":
    unittest.main()
