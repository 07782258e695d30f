"""The tiny models: their configurations, as published ones are written, and their special tokens.

Sizes are as small as each rule allows to show itself within 40 positions: the scaled rotary
frequencies of a published model differ from the plain ones only after thousands. Rows are whole blocks
of 32, so that a reader may pack them.
"""

VOCABULARY = 288   # 256 byte tokens, 20 merged ones, special tokens, unused places up to here


def config(architecture, hidden=32, heads=4, kv_heads=2, intermediate=64, **more):
    model_type = architecture.removesuffix("ForCausalLM").lower()
    return {"architectures": [architecture], "model_type": model_type, "hidden_act": "silu",
            "hidden_size": hidden, "num_attention_heads": heads, "num_key_value_heads": kv_heads,
            "intermediate_size": intermediate, "num_hidden_layers": 2, "vocab_size": VOCABULARY,
            "max_position_embeddings": 128, "rms_norm_eps": 1e-6, "torch_dtype": "float32",
            "use_cache": True, **more}


CONFIGS = {
    "qwen2_tied": config("Qwen2ForCausalLM", rope_theta=1000000.0, tie_word_embeddings=True),
    "qwen2_untied": config("Qwen2ForCausalLM", kv_heads=1, intermediate=32, rope_theta=1000000.0,
                           tie_word_embeddings=False),
    "qwen2_yarn": config("Qwen2ForCausalLM", heads=2, kv_heads=1, intermediate=32,
                         max_position_embeddings=1024, rope_theta=1000.0, tie_word_embeddings=True,
                         rope_scaling={"factor": 4.0, "original_max_position_embeddings": 256,
                                       "type": "yarn"}),
    "qwen3": config("Qwen3ForCausalLM", heads=6, head_dim=16, attention_bias=False, rope_theta=1000000,
                    rope_scaling=None, tie_word_embeddings=True),
    "llama_smollm2": config("LlamaForCausalLM", kv_heads=1, intermediate=32, rms_norm_eps=1e-5,
                            attention_bias=False, mlp_bias=False, rope_scaling=None,
                            rope_theta=100000, tie_word_embeddings=True),
    "llama_llama3": config("LlamaForCausalLM", heads=2, kv_heads=1, intermediate=32, rms_norm_eps=1e-5,
                           attention_bias=False, mlp_bias=False, rope_theta=10000.0,
                           tie_word_embeddings=True,
                           rope_scaling={"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                                         "original_max_position_embeddings": 32,
                                         "rope_type": "llama3"}),
    "llama_linear": config("LlamaForCausalLM", kv_heads=4, intermediate=32, rope_theta=100000,
                           rope_scaling={"factor": 4.0, "type": "linear"}, tie_word_embeddings=False),
    "llama_mellum": config("LlamaForCausalLM", heads=2, kv_heads=2, head_dim=16, intermediate=32,
                           rms_norm_eps=1e-5, attention_bias=False, mlp_bias=False,
                           rope_parameters={"rope_theta": 500000.0, "rope_type": "default"},
                           tie_word_embeddings=False),
    "granite": config("GraniteForCausalLM", intermediate=32, rms_norm_eps=1e-5, attention_bias=False,
                      mlp_bias=False, rope_scaling=None, rope_theta=10000000, tie_word_embeddings=True,
                      attention_multiplier=0.4, embedding_multiplier=3.0, residual_multiplier=0.22,
                      logits_scaling=1.5),
}

# In blocks, as GGUF alone stores them. 96 is no multiple of 256, so ffn_down cannot be of a K format, as
# rows of 896 values cannot in the smallest Qwen2.5.
QUANTISED = ("qwen2_quantised",
             config("Qwen2ForCausalLM", hidden=256, heads=4, kv_heads=1, intermediate=96,
                    rope_theta=1000000.0, tie_word_embeddings=True))
# By layer and matrix; what is not here is F32.
STORED_AS = {
    "token_embd": "Q6_K",
    "blk.0.attn_q": "Q4_K", "blk.0.attn_k": "Q4_K", "blk.0.attn_v": "Q6_K", "blk.0.attn_output": "Q4_K",
    "blk.0.ffn_gate": "Q4_K", "blk.0.ffn_up": "Q5_K", "blk.0.ffn_down": "Q8_0",
    "blk.1.attn_q": "Q8_0", "blk.1.attn_k": "F16", "blk.1.attn_v": "BF16", "blk.1.attn_output": "Q3_K",
    "blk.1.ffn_gate": "Q2_K", "blk.1.ffn_up": "Q4_1", "blk.1.ffn_down": "Q5_0",
}

# tokenizer.ggml.pre, and the special tokens, the end of the text first.
QWEN = ("qwen2", ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_middle|>",
                  "<|fim_suffix|>", "<|fim_pad|>"])
STARCODER = ["<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>"]
TOKENIZERS = {
    "llama_smollm2": ("smollm", STARCODER),
    "llama_llama3": ("llama-bpe", ["<|end_of_text|>", "<|begin_of_text|>", "<|eot_id|>"]),
    "llama_linear": ("deepseek-coder", ["<｜end▁of▁sentence｜>", "<｜begin▁of▁sentence｜>",
                                        "<｜fim▁hole｜>", "<｜fim▁begin｜>", "<｜fim▁end｜>"]),
    "llama_mellum": ("mellum", STARCODER),
    "granite": ("refact", STARCODER),
}


def tokenizer(name):
    return TOKENIZERS.get(name, QWEN)
