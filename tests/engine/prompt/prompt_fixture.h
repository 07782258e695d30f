// What the tests of prompts share: the embedded tokenizer, and a prompt in its parts.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "engine/prompt/fill_prompt.h"
#include "engine/prompt/inpaint_format.h"
#include "tests/engine/mini_tokenizer.h"
#include "tests/engine/prompt/marked_request.h"

namespace inpaint::engine {

class PromptTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);

  Prompt prompt(const FillRequest& request, int budget = 512,
                std::optional<std::size_t> anchor = std::nullopt) const {
    return fill_prompt({tokenizer_, special_, kInpaint1}, request, budget, anchor);
  }
  std::string text(const Prompt& prompt) const { return shown(tokenizer_, prompt.tokens); }

  /// The part of a prompt that stands between two special tokens, as text with stand-ins.
  std::string part(const Prompt& prompt, TokenId from, TokenId to) const {
    auto begin = std::ranges::find(prompt.tokens, from);
    auto end = to < 0 ? prompt.tokens.end() : std::ranges::find(prompt.tokens, to);
    return shown(tokenizer_, {begin + 1, end});
  }
  std::string far(const Prompt& p) const { return part(p, special_.far, special_.prefix); }
  std::string before(const Prompt& p) const { return part(p, special_.prefix, special_.near); }
  std::string near(const Prompt& p) const { return part(p, special_.near, -1); }
};

}  // namespace inpaint::engine
