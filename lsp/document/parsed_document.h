// The syntax tree of an open document, which follows its edits.
//
// What an edit changed is parsed again at once, for as long as nobody notices; what takes longer is
// left to the background parser. A question that comes before it is done gets the older tree, with
// which the worker has little to parse. How long a text takes is learnt: after each parse that was
// given up, more of the next ones go to the background without a try.
//
// Where a text is broken, tree-sitter may recover in another way in an incremental parse than in a
// fresh one: hardly ever after one edit of a sound tree, but in one of a hundred broken texts that
// were parsed from broken trees, edit after edit (tests/grammar/tree/parser_test). So only a sound
// tree or a freshly parsed one is built upon, however many edits that is ago; and a text that has
// been broken for many edits is parsed afresh.
//
// Units:  bytes of the document's text.
// Thread rule: session strand only. Trees that it hands out are copies and may go to any thread.
// Errors: a text that the background parser gives up has no tree until all of it is new.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "grammar/base/text_edit.h"
#include "grammar/tree/language.h"
#include "grammar/tree/parser.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/document/background_parser.h"
#include "lsp/document/document.h"

namespace inpaint::lsp {

class ParsedDocument {
 public:
  /// `language` may be null: there is never a tree then. `patience` is for one parse on this
  /// thread; with 0 none is tried.
  explicit ParsedDocument(const grammar::Language* language,
                          std::chrono::microseconds patience = std::chrono::microseconds(1500));

  const grammar::Language* language() const { return language_; }

  /// The text was edited so.
  void edit(const grammar::TextEdit& edit);
  /// All of the text is new, or its language is.
  void restart(const grammar::Language* language);
  /// Parses, if that does not take long; `text` is as it is after all the edits.
  void catch_up(std::string_view text);

  /// What the background parser should do, if it should; its answer goes to adopt(). One at a time.
  std::optional<ParseJob> begin_job(const Document& document);
  /// Whether the answer to a job is still wanted can be told by the number at its begin.
  std::uint64_t job_number() const { return job_number_; }
  void adopt(const Tree& tree);
  /// The job could not be handed over.
  void give_up_job();

  /// The tree of the text as it is; null where it is not known.
  const grammar::SyntaxTree* tree() const { return tree_ ? &*tree_ : nullptr; }
  /// A copy of it.
  Tree tree_copy() const;
  /// A copy of a tree of an earlier text, told of every edit since; null where there is none.
  Tree older_copy() const;

 private:
  bool is_stale() const { return language_ != nullptr && !tree_ && !given_up_; }
  bool wants_fresh() const { return !base_ || edits_ > kMostEdits; }
  void build_upon(grammar::SyntaxTree tree, std::size_t edits);

  static constexpr std::size_t kMostEdits = 32;

  const grammar::Language* language_;
  std::chrono::microseconds patience_;
  std::optional<grammar::Parser> parser_;
  std::optional<grammar::SyntaxTree> tree_;  // of the text as it is
  std::optional<grammar::SyntaxTree> base_;  // what is built upon, told of every edit since
  std::size_t edits_ = 0;                    // since base_ was parsed
  std::size_t to_skip_ = 0;                  // parses that are not tried here
  std::size_t last_skip_ = 0;
  bool given_up_ = false;
  std::uint64_t job_number_ = 0;
  bool has_job_ = false;
  bool job_is_fresh_ = false;
  std::vector<grammar::TextEdit> since_job_;
};

}  // namespace inpaint::lsp
