#!/usr/bin/env python3
"""Write tiny random checkpoints and what the reference makes of them, for the engine to equal.

    make_qwen3_golden.py        rewrites tiny_qwen3/ and tiny_qwen2/ beside this script

Reference: `transformers` on `torch` (versions in the files' metadata), f32, eager attention, CPU.
Each folder holds config.json, model.safetensors and expected.safetensors with
  input_ids   [1, 23]      i64
  hidden      [1, 23, 32]  f32   after the final norm, causal attention
  logits      [1, 23, 97]  f32   causal attention
  hidden_full [1, 23, 32]  f32   every position attends to every position
  logits_full [1, 23, 97]  f32
Norm weights and biases are random as well: a reader that drops one must not pass.
"""
import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

HERE = Path(__file__).resolve().parent
SIZES = dict(hidden_size=32, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
             head_dim=16, intermediate_size=48, vocab_size=97, max_position_embeddings=512,
             rms_norm_eps=1e-6, initializer_range=0.2, bos_token_id=None, eos_token_id=None,
             pad_token_id=None, attention_dropout=0.0)
ROPE = 1_000_000.0
VOLATILE = ("_name_or_path", "transformers_version", "dtype", "torch_dtype")


def build(family, tied):
    if family == "qwen3":
        config_type, model_type = transformers.Qwen3Config, transformers.Qwen3ForCausalLM
        sizes = dict(SIZES)
    else:
        config_type, model_type = transformers.Qwen2Config, transformers.Qwen2ForCausalLM
        sizes = {k: v for k, v in SIZES.items() if k != "head_dim"}   # Qwen2: hidden / heads
    try:
        config = config_type(**sizes, tie_word_embeddings=tied, rope_parameters={
            "rope_type": "default", "rope_theta": ROPE})
    except TypeError:
        config = config_type(**sizes, tie_word_embeddings=tied, rope_theta=ROPE)
    config._attn_implementation = "eager"
    torch.manual_seed(3 if family == "qwen3" else 2)
    model = model_type(config).float().eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0.0, 0.3)
            elif "norm" in name:
                parameter.uniform_(0.5, 1.5)
    return model


def run(model, ids, mask):
    with torch.no_grad():
        out = model(input_ids=ids, attention_mask=mask, output_hidden_states=True,
                    use_cache=False)
    return out.hidden_states[-1].contiguous(), out.logits.contiguous()


def write(family, tied):
    folder = HERE / f"tiny_{family}"
    folder.mkdir(exist_ok=True)
    model = build(family, tied)
    ids = torch.randint(0, SIZES["vocab_size"], (1, 23), generator=torch.Generator().manual_seed(7))
    hidden, logits = run(model, ids, None)
    n = ids.shape[1]
    hidden_full, logits_full = run(model, ids, torch.zeros(1, 1, n, n))
    causal = torch.full((n, n), torch.finfo(torch.float32).min).triu(1)[None, None]
    assert torch.allclose(run(model, ids, causal)[1], logits, atol=1e-5), "a 4-D mask is not obeyed"
    assert not torch.allclose(logits, logits_full, atol=1e-2), "the full mask changed nothing"
    shown = model.lm_head(hidden)
    assert torch.allclose(shown, logits, atol=1e-5), "hidden is not the state after the final norm"
    state = {k: v.contiguous() for k, v in model.state_dict().items()
             if not (tied and k == "lm_head.weight")}
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    save_file({"input_ids": ids, "hidden": hidden, "logits": logits, "hidden_full": hidden_full,
               "logits_full": logits_full}, folder.with_name(folder.name + ".expected.safetensors"),
              metadata={"reference": f"transformers {transformers.__version__},"
                                     f" torch {torch.__version__.split('+')[0]}"})
    config = {k: v for k, v in model.config.to_dict().items() if k not in VOLATILE and v is not None}
    rope = config.get("rope_parameters") or {}
    config.setdefault("rope_theta", rope.get("rope_theta", ROPE))   # where published models have it
    config["architectures"] = [type(model).__name__]
    (folder / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    for file in sorted(folder.iterdir()):
        print(file.relative_to(HERE), file.stat().st_size)


if __name__ == "__main__":
    write("qwen3", tied=True)
    write("qwen2", tied=False)
