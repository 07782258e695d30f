#!/usr/bin/env python3
"""Write what the reference makes of texts, for the tokenizers out of GGUF files to equal.

    make.py MODELS        MODELS holds the two GGUF files that are named below

Reference: the packages `tokenizers` 0.23.3 and `gguf` 0.19.0.  Written are

    splits.json           where each named way to cut text ends its pieces, in bytes
    added_texts.json      a small tokenizer with runs of spaces as added texts, and its ids
    qwen2.5-coder.json    ids of the vocabularies of real files; every text is encoded whole,
    smollm2.json          and one of them is encoded in two halves at every place

The library's tokenizer is built of a file's words and merges and of the pre-tokenizer as the
model's tokenizer.json has it.  Two things are left out, as our tokenizer leaves them out: a
normaliser, which would change the user's bytes, and the markers, so that text which looks like one
stays text.  Texts hold no character that SmolLM2's vocabulary lacks a byte of.
"""
import argparse
import json
import random
import sys
import unicodedata
from pathlib import Path

import gguf
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "engine" / "tokenizer"))
from make_tokenizer_goldens import TEXTS as CODE_AND_CORNERS  # noqa: E402

MODELS = {
    "qwen2.5-coder.json": "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    "smollm2.json": "SmolLM2-135M-Instruct.Q4_1.gguf",
}

MORE = [
    "module Shapes\n  class Disc < Struct.new(:radius)\n    def area = Math::PI * radius**2\n"
    "  end\nend\n",
    'set -euo pipefail\nfor f in "$@"; do\n\t[[ -s $f ]] || { echo "empty: $f" >&2; exit 2; }\n'
    "done\n",
    "SELECT name, count(*) AS n FROM users WHERE age >= 18 GROUP BY 1 ORDER BY n DESC;\n",
    "<|fim_prefix|>def f(x):<|fim_suffix|>\n    return x<|fim_middle|><|endoftext|>",
    "<tool_call>{}</tool_call><think>\n</think> <fim_prefix><file_sep><repo_name>a<|file_sep|>b",
    "<\uff5cfim\u2581begin\uff5c>x<\uff5cfim\u2581hole\uff5c>y<\uff5cfim\u2581end\uff5c> <PRE> x <SUF>",
    "[PAD151665][INST]<s></s><unk><pad><mask> <|im_start|>user\nhi<|im_end|>",
    "\u00f5 \u00f7 \u00c1 \u00fd \u00c0 \u00ff \u00f8 \u00fa \u00fe \u00fc \u00f9 \u00f6 \u00fb",
    "line\r\n\r\n  \r\n\t x  \n   y;\n\n\n z)\n\n);\n",
    "\u2018quoted\u2019 \uff01\uff02\uff1a \u3000\u3001\u3002 \u1fd3 \u212a \u2126 \u1e9e \u01c5 \u02bc",
    "\u0939\u093f\u0928\u094d\u0926\u0940 e\u0301 \u0e01\u0e33 \u05d1\u05bc 1\u0308 _\u0308 \u0308",
]
IN_TWO = '  if (it\'s("\u00e9\u4e2d\U0001f600") >= 1234) {\n\n\t\treturn a_b+Cd;  // x\r\n    }\n'

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
TAIL = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
WORD = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
CASED = (
    "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af"
    "\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1"
    "\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5"
    "\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a"
    "\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d"
    "\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc\u1fd0-\u1fd3"
    "\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115"
    "\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149"
    "\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d"
    "\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06"
    "\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a\U00010400-\U0001044f\U000104b0-\U000104d3"
    "\U000104d8-\U000104fb\U00010c80-\U00010cb2\U00010cc0-\U00010cf2\U000118a0-\U000118df"
    "\U0001e900-\U0001e943"
)
FULL_WIDTH = "\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002"
ASIAN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"


def split(regex):
    return {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}


def digits(each):
    return {"type": "Digits", "individual_digits": each}


def byte_level(use_regex):
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False,
            "use_regex": use_regex}


STARCODER = [digits(True), byte_level(True)]
LLAMA3 = [split(WORD + r"\p{N}{1,3}|" + TAIL), byte_level(False)]
QWEN2 = [split(WORD + r"\p{N}|" + TAIL), byte_level(False)]
SPLITS = {
    "dbrx": LLAMA3,
    "deepseek-coder": [split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(ASIAN),
                       digits(True), byte_level(False)],
    "deepseek-llm": [split("[\r\n]"), split(r"\s?[" + CASED + "]+"),
                     split(r"\s?[!-/:-~" + FULL_WIDTH + "]+"),
                     split(r"\s+$"), split(ASIAN), digits(False), byte_level(False)],
    "deepseek-r1-qwen": QWEN2,
    "gpt-2": [byte_level(True)],
    "llama-bpe": LLAMA3,
    "llama-v3": LLAMA3,
    "llama3": LLAMA3,
    "mellum": [byte_level(True)],
    "qwen2": QWEN2,
    "qwen35": [split(WORD.replace(r"?\p{L}+", r"?[\p{L}\p{M}]+") + r"\p{N}|"
                     + TAIL.replace(r"\s\p{L}", r"\s\p{L}\p{M}")), byte_level(False)],
    "refact": STARCODER,
    "seed-coder": [split(WORD + r"\p{N}{1}| ?[^\s\p{L}\p{N}" + "\r\n" + r"]+|\s*[" + "\r\n"
                         + r"]+|\s+(?!\S)|\s+"), byte_level(False)],
    "smollm": STARCODER,
    "starcoder": STARCODER,
}


