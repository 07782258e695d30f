#!/usr/bin/env python3
"""Answers cases with llama.cpp, as a peer of our own engine on the same weights. Run by hand.

    python3 -m venv peer && peer/bin/pip install xllamacpp==2026.10.11549
    peer/bin/python peer.py --model qwen2.5-coder-0.5b-instruct-q4_k_m.gguf --cases CASES --out ANSWERS

The package carries a built llama.cpp (tag b11549, CPU, AVX2); nothing is compiled and nothing else is fetched.

CASES are those of `inpaint cases` or of `humaneval.py cases` (../README.md); ANSWERS can be read by plot.py and
by `humaneval.py grade`. What is asked is plain: the text before the hole and behind it between the tokens that
the model was trained with (prefix, suffix, middle), no other file, greedy, no draft, no grammar. A hole of kind
`line` ends with the line, any other when the model ends it; at most 64 and 256 tokens, as in `inpaint eval`.
Text that spells a special token is read as that token.

Nothing of one case is reused for the next. A run that was broken off goes on where it stopped. Times count only
on a machine that does nothing else; where others work on it too, GOMP_SPINCOUNT=0 keeps threads from waiting in
a loop for one that has no core (2 threads on 2 shared cores: 6 tokens a second in place of 2).
Exit: 0, 1 for cases or answers that are none, or a case that the peer refuses.
"""
import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from answers import ANSWER_KEYS, BadInput, read_lines, trimmed_for_scoring  # noqa: E402

CONTEXT_TOKENS = 8192

# Before the prefix, between it and the suffix, and behind that.
LAYOUTS = {
    "qwen": ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    "starcoder": ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),  # SmolLM2, Granite, Mellum
    "deepseek": ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),
}


def last_lines(text, n_characters):
    """The end of the text; whole lines where it has several."""
    if len(text) <= n_characters:
        return text
    kept = text[len(text) - n_characters:]
    first, border, rest = kept.partition("\n")
    return rest if border and rest else first + border


def first_lines(text, n_characters):
    if len(text) <= n_characters:
        return text
    kept = text[:n_characters]
    return kept[:kept.rfind("\n") + 1] or kept


def prompt_of(case, layout, n_before, n_behind):
    before, between, behind = LAYOUTS[layout]
    return (before + last_lines(case["prefix"], n_before) + between
            + first_lines(case["suffix"], n_behind) + behind)


def request_of(case, options):
    is_line = case["kind"] == "line"
    return {"prompt": prompt_of(case, options.layout, options.before, options.behind),
            "n_predict": 64 if is_line else 256, "stop": ["\n"] if is_line else [],
            "temperature": 0, "cache_prompt": False}


def answer_of(case, response, milliseconds):
    """One line of the answers. No probability: it would cost the peer time that nobody asked for."""
    if "choices" not in response:
        raise BadInput(case["id"], f"is refused by the peer ({json.dumps(response)[:200]})",
                       "show it less with --before and --behind")
    timings, n_tokens = response["timings"], response["usage"]["completion_tokens"]
    return {"id": case["id"], "text": response["choices"][0]["text"], "others": [], "kind": case["kind"],
            "probability": None, "tokens": n_tokens, "forwards": n_tokens,
            "milliseconds": round(milliseconds, 3), "prompt_tokens": timings["prompt_n"],
            "prompt_milliseconds": round(timings["prompt_ms"], 3),
            "written_milliseconds": round(timings["predicted_ms"], 3)}


class Peer:
    """llama.cpp with one model, in this process."""

    def __init__(self, model, n_threads):
        import xllamacpp  # here, so that the rest can be tested without it
        parameters = xllamacpp.CommonParams()
        parameters.model.path = model
        parameters.n_ctx = CONTEXT_TOKENS
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = n_threads
        parameters.cpuparams_batch.n_threads = n_threads
        parameters.fit_params = False
        parameters.enable_chat_template = False
        parameters.verbosity = -1
        self.server = xllamacpp.Server(parameters)

    def __call__(self, request):
        response = self.server.handle_completions(request)
        return json.loads(response) if isinstance(response, (str, bytes)) else response


def read_cases(path, limit):
    try:
        with open(path, encoding="utf-8") as file:
            cases = [json.loads(line) for line in file if line.strip()]
        wanted = [{key: case[key] for key in ("id", "kind", "prefix", "suffix", "target")} for case in cases]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(path, f"holds no cases ({error!r})", "name what `inpaint cases` wrote") from error
    return wanted[:limit]


def summary(cases, answers):
    exact = sum(trimmed_for_scoring(answers[case["id"]]["text"]) == trimmed_for_scoring(case["target"])
                for case in cases)

    def rate(tokens, milliseconds):  # of those that were measured
        took = sum(answers[case["id"]][milliseconds] for case in cases)
        return sum(answers[case["id"]][tokens] for case in cases) / took * 1000 if took else 0.0

    median = statistics.median(answers[case["id"]]["milliseconds"] for case in cases)
    return (f"{len(cases)} cases, {100 * exact / len(cases):.1f} % exact, median {median:.0f} ms; tokens a second: "
            f"{rate('prompt_tokens', 'prompt_milliseconds'):.0f} of the prompt, "
            f"{rate('tokens', 'written_milliseconds'):.1f} written")


def answer_all(cases, peer, options):
    path, keys = Path(options.out), ANSWER_KEYS | {key: lambda _: True for key in (
        "prompt_tokens", "prompt_milliseconds", "written_milliseconds")}
    answers = {}
    if path.exists() and path.stat().st_size:
        answers = read_lines(path, keys, "name a file that this script wrote, or another one")
    with path.open("a", encoding="utf-8") as file:
        for case in cases:
            if case["id"] in answers:
                continue
            begun = time.perf_counter()
            response = peer(request_of(case, options))
            answer = answer_of(case, response, (time.perf_counter() - begun) * 1000)
            answers[case["id"]] = answer
            file.write(json.dumps(answer) + "\n")
            file.flush()
    return answers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a GGUF file")
    parser.add_argument("--cases", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--layout", choices=LAYOUTS, default="qwen")
    parser.add_argument("--limit", type=int, help="only the first cases")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--before", type=int, default=4096, help="characters in front of the hole")
    parser.add_argument("--behind", type=int, default=1024, help="characters behind it")
    options = parser.parse_args()
    try:
        cases = read_cases(options.cases, options.limit)
        if not cases:
            raise BadInput(options.cases, "is empty", "name what `inpaint cases` wrote")
        answers = answer_all(cases, Peer(options.model, options.threads), options)
    except BadInput as error:
        print(f"peer.py: {error}", file=sys.stderr)
        return 1
    print(summary(cases, answers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
