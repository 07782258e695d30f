// Writes over what stands there, because somebody asked for it: a selection once more, or all places
// that the text marks as missing.
//
// Holes that lie near one another are denoised side by side, each reading what the ones before it
// became. They are committed in the order of the text: each text is written in the buffer's style and
// held against the promise with the texts in front of it in place, and a hole that no text fits stays
// as it was.
//
// Units:  bytes of the request's text.
// Errors: bad_argument (a range outside of the text), and whatever the engine answers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "grammar/base/byte_range.h"
#include "lsp/completion/completion_request.h"

namespace inpaint::lsp {

/// One replacement in the request's text.
struct Replacement {
  grammar::ByteRange range;
  std::string text;
  friend bool operator==(const Replacement&, const Replacement&) = default;
};

/// Ordered, disjoint, not empty.
using Rewrite = std::vector<Replacement>;

/// `text` with all of them made.
std::string rewritten(std::string text, const Rewrite& rewrite);

struct Rewriting {
  std::vector<Rewrite> alternatives;  // best first, no two alike, none that changes nothing
  std::size_t n_holes = 0;            // that were to be filled
  int forwards = 0;
  bool deadline_reached = false;
};

/// Any thread, which the engine is asked on; holds no state but the engine. Of a request neither
/// cursor, kind nor gate counts: somebody has asked for it, and sees what there is.
class Rewriter {
 public:
  explicit Rewriter(engine::Engine& engine) : engine_(engine) {}

  /// `selection`, widened to whole nodes, without the lines of `pinned` (grammar/hole/refill_range.h). What
  /// stands there is no alternative.
  engine::Result<Rewriting> refill(const CompletionRequest& request, grammar::ByteRange selection,
                                   std::span<const grammar::ByteRange> pinned = {}) const;

  /// The places of grammar/hole/marked_holes.h that touch `within`, in one alternative.
  engine::Result<Rewriting> fill_marked(const CompletionRequest& request,
                                        grammar::ByteRange within) const;

 private:
  /// Of each alternative, best first, the text for each hole, if any fits; adds to `costs` what it took.
  engine::Result<std::vector<std::vector<std::optional<std::string>>>>
  fill(CompletionRequest request, std::span<const HolePlan> holes, Rewriting& costs) const;

  engine::Engine& engine_;
};

}  // namespace inpaint::lsp
