"""Tests of versus.py: no network, no build."""
import unittest

import versus


class Versus(unittest.TestCase):
    def test_the_sign_test_has_the_values_of_the_tables(self):
        self.assertEqual(versus.sign_test(0, 0), 1.0)
        self.assertEqual(versus.sign_test(5, 5), 1.0)
        self.assertAlmostEqual(versus.sign_test(0, 6), 2 / 64)
        self.assertAlmostEqual(versus.sign_test(7, 15), 0.134, places=3)
        self.assertEqual(versus.sign_test(7, 15), versus.sign_test(15, 7))

    def test_pairs_are_counted_on_both_sides(self):
        self.assertEqual(versus.beside([True, True, False, False], [True, False, True, True]),
                         "4 cases: 50.0 % beside 75.0 %; only the first 1, only the second 2, p = 1")


if __name__ == "__main__":
    unittest.main()
