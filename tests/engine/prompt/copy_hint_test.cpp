// The text that copy hints are looked for in, and the classes of matches.

#include "engine/prompt/copy_hint.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

TEST(CopyHint, AMemoryHasABorderForEachHoleAndEndsSomewhere) {
  const auto shown_memory = [](std::string_view text, std::vector<grammar::ByteRange> holes) {
    std::string memory = copy_hint_memory(text, holes);
    std::ranges::replace(memory, kTextBorder, '|');
    return memory;
  };
  EXPECT_EQ(shown_memory("abcdef", {{2, 3}, {5, 5}}), "ab|de|f");
  EXPECT_EQ(shown_memory("", {{0, 0}}), "|");
  const std::vector<std::string> neighbours = {"near", "", "far"};
  std::string both = copy_hint_memory("ab", std::vector<grammar::ByteRange>{{1, 1}}, neighbours);
  std::ranges::replace(both, kTextBorder, '|');
  EXPECT_EQ(both, "far|near|a|b");
  const std::vector<std::string> long_ones(2, std::string(kNeighbourBytes - 10, 'x'));
  EXPECT_EQ(copy_hint_memory("", std::vector<grammar::ByteRange>{{0, 0}}, long_ones).size(),
            kNeighbourBytes + 3);
  const std::string large(200'000, 'x');
  const std::string memory =
      copy_hint_memory(large, std::vector<grammar::ByteRange>{{90'000, 90'010}});
  EXPECT_EQ(memory.size(), 2 * kMemoryBytes + 1 - 10);
  EXPECT_EQ(memory[kMemoryBytes], kTextBorder);
}

TEST(CopyHint, ClassesOfMatchesAreOrderedAndAllUsed) {
  EXPECT_EQ(match_class({}), 0);
  EXPECT_EQ(match_class({.matched = 32}), kMatchLengths - 1);
  EXPECT_EQ(match_class({.matched = 40, .in_block = true}), kMatchClasses - 1);
  for (int matched = 1; matched <= 32; ++matched) {
    const int step = match_class({.matched = matched}) - match_class({.matched = matched - 1});
    EXPECT_TRUE(step == 0 || step == 1) << matched;
  }
}

}  // namespace
}  // namespace inpaint::engine
