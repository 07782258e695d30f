#include "lsp/feature/completion_items.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/lsp/document/marked_document.h"

namespace inpaint::lsp {
namespace {

ClientCapabilities vs_code() {
  ClientCapabilities client;
  client.snippets = client.insert_replace = client.insert_as_is = true;
  client.markdown_docs = client.label_details = true;
  return client;
}

ClientCapabilities neovim_core() {
  ClientCapabilities client;
  client.snippets = client.markdown_docs = true;
  return client;
}

ClientCapabilities eglot() {
  ClientCapabilities client;
  client.insert_replace = true;
  return client;
}

/// The one item, or null.
Json item_of(const char* marked, const char* fill, const ClientCapabilities& client) {
  const test::MarkedDocument d(marked);
  const Json list = to_completion_list(d.document, d.cursor, {d.hole, {fill}}, client);
  EXPECT_EQ(list["isIncomplete"], true);
  return list["items"].empty() ? Json() : list["items"][0];
}

struct TextCase {
  const char* name;
  const char* marked;
  const char* fill;
  ClientCapabilities client;
  const char* label;  // null: no item
  const char* filter;
  const char* new_text;
  Range range;
};

const TextCase kCases[] = {
    {"the rest of a word",
     "x.ar^",
     "ea()",
     vs_code(),
     "area()",
     "area()",
     "area()",
     {{0, 2}, {0, 4}}},
    {"after a space", "return ^", "x + y", eglot(), "x + y", "x + y", "x + y", {{0, 7}, {0, 7}}},
    {"several lines", "f^:", "(a)\n  b", vs_code(), "f(a)", "f(a)", "f(a)\n  b", {{0, 0}, {0, 1}}},
    {"eglot gets lines with their whole indentation",
     "  if x:^",
     "\n    a\n    b",
     eglot(),
     "a",
     "a",
     "\n    a\n    b",
     {{0, 7}, {0, 7}}},
    {"Neovim puts the indentation there by itself",
     "  if x^",
     ":\n    a\n\n  b",
     neovim_core(),
     "x:",
     "x:",
     "x:\n  a\n\nb",
     {{0, 5}, {0, 6}}},
    {"Neovim reads snippets",
     "f^",
     "(\n  `${a\\}`\n)",
     neovim_core(),
     "f(",
     "f(",
     "f(\n  `\\${a\\\\\\}`\n)",
     {{0, 0}, {0, 1}}},
    {"one line is no snippet",
     "f^",
     "('$')",
     neovim_core(),
     "f('$')",
     "f('$')",
     "f('$')",
     {{0, 0}, {0, 1}}},
    {"Neovim can not go further left", "  f^", "\nb", neovim_core(), nullptr, "", "", {}},
    {"Neovim replaces nothing behind the cursor",
     "r [[^ ]]",
     "x",
     neovim_core(),
     "x",
     "x",
     "x",
     {{0, 2}, {0, 2}}},
    {"others do", "r [[^ ]]", "x", vs_code(), "x", "x", "x", {{0, 2}, {0, 3}}},
    {"a dedent", "f:\n[[    ^]]", "x", vs_code(), "x", "    x", "x", {{1, 0}, {1, 4}}},
    {"nothing to say", "f^", "\n\n", vs_code(), nullptr, "", "", {}},
};

TEST(CompletionItems, Texts) {
  for (const TextCase& c : kCases) {
    const Json item = item_of(c.marked, c.fill, c.client);
    ASSERT_EQ(item.is_null(), c.label == nullptr) << c.name << item;
    if (c.label == nullptr) continue;
    EXPECT_EQ(item["label"], c.label) << c.name;
    EXPECT_EQ(item["filterText"], c.filter) << c.name;
    EXPECT_EQ(item["textEdit"]["newText"], c.new_text) << c.name;
    EXPECT_EQ(item["textEdit"]["range"], to_json(c.range)) << c.name;
    EXPECT_EQ(item["label"].get<std::string>().find('\n'), std::string::npos) << c.name;
  }
}

TEST(CompletionItems, OnlySayWhatTheClientKnows) {
  const Json rich = item_of("f^", "(\n  ```\n)", vs_code());
  EXPECT_EQ(rich["insertTextMode"], 1);
  EXPECT_EQ(rich["kind"], 15);
  EXPECT_EQ(rich["labelDetails"]["detail"], " \xE2\x80\xA6 2 lines");
  EXPECT_EQ(rich["documentation"]["kind"], "markdown");
  EXPECT_EQ(rich["documentation"]["value"], "````python\nf(\n  ```\n)\n````");
  EXPECT_FALSE(rich.contains("insertTextFormat"));

  const Json plain = item_of("f^", "(\n)", eglot());
  EXPECT_EQ(plain["detail"], "Inpaint");
  EXPECT_EQ(plain["documentation"], "f(\n)");
  for (const char* key : {"insertTextMode", "labelDetails", "insertTextFormat"}) {
    EXPECT_FALSE(plain.contains(key)) << key;
  }
  EXPECT_EQ(item_of("f^", "(\n)", neovim_core())["insertTextFormat"], 2);
  EXPECT_EQ(item_of("f^", "()", eglot())["kind"], 1);
}

TEST(CompletionItems, AreSortedAsTheEngineRanksThem) {
  const test::MarkedDocument d("f^");
  const Json list = to_completion_list(d.document, d.cursor, {d.hole, {"z", "a"}}, eglot());
  ASSERT_EQ(list["items"].size(), 2U);
  EXPECT_LT(list["items"][0]["sortText"].get<std::string>(),
            list["items"][1]["sortText"].get<std::string>());
}

}  // namespace
}  // namespace inpaint::lsp
