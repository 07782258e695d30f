// One completion: from a text and a cursor to the text that belongs there.
//
// The only caller of planner, engine and checks. The command line, the evaluation and the editors'
// sessions are thin users of it, so that all of them complete alike. It gives the engine a window of
// the text and turns the answer back into bytes of the whole text; whatever the model wrote, what
// comes out is well-formed UTF-8 that keeps within the planned kind of hole, and with which the file
// parses no worse than this place can be (grammar/check/promise.h).
//
// Units:  bytes of the request's text.
// Errors: bad_argument (cursor outside of the text), and whatever the engine answers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "grammar/hole/hole_planner.h"
#include "lsp/completion/candidate.h"
#include "lsp/completion/place.h"

namespace inpaint::lsp {

using grammar::HoleKind;
using grammar::HolePlan;

struct CompletionRequest {
  Place place;
  engine::DecodingOptions decoding;  // the deadline counts from the call of complete()
  std::optional<HoleKind> kind;      // else the planner decides
  bool insertion_only = false;       // nothing of the text is replaced, not even white space
  bool drafts = true;            // spans of the file that match are drafts and candidates
  bool viable_prefix = true;     // asked while the model writes; off to measure what it is good for
  bool count_errors = false;     // fill in Completion::errors_baseline: up to 15 ms
  int max_candidates = 0;        // how many come back; 0: as many as alternatives
  std::stop_token stop;
  /// Called on the engine's thread after each forward.
  std::function<void(const HolePlan&, const engine::Step&)> on_step;
};

/// What became of the first text that the model wrote for a hole.
enum class Written : std::uint8_t {
  straight,  // it fits as it was written
  repaired,  // a part was written again, or its tail taken off
  cut,       // only its beginning fits
  nothing,   // the model would write nothing here
  withheld,  // nothing of it fits, or it says what stands beside the hole again
};
std::string_view to_string(Written written);

struct Milliseconds {
  double parse = 0.0;  // planning the hole
  double context = 0.0;
  double denoise = 0.0;
  double total = 0.0;
  double prefix = 0.0;  // of denoising: the viable prefix
};

struct Completion {
  HolePlan hole;
  std::vector<Candidate> candidates;  // best first, no two alike; none: nothing is to be shown
  // How badly the file parses (ERROR and MISSING nodes): with the hole empty, at best, and with the
  // best candidate. Known with a grammar only, the first two where they are asked for.
  std::optional<int> errors_before;
  std::optional<int> errors_baseline;
  std::optional<int> errors_after;
  std::optional<Written> written;  // unknown where no model was asked
  int n_withheld = 0;              // fills that broke the promise, or were not probable enough
  int forwards = 0;
  bool deadline_reached = false;
  Milliseconds milliseconds;
};

/// Any thread; holds no state but the engine.
class Completer {
 public:
  explicit Completer(engine::Engine& engine) : engine_(engine) {}
  engine::Result<Completion> complete(const CompletionRequest& request) const;

 private:
  engine::Engine& engine_;
};

}  // namespace inpaint::lsp
