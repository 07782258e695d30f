// What a model's door refuses, and that nothing is refused that makes sense.

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/decoding/visibility.h"
#include "tests/engine/decoding/random_rows.h"

namespace inpaint::engine {
namespace {

using testing::HasSubstr;

/// A forward of five rows that is in order: a run of three, and a block of two behind it.
struct Forward {
  std::vector<Row> rows{{1, 10}, {2, 11, 0}, {3, 12, 1}, {4, 13, 2, 0}, {4, 14, 2, 0}};
  std::vector<int> asked{1, 3};
  std::vector<TokenId> wanted{7, 8};
  std::vector<std::vector<TokenId>> allowed{{7, 9}, {}};
  std::vector<CopyHints> hints = std::vector<CopyHints>(5);
};

constexpr ModelTraits kTraits{.vocabulary = 100, .max_positions = 50, .copy_hints = 2};

struct RefusedCase {
  const char* name;
  std::function<void(Forward&)> change;
  const char* says;
};

const RefusedCase kCases[] = {
    {"no rows",
     [](Forward& f) { f = {.rows = {}, .asked = {}, .wanted = {}, .allowed = {}, .hints = {}}; },
     "no rows"},
    {"a token beyond the vocabulary", [](Forward& f) { f.rows[1].token = 100; },
     "row 1: token 100 of a vocabulary of 100"},
    {"a negative token", [](Forward& f) { f.rows[1].token = -1; }, "row 1: token -1"},
    {"a position beyond those of the model", [](Forward& f) { f.rows[2].position = 50; },
     "row 2: position 50 of 50"},
    {"a negative position", [](Forward& f) { f.rows[2].position = -1; }, "row 2: position -1"},
    {"a parent that points forward", [](Forward& f) { f.rows[1].parent = 2; },
     "row 1 continues row 2"},
    {"a row that continues itself", [](Forward& f) { f.rows[1].parent = 1; },
     "row 1 continues row 1"},
    {"a parent in front of all", [](Forward& f) { f.rows[1].parent = -2; },
     "row 1 continues row -2"},
    {"a block of two pieces",
     [](Forward& f) {
       f.rows[0].block = 0;
       f.rows[0].parent = kNoParent;
     },
     "rows 0 and 3 of block 0 are no neighbours"},
    {"a block of two parents", [](Forward& f) { f.rows[4].parent = 1; },
     "rows 3 and 4 of block 0 continue rows 2 and 1"},
    {"a block whose rows continue one another", [](Forward& f) { f.rows[4].parent = 3; },
     "continue rows 2 and 3"},
    {"a block that sees the cache in two ways", [](Forward& f) { f.rows[4].sees = 1; },
     "see segments 0xffffffff and 0x1"},
    {"a block of a negative number", [](Forward& f) { f.rows[3].block = -2; }, "block -2"},
    {"a segment to see that there is not", [](Forward& f) { f.rows[0].sees = 0b100; },
     "row 0 sees segments 0x4 of 2"},
    {"a segment to go to that there is not", [](Forward& f) { f.rows[0].segment = 2; },
     "row 0 goes to segment 2 of 2"},
    {"a negative segment", [](Forward& f) { f.rows[0].segment = -1; }, "segment -1"},
    {"a row asked that is not there", [](Forward& f) { f.asked[1] = 5; }, "row 5 asked"},
    {"rows asked twice", [](Forward& f) { f.asked[1] = 1; }, "row 1 asked behind row 1"},
    {"a negative row asked", [](Forward& f) { f.asked[0] = -1; }, "row -1 asked"},
    {"wanted tokens of another count", [](Forward& f) { f.wanted.push_back(1); },
     "wanted tokens of 3 rows, expected 2"},
    {"a wanted token that there is not", [](Forward& f) { f.wanted[0] = 100; },
     "row 1: wanted token 100"},
    {"allowed sets of another count", [](Forward& f) { f.allowed.pop_back(); },
     "allowed sets of 1 rows, expected 2"},
    {"an allowed token that there is not", [](Forward& f) { f.allowed[0].push_back(-5); },
     "row 1: allowed token -5"},
    {"hints of another count", [](Forward& f) { f.hints.pop_back(); },
     "copy hints of 4 rows, expected 5"},
    {"no hints", [](Forward& f) { f.hints.clear(); }, "copy hints of 0 rows, expected 5"},
    {"a hint of a token that there is not", [](Forward& f) { f.hints[4][1].token = 100; },
     "row 4: a copy hint of token 100"},
};

Result<void> checked(const Forward& f, const ModelTraits& traits = kTraits) {
  CachedRows cached;
  EXPECT_TRUE(cached.add_segment());
  return check_forward(traits, cached, {f.rows, f.asked, f.wanted, f.allowed, f.hints});
}

TEST(ForwardCheck, RefusesWhatMakesNoSenseAndNamesIt) {
  ASSERT_TRUE(checked({}));
  for (const RefusedCase& c : kCases) {
    Forward forward;
    c.change(forward);
    const Result<void> sane = checked(forward);
    ASSERT_FALSE(sane) << c.name;
    EXPECT_EQ(sane.error().code, ErrorCode::bad_argument) << c.name;
    EXPECT_EQ(sane.error().what, "forward") << c.name;
    EXPECT_THAT(sane.error().why, HasSubstr(c.says)) << c.name;
    EXPECT_FALSE(sane.error().remedy.empty()) << c.name;
  }
}

TEST(ForwardCheck, NumberedMasksStandInOrderBehindACleanRow) {
  const ModelTraits masked{
      .vocabulary = 100, .max_positions = 50, .masks = 2, .copy_hints = kCopyHints};
  const auto with = [](const std::function<void(Forward&)>& change) {
    Forward forward;
    forward.rows[3].token = 100;
    forward.rows[4].token = 101;
    change(forward);
    return forward;
  };
  EXPECT_TRUE(checked(with([](Forward&) {}), masked));
  EXPECT_FALSE(checked(with([](Forward&) {}))) << "a model without them";
  const RefusedCase cases[] = {
      {"a mask too many", [](Forward& f) { f.rows[4].token = 102; }, "row 4: token 102"},
      {"in another order", [](Forward& f) { std::swap(f.rows[3].token, f.rows[4].token); },
       "row 3 is mask 1 of its block, expected 0"},
      {"the same twice", [](Forward& f) { f.rows[4].token = 100; },
       "row 4 is mask 0 of its block, expected 1"},
      {"of no block", [](Forward& f) { f.rows[3].block = kNoBlock; },
       "row 3 is a mask of no block"},
      {"behind a mask",
       [](Forward& f) {
         f.rows[4].token = 100;
         f.rows[4].parent = 3;
         f.rows[4].block = 1;
       },
       "mask 4 continues row 3 of a block"},
      {"wanted", [](Forward& f) { f.wanted[0] = 100; }, "row 1: wanted token 100"},
  };
  for (const RefusedCase& c : cases) {
    const Result<void> sane = checked(with(c.change), masked);
    ASSERT_FALSE(sane) << c.name;
    EXPECT_THAT(sane.error().why, HasSubstr(c.says)) << c.name;
  }
}

TEST(ForwardCheck, AModelWithoutCopyHintsIsGivenNone) {
  const ModelTraits plain{.vocabulary = 100, .max_positions = 50};
  EXPECT_THAT(checked({}, plain).error().why,
              HasSubstr("copy hints of 5 rows for a model without"));
  EXPECT_TRUE(checked({.hints = {}}, plain));
}

TEST(ForwardCheck, ListsThatAreLeftOutAreInOrder) {
  EXPECT_TRUE(checked({.wanted = {}, .allowed = {}}));
  EXPECT_TRUE(checked({.asked = {}, .wanted = {}, .allowed = {}}));
}

TEST(ForwardCheck, ReadsNothingOutsideWhateverItIsGiven) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const CachedRows cached = random_cached_rows(random, 8, 50);
    std::vector<Row> rows = random_rows(random, cached, 8, 50);
    const auto any = [&] {
      constexpr int kOdd[] = {-2,
                              -1,
                              0,
                              1,
                              7,
                              31,
                              32,
                              49,
                              50,
                              std::numeric_limits<int>::max(),
                              std::numeric_limits<int>::min()};
      return kOdd[random() % std::size(kOdd)];
    };
    const bool changed = random() % 4 != 0;
    if (changed) {
      Row& row = rows[random() % rows.size()];
      int* fields[] = {&row.token, &row.position, &row.parent, &row.block, &row.segment};
      *fields[random() % std::size(fields)] = any();
      if (random() % 2 == 0) row.sees = static_cast<SegmentSet>(any());
    }
    const Result<void> sane =
        check_forward({.vocabulary = 50, .max_positions = 50}, cached, {rows, {}});
    EXPECT_TRUE(sane || changed);
    if (sane) {
      EXPECT_EQ(Visibility(cached, rows).rows(), static_cast<int>(rows.size()));
    }
  }
}

}  // namespace
}  // namespace inpaint::engine
