#include "lsp/document/model_path.h"

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

struct PathCase {
  const char* file;
  const char* language;  // or null
  const char* expect;
};

const PathCase kPaths[] = {
    {"src/a.py", nullptr, "src/a.py"},
    {"./src/../a.py", nullptr, "a.py"},
    {"/home/me/project/src/a.py", nullptr, "src/a.py"},
    {"/elsewhere/lib/a.py", nullptr, "a.py"},
    {"../other/a.py", nullptr, "a.py"},
    {"configure", nullptr, "configure"},
    {"configure", "python", "configure.py"},
    {"a.cc", "cpp", "a.cc"},
    {"a.h", "cpp", "a.h.cpp"},
};

TEST(ModelPath, IsRelativeAndTellsTheLanguage) {
  for (const PathCase& c : kPaths) {
    const auto* language = c.language == nullptr ? nullptr : grammar::language_by_name(c.language);
    EXPECT_EQ(path_for_model(c.file, "/home/me/project", language), c.expect) << c.file;
  }
}

}  // namespace
}  // namespace inpaint::lsp
