#include "engine/weights/gguf_tokenizer.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/tokenizer/bpe_description.h"
#include "engine/tokenizer/named_splits.h"
#include "engine/tokenizer/vocabulary_builder.h"

namespace inpaint::engine {

Result<Tokenizer> load_gguf_tokenizer(const GgufMetadata& metadata, const std::string& name) {
  auto bad = [&](std::string why) {
    return failure(
        ErrorCode::bad_tokenizer, name, std::move(why),
        "use a GGUF file with a byte-level BPE tokenizer (tokenizer.ggml.model \"gpt2\")");
  };
  const auto model = metadata.text("tokenizer.ggml.model");
  if (!model) return bad("tokenizer.ggml.model is missing");
  if (*model != "gpt2") {
    return bad(fmt::format("tokenizer.ggml.model is {}, served is \"gpt2\" (byte-level BPE)",
                           quoted_word(*model)));
  }
  // Older files have no name for the split; a guess would give other ids now and then.
  const auto pre = metadata.text("tokenizer.ggml.pre");
  if (!pre) {
    return bad(fmt::format("tokenizer.ggml.pre is missing, known are {}", names_of_splits()));
  }
  if (metadata.flag("tokenizer.ggml.add_space_prefix").value_or(false)) {
    return bad("tokenizer.ggml.add_space_prefix would change the text, not supported");
  }
  const auto* tokens = metadata.texts("tokenizer.ggml.tokens");
  if (tokens == nullptr) return bad("tokenizer.ggml.tokens is missing or no list of strings");
  const auto* types = metadata.integers("tokenizer.ggml.token_type");
  if (types == nullptr) return bad("tokenizer.ggml.token_type is missing or no list of numbers");
  const auto* merges = metadata.texts("tokenizer.ggml.merges");
  if (merges == nullptr) return bad("tokenizer.ggml.merges is missing or no list of strings");
  return Tokenizer::from_description(BpeDescription{*tokens, *types, *merges, *pre}, name);
}

}  // namespace inpaint::engine
