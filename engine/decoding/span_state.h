// The bookkeeping of a span while it is written: its canvas, its text, and which of its rows the
// cache holds. The modes of engine/decoding/span_decoder.h decide, this keeps the three in step.
//
// A span's rows stand behind `span_begin` others: its opening, which is `<fill_j>` at position C and
// the held tokens, if any, and then its own tokens, one position each. The last row of what is written
// is always pending, never cached, because its distribution is the next token.
//
// Units: tokens by their index in the span, bytes of its text.   Thread rule: engine thread only.
#pragma once

#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/decoding/model.h"
#include "engine/decoding/span_decoder.h"
#include "engine/decoding/span_rules.h"
#include "engine/prompt/special_tokens.h"

namespace inpaint::engine {

class SpanState {
 public:
  /// Puts the opening behind what is pending.
  SpanState(const SpanTask& task, const Tokenizer& tokenizer, const SpecialTokens& special,
            KeyValueCache& cache, std::vector<Row>& pending, const SpanHooks& hooks);

  const SpanTask& task;
  KeyValueCache& cache;
  std::vector<Row>& pending;
  const SpanHooks& hooks;
  SpanRules rules;
  SpanResult result;
  bool done = false;
  int n_written = 0;  // tokens, those that had to go again included
  int max_written = std::numeric_limits<int>::max();
  /// Tokens that the next blocks of diffusion begin with, by their index.
  std::vector<std::pair<int, Candidate>> kept;

  Canvas& canvas() { return result.canvas; }
  bool exhausted() const { return n_written >= max_written; }
  int position(int token) const { return task.context_length + n_opening() + token; }
  /// What the opening gives, and all tokens in front of the first mask.
  std::string_view text() const { return text_; }

  /// The best candidate that may stand at `index` behind `text`, or one drawn with the task's
  /// temperature. No text: there is a gap to the left, and only bans count. Where nothing may stand
  /// there the best one does: a rule that refuses all is not believed.
  Candidate choose(const Distribution& distribution, int index,
                   std::optional<std::string_view> text);

  /// Appends a certain token. False where the span ends with it or before it.
  bool take(const Candidate& token);

  /// After masks were set: reads what is decoded from `from` on, and ends the span where it is over.
  void close_if_over(int from, bool late);

  void finish(SpanEnd end, float probability = 1.0F);

  /// Tells what there is now; a span that nobody wants more of is over.
  void end_forward();

  /// Only the first `bytes` of the text belong to the span.
  void cut_text(std::size_t bytes);

  /// Takes back the least certain token of `ranges` and what stands behind it, to write on from there.
  void reopen(std::span<const grammar::ByteRange> ranges);

  /// Forgets cached rows that are not of the canvas, and makes the missing ones pending.
  void sync_rows();

 private:
  int n_opening() const { return 1 + static_cast<int>(task.opening.tokens.size()); }
  Row opening_row(int row) const;
  std::string text_of(int n_tokens) const;

  const Tokenizer& tokenizer_;
  const SpecialTokens& special_;
  int span_begin_;
  std::string text_;
  std::mt19937_64 random_;
};

}  // namespace inpaint::engine
