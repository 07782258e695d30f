// The tokens that give a canvas its form. They are put there by id alone: text that looks like one
// is ordinary text, and none but `<end>` may be sampled.
//
// Source: the model format of ARCHITECTURE.md, "The embedded model".
#pragma once

#include <array>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

struct SpecialTokens {
  static constexpr int kMaxHoles = 8;

  TokenId pad = 0, mask = 0, end = 0;
  TokenId file = 0, snippet = 0, far = 0, prefix = 0, near = 0;
  std::array<TokenId, kMaxHoles> hole{};  // stands where a hole is
  std::array<TokenId, kMaxHoles> fill{};  // opens the span that fills it

  /// bad_tokenizer, naming the token, where one is missing.
  static Result<SpecialTokens> find(const Tokenizer& tokenizer);
};

}  // namespace inpaint::engine
