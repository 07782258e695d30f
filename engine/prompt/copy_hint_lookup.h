// Looks copy hints up (copy_hint.h), row by row, while a request is written.
//
// It follows the clean rows that a cache of keys and values holds and those that are about to run:
// rows are appended and dropped at their end, so that the memory of a request is copied once and
// not for each forward, and what one row matched is found once, whoever asks for it.
//
// Rows of the context are compared token by token, and only with the rows in front of them; rows of
// a span byte by byte, with all of the text.
//
// Units: tokens; bytes of text.   Cost: O(bytes seen) for each row that is asked for.
// Thread rule: one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/prompt/copy_hint.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

class CopyHintLookup {
 public:
  /// `memory`: more text that spans may repeat, of which the rows are the later part; kTextBorder
  /// in it parts texts. `tokenizer` must outlive the lookup.
  CopyHintLookup(const Tokenizer& tokenizer, const SpecialTokens& special,
                 std::string_view memory = {});

  std::span<const TokenId> rows() const { return rows_; }
  void append(TokenId token);
  void append(std::span<const TokenId> tokens);
  /// Forgets the rows from `rows` on. Never grows.
  void truncate(std::size_t rows);

  /// Of the last row.
  CopyHints hints() const;
  /// Of the rows of an open block of `width` behind the last row.
  std::vector<CopyHints> block_hints(std::size_t width) const;
  /// A draft of what comes behind the last row: its first hint and what followed that, a token for
  /// every four bytes that matched and eight at most, not beyond the span's end.
  std::vector<TokenId> draft() const;

 private:
  /// Where the end of what is written stood before: the end of the match, and how long it is.
  struct Match {
    std::size_t end = 0;
    int length = 0;
  };
  using Runs = std::array<std::vector<CopyHint>, kCopyHints>;

  void write(TokenId token);
  void open_span(std::size_t row);
  CopyHints context_hints() const;
  Runs ahead(std::size_t count, bool in_block) const;
  std::vector<CopyHint> behind(const Match& match, std::size_t count, bool in_block) const;
  const std::vector<Match>& longest_matches() const;
  std::vector<Match> find_matches() const;

  const Tokenizer& tokenizer_;
  SpecialTokens special_;
  std::vector<TokenId> rows_;
  std::vector<std::size_t> text_begins_;  // of each row's text in text_
  std::string text_;                      // the memory and all rows, borders for the special ones
  std::optional<std::size_t> span_;       // the row of the last `<fill_j>`
  std::string written_;  // the end of what stands in front of the hole, and the span so far
  std::string behind_;   // the first bytes of what stands behind the hole
  mutable std::optional<std::vector<Match>> matches_;  // of the last row, once they are looked for
};

/// The copy hints of the rows from `first` on. `rows`: all that is seen, `n_causal` clean rows in
/// order and then one open block, or none. `memory`: as CopyHintLookup has it.
std::vector<CopyHints> find_copy_hints(const Tokenizer& tokenizer, const SpecialTokens& special,
                                       std::span<const TokenId> rows, std::size_t first,
                                       std::size_t n_causal, std::string_view memory = {});

}  // namespace inpaint::engine
