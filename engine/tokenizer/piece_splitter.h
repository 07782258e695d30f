// Cuts a text into the pieces that byte-pair merges never cross.
//
// Each pattern cuts what the patterns before it have left: matches become pieces, and so does what
// lies between them. The patterns come from a model folder, so no pattern may hang or crash us.
// PCRE2 runs without JIT, with limits on its depth and memory, and its steps are counted: each text
// has a budget in proportion to its length. Where a limit is met, the rest of the line is taken as
// one piece; once the budget is spent, every remaining line is. The result depends on the text and
// the pattern alone, never on the clock.
//
// Bytes that are not UTF-8 are pieces of their own, and patterns do not look across them.
//
// Units:  bytes.
// Errors: bad_tokenizer when a pattern cannot be compiled.
// Cost:   O(bytes) for the patterns of known models; at most 64 steps a byte for any other.
// Source: pcre2api(3), pcre2callout(3). Unicode's version is that of the PCRE2 library.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace inpaint::engine {

/// Thread rule: immutable; any thread.
class PieceSplitter {
 public:
  /// `patterns` are in PCRE2's dialect (see split_pattern.h). `name` stands for the file in errors.
  static Result<PieceSplitter> compile(const std::vector<std::string>& patterns,
                                       std::string_view name);

  /// Where each piece ends, ascending; the last end is text.size(). Empty for an empty text.
  std::vector<std::size_t> split(std::string_view text) const;

 private:
  struct Code;  // hides PCRE2
  explicit PieceSplitter(std::vector<std::shared_ptr<const Code>> codes)
      : codes_(std::move(codes)) {}
  std::vector<std::shared_ptr<const Code>> codes_;
};

}  // namespace inpaint::engine
