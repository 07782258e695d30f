// What a syntax tree can tell a denoiser while it fills one hole.
//
// The denoiser knows tokens and nothing of languages; the tree knows languages and nothing of
// tokens. They meet in bytes, here. One object serves one hole of one request: it owns its parser
// and its copy of the tree, is moved into the request and used by one thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "grammar/byte_range.h"

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

  /// May the text still become valid between the fixed sides of the hole?
  /// A piece is decoded text; std::nullopt stands for a gap of unknown length.
  virtual bool admits(std::span<const std::optional<std::string_view>> pieces) = 0;

  /// Called once the fill is whole.
  virtual Review review(std::string_view fill) = 0;
};

}  // namespace inpaint::grammar
