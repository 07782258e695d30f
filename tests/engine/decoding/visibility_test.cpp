// Who sees whom, by case and against the definition of engine/decoding/model.h in its plainest
// words.

#include "engine/decoding/visibility.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/decoding/random_rows.h"

namespace inpaint::engine {
namespace {

CachedRows cached(const std::vector<int>& segments) {
  CachedRows rows;
  for (int segment = 1; segment < 3; ++segment) (void)rows.add_segment();
  for (const int segment : segments) {
    const Row row{.segment = segment};
    rows.append(std::span(&row, 1));
  }
  return rows;
}

/// "0-3 5": rows of the cache and, behind them, of the forward.
std::string shown(const Visibility& visibility, int row) {
  std::string text;
  for (const RowSpan& span : visibility.seen_by(row))
    text +=
        (text.empty() ? "" : " ") + std::to_string(span.begin) + "-" + std::to_string(span.end - 1);
  return text;
}

struct SightCase {
  const char* name;
  std::vector<int> cached;  // segments
  std::vector<Row> rows;
  std::vector<std::string> seen;
};

const SightCase kCases[] = {
    {"a run sees the cache and itself so far",
     {0, 0},
     {{}, {.parent = 0}, {.parent = 1}},
     {"0-2", "0-3", "0-4"}},
    {"nothing is cached", {}, {{}, {.parent = 0}}, {"0-0", "0-1"}},
    {"an open block behind a run",
     {0, 0},
     {{}, {.parent = 0, .block = 0}, {.parent = 0, .block = 0}},
     {"0-2", "0-4", "0-4"}},
    {"branches do not see one another",
     {0},
     {{}, {.parent = 0}, {.parent = 0}, {.parent = 1}},
     {"0-1", "0-2", "0-1 3-3", "0-2 4-4"}},
    {"a block behind each end of a draft",
     {0},
     {{},
      {.parent = 0},
      {.parent = 0, .block = 0},
      {.parent = 0, .block = 0},
      {.parent = 1, .block = 1}},
     {"0-1", "0-2", "0-1 3-4", "0-1 3-4", "0-2 5-5"}},
    {"what continues a block sees it whole",
     {0},
     {{.block = 4}, {.block = 4}, {.parent = 0}},
     {"0-2", "0-2", "0-3"}},
    {"two blocks side by side",
     {},
     {{.block = 0}, {.block = 1}, {.block = 1}},
     {"0-0", "1-2", "1-2"}},
    {"segments of the cache",
     {0, 1, 1, 0, 2},
     {{.sees = 0b001}, {.parent = 0, .sees = 0b110}, {.parent = 1}, {.sees = 0}},
     {"0-0 3-3 5-5", "1-2 4-6", "0-7", "8-8"}},
};

TEST(Visibility, Cases) {
  for (const SightCase& c : kCases) {
    const Visibility visibility(cached(c.cached), c.rows);
    ASSERT_EQ(visibility.rows(), static_cast<int>(c.seen.size())) << c.name;
    for (int row = 0; row < visibility.rows(); ++row)
      EXPECT_EQ(shown(visibility, row), c.seen[static_cast<std::size_t>(row)])
          << c.name << ": row " << row;
  }
}

/// The definition: what a row sees of the cache by its segments, of the forward by its block and
/// its parent.
std::set<int> plainly_seen(const CachedRows& cached, std::span<const Row> rows, int index) {
  const auto of_forward = [&](const auto& self, int at) -> std::set<int> {
    std::set<int> seen{at};
    const Row& row = rows[static_cast<std::size_t>(at)];
    for (std::size_t other = 0; other < rows.size(); ++other)
      if (row.block != kNoBlock && rows[other].block == row.block)
        seen.insert(static_cast<int>(other));
    if (row.parent != kNoParent) seen.merge(self(self, row.parent));
    return seen;
  };
  std::set<int> seen;
  for (const int row : of_forward(of_forward, index)) seen.insert(cached.length() + row);
  for (int row = 0; row < cached.length(); ++row)
    if ((rows[static_cast<std::size_t>(index)].sees >> cached.segment(row) & 1U) != 0)
      seen.insert(row);
  return seen;
}

TEST(Visibility, IsTheDefinitionForAnyRows) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const CachedRows cache = random_cached_rows(random, 40, 100);
    const std::vector<Row> rows = random_rows(random, cache, 16, 100);
    ASSERT_TRUE(check_forward({.vocabulary = 100, .max_positions = 100}, cache, {rows, {}}));
    const Visibility visibility(cache, rows);
    ASSERT_EQ(visibility.rows(), static_cast<int>(rows.size()));
    for (int row = 0; row < visibility.rows(); ++row) {
      std::set<int> seen;
      int behind = -1;
      for (const RowSpan& span : visibility.seen_by(row)) {
        EXPECT_GT(span.begin, behind) << "ascending, and not side by side";
        EXPECT_GT(span.end, span.begin);
        behind = span.end;
        for (int one = span.begin; one < span.end; ++one) seen.insert(one);
      }
      EXPECT_EQ(seen, plainly_seen(cache, rows, row)) << "row " << row;
    }
  }
}

}  // namespace
}  // namespace inpaint::engine
