#include "engine/base/strict_json.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::engine {
namespace {

using nlohmann::json;

Result<json> parse(std::string_view text) {
  JsonLimits limits{.max_bytes = 1000, .max_values = 10, .max_depth = 3};
  return parse_strict_json(text, limits, ErrorCode::bad_config, "x.json");
}

TEST(StrictJson, ReadsWhatThePlainReaderReads) {
  for (const char* text :
       {"null", "1", "-2.5", "\"a\\u00e9\"", "[]", "{}", R"([1, [true, {}], "x"])",
        R"({"a": {"b": [1]}, "c": null, "d": [false]})", " [ 1 ] "}) {
    auto value = parse(text);
    ASSERT_TRUE(value) << text << to_string(value.error());
    EXPECT_EQ(*value, json::parse(text)) << text;
  }
}

TEST(StrictJson, RefusesWithTheReason) {
  struct Case {
    std::string text;
    const char* says;
  };
  const Case cases[] = {
      {"", "JSON"},
      {"{", "JSON"},
      {"[1,]", "JSON"},
      {"1 2", "JSON"},
      {"// comment\n1", "JSON"},
      {"NaN", "JSON"},
      {"1e999", "JSON"},
      {"\"\xFF\"", "JSON"},
      {R"({"a": 1, "a": 1})", "\"a\" stands twice"},
      {R"({"a": {"b": 1, "c": 2, "b": 3}})", "\"b\" stands twice"},
      {"[[[[]]]]", "deeper than 3"},
      {std::string(900, '['), "deeper than 3"},
      {"[1,2,3,4,5,6,7,8,9,10]", "more than 10 values"},
      {std::string(1001, ' '), "1001 bytes"},
  };
  for (const Case& c : cases) {
    auto value = parse(c.text);
    ASSERT_FALSE(value) << c.text;
    EXPECT_EQ(value.error().code, ErrorCode::bad_config);
    EXPECT_EQ(value.error().what, "x.json");
    EXPECT_NE(value.error().why.find(c.says), std::string::npos) << value.error().why;
  }
}

TEST(StrictJson, TheSameKeyInTwoObjectsIsFine) {
  EXPECT_TRUE(parse(R"([{"a": 1}, {"a": 2}])"));
  EXPECT_TRUE(parse(R"({"a": {"a": 1}})"));
}

}  // namespace
}  // namespace inpaint::engine
