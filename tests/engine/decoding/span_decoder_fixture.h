// What the tests of span decoders share: a context that is encoded, and a span behind it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/decoding/draft_planner.h"
#include "engine/decoding/forward_rows.h"
#include "engine/decoding/span_decoder.h"
#include "engine/decoding/trailing_block.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {

inline constexpr Mode kModes[] = {Mode::autoregressive, Mode::lossless, Mode::diffusion};
inline constexpr const char* kModeNames[] = {"diffusion", "lossless",
                                             "autoregressive"};  // by value

/// An encoded context and a decoder behind it.
class SpanDecoderTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
  double row_cost_ = 0.05;  // of forwards of a model with numbered masks

  /// Tokens that a scripted model may say, line breaks among them; at least 16 of them.
  std::vector<TokenId> alphabet() const {
    std::vector<TokenId> all = token_ids(
        tokenizer_,
        "alpha(beta, gamma) = delta[0] + \"text\";\n    return {x: y}\nif not self.name\n");
    std::ranges::sort(all);
    const auto twins = std::ranges::unique(all);
    all.erase(twins.begin(), twins.end());
    EXPECT_GE(all.size(), 20U);
    return all;
  }

  ScriptedTexts says(const std::vector<std::string>& texts) const {
    ScriptedTexts script;
    for (const std::string& text : texts) script.texts.push_back(token_ids(tokenizer_, text));
    script.end = special_.end;
    script.others = alphabet();
    return script;
  }

  struct Written {
    Result<SpanResult> span;
    std::vector<Row> rows;  // what the cache holds, then what is pending
  };

  /// Runs the context, then the span of task.hole.
  Written write(ScriptedModel& model, SpanTask task, const SpanHooks& hooks = {}) const {
    const std::unique_ptr<KeyValueCache> cache = model.new_cache();
    task.context_length = encode_context(model, *cache);
    std::vector<Row> pending;
    return write_on(model, task, *cache, pending, hooks);
  }

  Written write_on(ScriptedModel& model, const SpanTask& task, KeyValueCache& cache,
                   std::vector<Row>& pending, const SpanHooks& hooks = {}) const {
    const std::unique_ptr<DraftPolicy> policy = policy_for(model);
    CopyHintLookup copies(tokenizer_, special_, model.memory());
    for (const auto& kept : static_cast<ScriptedCache&>(cache).kept) copies.append(kept.row.token);
    const SpanDecoder decoder(model, tokenizer_, special_, *policy,
                              model.traits().copy_hints > 0 ? &copies : nullptr);
    Written written{decoder.decode(task, cache, pending, hooks), {}};
    for (const auto& kept : static_cast<ScriptedCache&>(cache).kept)
      written.rows.push_back(kept.row);
    written.rows.insert(written.rows.end(), pending.begin(), pending.end());
    return written;
  }

  std::unique_ptr<DraftPolicy> policy_for(const ScriptedModel& model) const {
    if (model.masks > 0) return std::make_unique<DraftPlanner>(ForwardCost::fixed(row_cost_));
    return std::make_unique<TrailingBlock>();
  }

  int encode_context(ScriptedModel& model, KeyValueCache& cache) const {
    std::vector<TokenId> tokens{special_.file, special_.far, special_.prefix};
    for (const TokenId token : token_ids(tokenizer_, "x = ")) tokens.push_back(token);
    tokens.push_back(special_.near);
    std::vector<Row> rows;
    for (const TokenId token : tokens) rows.push_back({token, static_cast<int>(rows.size())});
    CopyHintLookup copies(tokenizer_, special_);
    ForwardRows forward(model.traits(), 0, &copies);
    forward.add_run(rows, kNoParent);
    EXPECT_TRUE(model.forward(cache, forward.input()));
    model.forwards.clear();
    return static_cast<int>(tokens.size());
  }

  std::string text(const Written& written) const {
    if (!written.span) return to_string(written.span.error());
    return tokenizer_.decode(written.span->canvas.tokens());
  }

  /// The rows of a span must be its context, `<fill_j>` and each token of the canvas once.
  void expect_rows_of(const Written& written, int hole) const {
    ASSERT_TRUE(written.span);
    std::vector<TokenId> expected{special_.fill[static_cast<std::size_t>(hole)]};
    for (const TokenId token : written.span->canvas.tokens()) expected.push_back(token);
    std::vector<TokenId> rows;
    for (const Row& row : written.rows) rows.push_back(row.token);
    ASSERT_GE(rows.size(), expected.size());
    rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(expected.size()));
    EXPECT_THAT(rows, testing::ElementsAreArray(expected));
  }
};

}  // namespace inpaint::engine
