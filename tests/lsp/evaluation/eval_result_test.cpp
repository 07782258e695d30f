#include "lsp/evaluation/eval_result.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

EvalResult result_of(const std::string& id) {
  EvalResult result;
  result.id = id;
  result.text = "a\n\"b\" ä";
  result.others = {"b"};
  result.kind = "line";
  result.errors_before = 2;
  result.errors_after = 0;
  result.probability = 0.25;
  result.written = "cut";
  result.tokens = 3;
  result.forwards = 2;
  result.milliseconds = 12.5;
  result.denoise_milliseconds = 10.25;
  result.prefix_milliseconds = 0.5;
  return result;
}

TEST(EvalResult, IsWrittenAndReadBack) {
  const EvalResult result = result_of("a");
  const std::string line = to_json_line(result);
  EXPECT_EQ(line, R"({"id":"a","text":"a\n\"b\" ä","others":["b"],"kind":"line","errors_before":2,)"
                  R"("errors_baseline":null,"errors_after":0,"probability":0.25,)"
                  R"("written":"cut","tokens":3,"forwards":2,"milliseconds":12.5,)"
                  R"("denoise_milliseconds":10.25,"prefix_milliseconds":0.5})");
  const auto read = parse_result(line, "out:1");
  ASSERT_TRUE(read) << engine::to_string(read.error());
  EXPECT_EQ(*read, result);
}

TEST(EvalResult, IsNotAnyLine) {
  for (const char* line : {"", "{}", "[]", "{\"id\":\"a\"}", "{\"id\":1,\"text\":\"\"}", "{\"id\""})
    EXPECT_FALSE(parse_result(line, "out:1")) << line;
}

}  // namespace
}  // namespace inpaint::lsp
