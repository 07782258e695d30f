// Documents whose trees follow the edits, against fresh parses of the same text.
#include "lsp/document/documents.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "grammar/tree/parser.h"
#include "tests/grammar/source_samples.h"
#include "tests/lsp/session/followed_editor.h"

namespace inpaint::lsp {
namespace {

using grammar::ErrorCount;
using grammar::SyntaxTree;
using test::FollowedEditor;

/// What people do to a text: brackets, quotes and lines come and go, also several at once.
void edit_somewhere(FollowedEditor& editor, std::mt19937_64& random) {
  constexpr const char* kInserts[] = {"(",    ")",      "{",  "}",  "\"", "'",     "\n", "x",
                                      " ",    ";",      "/*", ",",  "é",  "0",     "#",  "\r",
                                      "\r\n", "\n    ", "[",  "if", "`",  "\"\"\""};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::string& text = editor.text();
  const auto border = [&](std::size_t byte) {
    while (byte < text.size() && ((static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U ||
                                  (byte > 0 && text[byte - 1] == '\r' && text[byte] == '\n'))) {
      ++byte;
    }
    return byte;
  };
  const std::size_t begin = border(below(text.size() + 1));
  const std::size_t end = border(std::min(text.size(), begin + below(20)));
  switch (below(3)) {
    case 0: return editor.edit({begin, begin}, kInserts[below(std::size(kInserts))]);
    case 1: return editor.edit({begin, end}, "");
    default: return editor.edit({begin, end}, kInserts[below(std::size(kInserts))]);
  }
}

bool is_sound(const SyntaxTree& tree) { return tree.errors() == ErrorCount{}; }

/// Edits every sample at random, and holds each tree against a fresh parse of the same text.
void follow_edits(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  int n_differ = 0;
  int n_edits = 0;
  for (const grammar::SourceSample& sample : grammar::source_samples()) {
    const std::string uri = "file:///w/a" + std::string(sample.language->extensions.front());
    FollowedEditor editor(uri, sample.text);
    ASSERT_EQ(editor.parsed().language(), sample.language);
    for (int i = 0; i < 60; ++i) {
      // After many random edits a text is only noise.
      if (i % 6 == 0) editor.replace_all(sample.text);
      edit_somewhere(editor, random);
      ASSERT_EQ(editor.document().text(), editor.text());
      const auto fresh = SyntaxTree::parse(*sample.language, editor.text());
      // What the worker would make, if it is asked before there is a tree.
      if (const Tree older = editor.parsed().older_copy()) {
        const auto made = SyntaxTree::parse(*sample.language, editor.text(), older.get());
        EXPECT_EQ(is_sound(*made), is_sound(*fresh)) << uri << ", edit " << i << ":\n"
                                                     << editor.text();
      }
      if (random() % 3 == 0) continue;  // the next edit comes before there is a tree, maybe
      editor.settle();
      const Tree tree = editor.parsed().tree_copy();
      EXPECT_EQ(is_sound(*tree), is_sound(*fresh)) << uri << ", edit " << i << ":\n"
                                                   << editor.text();
      n_differ += tree->errors() == fresh->errors() ? 0 : 1;
      ++n_edits;
    }
  }
  EXPECT_LE(n_differ * 20, n_edits) << "of " << n_edits;
}

// Measured, and asserted as it is: where random edits broke a text, the count of one in a hundred is
// another than in a fresh parse.
TEST(Documents, TheTreeOfARequestIsOneOfExactlyItsText) {
  for (const std::uint64_t seed : {std::uint64_t{167161536}, std::uint64_t{std::random_device()()}})
    follow_edits(seed);
}

}  // namespace
}  // namespace inpaint::lsp
