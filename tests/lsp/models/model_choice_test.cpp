#include "lsp/models/model_choice.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/command/temporary_folder.h"

namespace inpaint::lsp {
namespace {

namespace fs = std::filesystem;
using engine::ErrorCode;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ModelChoice, IsNoneAtFirstThenWhatWasChosen) {
  const test::TemporaryFolder folder;
  const fs::path config = folder.path() / "config/inpaint";
  EXPECT_EQ(chosen_model(config), std::nullopt);
  const auto file = choose_model(config, "small");
  ASSERT_TRUE(file) << engine::to_string(file.error());
  EXPECT_EQ(*file, config / "config.json");
  EXPECT_EQ(chosen_model(config), "small");
  ASSERT_TRUE(choose_model(config, std::nullopt));
  EXPECT_EQ(chosen_model(config), std::nullopt);
}

TEST(ModelChoice, LeavesOtherWordsInTheirOrder) {
  const test::TemporaryFolder folder;
  folder.write("config.json", R"({"zeta": 1, "model": "old", "alpha": {"b": 2, "a": 1}})");
  ASSERT_TRUE(choose_model(folder.path(), "new"));
  EXPECT_EQ(content_of(folder.path() / "config.json"),
            "{\n  \"zeta\": 1,\n  \"model\": \"new\",\n  \"alpha\": {\n    \"b\": 2,\n"
            "    \"a\": 1\n  }\n}\n");
}

TEST(ModelChoice, RefusesAFileThatSaysSomethingElse) {
  for (const char* text : {"[]", "{", "{\"model\": 1}", "{\"model\": \"\"}",
                           "{\"model\": \"a\", \"model\": \"b\"}", "\xff"}) {
    const test::TemporaryFolder folder;
    const std::string file = folder.write("config.json", text);
    const auto chosen = chosen_model(folder.path());
    ASSERT_FALSE(chosen) << text;
    EXPECT_EQ(chosen.error().code, ErrorCode::bad_config) << text;
    if (std::string(text).starts_with("{\"model\": ") && !std::string(text).contains("\"a\""))
      continue;  // of these only the choice is wrong, and it is replaced
    EXPECT_FALSE(choose_model(folder.path(), "new")) << text;
    EXPECT_EQ(content_of(file), text) << "what a person wrote is not thrown away";
  }
}

TEST(ModelChoice, NeedsAHomeToBeKept) {
  EXPECT_EQ(chosen_model({}), std::nullopt);
  EXPECT_EQ(choose_model({}, "x").error().code, ErrorCode::unavailable);
  EXPECT_EQ(chosen_model("/dev/null/inpaint"), std::nullopt);
  EXPECT_EQ(choose_model("/dev/null/inpaint", "x").error().code, ErrorCode::io_failed);
}

}  // namespace
}  // namespace inpaint::lsp
