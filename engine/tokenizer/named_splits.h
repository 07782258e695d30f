// The ways to cut text that GGUF files call by name, as the patterns of the models' tokenizer.json.
//
// A name stands for all models that cut alike: Qwen's and its descendants say "qwen2", the code models
// of the StarCoder family "starcoder" or "refact" (Granite's code models as well), Granite 4 says
// "dbrx". Some names of the format are not served; who adds one adds it to the goldens too.
//
// Source: the names and which patterns they stand for: llama.cpp (src/llama-vocab.cpp), where the
//         patterns are rewritten for another engine; here they are those of tokenizer.json.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace inpaint::engine {

/// GPT-2's encoder; also what ByteLevel of tokenizer.json does unless told otherwise.
constexpr std::string_view kGpt2Split =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

struct NamedSplit {
  std::string_view name;
  std::span<const std::string_view> patterns;  // Oniguruma's dialect, applied one after the other
  bool ignore_merges = false;                  // see Vocabulary
};

/// Null for a name that is not served.
const NamedSplit* find_named_split(std::string_view name);

/// All names that are served, "dbrx, deepseek-coder, ...".
std::string names_of_splits();

}  // namespace inpaint::engine
