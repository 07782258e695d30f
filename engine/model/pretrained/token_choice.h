// From the logits of a row to the distribution over what may be written.
//
// Special tokens are never written, and a model may have several that end a text: their
// probabilities together are that of `<end>`.
//
// Shapes: logits [vocabulary] f32.
// Thread rule: immutable; any thread.      Errors: bad_argument, not_finite.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/decoding/model.h"

namespace inpaint::engine {

class TokenChoice {
 public:
  /// `never`: tokens that are never proposed. `ends`: tokens that end a text; the first one stands
  /// for all of them, the others are never proposed themselves.
  TokenChoice(int vocabulary, std::span<const TokenId> never, std::span<const TokenId> ends);

  /// The same choice among some tokens, by their index: logits are those of `tokens` alone then.
  TokenChoice among(std::span<const TokenId> tokens) const;
  /// What stands for a token where it is proposed: of those that end a text, the first one.
  TokenId written(TokenId token) const {
    return std::ranges::count(ends_, token) > 0 ? ends_.front() : token;
  }

  /// `logits` are worked on in place. `allowed`: the only tokens that may follow; empty: all.
  /// bad_argument where nothing of them may be proposed.
  Result<Distribution> choose(std::span<float> logits, TokenId wanted,
                              std::span<const TokenId> allowed) const;

 private:
  std::vector<std::uint8_t> is_forbidden_;  // [vocabulary]
  std::vector<TokenId> forbidden_;
  std::vector<TokenId> ends_;
};

}  // namespace inpaint::engine
