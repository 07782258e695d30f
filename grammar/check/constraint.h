// What a syntax tree can tell a denoiser while it fills one hole.
//
// The denoiser knows tokens and nothing of languages; the tree knows languages and nothing of
// tokens. They meet in bytes, here. One object serves one hole of one request: it owns its parser
// and its copy of the tree, is moved into the request and used by one thread.
//
// The order of questions: `admits` for every candidate at the left edge of what is decoded, `ends_at`
// when text was written there, `review` when the fill is whole. The last word, whether a fill may be
// shown, is not asked here: that is one ordinary parse (grammar/check/promise.h).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "grammar/base/byte_range.h"

namespace inpaint::grammar {

/// What to do with a fill that has no gap left.
struct Review {
  enum class Verdict {
    accept,  // the text may be shown as it is
    remask,  // denoise `ranges` of the fill again
    cut,     // keep the first `cut_at` bytes of the fill
  };
  Verdict verdict = Verdict::accept;
  std::vector<ByteRange> ranges;  // bytes of the fill; for remask only
  std::size_t cut_at = 0;         // for cut only
};

class Constraint {
 public:
  virtual ~Constraint() = default;

  /// Another fill of the same hole is begun: how often the one before it was reviewed is forgotten.
  virtual void begin() = 0;

  /// May the text still become valid between the fixed sides of the hole?
  /// A piece is decoded text; std::nullopt stands for a gap of unknown length.
  virtual bool admits(std::span<const std::optional<std::string_view>> pieces) = 0;

  /// Where a fill that begins with `text` has left its hole: the first byte that does not belong to
  /// it any more (a closing bracket of the text around, a line of a lower level). What is written
  /// further on only repeats the text behind the hole. Nothing while the fill is inside.
  virtual std::optional<std::size_t> ends_at(std::string_view text) = 0;

  /// Called once the fill is whole, and again after each remask that it asked for; the region grows
  /// from call to call, and the patience ends.
  virtual Review review(std::string_view fill) = 0;
};

}  // namespace inpaint::grammar
