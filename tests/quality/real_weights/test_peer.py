"""What the peer is asked, what becomes of its answers, and a run that goes on. Without the peer."""

import argparse
import json
import tempfile
import unittest
from pathlib import Path

import peer
import humaneval  # from the folder above, which peer has made known

CASE = {"id": "python-line-1", "kind": "line", "prefix": "a = 1\nb = ", "suffix": "\nc = 3\n", "target": "2"}
RESPONSE = {"choices": [{"text": " 2 "}], "usage": {"completion_tokens": 3},
            "timings": {"prompt_n": 20, "prompt_ms": 100.0, "predicted_ms": 60.0}}


def options(**more):
    return argparse.Namespace(**{"layout": "qwen", "before": 100, "behind": 100, **more})


class Requests(unittest.TestCase):
    def test_the_text_stands_between_the_tokens_of_the_model(self):
        self.assertEqual(peer.prompt_of(CASE, "qwen", 100, 100),
                         "<|fim_prefix|>a = 1\nb = <|fim_suffix|>\nc = 3\n<|fim_middle|>")

    def test_long_text_is_cut_at_lines(self):
        for text, n, wanted in (("a\nbcd\ne", 5, "e"), ("a\nbcd\ne", 6, "bcd\ne"), ("abcdef", 3, "def"),
                                ("abc\n", 2, "c\n"), ("abc", 3, "abc")):
            self.assertEqual(peer.last_lines(text, n), wanted, (text, n))
        for text, n, wanted in (("a\nbcd\ne", 4, "a\n"), ("a\nbcd\ne", 6, "a\nbcd\n"), ("abcdef", 3, "abc"),
                                ("\nabc", 2, "\n"), ("abc", 3, "abc")):
            self.assertEqual(peer.first_lines(text, n), wanted, (text, n))

    def test_a_problem_of_humaneval_is_a_case(self):
        problem = {"task_id": "SingleLineInfilling/HumanEval/0/L0", "prompt": "def twice(x):\n",
                   "canonical_solution": "    return 2 * x\n", "suffix": "\n\n"}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.jsonl"
            path.write_text(json.dumps(humaneval.case_of(problem)) + "\n")
            request = peer.request_of(peer.read_cases(path, None)[0], options())
        self.assertEqual((request["prompt"], request["stop"]),
                         ("<|fim_prefix|>def twice(x):\n<|fim_suffix|>\n\n\n<|fim_middle|>", ["\n"]))

    def test_only_a_line_ends_with_the_line(self):
        asked = [peer.request_of(CASE | {"kind": kind}, options()) for kind in ("line", "block", "span")]
        self.assertEqual([(one["stop"], one["n_predict"]) for one in asked],
                         [(["\n"], 64), ([], 256), ([], 256)])


class Answers(unittest.TestCase):
    def run_over(self, cases, asked, path):
        def answering(request):
            asked.append(request["prompt"])
            return RESPONSE
        return peer.answer_all(cases, answering, options(out=path))

    def test_a_run_goes_on_where_it_stopped(self):
        with tempfile.TemporaryDirectory() as folder:
            path, asked = Path(folder) / "answers.jsonl", []
            other = CASE | {"id": "python-line-2", "target": "4"}
            self.run_over([CASE], asked, path)
            answers = self.run_over([CASE, other], asked, path)
            self.assertEqual(len(asked), 2)
            lines = [json.loads(line) for line in path.read_text().splitlines()]
            self.assertEqual([line["id"] for line in lines], [CASE["id"], other["id"]])
            self.assertTrue(all(is_right(lines[0][key]) for key, is_right in peer.ANSWER_KEYS.items()))
            self.assertRegex(peer.summary([CASE, other], answers),
                             r"^2 cases, 50.0 % exact, .*: 200 of the prompt, 50.0 written$")

    def test_a_refusal_names_the_case(self):
        with self.assertRaisesRegex(peer.BadInput, "python-line-1.*too long"):
            peer.answer_of(CASE, {"code": 400, "message": "too long"}, 1.0)

    def test_what_holds_no_cases(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.jsonl"
            for text in ("[]", '{"id": "x"}', "{", "3"):
                path.write_text(text)
                with self.assertRaises(peer.BadInput, msg=text):
                    peer.read_cases(path, None)


if __name__ == "__main__":
    unittest.main()
