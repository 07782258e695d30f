// A service on a scripted model.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/service/fill_service.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {

inline constexpr Mode kModes[] = {Mode::autoregressive, Mode::lossless, Mode::diffusion};

class FillServiceTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
  const FillLimits limits_{256, {4, 8, 16}, 1024};

  std::vector<TokenId> alphabet() const {
    std::vector<TokenId> all = token_ids(
        tokenizer_, "alpha(beta, gamma) = delta[0] + \"text\"; return {x: y} if not self.name");
    std::ranges::sort(all);
    const auto twins = std::ranges::unique(all);
    all.erase(twins.begin(), twins.end());
    return all;
  }
  ScriptedTexts says(std::vector<std::vector<TokenId>> texts) const {
    return {std::move(texts), special_.end, alphabet(), 0.95F, {}};
  }
  ScriptedTexts says(const std::vector<std::string>& texts) const {
    std::vector<std::vector<TokenId>> tokens;
    for (const std::string& text : texts) tokens.push_back(token_ids(tokenizer_, text));
    return says(tokens);
  }
  FillService service(Model& model) const { return {model, tokenizer_, special_, limits_}; }

  /// What a reply says: each alternative's fills, joined by '|'.
  static std::vector<std::string> texts(const Result<FillReply>& reply) {
    if (!reply) return {to_string(reply.error())};
    std::vector<std::string> all;
    for (const Alternative& alternative : reply->alternatives) {
      std::string joined;
      for (const Fill& fill : alternative.fills) joined += fill.text + "|";
      joined.pop_back();
      all.push_back(joined);
    }
    return all;
  }
};

}  // namespace inpaint::engine
