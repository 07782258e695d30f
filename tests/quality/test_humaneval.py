"""A problem as a case, and programs that pass, fail and never end."""

import unittest

import humaneval

PROBLEM = {
    "task_id": "SingleLineInfilling/HumanEval/0/L0",
    "entry_point": "twice",
    "prompt": "def twice(x):\n",
    "canonical_solution": "    return 2 * x\n",
    "suffix": "\n\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}


class HumanEval(unittest.TestCase):
    def test_a_case_leaves_the_line_end_behind_the_cursor(self):
        case = humaneval.case_of(PROBLEM)
        self.assertEqual((case["target"], case["suffix"]), ("    return 2 * x", "\n\n\n"))
        self.assertEqual(case["prefix"] + case["target"] + case["suffix"],
                         PROBLEM["prompt"] + PROBLEM["canonical_solution"] + PROBLEM["suffix"])

    def test_what_passes_and_what_does_not(self):
        humaneval.SECONDS = 1
        for fill, right in (("    return 2 * x", True), ("    return x + x", True), ("    return 3 * x", False),
                            ("    return (", False), ("    while True: pass", False),
                            ("    return [0] * (1 << 40)", False), ("", False)):
            self.assertEqual(humaneval.passes(humaneval.program(PROBLEM, fill)), right, fill)


if __name__ == "__main__":
    unittest.main()
