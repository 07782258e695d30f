"""Writes a model of the Hugging Face layout as a GGUF file, the way llama.cpp's converter does.

Names of tensors are those of the package `gguf`. What the converter does beyond renaming: for llama
and granite the rows of q and k are reordered, so that the dimensions that turn together become
neighbours; llama3's scaling becomes a tensor of divisors, rope_freqs.weight.
"""
import math

import gguf
import numpy as np

from families import VOCABULARY, tokenizer

MERGES = ["Ġ Ġ", "i n", "r e", "ĠĠ ĠĠ", "o n", "Ġ t", "e r", "Ġ =", "a t", "Ġ (", "s e", "t h", "Ġt h",
          "l f", "se lf", "re t", "u r", "ret ur", "retur n", "d e"]


def byte_letters():
    """GPT-2's letter for each byte, in its order: printable bytes stand for themselves."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    return [chr(byte) for byte in plain] + [chr(256 + i) for i in range(256 - len(plain))]


def write_tokenizer(writer, name):
    pre, special = tokenizer(name)
    tokens = byte_letters() + [merge.replace(" ", "") for merge in MERGES]
    assert len(set(tokens)) == len(tokens)
    types = [gguf.TokenType.NORMAL] * len(tokens) + [gguf.TokenType.CONTROL] * len(special)
    tokens += special
    types += [gguf.TokenType.UNUSED] * (VOCABULARY - len(tokens))
    tokens += [f"[PAD{i}]" for i in range(len(tokens), VOCABULARY)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(MERGES)
    writer.add_eos_token_id(tokens.index(special[0]))
    writer.add_bos_token_id(tokens.index(special[1 if "begin" in special[1] else 0]))
    writer.add_pad_token_id(tokens.index(special[0]))
    writer.add_add_bos_token("begin" in special[1])


def write_metadata(writer, name, config, file_type):
    kind = config["model_type"]
    writer.add_type("model")
    writer.add_name(name)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(float(config.get("rope_theta") or config["rope_parameters"]["rope_theta"]))
    if "head_dim" in config:
        writer.add_key_length(config["head_dim"])
        writer.add_value_length(config["head_dim"])
    if kind in ("llama", "granite"):
        writer.add_vocab_size(config["vocab_size"])
        writer.add_rope_dimension_count(head_dim(config))
    if kind == "granite":
        writer.add_attention_scale(config["attention_multiplier"])
        writer.add_embedding_scale(config["embedding_multiplier"])
        writer.add_residual_scale(config["residual_multiplier"])
        writer.add_logit_scale(config["logits_scaling"])
    scaling = config.get("rope_scaling") or {}
    if scaling.get("type") == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(scaling["factor"])
    if scaling.get("type") == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(scaling["factor"])
        writer.add_rope_scaling_orig_ctx_len(scaling["original_max_position_embeddings"])
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)


def head_dim(config):
    return config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]


def neighbours(rows, heads):
    """Of each head, rows i and i + head_dim / 2 become 2 i and 2 i + 1."""
    return rows.reshape(heads, 2, -1, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def llama3_divisors(config):
    """What the rotary frequency of each pair is divided by, [head_dim / 2] f32."""
    scaling, found = config["rope_scaling"], []
    trained = scaling["original_max_position_embeddings"]
    least, most = trained / scaling["high_freq_factor"], trained / scaling["low_freq_factor"]
    for pair in range(head_dim(config) // 2):
        wave = 2 * math.pi * config["rope_theta"] ** (2 * pair / head_dim(config))
        if wave < least:
            found.append(1.0)
        elif wave > most:
            found.append(scaling["factor"])
        else:
            kept = (trained / wave - scaling["low_freq_factor"]) / (
                scaling["high_freq_factor"] - scaling["low_freq_factor"])
            found.append(1 / ((1 - kept) / scaling["factor"] + kept))
    assert 1.0 in found and scaling["factor"] in found and len(set(found)) > 2, found
    return np.array(found, dtype=np.float32)


def gguf_name(config, name):
    kind = {v: k for k, v in gguf.MODEL_ARCH_NAMES.items()}[config["model_type"]]
    return gguf.get_tensor_name_map(kind, config["num_hidden_layers"]).get_name(
        name, try_suffixes=(".weight", ".bias"))


def write_gguf(path, name, config, tensors, stored=None):
    """tensors: {Hugging Face name: f32}; stored: {GGUF name: (blocks, type)} in their stead."""
    writer = gguf.GGUFWriter(path, config["model_type"])
    file_type = gguf.LlamaFileType.MOSTLY_Q4_K_M if stored else gguf.LlamaFileType.ALL_F32
    write_metadata(writer, name, config, file_type)
    write_tokenizer(writer, name)
    if (config.get("rope_scaling") or {}).get("rope_type") == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_divisors(config))
    for theirs, tensor in tensors.items():
        ours = gguf_name(config, theirs)
        assert ours, theirs
        if config["model_type"] in ("llama", "granite"):
            if ".q_proj." in theirs:
                tensor = neighbours(tensor, config["num_attention_heads"])
            if ".k_proj." in theirs:
                tensor = neighbours(tensor, config["num_key_value_heads"])
        if stored and ours in stored:
            blocks, kind = stored[ours]
            writer.add_tensor(ours, blocks, raw_dtype=kind)
        else:
            writer.add_tensor(ours, np.ascontiguousarray(tensor, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
