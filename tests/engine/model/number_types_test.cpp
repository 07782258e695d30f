#include "engine/model/number_types.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/engine/temporary_folder.h"

namespace inpaint::engine {
namespace {

ModelConfig tiny() {
  ModelConfig config;
  config.hidden = 32;
  config.intermediate = 64;
  return config;
}

TEST(NumberTypes, MeasurementIsKeptAndReadAgain) {
  const TemporaryFolder folder;
  const NumberTypes measured = NumberTypes::choose(tiny(), 1, folder.path() / "new");
  ASSERT_TRUE(std::filesystem::exists(folder.path() / "new/number_types.json"));
  const NumberTypes read = NumberTypes::choose(tiny(), 1, folder.path() / "new");
  // The ratios, too: a second measurement would not give the same ones.
  EXPECT_EQ(measured.describe(), read.describe());
}

TEST(NumberTypes, ABrokenCacheIsMeasuredAnew) {
  for (const char* content : {"", "{", "[]", "{\"x\": 1}", "null"}) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "number_types.json") << content;
    EXPECT_FALSE(NumberTypes::choose(tiny(), 1, folder.path()).describe().empty()) << content;
  }
}

TEST(NumberTypes, AFolderThatCannotBeWrittenDoesNoHarm) {
  EXPECT_FALSE(NumberTypes::choose(tiny(), 1, "/proc/none").describe().empty());
}

TEST(NumberTypes, NarrowForwardsAreAlwaysExact) {
  const NumberTypes types = NumberTypes::choose(tiny(), 1, "");
  for (int rows = 1; rows <= NumberTypes::kNarrowRows; ++rows)
    EXPECT_EQ(types.product(rows), Product::packed) << rows;
}

TEST(NumberTypes, NarrowForwardsTakeOneThread) {
  const NumberTypes types = NumberTypes::fixed(Product::f32, 6);
  EXPECT_EQ(types.threads(1), 1);
  EXPECT_EQ(types.threads(NumberTypes::kNarrowRows), 1);
  EXPECT_EQ(types.threads(NumberTypes::kNarrowRows + 1), 6);
  EXPECT_EQ(types.product(1000000), Product::f32);
  EXPECT_FALSE(types.uses(Product::bf16));
}

}  // namespace
}  // namespace inpaint::engine
