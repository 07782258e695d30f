"""What counts as a command, on documents of a few lines."""
import unittest

import commands
import markdown
import recipes


def texts(document, text):
    return [command.text for command in commands.of_document(document, text)]


class Markdown(unittest.TestCase):
    def test_blocks_and_inline_code_have_their_lines(self):
        blocks, inlines = markdown.read("a `b`\n```\nc `d`\n```\n`e\n f`\n```text\ng\n```\n")
        self.assertEqual([(block.language, block.line, block.text) for block in blocks],
                         [("", 3, "c `d`"), ("text", 8, "g")])
        self.assertEqual([(inline.line, inline.text) for inline in inlines], [(1, "b"), (5, "e f")])

    def test_a_block_that_never_ends_is_an_error(self):
        with self.assertRaises(ValueError):
            markdown.read("```\na\n")


class Extraction(unittest.TestCase):
    def test_commands_of_a_block(self):
        cases = [
            ("one a line", "inpaint doctor\ninpaint bench", ["inpaint doctor", "inpaint bench"]),
            ("a prompt", "$ inpaint doctor", ["inpaint doctor"]),
            ("a comment", "inpaint doctor   # what is there", ["inpaint doctor"]),
            ("a line of comment", "# first\ninpaint doctor", ["inpaint doctor"]),
            ("a line that goes on", "inpaint train --data D \\\n    --out O", ["inpaint train --data D --out O"]),
            ("two in a line", "cd a && npm ci", ["cd a", "npm ci"]),
            ("a pipe is one", "cat a | tar x", ["cat a | tar x"]),
            ("a hash inside of a word", "cat a#b", ["cat a#b"]),
        ]
        for name, block, expected in cases:
            with self.subTest(name):
                self.assertEqual(texts("a.md", f"```\n{block}\n```"), expected)

    def test_blocks_of_something_else(self):
        for language in ["text", "json", "lua", "elisp"]:
            self.assertEqual(texts("a.md", f"```{language}\ninpaint doctor\n```"), [])

    def test_what_is_no_command_is_known_as_such(self):
        found = commands.of_document("a.md", "```\nengine/  the engine\ninpaint doctor\n```")
        self.assertEqual([one.known for one in found], [False, True])

    def test_inline_code(self):
        cases = [("inpaint eval --drafts off", True), ("inpaint eval", True), ("inpaint", False),
                 ("tests/quality/run.sh --limit 4", True), ("tests/quality/run.sh", False),
                 ("lab.sh --steps 2 share1", True), ("std::vector<int> x", False), ("--limit 4", False),
                 ("tests_grammar_slow --gtest_filter='A*'", True)]
        for text, expected in cases:
            with self.subTest(text):
                self.assertEqual(texts("a.md", f"`{text}`"), [text] if expected else [])

    def test_a_remark_stays_with_its_command(self):
        found = commands.of_document("a.md", "```\ninpaint doctor   # stopped;\n    # --json\n```")
        self.assertEqual([(one.text, one.comment) for one in found], [("inpaint doctor", "stopped; --json")])

    def test_examples_of_a_help_text(self):
        text = "inpaint bench\nOptions:\n  --quick  Fast\n\nSome words.\nExamples:\n  inpaint bench --quick\n"
        self.assertEqual([one.text for one in commands.of_help("inpaint bench --help", text)],
                         ["inpaint bench --quick"])


class Recipes(unittest.TestCase):
    def test_sizes_shrink_and_all_else_stays(self):
        cases = [
            ("train --data D --out O --size 9m --minutes 85 --seed 1",
             "train --data D --out O --size tiny --steps 1 --seed 1 --context 64 --area 128 --threads 1 --batch 1"),
            ("train --from mini --data . --steps 18 --batch 16",
             "train --from mini --data . --steps 1 --batch 1 --context 64 --area 128 --threads 1"),
            ("train --data D --out O --resume",
             "train --data D --out O --resume --context 64 --area 128 --threads 1 --steps 1 --batch 1 --size tiny"),
            ("eval --cases C --out O --limit 480 --drafts off", "eval --cases C --out O --limit 1 --drafts off"),
            ("eval --cases C --out O", "eval --cases C --out O --limit 1"),
            ("bench --rows promise", "bench --rows promise --quick --no-busy"),
            ("train --help", "train --help"),
            ("doctor --json", "doctor --json"),
            ("", ""),
        ]
        for words, expected in cases:
            with self.subTest(words):
                self.assertEqual(" ".join(recipes.small(words.split())), expected)

    def test_prose_is_completed_with_what_it_leaves_out(self):
        cases = [
            ("inpaint eval --mode analogy", "inpaint eval --mode analogy --cases CASES --out answers.jsonl"),
            ("inpaint eval --cases C --out O", "inpaint eval --cases C --out O"),
            ("inpaint complete --neighbour FILE", "inpaint complete --neighbour FILE src/circle.py:9:16"),
            ("inpaint complete a.py:1:1 --json", "inpaint complete a.py:1:1 --json"),
            ("engine/training/lab.sh --steps 2 share1",
             "engine/training/lab.sh --steps 2 share1 --data DATA --out LAB"),
            ("inpaint doctor --json", "inpaint doctor --json"),
        ]
        for words, expected in cases:
            with self.subTest(words):
                self.assertEqual(" ".join(recipes.completed(words.split())), expected)


if __name__ == "__main__":
    unittest.main()
