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

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "grammar/hole/hole_planner.h"
#include "grammar/tree/language.h"
#include "grammar/tree/syntax_tree.h"
#include "lsp/completion/candidate.h"

namespace inpaint::lsp {

using grammar::HoleKind;
using grammar::HolePlan;

struct CompletionRequest {
  std::string path;                             // as the model should see it; may be empty
  std::string text;                             // well-formed UTF-8, the whole file
  std::size_t cursor = 0;                       // a character border, not inside of a line end
  const grammar::Language* language = nullptr;  // null: no grammar
  /// Of `text`. Null: parsed here, where there is a language.
  std::shared_ptr<const grammar::SyntaxTree> tree;
  /// Of the newest version of the document before the place at the cursor was opened, if known.
  std::optional<grammar::ErrorCount> errors_before_opening;
  std::optional<HoleKind> kind;  // else the planner decides
  bool insertion_only = false;   // nothing of `text` is replaced, not even white space
  bool gate = true;              // candidates that are not probable enough are not shown
  bool drafts = true;            // spans of the file that match are drafts and candidates
  bool viable_prefix = true;     // asked while the model writes; off to measure what it is good for
  bool count_errors = false;     // fill in Completion::errors_baseline: up to 15 ms
  std::vector<engine::Snippet> snippets;
  std::vector<std::string>
      neighbours;  // as engine::FillRequest has them; drafts come from them too
  engine::Mode mode = engine::Mode::lossless;
  float threshold = 0.9F;
  int max_tokens = 64;
  int alternatives = 1;    // how many the model writes
  int max_candidates = 0;  // how many come back; 0: as many as alternatives
  std::uint64_t seed = 0;
  std::optional<std::chrono::milliseconds> deadline;  // counted from the call of complete()
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
