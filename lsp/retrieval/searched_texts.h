// The texts that analogies are looked for in, as lexemes: the hole's own in front of it and behind it, and
// other files.
//
// A hole may go on with a word that has begun. That beginning, the stem, is no lexeme of the text in
// front of the hole: whatever fills the hole begins with it.
//
// The request outlives the object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "lsp/retrieval/draft.h"
#include "lsp/retrieval/lexemes.h"

namespace inpaint::lsp {

class SearchedTexts {
 public:
  explicit SearchedTexts(const DraftRequest& request);

  /// 0 is the text in front of the hole, 1 that behind it, and the neighbours follow.
  static constexpr std::size_t kBefore = 0;
  static constexpr std::size_t kBehind = 1;
  static constexpr std::size_t kFirstNeighbour = 2;
  std::size_t size() const { return texts_.size(); }
  const Lexemes& operator[](std::size_t number) const { return texts_[number]; }
  const Lexemes& before() const { return texts_[kBefore]; }
  const Lexemes& behind() const { return texts_[kBehind]; }

  std::string_view stem() const { return stem_; }
  /// The hole has the white space that its line begins with.
  bool begins_line() const { return begins_line_; }
  /// Whether it may be called otherwise in code that is alike: names and numbers, not keywords.
  bool is_renamable(const Lexeme& lexeme) const {
    return lexeme.is_name() && !keywords_.contains(lexeme.id);
  }

 private:
  LexemeIds ids_;
  std::string_view stem_;
  bool begins_line_;
  std::vector<Lexemes> texts_;
  std::unordered_set<std::uint32_t> keywords_;
};

}  // namespace inpaint::lsp
