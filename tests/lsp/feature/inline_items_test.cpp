#include "lsp/feature/inline_items.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/lsp/document/marked_document.h"

namespace inpaint::lsp {
namespace {

struct ItemCase {
  const char* name;
  const char* marked;
  std::vector<std::string> fills;
  const char* expect;  // the items, one after the other
};

const ItemCase kCases[] = {
    {"an insertion at the end of a line",
     "return ^",
     {"x"},
     R"([{"insertText":"x","range":{"end":{"character":7,"line":0},"start":{"character":7,"line":0}}}])"},
    {"behind an astral character, in UTF-16",
     "'\xF0\x9F\x98\x80' + ^",
     {"x"},
     R"([{"insertText":"x","range":{"end":{"character":7,"line":0},"start":{"character":7,"line":0}}}])"},
    {"a dedent says to the client's filter what is replaced",
     "f:\n[[    ^]]",
     {"x"},
     R"([{"filterText":"    x","insertText":"x","range":{"end":{"character":4,"line":1},"start":{"character":0,"line":1}}}])"},
    {"white space behind the cursor is replaced",
     "a [[^ ]]",
     {"x"},
     R"([{"filterText":" x","insertText":"x","range":{"end":{"character":3,"line":0},"start":{"character":2,"line":0}}}])"},
    {"line ends are those that every client takes",
     "a\r\n^",
     {"b\r\nc"},
     R"([{"insertText":"b\nc","range":{"end":{"character":0,"line":1},"start":{"character":0,"line":1}}}])"},
    {"alternatives, none twice",
     "a^",
     {"b", "c", "b"},
     R"([{"insertText":"b","range":{"end":{"character":1,"line":0},"start":{"character":1,"line":0}}},{"insertText":"c","range":{"end":{"character":1,"line":0},"start":{"character":1,"line":0}}}])"},
    {"nothing", "a^", {}, "[]"},
    {"a fill that changes nothing", "a^", {""}, "[]"},
};

TEST(InlineItems, Cases) {
  for (const ItemCase& c : kCases) {
    const test::MarkedDocument d(c.marked);
    const Json list = to_inline_items(d.document, d.cursor, {d.hole, c.fills});
    EXPECT_EQ(list["items"].dump(), c.expect) << c.name;
  }
}

TEST(InlineItems, BeginWithTheSelectedItemInItsRange) {
  const test::MarkedDocument d("x.ar^)");
  const SelectedItem selected{{2, 4}, "area"};
  const InlinePlace place = place_with(selected, d.document.text());
  EXPECT_EQ(place.text, "x.area)");
  EXPECT_EQ(place.cursor, 6U);
  const Fills fills{{place.cursor, place.cursor}, {"(2)"}};
  const Json list = to_inline_items(d.document, d.cursor, fills, selected);
  ASSERT_EQ(list["items"].size(), 1U);
  EXPECT_EQ(list["items"][0]["insertText"], "area(2)");
  EXPECT_EQ(list["items"][0]["range"], to_json(Range{{0, 2}, {0, 4}}));
}

TEST(InlineItems, AreNoneWhereTheSelectedItemWouldChange) {
  const test::MarkedDocument d("    ar^");
  const SelectedItem selected{{4, 6}, "area"};
  // The hole owns the white space, and the fill has less of it.
  const Json list = to_inline_items(d.document, d.cursor, {{0, 8}, {"area()"}}, selected);
  EXPECT_TRUE(list["items"].empty());
}

}  // namespace
}  // namespace inpaint::lsp
