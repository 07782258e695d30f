"""Tests of several_holes.py: no network, no build."""
import unittest

from several_holes import marked_name, unrelated_names


class Names(unittest.TestCase):
    def test_a_name_that_lies_near_is_marked_everywhere(self):
        self.assertEqual(marked_name("total = 0\nfor x in y:\n    total += x\nreturn total\n"),
                         ("… = 0\nfor x in y:\n    … += x\nreturn …\n", "total"))
        self.assertEqual(marked_name("sum := 0\nf(sum)\nreturn sum\n")[1], "sum")
        self.assertEqual(marked_name("let n_a: usize = 0;\nf(n_a);\nn_a\n")[1], "n_a")

    def test_others_are_not(self):
        self.assertIsNone(marked_name("total = 0\nreturn total\n"))  # too few
        self.assertIsNone(marked_name("f(total)\ntotal = 0\nreturn total\n"))  # used before
        self.assertIsNone(marked_name("total == 0\nf(total)\nreturn total\n"))  # no assignment
        self.assertIsNone(marked_name("total = 0\nf(total)\n" + "x = 1\n" * 100 + "return total\n"))  # far
        self.assertIsNone(marked_name("total = '…'\nf(total)\nreturn total\n"))  # has marks of its own

    def test_three_unrelated_names_are_marked_once_each(self):
        text = "alpha beta gamma\nbeta alpha gamma\ngamma alpha beta\n"
        self.assertEqual(unrelated_names(text),
                         ("alpha beta gamma\nbeta … …\ngamma alpha …\n", ["alpha", "gamma", "beta"]))
        self.assertIsNone(unrelated_names("alpha beta\n" * 3))  # only two


if __name__ == "__main__":
    unittest.main()
