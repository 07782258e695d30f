#include "lsp/models/measured_speed.h"

#include <optional>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

TEST(MeasuredSpeed, IsKeptForEachModelOfASize) {
  const test::TemporaryFolder folder;
  const auto cache = folder.path() / "cache";
  EXPECT_EQ(measured_speed(cache, "/m/a.gguf", 10), std::nullopt);
  ASSERT_TRUE(keep_speed(cache, "/m/a.gguf", 10, 12.5));
  ASSERT_TRUE(keep_speed(cache, "/m/b.gguf", 20, 99.0));
  EXPECT_EQ(measured_speed(cache, "/m/a.gguf", 10), 12.5);
  EXPECT_EQ(measured_speed(cache, "/m/b.gguf", 20), 99.0);
  EXPECT_EQ(measured_speed(cache, "/m/a.gguf", 11), std::nullopt) << "another model by now";
}

TEST(MeasuredSpeed, OfAFileThatCannotBeReadIsNone) {
  for (const char* text : {"", "[]", "{\"/m\": 1}", "{\"/m\": {\"bytes\": 1}}",
                           "{\"/m\": {\"bytes\": 1, \"tokens_per_second\": -1}}",
                           "{\"/m\": {\"bytes\": \"1\", \"tokens_per_second\": 1}}"}) {
    const test::TemporaryFolder folder;
    folder.write("model_speeds.json", text);
    EXPECT_EQ(measured_speed(folder.path(), "/m", 1), std::nullopt) << text;
    EXPECT_TRUE(keep_speed(folder.path(), "/m", 1, 2.0)) << text;
    EXPECT_EQ(measured_speed(folder.path(), "/m", 1), 2.0) << text;
  }
}

TEST(MeasuredSpeed, NeedsNoFolder) {
  EXPECT_EQ(measured_speed({}, "/m", 1), std::nullopt);
  EXPECT_TRUE(keep_speed({}, "/m", 1, 2.0));
  EXPECT_FALSE(keep_speed("/dev/null/c", "/m", 1, 2.0));
}

}  // namespace
}  // namespace inpaint::lsp
