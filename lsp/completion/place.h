// A place in a text, and what is known of the text: all that a completion is made from, besides how
// it is to be decoded (engine::DecodingOptions).
//
// Whoever asks fills it whole, once, and hands it on by value: text, trees and neighbours are
// shared, not copied. An editor's document lends its own text (lsp/document/document.h), so that on
// the way from a keystroke to the engine a text is copied twice: when the document writes a text
// anew that it has lent before, and, what is shown of it, into the engine's request
// (tests/lsp/worker/copies_of_a_text_test.cpp counts).
//
// Units:  bytes of the text.   Thread rule: a value; what it shares is immutable.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"

namespace inpaint::lsp {

struct Place {
  std::string path;  // as the model should see it; may be empty
  /// Well-formed UTF-8, the whole file. Never null.
  std::shared_ptr<const std::string> text = std::make_shared<const std::string>();
  std::size_t cursor = 0;                       // a character border, not inside of a line end
  const grammar::Language* language = nullptr;  // null: no grammar
  /// Of `text`. Null: parsed by whoever needs it, where there is a language.
  std::shared_ptr<const grammar::SyntaxTree> tree;
  /// Where there is no tree: one of an earlier text, told of every edit since, or null.
  std::shared_ptr<const grammar::SyntaxTree> older_tree;
  /// Of the newest version of the document before the place at the cursor was opened, if known.
  std::optional<grammar::ErrorCount> errors_before_opening;
  std::vector<engine::Snippet> snippets;  // shown to the model
  engine::SharedTexts neighbours;  // as engine::FillRequest has them; drafts come from them too
};

}  // namespace inpaint::lsp
