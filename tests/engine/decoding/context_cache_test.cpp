#include "engine/decoding/context_cache.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;

class ContextCacheTest : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
  ScriptedModel model_{{}, special_};  // nothing is asked of it

  /// `n` tokens that no other `file` has.
  static std::vector<TokenId> tokens(int file, int n) {
    std::vector<TokenId> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), 1000 * (file + 1));
    return all;
  }

  static bool never() { return false; }

  /// Encodes, and checks that the cache then holds exactly these tokens. Returns how many were there.
  int reused(ContextCache& contexts, const std::vector<TokenId>& context) {
    const auto encoded = contexts.encode({context}, never);
    EXPECT_TRUE(encoded) << to_string(encoded.error());
    if (!encoded) return -1;
    std::vector<TokenId> held;
    for (const auto& kept : static_cast<ScriptedCache*>(encoded->cache)->kept)
      held.push_back(kept.row.token);
    EXPECT_EQ(held, context);
    return encoded->reused;
  }
  int rows_run() const {
    int n = 0;
    for (const auto& forward : model_.forwards) n += static_cast<int>(forward.rows.size());
    return n;
  }
};

TEST_F(ContextCacheTest, ReusesTheLongestCommonBeginning) {
  ContextCache contexts(model_, tokenizer_, special_);
  std::vector<TokenId> context = tokens(0, 300);
  EXPECT_EQ(reused(contexts, context), 0);
  EXPECT_EQ(rows_run(), 300);
  EXPECT_EQ(reused(contexts, context), 300) << "nothing has changed";
  EXPECT_EQ(rows_run(), 300);

  context.push_back(7);
  EXPECT_EQ(reused(contexts, context), 300) << "typed on";
  context[299] = 8;
  EXPECT_EQ(reused(contexts, context), 299) << "changed near the end";
  context.resize(200);
  EXPECT_EQ(reused(contexts, context), 200) << "deleted";
  context[0] = 9;
  EXPECT_EQ(reused(contexts, context), 0) << "changed at the start";
  EXPECT_EQ(rows_run(), 300 + 1 + 2 + 0 + 200);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(ContextCacheTest, RewindsOverSpansThatStandBehindTheContext) {
  ContextCache contexts(model_, tokenizer_, special_);
  std::vector<TokenId> context = tokens(0, 10);
  const auto encoded = contexts.encode({context}, never);
  ASSERT_TRUE(encoded);
  const Row span[] = {{special_.fill[0], 10}, {55, 11, 0}, {special_.mask, 12, 1, 0}};
  ASSERT_TRUE(model_.forward(*encoded->cache, {span, {}}));
  context.push_back(7);
  EXPECT_EQ(reused(contexts, context), 10);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(ContextCacheTest, EncodesInPiecesThatEndSoon) {
  ContextCache contexts(model_, tokenizer_, special_);
  reused(contexts, tokens(0, 300));
  ASSERT_EQ(model_.forwards.size(), 3U);
  for (const auto& forward : model_.forwards) {
    EXPECT_LE(forward.rows.size(), 128U);
    EXPECT_EQ(forward.n_causal, static_cast<int>(forward.rows.size()));
    EXPECT_THAT(forward.asked, IsEmpty()) << "no logits are computed for a context";
  }
}

TEST_F(ContextCacheTest, KeepsTheFilesThatWereUsedLast) {
  ContextCache contexts(model_, tokenizer_, special_, 3);
  for (int file = 0; file < 3; ++file) EXPECT_EQ(reused(contexts, tokens(file, 50)), 0);
  for (int file = 0; file < 3; ++file) EXPECT_EQ(reused(contexts, tokens(file, 50)), 50);
  EXPECT_EQ(reused(contexts, tokens(3, 50)), 0) << "takes the place of file 0";
  EXPECT_EQ(reused(contexts, tokens(2, 50)), 50);
  EXPECT_EQ(reused(contexts, tokens(1, 50)), 50);
  EXPECT_EQ(reused(contexts, tokens(0, 50)), 0) << "takes the place of file 3";
  EXPECT_EQ(reused(contexts, tokens(1, 50)), 50);
  EXPECT_EQ(reused(contexts, tokens(3, 50)), 0);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(ContextCacheTest, AnotherFileWithTheSameFirstTokensDoesNotDriveTheFirstOneOut) {
  ContextCache contexts(model_, tokenizer_, special_, 2);
  std::vector<TokenId> a = tokens(0, 100);
  std::vector<TokenId> b = tokens(1, 100);
  for (std::size_t i = 0; i < 10; ++i)
    a[i] = b[i] = static_cast<TokenId>(500 + i);  // "<file> src/"
  EXPECT_EQ(reused(contexts, a), 0);
  EXPECT_EQ(reused(contexts, b), 0) << "in a slot of its own";
  EXPECT_EQ(reused(contexts, a), 100);
  std::vector<TokenId> c = tokens(2, 100);
  for (std::size_t i = 0; i < 10; ++i) c[i] = a[i];
  EXPECT_EQ(reused(contexts, c), 10)
      << "no room is left: over the older one, keeping what is shared";
  EXPECT_EQ(reused(contexts, a), 100);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(ContextCacheTest, OneSlotServesAnyNumberOfFiles) {
  ContextCache contexts(model_, tokenizer_, special_, 1);
  for (int round = 0; round < 2; ++round)
    for (int file = 0; file < 3; ++file) EXPECT_EQ(reused(contexts, tokens(file, 40)), 0);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(ContextCacheTest, CancelledOrFailedInTheMiddleItKeepsWhatIsDone) {
  for (const bool fails : {false, true})
    for (std::size_t pieces = 0; pieces < 3; ++pieces) {
      SCOPED_TRACE(testing::Message() << (fails ? "fails" : "is cancelled") << " after " << pieces);
      ScriptedModel model({}, special_);
      ContextCache contexts(model, tokenizer_, special_);
      const std::vector<TokenId> context = tokens(0, 300);
      if (fails) model.fails_at = pieces;
      const auto broken =
          contexts.encode({context}, [&] { return !fails && model.forwards.size() >= pieces; });
      ASSERT_FALSE(broken);
      EXPECT_EQ(broken.error().code, fails ? ErrorCode::not_finite : ErrorCode::cancelled);
      EXPECT_EQ(model.forwards.size(), fails ? pieces + 1 : pieces);
      model.fails_at.reset();
      EXPECT_EQ(reused(contexts, context), static_cast<int>(128 * pieces));
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

TEST_F(ContextCacheTest, CancelledBeforeItBeginsItForgetsNothing) {
  ContextCache contexts(model_, tokenizer_, special_, 1);
  EXPECT_EQ(reused(contexts, tokens(0, 50)), 0);
  EXPECT_EQ(contexts.encode({tokens(1, 50)}, [] { return true; }).error().code,
            ErrorCode::cancelled);
  EXPECT_EQ(reused(contexts, tokens(0, 50)), 50);
}

TEST_F(ContextCacheTest, RandomEditsNeverLeaveAWrongRow) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    ScriptedModel model({}, special_);
    ContextCache contexts(model, tokenizer_, special_, 1 + random() % 4);
    std::vector<std::vector<TokenId>> files;
    for (int file = 0; file < 5; ++file)
      files.push_back(tokens(file, 20 + static_cast<int>(random() % 300)));
    for (int edit = 0; edit < 60; ++edit) {
      std::vector<TokenId>& file = files[random() % files.size()];
      file[random() % file.size()] = static_cast<TokenId>(100 + random() % 800);
      file.resize(1 + random() % (file.size() + 20), 77);
      if (random() % 4 == 0) {
        const std::size_t stop_at = model.forwards.size() + random() % 3;
        const auto result =
            contexts.encode({file}, [&] { return model.forwards.size() >= stop_at; });
        EXPECT_TRUE(result || result.error().code == ErrorCode::cancelled);
      } else {
        reused(contexts, file);
      }
    }
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

}  // namespace
}  // namespace inpaint::engine
