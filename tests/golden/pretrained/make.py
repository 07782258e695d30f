#!/usr/bin/env python3
"""Write tiny random models of every family, and what the reference makes of them.

    make.py        rewrites everything beside this script, except README.md

Needs the packages numpy, gguf, safetensors, torch and transformers (versions in index.json). The
reference is `transformers` reading the written folder: f32, eager attention, CPU, no cache. Norm
weights and biases are random as well, and each rule of a family is shown to matter: a reader that
drops one must not pass.
"""
import importlib.metadata
import json
import logging
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers
from safetensors.numpy import load_file, save_file

from as_gguf import gguf_name, head_dim, write_gguf
from families import CONFIGS, QUANTISED, STORED_AS, VOCABULARY

HERE = Path(__file__).resolve().parent
N_TOKENS = 40
SEED = 20261129


def tensor_shapes(config):
    """{Hugging Face name: shape} of all tensors, [outputs, inputs]."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    heads = config["num_attention_heads"] * head_dim(config)
    kv_heads = config["num_key_value_heads"] * head_dim(config)
    shapes = {"model.embed_tokens.weight": (VOCABULARY, hidden)}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}."
        shapes |= {at + "input_layernorm.weight": (hidden,),
                   at + "self_attn.q_proj.weight": (heads, hidden),
                   at + "self_attn.k_proj.weight": (kv_heads, hidden),
                   at + "self_attn.v_proj.weight": (kv_heads, hidden),
                   at + "self_attn.o_proj.weight": (hidden, heads),
                   at + "post_attention_layernorm.weight": (hidden,),
                   at + "mlp.gate_proj.weight": (inner, hidden),
                   at + "mlp.up_proj.weight": (inner, hidden),
                   at + "mlp.down_proj.weight": (hidden, inner)}
        if config["model_type"] == "qwen2":
            shapes |= {at + "self_attn.q_proj.bias": (heads,), at + "self_attn.k_proj.bias": (kv_heads,),
                       at + "self_attn.v_proj.bias": (kv_heads,)}
        if config["model_type"] == "qwen3":
            shapes |= {at + f"self_attn.{which}_norm.weight": (head_dim(config),) for which in "qk"}
    shapes["model.norm.weight"] = (hidden,)
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (VOCABULARY, hidden)
    return shapes


def random_tensor(rng, name, shape):
    if "norm" in name:
        return rng.uniform(0.5, 1.5, shape).astype(np.float32)
    spread = 0.3 if name.endswith("bias") else 1.4 / np.sqrt(shape[-1])
    if "q_proj.weight" in name or "k_proj.weight" in name:
        spread *= 1.3   # so that attention chooses
    return rng.normal(0, spread, shape).astype(np.float32)


def random_tensors(name, config):
    rng = np.random.default_rng([SEED, *name.encode()])
    return {one: random_tensor(rng, one, shape) for one, shape in tensor_shapes(config).items()}


def token_ids(name):
    """Any ids, some of them twice."""
    rng = np.random.default_rng([SEED, len(name), *name.encode()])
    return rng.integers(0, VOCABULARY, N_TOKENS).tolist()


def set_scales(blocks, kind, scale):
    """Sets a block's f16 scales, here all alike but for a random factor; mins are balanced."""
    places = {"Q2_K": [(80, 1.0), (82, 1.5)], "Q3_K": [(108, 1.0)], "Q4_K": [(0, 1.0), (2, 7.5)],
              "Q5_K": [(0, 1.0), (2, 15.5)], "Q6_K": [(208, 1.0)]}[kind.name]
    rng = np.random.default_rng(len(blocks))
    factor = rng.uniform(0.7, 1.3, len(blocks))
    for place, ratio in places:
        values = (scale * ratio * factor).astype("<f2")
        blocks[:, place:place + 2] = values.view(np.uint8).reshape(-1, 2)


