#!/usr/bin/env python3
"""Write what the reference tokenizer makes of the cases below, for the C++ tokenizer to equal.

    make_tokenizer_goldens.py                      rewrites mini.json and qwen_style.json
    make_tokenizer_goldens.py --train DATA         also trains qwen_style.tokenizer.json anew

Reference: the `tokenizers` package, 0.23.3.  Each case has its text, ids and the byte range of
every token; the reference counts characters and shares one between tokens that split it, so the
ranges here are sums of the tokens' own byte lengths, checked against the text.  Text that looks
like a special token is encoded as ordinary text.  qwen_style has the splitter, the NFC normaliser
and the special tokens behind the vocabulary, as Qwen2 has them; the normaliser is left unapplied
here, as our tokenizer leaves it, because it would change the user's bytes.
"""
import argparse
import hashlib
import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
QWEN_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
              r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")

CODE = {
    "python": 'def area(radius: float) -> float:\n    """Area of a disc."""\n    if radius < 0:\n'
              '        raise ValueError(f"radius {radius!r} is negative")\n\n'
              '    return 3.14159 * radius ** 2\n',
    "c": '#include <stdio.h>\n\nstatic int sum(const int *v, size_t n)\n{\n\tint s = 0;\n'
         '\tfor (size_t i = 0; i < n; ++i)\n\t\ts += v[i];\n\treturn s;\n}\n',
    "cpp": 'template <class T>\nstd::optional<T> first(std::span<const T> items) {\n'
           '  if (items.empty()) return std::nullopt;\n  return items[0];\n}\n',
    "javascript": "export const debounce = (fn, ms = 250) => {\n  let timer;\n"
                  "  return (...args) => {\n    clearTimeout(timer);\n"
                  "    timer = setTimeout(() => fn(...args), ms);\n  };\n};\n",
    "typescript": "interface Point { readonly x: number; y?: number }\n"
                  "function norm<T extends Point>({ x, y = 0 }: T): number {\n"
                  "  return Math.sqrt(x * x + y * y);\n}\n",
    "rust": "impl<'a> Iterator for Words<'a> {\n    type Item = &'a str;\n\n"
            "    fn next(&mut self) -> Option<Self::Item> {\n"
            "        self.rest.split_once(' ').map(|(w, r)| { self.rest = r; w })\n    }\n}\n",
    "go": 'func (s *Server) Close() error {\n\ts.mu.Lock()\n\tdefer s.mu.Unlock()\n\n'
          '\tif err := s.ln.Close(); err != nil {\n'
          '\t\treturn fmt.Errorf("close %q: %w", s.addr, err)\n\t}\n\treturn nil\n}\n',
    "java": "@Override\npublic boolean equals(Object o) {\n"
            "    if (!(o instanceof Point other)) return false;\n"
            "    return x == other.x && y == other.y;\n}\n",
}
TEXTS = list(CODE.values()) + [
    "",
    " ",
    "\n",
    "a",
    "\t",
    "\t\tif (x)\n\t\t\treturn;\n",
    "  \t mixed\t  indent \t\n \t x\n",
    "line one\r\n    line two\r\n\r\nend\r\n",
    "old mac\rline\r\r  x",
    "a\n\n\n\n    b\n   \n\t\n  c\n",
    "trailing spaces   \n   and tabs\t\t\n",
    "x    y     z      ",
    "    return",
    "\n        }\n    }\n}\n",
    "   \n   \n",
    "\n\n\t \t\n",
    "Emoji: \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f1e9\U0001f1ea!",
    "\u4e2d\u6587\u6ce8\u91ca # \u65e5\u672c\u8a9e\u306e\u30b3\u30e1\u30f3\u30c8 \ud55c\uad6d\uc5b4",
    "cafe\u0301 re\u0301sume\u0301 A\u030a \u1100\u1161\u11a8",
    "caf\u00e9 na\u00efve \u00dcber stra\u00dfe \u0130stanbul \u01c6",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd \u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22",
    "\u2167 \u00bd \u00b2 \u0663\u0664\u0665 \uff11\uff12 \u3007 \U0001d7d8 \u2460",
    "\U00010400\U00010428 \U00020000 \U0001f12f",
    "\u02b0\u02d0 \u00aa\u00ba \u16ee \u24d0 \u0345 \u20dd",
    "<mask>",
    "if (a <mask> b) <end>",
    "<hole_0><fill_7><spare_3> <pad>",
    "<|endoftext|><|fim_prefix|>x<|im_start|>",
    "<mas k> <mask <hole_ 0>",
    "12345678901234567890",
    "3.14159e-10 0xDEADBEEF 1_000_000 v1.2.3",
    "non\u00a0breaking\u00a0\u00a0space\u00a0",
    "form\ffeed\n\f\nclass X:\v pass",
    "\u2003em \u2028line sep\u2029para\u0085nel\u3000ideographic \u200bzero \ufeffbom",
    "\x00\x01\x02\x1b[31mred\x1b[0m\x7f",
    "it's I'M we'LL they'd can't you've 'quoted' rock'n'roll \u017f'\u017f 'S",
    "snake_case camelCase PascalCase SCREAMING_CASE kebab-case x1y2",
    "a+=b<<=2;c!==d&&e||!f??g?.h;i=>j;/*k*///l",
    "((((((((()))))))))[[[]]]{{{}}}",
    "----------------------------------------------------------------------------------",
    "//////////////////////////////////////////////////////////////////////////////////////\n",
    "=" * 200,
    " " * 130 + "x",
    "\t" * 40 + "x" + " " * 7 + "\n" + " " * 61 + "y",
    "\n" * 33 + "z",
    '"\\n\\t\\u00e9\\x41" \'\\\'\' `${a}`',
    "https://example.org/a/b?c=d&e=f#g user@example.org",
    "x" * 300,
    "aB" * 90,
    "!a \"b #c .d (e /f -g _h @i $j ^k ~l",
    "a\u0300 \u0300b ._\u0301 \u0301\u0302",
    "\n\u00a0x\n\u3000y \u00a0\n",
    "end with space ",
    "end with newline\n",
    "end with indent\n    ",
]


