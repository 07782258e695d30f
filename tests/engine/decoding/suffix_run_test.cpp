#include "engine/decoding/suffix_run.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using Tokens = std::vector<TokenId>;

TEST(SuffixRun, EndsWhereOneOfTheTwoDoes) {
  struct Case {
    const char* what;
    Tokens old, fresh;
    SuffixRun run;
  };
  const Case cases[] = {
      {"nothing has changed", {1, 2, 3}, {1, 2, 3}, {0, 0, 3}},
      {"a bracket is closed in front", {1, 2, 3}, {9, 1, 2, 3}, {0, 1, 3}},
      {"a token in front is another", {8, 2, 3}, {9, 2, 3}, {1, 1, 2}},
      {"two tokens become one", {1, 2, 3, 4}, {9, 3, 4}, {2, 1, 2}},
      {"the far end gives way", {1, 2, 3, 4}, {1, 2, 3}, {0, 0, 3}},
      {"the far end comes nearer", {1, 2}, {1, 2, 3, 4}, {0, 0, 2}},
      {"both ends", {1, 2, 3, 4}, {9, 1, 2, 3}, {0, 1, 3}},
      {"another place", {1, 2, 3}, {4, 5, 6}, {3, 3, 0}},
      {"nothing was there", {}, {1, 2}, {0, 0, 0}},
      {"nothing is there", {1, 2}, {}, {0, 0, 0}},
  };
  for (const Case& c : cases) EXPECT_EQ(shared_run(c.old, c.fresh), c.run) << c.what;
}

TEST(SuffixRun, IsTheSameTokensOfBoth) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto tokens = [&] {
      Tokens all(random() % 100);
      for (TokenId& token : all) token = static_cast<TokenId>(random() % 3);
      return all;
    };
    const Tokens old = tokens(), fresh = tokens();
    const SuffixRun run = shared_run(old, fresh);
    ASSERT_LE(run.old_begin + run.size, old.size());
    ASSERT_LE(run.fresh_begin + run.size, fresh.size());
    for (std::size_t i = 0; i < run.size; ++i)
      EXPECT_EQ(old[run.old_begin + i], fresh[run.fresh_begin + i]);
  }
}

}  // namespace
}  // namespace inpaint::engine
