// What stands behind a cursor while somebody types in front of it (engine/decoding/context_cache.h).
#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/decoding/context_cache.h"
#include "tests/engine/decoding/scripted_model.h"
#include "tests/engine/mini_tokenizer.h"

namespace inpaint::engine {
namespace {

using testing::IsEmpty;
using Suffix = ContextCache::Suffix;

constexpr TokenId kMarker = 999;

class StaleSuffix : public testing::Test {
 protected:
  const Tokenizer tokenizer_ = mini_tokenizer();
  const SpecialTokens special_ = special_tokens(tokenizer_);
  ScriptedModel model_{{}, special_};  // nothing is asked of it
  ContextCache contexts_{model_, tokenizer_, special_};

  static std::vector<TokenId> text(TokenId first, int n) {
    std::vector<TokenId> all(static_cast<std::size_t>(n));
    std::iota(all.begin(), all.end(), first);
    return all;
  }
  static Context context(std::vector<TokenId> prefix, const std::vector<TokenId>& suffix) {
    const std::size_t begin = prefix.size();
    prefix.push_back(kMarker);
    prefix.insert(prefix.end(), suffix.begin(), suffix.end());
    return {std::move(prefix), begin};
  }
  static bool never() { return false; }

  /// Encodes, and checks that the cache then holds these tokens at their places, each once.
  ContextCache::Encoded encoded(ContextCache& contexts, const Context& context,
                                Suffix suffix = Suffix::may_be_stale) {
    const auto done = contexts.encode(context, never, suffix);
    EXPECT_TRUE(done) << to_string(done.error());
    if (!done) return {};
    std::vector<std::pair<int, TokenId>> held, wanted;
    for (const auto& kept : static_cast<ScriptedCache*>(done->cache)->kept)
      held.emplace_back(kept.row.position, kept.row.token);
    std::ranges::sort(held);
    for (std::size_t i = 0; i < context.tokens.size(); ++i)
      wanted.emplace_back(static_cast<int>(i), context.tokens[i]);
    EXPECT_EQ(held, wanted);
    return *done;
  }
  ContextCache::Encoded encoded(const Context& context, Suffix suffix = Suffix::may_be_stale) {
    return encoded(contexts_, context, suffix);
  }
  /// Places of the context that the newest forward read.
  std::vector<int> read() const {
    std::vector<int> places;
    for (const Row& row : model_.forwards.back().rows) places.push_back(row.position);
    return places;
  }
};

TEST_F(StaleSuffix, AKeyCostsItsTokenAndTheFirstRowsBehindTheCursor) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  EXPECT_EQ(encoded(context(prefix, suffix)).reused, 0);
  for (int key = 1; key <= 5; ++key) {
    prefix.push_back(static_cast<TokenId>(2000 + key));
    const auto typed = encoded(context(prefix, suffix));
    EXPECT_EQ(typed.stale, key);
    EXPECT_EQ(typed.reused, 49 + key + 91 - 8);
    EXPECT_EQ(read(), (std::vector<int>{49 + key, 50 + key, 51 + key, 52 + key, 53 + key, 54 + key,
                                        55 + key, 56 + key, 57 + key}));
  }
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(StaleSuffix, WhatIsReadAnewSeesWhatStandsInFrontOfItOnly) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  prefix.push_back(77);
  const auto typed = encoded(context(prefix, suffix));
  const auto& kept = static_cast<ScriptedCache*>(typed.cache)->kept;
  const auto& rows = model_.forwards.back().rows;
  CachedRows cached;
  for (std::size_t i = 0; i + rows.size() < kept.size(); ++i) {
    Row row = kept[i].row;
    cached.append({&row, 1});
  }
  const Visibility visibility(cached, rows);
  for (int row = 0; row < visibility.rows(); ++row) {
    std::set<int> seen;
    for (const RowSpan& span : visibility.seen_by(row))
      for (int i = span.begin; i < span.end; ++i)
        seen.insert(kept[static_cast<std::size_t>(i)].row.position);
    const int own = rows[static_cast<std::size_t>(row)].position;
    EXPECT_EQ(static_cast<int>(seen.size()), own + 1);
    EXPECT_EQ(*seen.rbegin(), own);
  }
}

TEST_F(StaleSuffix, DeletedTokensTurnItBack) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  prefix.resize(45);
  prefix.push_back(77);
  const auto typed = encoded(context(prefix, suffix));
  EXPECT_EQ(typed.stale, 5 + 1);
  EXPECT_EQ(typed.reused, 45 + 91 - 8);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(StaleSuffix, ABracketThatTheEditorClosesIsReadAndTheRestStays) {
  std::vector<TokenId> prefix = text(1000, 50);
  std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  prefix.push_back(77);
  suffix.insert(suffix.begin(), 78);
  const auto typed = encoded(context(prefix, suffix));
  EXPECT_EQ(typed.reused, 50 + 90 - 6) << "the marker, the bracket, and six behind it are read";
  suffix.resize(80);  // the far end gives way
  prefix.push_back(79);
  EXPECT_EQ(encoded(context(prefix, suffix)).reused, 51 + 81 - 8);
  suffix.push_back(80);  // and comes back
  EXPECT_EQ(encoded(context(prefix, suffix)).reused, 52 + 81 - 8);
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(StaleSuffix, TheSameQuestionAgainReadsNothing) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  prefix.push_back(77);
  encoded(context(prefix, suffix));
  const std::size_t forwards = model_.forwards.size();
  const auto again = encoded(context(prefix, suffix));
  EXPECT_EQ(again.stale, 1);
  EXPECT_EQ(again.reused, 51 + 91);
  EXPECT_EQ(model_.forwards.size(), forwards);
}

TEST_F(StaleSuffix, IsForThoseWhoAllowIt) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  prefix.push_back(77);
  EXPECT_EQ(encoded(context(prefix, suffix), Suffix::exact).reused, 50);
  prefix.push_back(78);
  EXPECT_EQ(encoded(context(prefix, suffix)).stale, 1);
  const auto exact = encoded(context(prefix, suffix), Suffix::exact);
  EXPECT_EQ(exact.stale, 0);
  EXPECT_EQ(exact.reused, 52) << "what stood behind the cursor was stale";
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(StaleSuffix, ItIsNeverStalerThanPromised) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  int most = 0, exact = 0;
  for (int key = 0; key < 100; ++key) {
    prefix.push_back(77);
    const int stale = encoded(context(prefix, suffix)).stale;
    most = std::max(most, stale);
    exact += stale == 0 ? 1 : 0;
  }
  EXPECT_EQ(most, static_cast<int>(ContextCache::kMostStale));
  EXPECT_EQ(exact, 3) << "each 33 keys";
}