def random_texts():
    """Characters of many scripts and classes in a row; the seed makes them the same every time."""
    source = random.Random(20261129)
    ranges = [(0x20, 0x7e), (0x20, 0x7e), (0x20, 0x7e), (0xa0, 0x24f), (0x250, 0x5ff),
              (0x600, 0x1fff), (0x2000, 0x2bff), (0x3000, 0xd7ff), (0xe000, 0xffff),
              (0x10000, 0x1ffff), (0x20000, 0x3ffff)]
    few = " \n\t\r'sStTlLdD019.;(){}_ \u017f\u00a0"
    result = []
    for _ in range(60):
        characters = []
        for _ in range(source.randint(1, 40)):
            if source.random() < 0.6:
                characters.append(source.choice(few))
                continue
            character = chr(source.randint(*source.choice(ranges)))
            # Each library follows a version of Unicode of its own: what is new differs.
            if unicodedata.ucd_3_2_0.category(character) != "Cn":
                characters.append(character)
        result.append("".join(characters))
    return result


def texts():
    lacking = set("\x04\x06\x13\x14\x16\x1d")
    result = CODE_AND_CORNERS + MORE + random_texts()
    assert not any(set(text) & lacking for text in result)
    return result


def document(vocabulary, merges, parts, added=()):
    """A tokenizer.json."""
    return {
        "version": "1.0", "truncation": None, "padding": None, "normalizer": None,
        "post_processor": None, "added_tokens": list(added),
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": parts},
        "decoder": byte_level(True),
        "model": {"type": "BPE", "dropout": None, "unk_token": None,
                  "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
                  "vocab": vocabulary, "merges": merges},
    }


def stand_ins():
    own = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in own]
    return {**{b: chr(b) for b in own}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


def rows(lists):
    return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in lists) + "\n]"


def write(name, parts):
    body = ",\n".join(f"{json.dumps(key)}: {value}" for key, value in parts.items())
    (HERE / name).write_text("{" + body + "}\n")
    print(name, (HERE / name).stat().st_size, "bytes")


def write_splits():
    words = {stand_in: byte for byte, stand_in in stand_ins().items()}
    parts = {"texts": rows(texts())}
    for name, split_parts in SPLITS.items():
        cutter = Tokenizer.from_str(json.dumps(document(words, [], split_parts))).pre_tokenizer
        ends = []
        for text in texts():
            pieces = cutter.pre_tokenize_str(text)
            ends.append([len(text[:end].encode()) for _, (_, end) in pieces])
        parts[name] = rows(ends)
    write("splits.json", parts)


def write_added_texts():
    """The vocabulary lacks the byte 0xF5, whose stand-in is an added text, as in DeepSeek's."""
    characters = stand_ins()
    words = {characters[byte]: i for i, byte in enumerate(b for b in range(256) if b != 0xf5)}
    merges = []
    for left, right in ["ab", ("\u0120", "\u0120"), ("\u0120", "a"), ("\u0120\u0120", "b"), "bc"]:
        merges.append([left, right])
        words[left + right] = len(words)
    added = [{"id": len(words) + i, "content": content, "single_word": False, "lstrip": False,
              "rstrip": False, "normalized": True, "special": False}
             for i, content in enumerate(["  ", "    ", "\t\t", "\u00f5", "b+", "b+c"])]
    made = document(words, merges, [byte_level(True)], added)
    reference = Tokenizer.from_str(json.dumps(made))
    source = random.Random(7)
    cases = ["".join(source.choice("ab  c+\t\n\u00f5") for _ in range(source.randint(0, 24)))
             for _ in range(200)]
    ids = [reference.encode(text, add_special_tokens=False).ids for text in cases]
    write("added_texts.json", {"tokenizer": json.dumps(made), "texts": rows(cases),
                               "ids": rows(ids)})


def write_model(name, path):
    fields = gguf.GGUFReader(path).fields
    listed = {key: fields["tokenizer.ggml." + key].contents()
              for key in ("pre", "tokens", "token_type", "merges")}
    words = {token: i for i, (token, kind) in enumerate(zip(listed["tokens"], listed["token_type"]))
             if kind == gguf.TokenType.NORMAL}
    merges = [merge.split(" ") for merge in listed["merges"]]
    size = 1 + max(i for i, kind in enumerate(listed["token_type"])
                   if kind != gguf.TokenType.UNUSED)
    reference = Tokenizer.from_str(json.dumps(document(words, merges, SPLITS[listed["pre"]])))

    def ids(text):
        return reference.encode(text, add_special_tokens=False).ids
    halves = [[IN_TWO[:i], IN_TWO[i:]] for i in range(len(IN_TWO) + 1)]
    write(name, {
        "file": json.dumps(path.name), "size": size,
        "ids": rows(map(ids, texts())),
        "halves": rows([[len(a.encode()), ids(a), ids(b)] for a, b in halves]),
        "in_two": json.dumps(IN_TWO)})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, metavar="MODELS")
    arguments = parser.parse_args()
    write_splits()
    write_added_texts()
    for name, file in MODELS.items():
        write_model(name, arguments.models / file)


if __name__ == "__main__":
    main()
