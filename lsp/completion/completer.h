// One completion: from a text and a cursor to the text that belongs there.
//
// Plans the hole at the cursor, has it filled (fill_pipeline.h), and orders what may stand there by
// how probable it is that the user wants it. The command line, the evaluation and the editors'
// sessions are thin users of it, so that all of them complete alike. Whatever the model wrote, what
// comes out is well-formed UTF-8 that keeps within the planned kind of hole, and with which the
// file parses no worse than this place can be (grammar/check/promise.h).
//
// Units:  bytes of the request's text.
// Errors: bad_argument (cursor outside of the text), and whatever the engine answers.
#pragma once

#include <optional>
#include <vector>

#include "engine/engine.h"
#include "lsp/completion/candidate.h"
#include "lsp/completion/completion_request.h"

namespace inpaint::lsp {

struct Milliseconds {
  double parse = 0.0;  // planning the hole
  double context = 0.0;
  double denoise = 0.0;
  double total = 0.0;
};

struct Completion {
  HolePlan hole;
  std::vector<Candidate> candidates;  // best first, no two alike; none: nothing is to be shown
  // How badly the file parses (ERROR and MISSING nodes): with the hole empty, at best, and with the
  // best candidate. Known with a grammar only, the first two where they are asked for.
  std::optional<int> errors_before;
  std::optional<int> errors_baseline;
  std::optional<int> errors_after;
  std::optional<Written> written;  // unknown where no model was asked, or nothing hoped for
  std::optional<Silence> silence;  // why nothing is to be shown; where there is no candidate
  int forwards = 0;
  bool deadline_reached = false;
  Milliseconds milliseconds;
};

/// Any thread, which the engine is asked on; holds no state but the engine.
class Completer {
 public:
  explicit Completer(engine::Engine& engine) : engine_(engine) {}
  engine::Result<Completion> complete(CompletionRequest request) const;

 private:
  engine::Engine& engine_;
};

}  // namespace inpaint::lsp
