#!/usr/bin/env python3
"""Whether llama.cpp, reading the GGUF files, says what transformers says. Run by hand after make.py.

    check_with_llama_cpp.py      needs the packages numpy and xllamacpp (2026.10.11549: llama.cpp b11549)

This is what shows that as_gguf.py writes files as they are meant: names, keys, the order of rows and the
scaled frequencies. Compared are logarithms of probabilities, which are all that the package hands out. Of
matrices in blocks llama.cpp rounds the other factor to 8 bits, so no more than nearness can be asked there:
rounding alone moves a logarithm by 0.34 at most (by 0.08 in the mean), and llama.cpp is off by 0.28.
"""
import json
import sys
from pathlib import Path

import numpy as np
import xllamacpp

HERE = Path(__file__).resolve().parent
LENGTHS = (1, 5, 17, 29, 40)
PLAIN_TOKEN = 65   # asked to be written: others may end the text, and then nothing is told


def open_server(path):
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = 128
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.cache_type_k = parameters.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    parameters.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.warmup = parameters.fit_params = parameters.enable_chat_template = False
    parameters.verbosity = -1
    return xllamacpp.Server(parameters)


def log_probabilities(server, ids, vocabulary):
    """Of what follows the last id, [vocabulary]."""
    response = server.handle_completions(
        {"prompt": ids, "n_predict": 1, "n_probs": vocabulary, "temperature": 0, "cache_prompt": False,
         "samplers": [], "logit_bias": [[PLAIN_TOKEN, 1000]]})
    if isinstance(response, (str, bytes)):
        response = json.loads(response)
    found = np.full(vocabulary, np.nan)
    for one in response["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
        found[one["id"]] = one["logprob"]
    return found


def main():
    failed = 0
    for model in json.loads((HERE / "index.json").read_text())["models"]:
        logits = np.fromfile(HERE / model["logits"], dtype="<f4").reshape(model["shape"]).astype(float)
        wanted = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        server = open_server(HERE / model["gguf"])
        off = max(np.abs(log_probabilities(server, model["ids"][:n], model["shape"][1]) - wanted[n - 1]).max()
                  for n in LENGTHS)
        bound = 1e-4 if model["folder"] else 0.4
        print(f"{model['name']:16} off by {off:.1e}, {'as it should' if off <= bound else 'TOO MUCH'}")
        failed += not off <= bound   # also where it is not a number
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
