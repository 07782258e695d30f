// The part "pre_tokenizer" of a tokenizer.json, as the patterns that cut text into pieces.
//
// Supported: ByteLevel alone (with GPT-2's pattern), or a Sequence of Split and Digits that ends in
// ByteLevel. A Split must keep all the text: behaviour Isolated, or Removed with invert, which is
// the same where the pattern matches and would lose the text where it does not; we keep it.
//
// Errors: bad_tokenizer; `what` is left to the caller.
// Source: pre_tokenizers of the Hugging Face tokenizers library; GPT-2's pattern from its encoder.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"

namespace inpaint::engine {

/// Patterns in PCRE2's dialect, applied one after the other. `pre_tokenizer` may be null.
Result<std::vector<std::string>> read_split_patterns(const nlohmann::json* pre_tokenizer);

}  // namespace inpaint::engine
