#include "lsp/models/model_table.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace inpaint::lsp {
namespace {

std::vector<ModelRow> rows() {
  return {{.name = "mini",
           .path = "/share/mini",
           .bytes = 10'400'000,
           .licence = "Apache-2.0",
           .languages = {"c", "python"},
           .tokens_per_second = 812.4,
           .is_used = true},
          {.name = "larger-one",
           .bytes = 491'400'064,
           .licence = "MIT",
           .address = "https://example.org/f",
           .kept_as = "/models/f.gguf",
           .permissive = true,
           .is_default = true}};
}

TEST(ModelTable, HasARowForEachModel) {
  EXPECT_EQ(to_text(rows()), "  name        here  size    licence     speed here    languages\n"
                             "* mini        yes   10 MB   Apache-2.0  812 tokens/s  c, python\n"
                             "  larger-one  no    491 MB  MIT         -             -\n");
}

TEST(ModelTable, AnswersPrograms) {
  const auto list = nlohmann::json::parse(to_json(rows()));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0]["name"], "mini");
  EXPECT_EQ(list[0]["path"], "/share/mini");
  EXPECT_EQ(list[0]["used"], true);
  EXPECT_EQ(list[0]["tokens_per_second"], 812.4);
  EXPECT_EQ(list[0]["languages"], (nlohmann::json{"c", "python"}));
  EXPECT_TRUE(list[1]["path"].is_null());
  EXPECT_TRUE(list[1]["tokens_per_second"].is_null());
  EXPECT_EQ(list[1]["bytes"], 491'400'064);
  // What somebody is to know before they fetch it.
  EXPECT_TRUE(list[0]["address"].is_null());
  EXPECT_EQ(list[0]["default"], false);
  EXPECT_EQ(list[1]["address"], "https://example.org/f");
  EXPECT_EQ(list[1]["kept_as"], "/models/f.gguf");
  EXPECT_EQ(list[1]["permissive"], true);
  EXPECT_EQ(list[1]["default"], true);
}

TEST(ModelTable, ShowsPathsThatAreNoText) {
  EXPECT_NE(to_json({{.name = "x", .path = "/\xff"}}).find("\"/\xEF\xBF\xBD\""), std::string::npos);
}

}  // namespace
}  // namespace inpaint::lsp
