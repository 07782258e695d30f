// What a fill is measured against, told as an editor's session.
#include "lsp/document/opened_place.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "grammar/tree/language.h"
#include "tests/lsp/session/followed_editor.h"

namespace inpaint::lsp {
namespace {

using grammar::ErrorCount;
using grammar::SyntaxTree;
using test::FollowedEditor;

const std::string kUri = "file:///w/a.c";

/// A file with an error in its fifth line, far from where `here` and `there` stand.
const std::string kSource = R"(int first(int a) {
  return a;
}

int broken = = 1;

int second(int a) {
  int b = a;
  b += 1;
  here();
  b += 2;
  return b;
}

int third(int a) {
  int b = a;
  b += 1;
  b += 2;
  there();
  b += 3;
  return b;
}
)";

std::size_t behind(const std::string& text, const std::string& word) {
  return text.find(word) + word.size();
}

ErrorCount errors_of(const std::string& text) {
  return SyntaxTree::parse(*grammar::language_by_name("c"), text)->errors();
}

class OpenedPlaceTest : public testing::Test {
 protected:
  /// Types behind `word`, and says where the cursor is then.
  std::size_t type_behind(const std::string& word, const std::string& keys) {
    const std::size_t at = behind(editor_.text(), word);
    editor_.type(at, keys);
    return at + keys.size();
  }

  FollowedEditor editor_{kUri, kSource};
  const ErrorCount whole_ = errors_of(kSource);
};

TEST_F(OpenedPlaceTest, TheFileHasAnErrorElsewhere) { EXPECT_GT(whole_.nodes, 0U); }

TEST_F(OpenedPlaceTest, CountsTheVersionBeforeTheTypingBegan) {
  const std::size_t cursor = type_behind("here();", " b = f(");
  EXPECT_GT(errors_of(editor_.text()).nodes, whole_.nodes) << "the place is broken";
  EXPECT_EQ(editor_.errors_before(cursor), whole_);
}

TEST_F(OpenedPlaceTest, IsWholeAgainWhenTheTextParsesNoWorse) {
  type_behind("here();", " b = f(1);");
  const ErrorCount again = errors_of(editor_.text());
  EXPECT_EQ(again, whole_);
  const std::size_t cursor = type_behind("f(1);", " g(h[");
  EXPECT_EQ(editor_.errors_before(cursor), again);
}

TEST_F(OpenedPlaceTest, AnotherPlaceHasTheErrorsOfTheFirst) {
  type_behind("here();", " b = f(");
  const ErrorCount between = errors_of(editor_.text());
  EXPECT_EQ(editor_.errors_before(behind(editor_.text(), "there();")), between) << "no edit there";
  const std::size_t cursor = type_behind("there();", " g(");
  EXPECT_EQ(editor_.errors_before(cursor), between);
}

TEST_F(OpenedPlaceTest, IsUnknownWhereItMayNotHaveBeenWhole) {
  const std::size_t cursor = type_behind("int broken", " = f(");
  EXPECT_EQ(editor_.errors_before(cursor), std::nullopt) << "in the broken line";
  EXPECT_EQ(editor_.errors_before(behind(editor_.text(), "int second(int a)")), std::nullopt)
      << "two lines below it";
}

TEST_F(OpenedPlaceTest, IsUnknownWhileSeveralLinesAreOpen) {
  const std::size_t cursor = type_behind("here();", "\n  if (b) {\n    b");
  EXPECT_EQ(editor_.errors_before(cursor), std::nullopt);
}

TEST_F(OpenedPlaceTest, IsUnknownWhereLinesWereTakenAway) {
  const std::size_t begin = editor_.text().find("  b += 2;\n  there");
  const std::size_t end = editor_.text().find("  b += 3;");
  editor_.edit({begin, end}, "");
  editor_.settle();
  editor_.type(begin, "f(");
  EXPECT_EQ(editor_.errors_before(begin + 2), std::nullopt);
}

TEST_F(OpenedPlaceTest, SavingEndsTheTyping) {
  const std::size_t at = behind(editor_.text(), "here();");
  editor_.type(at, " b = f(");
  editor_.save();
  EXPECT_EQ(editor_.errors_before(at + 7), std::nullopt) << "the newest version is broken here";
  editor_.type(at + 7, "1");
  EXPECT_EQ(editor_.errors_before(at + 8), std::nullopt);
}

TEST_F(OpenedPlaceTest, SoDoesANewText) {
  type_behind("here();", " b = f(");
  editor_.replace_all(kSource);
  EXPECT_EQ(editor_.errors_before(behind(editor_.text(), "here();")), whole_);
}

TEST_F(OpenedPlaceTest, SeveralChangesAtOnceAreOnePlaceOnlyWhereTheyAreClose) {
  const auto at = [&](const char* word) {
    const Position position = editor_.document().position(behind(editor_.text(), word));
    return Range{position, position};
  };
  // Two cursors, the lower one first: the text before the second change was nobody's.
  editor_.documents().change(Uri(kUri), 9, {{at("there();"), " f("}, {at("here();"), " f("}});
  editor_.settle();
  const std::string& text = editor_.document().text();
  EXPECT_EQ(editor_.errors_before(behind(text, " here(); f(")), std::nullopt);
}

}  // namespace
}  // namespace inpaint::lsp
