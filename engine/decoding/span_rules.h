// What may be written next in a span, and where the span is over.
//
// Besides the model these speak here: the hole's right edge (a newline where the hole is inside of one
// line), what the grammar knows of the text around (grammar/check/constraint.h), what was tried before and
// did not fit, and a text that goes round in circles: a small model that has lost its way says the same
// again until its greatest length, which costs seconds and helps nobody. They are asked at the left edge of what is decoded only: right of a gap,
// whatever is missing may still stand in the gap.
//
// Units: tokens of the span by their index, bytes of its text.   Thread rule: engine thread only.
#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "engine/decoding/model.h"
#include "engine/tokenizer/tokenizer.h"
#include "grammar/check/constraint.h"

namespace inpaint::engine {

class SpanRules {
 public:
  /// `constraint` may be null.
  SpanRules(const Tokenizer& tokenizer, TokenId end, bool stops_at_newline,
            grammar::Constraint* constraint)
      : tokenizer_(tokenizer),
        end_(end),
        stops_at_newline_(stops_at_newline),
        constraint_(constraint) {
    if (constraint_) constraint_->begin();
  }

  /// May `token` stand behind `text`, as token `index` of the span? Of `<end>`: may the span be `text`?
  bool admits(std::string_view text, int index, TokenId token) const;
  /// May the span go on as `run`, of which all but the first `written` bytes are new?
  bool admits_run(std::string_view run, std::size_t written) const;

  /// The first byte of `text` that does not belong to the span any more.
  std::optional<std::size_t> edge(std::string_view text) const;

  /// `token` was written at `index` and had to go: it is not admitted there again.
  void ban(int index, TokenId token) { banned_.insert({index, token}); }
  bool banned(int index, TokenId token) const { return banned_.contains({index, token}); }

  grammar::Review review(std::string_view text) const;

 private:
  const Tokenizer& tokenizer_;
  TokenId end_;
  bool stops_at_newline_;
  grammar::Constraint* constraint_;
  std::set<std::pair<int, TokenId>> banned_;
};

/// Where `text` begins to say at its end what it has just said: behind the first of at least three
/// equal pieces of up to 96 bytes that hold a letter or digit and are 36 bytes or more together.
/// Nothing where it does not.
std::optional<std::size_t> circle_begin(std::string_view text);

}  // namespace inpaint::engine
