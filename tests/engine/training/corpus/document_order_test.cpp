#include "engine/training/corpus/document_order.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

struct BudgetCase {
  const char* name;
  std::vector<std::uint64_t> totals;
  std::uint64_t budget;
};
const BudgetCase kBudgets[] = {
    {"nothing", {}, 0},
    {"one language is drawn whole", {1000}, 1000},
    {"equal ones are drawn whole", {500, 500, 500}, 500},
    {"a small one comes twice, the large one gives way", {100, 900}, 800},
    {"a tiny one hardly matters", {1, 1000}, 999},
    {"what twice reaches the mean shares evenly", {400, 600, 800}, 600},
};

TEST(LanguageBudget, MakesAnEpochAsLongAsTheCorpus) {
  for (const BudgetCase& c : kBudgets) {
    EXPECT_EQ(language_budget(c.totals), c.budget) << c.name;
    std::uint64_t drawn = 0;
    for (std::uint64_t total : c.totals) drawn += std::min(2 * total, c.budget);
    EXPECT_EQ(drawn, std::accumulate(c.totals.begin(), c.totals.end(), std::uint64_t{0})) << c.name;
  }
}

/// `counts[l]` documents of 100 bytes in language l, spread over the shards.
std::vector<DrawnDocument> documents(const std::vector<std::size_t>& counts, std::uint32_t shards) {
  std::vector<DrawnDocument> result;
  for (std::uint16_t language = 0; language < counts.size(); ++language)
    for (std::size_t i = 0; i < counts[language]; ++i)
      result.push_back({100, language, static_cast<std::uint32_t>(i % shards)});
  return result;
}

TEST(DocumentOrder, TheSeedAndTheEpochAloneDecide) {
  const auto all = documents({40, 40, 40}, 4);
  EXPECT_EQ(order_documents(all, 7, 3), order_documents(all, 7, 3));
  EXPECT_NE(order_documents(all, 7, 3), order_documents(all, 8, 3));
  EXPECT_NE(order_documents(all, 7, 3), order_documents(all, 7, 4));
}

// The order is part of what makes a training run repeatable, on any machine and in any version.
TEST(DocumentOrder, IsTheOneItHasAlwaysBeen) {
  const std::vector<std::size_t> expected = {7, 5, 1, 3, 4, 0, 2, 6};
  EXPECT_EQ(order_documents(documents({4, 4}, 2), 1, 0), expected);
  EXPECT_EQ(SplitMix(0).next(), 0xe220a8397b1dcdafULL);  // the published first value for seed 0
}

TEST(DocumentOrder, BalancesLanguagesAndRepeatsAtMostTwice) {
  const auto all = documents({1000, 100, 700}, 5);
  std::map<std::uint16_t, int> of_language;
  std::map<std::size_t, int> times;
  for (std::size_t index : order_documents(all, 1, 0)) {
    ++of_language[all[index].language];
    ++times[index];
  }
  EXPECT_EQ(of_language[1], 200) << "the small one twice";
  EXPECT_NEAR(of_language[0], 800, 2);
  EXPECT_NEAR(of_language[2], 800, 2);
  for (const auto& [index, count] : times) EXPECT_LE(count, 2) << index;
}

TEST(DocumentOrder, EpochsCoverEveryDocumentEquallyOften) {
  const auto all = documents({90, 10}, 3);  // 80 of the 90 in each epoch
  std::map<std::size_t, int> times;
  for (int epoch = 0; epoch < 9; ++epoch)
    for (std::size_t index : order_documents(all, 5, epoch)) ++times[index];
  for (std::size_t i = 0; i < 90; ++i) EXPECT_EQ(times[i], 8) << i;
  for (std::size_t i = 90; i < 100; ++i) EXPECT_EQ(times[i], 18) << i;
}

TEST(DocumentOrder, VisitsEachShardInOneStretch) {
  const auto seed = static_cast<unsigned>(std::random_device{}());
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    std::vector<DrawnDocument> all(1 + random() % 300);
    for (DrawnDocument& document : all)
      document = {static_cast<std::uint32_t>(random() % 1000),
                  static_cast<std::uint16_t>(random() % 4),
                  static_cast<std::uint32_t>(random() % 6)};
    std::set<std::uint32_t> left;
    std::uint32_t shard = UINT32_MAX;
    for (std::size_t index : order_documents(all, random(), round)) {
      ASSERT_LT(index, all.size()) << "seed " << seed;
      if (all[index].shard == shard) continue;
      shard = all[index].shard;
      EXPECT_TRUE(left.insert(shard).second) << "back to shard " << shard << ", seed " << seed;
    }
  }
}

TEST(DocumentOrder, EmptyDocumentsAndNoneAreFine) {
  EXPECT_TRUE(order_documents({}, 1, 0).empty());
  const std::vector<DrawnDocument> empty(3);
  EXPECT_EQ(order_documents(empty, 1, 0).size(), 3u);
}

}  // namespace
}  // namespace inpaint::engine
