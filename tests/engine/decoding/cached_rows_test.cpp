// What is known of a cache's rows: kept, turned, seen by segments; refused before anything changes.

#include "engine/decoding/cached_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Ten rows at positions 0 … 9, of segments 0, 1, 0, 1, …
CachedRows ten_rows() {
  CachedRows rows;
  EXPECT_EQ(*rows.add_segment(), 1);
  for (int i = 0; i < 10; ++i) {
    const Row row{.position = i, .segment = i % 2};
    rows.append(std::span(&row, 1));
  }
  return rows;
}

std::vector<int> positions(const CachedRows& rows) {
  std::vector<int> all;
  for (int row = 0; row < rows.length(); ++row) all.push_back(rows.position(row));
  return all;
}

TEST(CachedRows, AnyChosenRowsAreKeptWithTheirSegments) {
  CachedRows rows = ten_rows();
  ASSERT_TRUE(rows.keep(std::vector<int>{0, 1, 4, 9}));
  EXPECT_THAT(positions(rows), ElementsAre(0, 1, 4, 9));
  EXPECT_EQ(rows.segment(2), 0);
  EXPECT_EQ(rows.segment(3), 1);
  rows.truncate(1);
  EXPECT_THAT(positions(rows), ElementsAre(0));
  ASSERT_TRUE(rows.keep({}));
  EXPECT_EQ(rows.length(), 0);
  EXPECT_EQ(rows.segments(), 2) << "a segment may be empty";
}

TEST(CachedRows, RowsThatAreNotThereAreRefused) {
  struct KeepCase {
    const char* name;
    std::vector<int> rows;
    const char* says;
  };
  const KeepCase cases[] = {{"behind the last one", {0, 10}, "row 10 behind row 0 of 10"},
                            {"twice", {3, 3}, "row 3 behind row 3"},
                            {"backwards", {5, 4}, "row 4 behind row 5"},
                            {"before the first one", {-1}, "row -1"}};
  for (const KeepCase& c : cases) {
    CachedRows rows = ten_rows();
    const Result<void> kept = rows.keep(c.rows);
    ASSERT_FALSE(kept) << c.name;
    EXPECT_EQ(kept.error().code, ErrorCode::bad_argument) << c.name;
    EXPECT_THAT(kept.error().why, HasSubstr(c.says)) << c.name;
    EXPECT_EQ(rows.length(), 10) << c.name;
  }
}

TEST(CachedRows, SegmentsAreSeenApart) {
  const CachedRows rows = ten_rows();
  EXPECT_THAT(rows.seen(kAllSegments), ElementsAre(RowSpan{0, 10}));
  EXPECT_THAT(rows.seen(0b11), ElementsAre(RowSpan{0, 10}));
  EXPECT_THAT(rows.seen(0b10), ElementsAre(RowSpan{1, 2}, RowSpan{3, 4}, RowSpan{5, 6},
                                           RowSpan{7, 8}, RowSpan{9, 10}));
  EXPECT_THAT(rows.seen(0), IsEmpty());
  EXPECT_THAT(CachedRows().seen(kAllSegments), IsEmpty());
}

TEST(CachedRows, ASegmentIsTurnedAsAWholeOrNotAtAll) {
  CachedRows rows = ten_rows();
  ASSERT_TRUE(rows.turn(1, 5, 15));
  EXPECT_THAT(positions(rows), ElementsAre(0, 6, 2, 8, 4, 10, 6, 12, 8, 14));
  ASSERT_TRUE(rows.turn(1, -6, 15));
  EXPECT_THAT(positions(rows), ElementsAre(0, 0, 2, 2, 4, 4, 6, 6, 8, 8));
  for (const int by : {-1, 7, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
    const Result<void> turned = rows.turn(1, by, 15);
    ASSERT_FALSE(turned) << by;
    EXPECT_EQ(turned.error().code, ErrorCode::bad_argument);
  }
  for (const int segment : {-1, 2}) EXPECT_FALSE(rows.turn(segment, 1, 15)) << segment;
  EXPECT_THAT(positions(rows), ElementsAre(0, 0, 2, 2, 4, 4, 6, 6, 8, 8));
}

TEST(CachedRows, ThereAreOnlySoManySegments) {
  CachedRows rows;
  for (int segment = 1; segment < kMaxSegments; ++segment) EXPECT_EQ(*rows.add_segment(), segment);
  const Result<int> another = rows.add_segment();
  ASSERT_FALSE(another);
  EXPECT_EQ(another.error().code, ErrorCode::bad_argument);
}

}  // namespace
}  // namespace inpaint::engine
