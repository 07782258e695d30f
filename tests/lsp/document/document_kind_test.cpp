#include "lsp/document/document_kind.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace inpaint::lsp {
namespace {

Document document_of(const char* uri, const char* language) {
  return {Uri(uri), language, 1, "", PositionEncoding::utf16};
}

std::string language_name(const char* uri, const char* language) {
  const grammar::Language* found = language_of(document_of(uri, language));
  return found == nullptr ? "none" : std::string(found->name);
}

struct KindCase {
  const char* uri;
  const char* language_id;
  const char* expect;
};

TEST(DocumentKind, Languages) {
  const KindCase cases[] = {
      {"file:///w/a.py", "python", "python"},
      {"untitled:Untitled-1", "python", "python"},
      {"file:///w/a.h", "cpp", "cpp"},
      {"file:///w/a.tsx", "typescriptreact", "tsx"},
      {"file:///w/a.tsx", "typescript", "tsx"},
      {"file:///w/a.ts", "typescript", "typescript"},
      {"file:///w/a.jsx", "javascriptreact", "javascript"},
      {"file:///w/a.rs", "", "rust"},
      {"file:///w/a.go", "plaintext", "go"},
      {"file:///w/README.md", "markdown", "none"},
      {"untitled:Untitled-1", "Python", "python"},
      {"untitled:Untitled-1", "C++", "cpp"},
  };
  for (const KindCase& c : cases) {
    EXPECT_EQ(language_name(c.uri, c.language_id), c.expect) << c.uri << " " << c.language_id;
  }
}

TEST(DocumentKind, APersonNamesALanguageInManyWays) {
  const std::pair<const char*, const char*> cases[] = {
      {"python", "python"}, {"Python", "python"}, {"py", "python"},     {".PY", "python"},
      {"C++", "cpp"},       {"cc", "cpp"},        {"ts", "typescript"}, {"typescriptreact", "tsx"},
      {"rs", "rust"},       {"h", "c"},           {"", "none"},         {".", "none"},
      {"cobol", "none"},    {"a/b.py", "none"},
  };
  for (const auto& [given, expect] : cases) {
    const grammar::Language* found = language_named(given);
    EXPECT_EQ(found == nullptr ? "none" : found->name, expect) << given;
  }
}

TEST(DocumentKind, PathsAreRelativeToTheInnermostFolder) {
  const std::vector<std::filesystem::path> folders = {"/w", "/w/inner/", "/elsewhere"};
  const auto path = [&](const char* uri) {
    const Document document = document_of(uri, "python");
    return model_path_of(document, folders, language_of(document));
  };
  EXPECT_EQ(path("file:///w/src/a.py"), "src/a.py");
  EXPECT_EQ(path("file:///w/inner/src/a.py"), "src/a.py");
  EXPECT_EQ(path("file:///other/secret/a.py"), "a.py");
  EXPECT_EQ(path("untitled:Untitled-1"), "Untitled-1.py");
  const Document lone = document_of("file:///other/a.py", "python");
  EXPECT_EQ(model_path_of(lone, {}, language_of(lone)), "a.py");
}

}  // namespace
}  // namespace inpaint::lsp
