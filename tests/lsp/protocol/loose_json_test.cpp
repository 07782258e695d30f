#include "lsp/protocol/loose_json.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct LooseCase {
  const char* json;
  const char* number;  // "-" where it is none
  const char* flag;
  bool is_table;
  std::size_t n_elements;
};

const LooseCase kCases[] = {
    {"null", "-", "-", false, 0},
    {"{}", "-", "-", true, 0},
    {"[]", "-", "-", true, 0},
    {R"({"a":1})", "-", "-", true, 1},
    {"[1,2]", "-", "-", false, 2},
    {"true", "-", "true", false, 1},
    {"false", "-", "false", false, 1},
    {"0", "0", "false", false, 1},
    {"1", "1", "true", false, 1},
    {"1.0", "1", "true", false, 1},
    {"6", "6", "-", false, 1},
    {"6.0", "6", "-", false, 1},
    {"6e2", "600", "-", false, 1},
    {"-6.0", "-6", "-", false, 1},
    {"6.5", "-", "-", false, 1},
    {"9223372036854775807", "9223372036854775807", "-", false, 1},
    {"9223372036854775808", "-", "-", false, 1},
    {"-9223372036854775808", "-9223372036854775808", "-", false, 1},
    {"1e300", "-", "-", false, 1},
    {R"("6")", "-", "-", false, 1},
};

TEST(LooseJson, ValuesAreReadByTheirMeaning) {
  for (const LooseCase& c : kCases) {
    const Json json = Json::parse(c.json);
    const auto number = whole_number(json);
    const auto read = flag(json);
    EXPECT_EQ(number ? std::to_string(*number) : "-", c.number) << c.json;
    EXPECT_EQ(read ? (*read ? "true" : "false") : "-", std::string(c.flag)) << c.json;
    EXPECT_EQ(is_table(json), c.is_table) << c.json;
    EXPECT_EQ(elements_of(json).size(), c.n_elements) << c.json;
  }
}

TEST(LooseJson, AMemberThatIsMissingIsNull) {
  const Json json = Json::parse(R"({"a":{"b":[7]},"c":5})");
  EXPECT_EQ(member(json, {"a", "b"}), Json::parse("[7]"));
  EXPECT_TRUE(member(json, "x").is_null());
  EXPECT_TRUE(member(json, {"c", "b"}).is_null());
  EXPECT_TRUE(member(json, {"a", "b", "c"}).is_null());
  EXPECT_TRUE(member(Json::parse("[1]"), "a").is_null());
}

}  // namespace
}  // namespace inpaint::lsp
