"""Tests of cut_cases.py: no network, no build."""
import unittest

import cut_cases


def case(prefix, target, suffix):
    return {"id": "c-line-0001", "language": "c", "path": "a.c", "kind": "line", "prefix": prefix, "target": target,
            "suffix": suffix}


class CutCases(unittest.TestCase):
    def test_a_word_is_cut_between_two_of_its_characters(self):
        self.assertEqual(cut_cases.cuts_of("word", "  if (abc) x"), [7, 8])

    def test_indentation_is_cut_behind_its_first_character_or_later(self):
        self.assertEqual(cut_cases.cuts_of("indentation", "\t  x"), [1, 2, 3])
        self.assertEqual(cut_cases.cuts_of("indentation", "x  y"), [])
        self.assertEqual(cut_cases.cuts_of("indentation", "   "), [])

    def test_the_text_stays_the_same_and_the_rest_of_the_line_is_missing(self):
        text = "int abc;\r\n  return abc;\n}\n"
        for place in ("word", "indentation"):
            for one in cut_cases.drawn([case(text[:4], text[4:7], text[7:])], place, 2, 1):
                self.assertEqual(one["prefix"] + one["target"] + one["suffix"], text)
                self.assertIn(one["suffix"][:1], ("\r", "\n"))

    def test_no_line_is_taken_twice_and_few_lines_give_few_cases(self):
        found = cut_cases.drawn([case("", "abc", "\n")], "word", 5, 1)
        self.assertEqual([one["id"] for one in found], ["c-word-0001"])
        twice = [case("", "abc", "\n"), case("a", "bc", "\n")]
        self.assertEqual(len(cut_cases.drawn(twice, "word", 5, 1)), 1)


if __name__ == "__main__":
    unittest.main()
