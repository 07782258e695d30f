#include "engine/training/corpus/neighbourhood.h"

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using Numbers = std::vector<std::size_t>;

TEST(Neighbourhood, IsOfOnePackageAndNearestFirst) {
  const Neighbourhood files({{"p", "b/1"}, {"q", "b/0"}, {"p", "a/1"}, {"p", "b/0"}, {"p", "b/2"}});
  // In order: a/1 (2), b/0 (3), b/1 (0), b/2 (4); q's file stands apart.
  EXPECT_EQ(files.of(0, 3), (Numbers{3, 4, 2}));
  EXPECT_EQ(files.of(0, 1), (Numbers{3}));
  EXPECT_EQ(files.of(2, 8), (Numbers{3, 0, 4}));
  EXPECT_EQ(files.of(4, 2), (Numbers{0, 3}));
  EXPECT_EQ(files.of(1, 8), Numbers{});
  EXPECT_EQ(files.of(0, 0), Numbers{});
}

TEST(Neighbourhood, KeepsFilesOfOnePathApart) {
  const Neighbourhood files({{"p", "a"}, {"p", "a"}});
  EXPECT_EQ(files.of(0, 2), Numbers{1});
  EXPECT_EQ(files.of(1, 2), Numbers{0});
}

}  // namespace
}  // namespace inpaint::engine
