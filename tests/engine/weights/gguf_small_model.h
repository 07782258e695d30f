// A whole model of one layer as a GGUF file, whose keys and tensors a test changes one by one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/weights/gguf_bytes.h"

namespace inpaint::engine {

struct SmallGguf {
  struct Key {
    std::uint32_t type = 0;
    std::string value;
  };
  std::string family;
  std::map<std::string, Key> keys;
  std::map<std::string, GgufBytes::Tensor> tensors;

  /// Width 4, two heads of 2, one key head, inner width 6, three tokens; f32, every value 0.5.
  explicit SmallGguf(std::string of_family) : family(std::move(of_family)) {
    text("general.architecture", family);
    text("general.name", "small " + family);
    number("embedding_length", 4).number("block_count", 1).number("feed_forward_length", 6);
    number("attention.head_count", 2).number("attention.head_count_kv", 1);
    number("context_length", 64);
    real("attention.layer_norm_rms_epsilon", 1e-5F).real("rope.freq_base", 100.0F);
    tensor("token_embd.weight", {3, 4}).tensor("output_norm.weight", {4});
    tensor("blk.0.attn_norm.weight", {4}).tensor("blk.0.ffn_norm.weight", {4});
    tensor("blk.0.attn_q.weight", {4, 4}).tensor("blk.0.attn_k.weight", {2, 4});
    tensor("blk.0.attn_v.weight", {2, 4}).tensor("blk.0.attn_output.weight", {4, 4});
    tensor("blk.0.ffn_gate.weight", {6, 4}).tensor("blk.0.ffn_up.weight", {6, 4});
    tensor("blk.0.ffn_down.weight", {4, 6});
    if (family == "qwen2") {
      tensor("blk.0.attn_q.bias", {4}).tensor("blk.0.attn_k.bias", {2});
      tensor("blk.0.attn_v.bias", {2});
    }
    if (family == "qwen3")
      tensor("blk.0.attn_q_norm.weight", {2}).tensor("blk.0.attn_k_norm.weight", {2});
    if (family == "granite") {
      real("embedding_scale", 3.0F).real("residual_scale", 0.25F);
      real("attention.scale", 0.5F).real("logit_scale", 8.0F);
    }
  }

  /// Keys of the architecture say the short name, others begin with "general." or "tokenizer.".
  SmallGguf& key(const std::string& name, std::uint32_t type, std::string value) {
    const bool is_full = name.starts_with("general.") || name.starts_with("tokenizer.") ||
                         name.starts_with("split.");
    keys[is_full ? name : family + "." + name] = {type, std::move(value)};
    return *this;
  }
  SmallGguf& text(const std::string& name, const std::string& value) {
    return key(name, GgufBytes::text_type, gguf_text(value));
  }
  SmallGguf& number(const std::string& name, std::uint32_t value) {
    return key(name, GgufBytes::u32, little_endian(value));
  }
  SmallGguf& real(const std::string& name, float value) {
    return key(name, GgufBytes::f32, little_endian(value));
  }
  SmallGguf& flag(const std::string& name, bool value) {
    return key(name, GgufBytes::boolean, std::string(1, value ? '\1' : '\0'));
  }
  SmallGguf& drop(const std::string& name) {
    keys.erase(family + "." + name);
    tensors.erase(name);
    return *this;
  }
  SmallGguf& tensor(const std::string& name, std::vector<std::uint64_t> shape, float value = 0.5F) {
    std::uint64_t n = 1;
    for (const std::uint64_t extent : shape) n *= extent;
    std::string data;
    for (std::uint64_t i = 0; i < n; ++i) data += little_endian(value);
    tensors[name] = {name, std::move(shape), 0, std::move(data), {}};
    return *this;
  }

  std::string bytes() const {
    GgufBytes file;
    for (const auto& [name, key] : keys) file.key(name, key.type, key.value);
    for (const auto& [name, tensor] : tensors) file.tensor(tensor);
    return file.bytes();
  }
};

}  // namespace inpaint::engine
