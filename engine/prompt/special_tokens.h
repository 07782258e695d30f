// The tokens that give a canvas its form. They are put there by id alone: text that looks like one
// is ordinary text, and none but `<end>` may be sampled.
//
// A published model has few of them: fim_family.h says which.
//
// Source: the model format of ARCHITECTURE.md, "The embedded model".
#pragma once

#include <array>

#include "engine/base/error.h"
#include "engine/tokenizer/tokenizer.h"

namespace inpaint::engine {

/// Of a special token that a model does not have.
inline constexpr TokenId kNoToken = -1;

struct SpecialTokens {
  static constexpr int kMaxHoles = 8;

  TokenId pad = kNoToken, mask = kNoToken, end = kNoToken;
  TokenId file = kNoToken, snippet = kNoToken, far = kNoToken, prefix = kNoToken, near = kNoToken;
  std::array<TokenId, kMaxHoles> hole = none();  // stands where a hole is
  std::array<TokenId, kMaxHoles> fill = none();  // opens the span that fills it

  static constexpr std::array<TokenId, kMaxHoles> none() {
    std::array<TokenId, kMaxHoles> tokens{};
    tokens.fill(kNoToken);
    return tokens;
  }

  /// bad_tokenizer, naming the token, where one is missing.
  static Result<SpecialTokens> find(const Tokenizer& tokenizer);
};

}  // namespace inpaint::engine