def bytes_of_characters():
    """GPT-2's printable stand-ins for the 256 bytes, by stand-in."""
    own = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in own]
    table = {chr(b): b for b in own}
    table.update({chr(256 + i): b for i, b in enumerate(rest)})
    return table


def cases(tokenizer):
    table = bytes_of_characters()
    result = []
    for text in TEXTS:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        begin, offsets, joined = 0, [], b""
        for token in ids:
            raw = bytes(table[c] for c in tokenizer.id_to_token(token))
            offsets.append([begin, begin + len(raw)])
            begin += len(raw)
            joined += raw
        assert joined == text.encode(), repr(text)
        result.append({"text": text, "ids": ids, "offsets": offsets})
    return result


def write(name, tokenizer_path):
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    tokenizer.encode_special_tokens = True   # text that looks like one is ordinary text
    tokenizer.normalizer = None
    rows = ",\n".join(json.dumps(case) for case in cases(tokenizer))
    relative = tokenizer_path.relative_to(ROOT)
    (HERE / name).write_text(f'{{"tokenizer": "{relative}", "cases": [\n{rows}\n]}}\n')
    print(name, len(TEXTS), "cases")


def train_qwen_style(data, path, vocabulary=1024):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN_SPLIT), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False,
                                           use_regex=False)
    files = sorted((hashlib.sha1(str(p.relative_to(data)).encode()).digest(), p)
                   for language in sorted((data / "src").iterdir())
                   for p in sorted(language.iterdir())[0].rglob("*") if p.is_file())
    tokenizer.train_from_iterator((p.read_text() for _, p in files[:400]), trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=[], show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.add_special_tokens(["<|fim_prefix|>", "<|mask|>"])
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, indent=1)
    path.write_text(text + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, metavar="DATA", help="what the fetcher laid out")
    arguments = parser.parse_args()
    qwen_style = HERE / "qwen_style.tokenizer.json"
    if arguments.train:
        train_qwen_style(arguments.train, qwen_style)
    write("mini.json", ROOT / "engine/mini/tokenizer.json")
    write("qwen_style.json", qwen_style)


if __name__ == "__main__":
    main()