TEST_F(StaleSuffix, ARefreshMakesItExact) {
  std::vector<TokenId> prefix = text(1000, 50);
  const std::vector<TokenId> suffix = text(3000, 90);
  encoded(context(prefix, suffix));
  prefix.push_back(77);
  encoded(context(prefix, suffix));
  ASSERT_TRUE(contexts_.refresh(never));
  const std::size_t forwards = model_.forwards.size();
  const auto exact = encoded(context(prefix, suffix), Suffix::exact);
  EXPECT_EQ(exact.reused, 51 + 91);
  EXPECT_EQ(model_.forwards.size(), forwards);
  prefix.push_back(78);
  EXPECT_EQ(encoded(context(prefix, suffix)).stale, 1) << "and is turned again";
  EXPECT_THAT(model_.violations(), IsEmpty());
}

TEST_F(StaleSuffix, ARefreshThatIsStoppedOrFailsLosesNothing) {
  for (const bool fails : {false, true})
    for (std::size_t pieces = 0; pieces < 3; ++pieces) {
      SCOPED_TRACE(testing::Message() << (fails ? "fails" : "is stopped") << " after " << pieces);
      ScriptedModel model({}, special_);
      ContextCache contexts(model, tokenizer_, special_);
      std::vector<TokenId> prefix = text(1000, 50);
      const std::vector<TokenId> suffix = text(3000, 90);
      encoded(contexts, context(prefix, suffix));
      prefix.push_back(77);
      encoded(contexts, context(prefix, suffix));
      const std::size_t before = model.forwards.size();
      if (fails) model.fails_at = before + pieces;
      const auto broken =
          contexts.refresh([&] { return !fails && model.forwards.size() >= before + pieces; });
      ASSERT_FALSE(broken);
      model.fails_at.reset();
      const auto again = encoded(contexts, context(prefix, suffix));
      EXPECT_EQ(again.stale, 1);
      EXPECT_EQ(again.reused, 51 + 91);
      EXPECT_THAT(model.violations(), IsEmpty());
    }
}

TEST_F(StaleSuffix, RandomTypingNeverLeavesAWrongRow) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    ScriptedModel model({}, special_);
    ContextCache contexts(model, tokenizer_, special_, 1 + random() % 3);
    struct File {
      std::vector<TokenId> prefix, suffix;
    };
    std::vector<File> files;
    for (TokenId file = 0; file < 3; ++file)
      files.push_back({text(1000 * (file + 1), 20 + static_cast<int>(random() % 200)),
                       text(10000 * (file + 1), static_cast<int>(random() % 200))});
    for (int edit = 0; edit < 80; ++edit) {
      auto& [prefix, suffix] = files[random() % files.size()];
      prefix.resize(prefix.size() - random() % std::min<std::size_t>(prefix.size(), 5));
      prefix.resize(prefix.size() + random() % 4, static_cast<TokenId>(100 + random() % 5));
      if (random() % 3 == 0)
        suffix.insert(suffix.begin(), random() % 3, static_cast<TokenId>(100 + random() % 5));
      if (random() % 5 == 0) suffix.resize(random() % (suffix.size() + 30), 77);
      if (random() % 8 == 0) {
        std::ignore = contexts.refresh([&] { return random() % 4 == 0; });
      } else if (random() % 8 == 0) {
        std::ignore = contexts.encode(
            context(prefix, suffix), [&] { return random() % 3 == 0; }, Suffix::may_be_stale);
      } else {
        encoded(contexts, context(prefix, suffix),
                random() % 4 == 0 ? Suffix::exact : Suffix::may_be_stale);
      }
    }
    EXPECT_THAT(model.violations(), IsEmpty());
  }
}

}  // namespace
}  // namespace inpaint::engine
