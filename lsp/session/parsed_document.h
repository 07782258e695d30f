// The tree of one version of a document: the one place that decides how it is come by.
//
// Today a text is parsed whole, at the request, on the worker's thread: about 12 MB/s. A tree that
// follows the edits belongs here as well, and then nothing else changes.
//
// Thread rule: one thread at a time, as the tree.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "grammar/language.h"
#include "grammar/syntax_tree.h"

namespace inpaint::lsp {

class ParsedDocument {
 public:
  ParsedDocument(const grammar::Language* language, std::string_view text) {
    if (language == nullptr) return;
    if (auto tree = grammar::SyntaxTree::parse(*language, text)) {
      tree_ = std::make_shared<const grammar::SyntaxTree>(std::move(*tree));
    }
  }

  /// Null where there is no grammar.
  std::shared_ptr<const grammar::SyntaxTree> tree() const { return tree_; }

 private:
  std::shared_ptr<const grammar::SyntaxTree> tree_;
};

}  // namespace inpaint::lsp
