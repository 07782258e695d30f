#include "lsp/worker/line_edit.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/document/marked_document.h"

namespace inpaint::lsp {
namespace {

struct EditCase {
  const char* name;
  const char* marked;
  const char* fill;
  const char* expect;  // what is replaced in brackets, then the new text; "-" for no edit
};

const EditCase kCases[] = {
    {"an insertion", "return ^", "x", "return [[]] <- x"},
    {"white space before the cursor that the fill keeps", "f:\n[[    ^]]", "    x",
     "f:\n    [[]] <- x"},
    {"a dedent", "f:\n[[        ^]]", "    x", "f:\n    [[    ]] <- x"},
    {"a deeper indentation", "f:\n[[  ^]]", "    x", "f:\n  [[]] <-   x"},
    {"white space behind the cursor", "return [[^  ]]", "x", "return [[  ]] <- x"},
    {"white space on both sides", "[[  ^  ]]\nb", "  x", "  [[  ]] <- x\nb"},
    {"several lines", "f[[^]])", "(\n  a,\n", "f[[]] <- (\n  a,\n)"},
    {"what stands behind already is not written again", "f([[^)]]", "a, b)", "f([[]] <- a, b)"},
    {"what stands before already is not written again", "[[re^]]", "return", "re[[]] <- turn"},
    {"a hole over several lines whose ends stay", "{[[\n  ^\n]]}", "\n  x\n", "{\n  [[]] <- x\n}"},
    {"a hole that begins on another line", "[[a\n^]]", "b\nc", "-"},
    {"a hole that ends on another line", "[[^\nb]]", "x", "-"},
    {"nothing new", "a[[^ ]]b", " ", "-"},
    {"an empty fill", "a^b", "", "-"},
    {"characters are not parted", "[[\xC3\xA9^]]", "\xC3\xA8", "[[\xC3\xA9]] <- \xC3\xA8"},
};

TEST(LineEdit, Cases) {
  for (const EditCase& c : kCases) {
    const test::MarkedDocument d(c.marked);
    const std::string& text = d.document.text();
    const auto edit = to_line_edit(text, d.document.lines(), d.cursor, d.hole, c.fill);
    std::string shown = "-";
    if (edit) {
      shown = text.substr(0, edit->range.begin) + "[[" +
              text.substr(edit->range.begin, edit->range.size()) + "]] <- " + edit->new_text +
              text.substr(edit->range.end);
      std::string applied = text;
      applied.replace(edit->range.begin, edit->range.size(), edit->new_text);
      std::string expected = text;
      expected.replace(d.hole.begin, d.hole.size(), c.fill);
      EXPECT_EQ(applied, expected) << c.name;
    }
    EXPECT_EQ(shown, c.expect) << c.name;
  }
}

TEST(LineEdit, BeginsFurtherInFront) {
  const std::string text = "ab";
  const LineEdit edit{{2, 2}, "c"};
  EXPECT_EQ(begin_at(edit, text, 0), (LineEdit{{0, 2}, "abc"}));
  EXPECT_EQ(begin_at(edit, text, 2), edit);
}

TEST(LineEdit, LineEnds) {
  EXPECT_EQ(with_newlines("a\r\nb\rc\n"), "a\nb\rc\n");
  EXPECT_EQ(with_line_ends_of("x\r\ny", "a\nb\r\nc"), "a\r\nb\r\nc");
  EXPECT_EQ(with_line_ends_of("x\ny\r\n", "a\nb\r\n"), "a\nb\n");
  EXPECT_EQ(with_line_ends_of("one line", "a\r\nb"), "a\nb");
}

}  // namespace
}  // namespace inpaint::lsp
