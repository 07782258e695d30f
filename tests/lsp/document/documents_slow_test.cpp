// Days of typing: what a session keeps of a document does not grow with the edits.
//
// Not for sanitizers, whose malloc has no such figures. With so many edits ThreadSanitizer also
// finds that tree-sitter reads the count of a shared node without an atomic before it writes to the
// node (ts_subtree_make_mut): harmless where loads are not moved behind a locked instruction, as on
// x86.
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <malloc.h>

#include "tests/grammar/source_samples.h"
#include "tests/lsp/session/followed_editor.h"

namespace inpaint::lsp {
namespace {

TEST(DocumentsSlow, AHundredThousandEditsLeaveNothingBehind) {
  std::mt19937_64 random(7);
  const grammar::SourceSample sample = grammar::source_samples().front();
  const std::string text(sample.text);
  test::FollowedEditor editor("file:///w/a" + std::string(sample.language->extensions.front()),
                              sample.text);
  const auto type_and_take_back = [&](int n_edits) {
    for (int i = 0; i < n_edits; i += 2) {
      // At the beginning of a line, which is a place in every text.
      const std::size_t at = text.find('\n', random() % text.rfind('\n')) + 1;
      editor.edit({at, at}, i % 8 == 0 ? "(" : "x");
      editor.edit({at, at + 1}, "");
      // The tree is known now and then, as it is for somebody who stops to think.
      if (i % 50 == 0) editor.settle();
    }
    editor.settle();
    return ::mallinfo2().uordblks;
  };
  const std::size_t before = type_and_take_back(10'000);
  const std::size_t behind = type_and_take_back(100'000);
  EXPECT_EQ(editor.text(), text);
  EXPECT_LT(behind, before + (std::size_t{1} << 20));
}

}  // namespace
}  // namespace inpaint::lsp
