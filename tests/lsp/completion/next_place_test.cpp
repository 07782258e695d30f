#include "lsp/completion/next_place.h"

#include <string>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

TEST(NextPlace, IsANewLineAsDeepAsItsTextSays) {
  const struct {
    std::string before, suggested, behind, language, expected;  // expected: "-" for none
  } cases[] = {
      {"", "x = 1", "", "python", "x = 1\n"},
      {"def f():\n    return ", "x", "\n", "python", "x\n    "},
      {"def f():\n    if ", "x:", "\n", "python", "x:\n        "},
      {"def f()", ":", "", "python", ":\n    "},
      {"int f() ", "{", "\n", "cpp", "{\n    "},
      {"  case 1", ":", "\n", "cpp", ":\n  "},
      {"\tif x ", "{", "\n\ty()\n", "go", "{\n\t\t"},
      {"a\r\nb = ", "c", "\r\n", "python", "c\r\n"},
      {"x = ", "[\n    1,\n]", "\n", "python", "[\n    1,\n]\n"},
      {"x = f(", "1", ")\n", "python", "-"},
      {"x\n    ", "", "\n", "python", "-"},
      {"x = 1", "", "\n", "python", "\n"},
      {"", "", "", "python", "-"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.before + "^" + c.behind);
    const std::string text = c.before + c.behind;
    const auto next = next_line(text, {c.before.size(), c.before.size()}, c.suggested,
                                grammar::language_by_name(c.language));
    EXPECT_EQ(next ? next->text : "-", c.expected);
    if (next) {
      EXPECT_EQ(next->replaced, (grammar::ByteRange{c.before.size(), c.before.size()}));
    }
  }
}

}  // namespace
}  // namespace inpaint::lsp
