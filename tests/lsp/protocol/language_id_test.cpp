#include "lsp/protocol/language_id.h"

#include <utility>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

TEST(LanguageId, HasOneName) {
  const std::pair<const char*, const char*> cases[] = {
      {"python", "python"},
      {"Python", "python"},
      {"C++", "cpp"},
      {"tsx", "typescriptreact"},
      {"JS", "javascript"},
      {"golang", "go"},
      {"typescript", "typescript"},
      {"Zig", "zig"},
      {"", ""},
      {"C#", "csharp"},
      {"cs", "csharp"},
      {"bash", "shellscript"},
      {"rb", "ruby"},
  };
  for (const auto& [name, expect] : cases) EXPECT_EQ(normal_language_id(name), expect) << name;
}

}  // namespace
}  // namespace inpaint::lsp