def stored_blocks(rng, tensor, kind):
    """(blocks of rows, their values). K formats, which the package does not write, are random bits."""
    if kind.name in ("F16", "BF16") or not kind.name.endswith("_K"):
        blocks = gguf.quants.quantize(tensor, kind)
    else:
        values, size = gguf.GGML_QUANT_SIZES[kind]
        blocks = rng.integers(0, 256, (tensor.size // values, size), dtype=np.uint8)
        set_scales(blocks, kind, 1.0)
        spread = gguf.quants.dequantize(blocks, kind).std()
        set_scales(blocks, kind, tensor.std() / spread)
        blocks = blocks.reshape(tensor.shape[0], -1)
    return blocks, gguf.quants.dequantize(blocks, kind).astype(np.float32).reshape(tensor.shape)


def quantised(name, config):
    """({Hugging Face name: values}, {GGUF name: (blocks, type)})."""
    rng, tensors, stored = np.random.default_rng(SEED), random_tensors(name, config), {}
    for theirs in tensors:
        ours = gguf_name(config, theirs)
        kind = STORED_AS.get(ours.removesuffix(".weight"))
        if kind:
            kind = gguf.GGMLQuantizationType[kind]
            blocks, tensors[theirs] = stored_blocks(rng, tensors[theirs], kind)
            stored[ours] = blocks, kind
    assert len(stored) == len(STORED_AS)
    return tensors, stored


def reference(config, tensors, ids):
    """Logits [length, vocabulary] f32."""
    asked = transformers.AutoConfig.for_model(**config)
    model = transformers.AutoModelForCausalLM.from_config(asked, attn_implementation="eager").float().eval()
    missing = model.load_state_dict({k: torch.from_numpy(v) for k, v in tensors.items()}, strict=False)
    assert not missing.unexpected_keys, missing
    assert set(missing.missing_keys) <= {"lm_head.weight"}, missing
    model.tie_weights()
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].numpy()


def check_that_rules_matter(name, config, tensors, ids, logits):
    """Without any one tensor, or any one special key, the logits are other ones."""
    def differs(other):
        return np.abs(reference(*other, ids) - logits).max() > 0.01 * np.abs(logits).max()
    for one, tensor in tensors.items():
        plain = np.ones_like(tensor) if "norm" in one else np.zeros_like(tensor)
        assert differs((config, tensors | {one: plain})), (name, one)
    for key, plain in {"rope_scaling": None, "attention_multiplier": head_dim(config) ** -0.5,
                       "embedding_multiplier": 1.0, "residual_multiplier": 1.0,
                       "logits_scaling": 1.0}.items():
        if config.get(key):
            assert differs((config | {key: plain}, tensors)), (name, key)


def write_folder(name, config, tensors):
    """What the folder holds when it is read again."""
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    return json.loads((folder / "config.json").read_text()), load_file(folder / "model.safetensors")


def write(name, config, is_quantised):
    ids = token_ids(name)
    if is_quantised:
        tensors, stored = quantised(name, config)
    else:
        tensors, stored = random_tensors(name, config), None
        config, tensors = write_folder(name, config, tensors)
    write_gguf(HERE / f"{name}.gguf", name, config, tensors, stored)
    logits = reference(config, tensors, ids)
    check_that_rules_matter(name, config, tensors, ids, logits)
    (HERE / f"{name}.logits.f32").write_bytes(logits.astype("<f4").tobytes())
    greatest = float(np.abs(logits).max())
    print(f"{name:16} greatest logit {greatest:6.2f}, spread {logits.std():.2f}")
    return {"name": name, "folder": None if is_quantised else name, "gguf": f"{name}.gguf",
            "logits": f"{name}.logits.f32", "shape": list(logits.shape), "greatest": round(greatest, 3),
            "ids": ids}


def reference_versions():
    return (f"transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]},"
            f" gguf {importlib.metadata.version('gguf')}, numpy {np.__version__}")


def main():
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    models = [write(name, config, False) for name, config in CONFIGS.items()]
    models.append(write(*QUANTISED, True))
    lines = ",\n  ".join(json.dumps(one) for one in models)   # one model, one line
    (HERE / "index.json").write_text(f'{{"reference": {json.dumps(reference_versions())},\n'
                                     f' "models": [\n  {lines}\n ]}}\n')


if __name__ == "__main__":
    main()
