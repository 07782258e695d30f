// Answers one case, with a model or by copying alone.
//
// The request is the one that an editor would make with the cursor at the cut: nothing of the text
// is replaced, and what was cut out is not looked at. With a model the answer comes from the
// Completer; without one it is the best draft of the case's own text (draft_finder.h), the baseline
// that every model has to beat.
//
// How badly the file parses with the fill is counted here where the Completer does not say it. The
// baseline then is the lesser of the file with the hole empty and the file as it was before the
// piece was cut out: the newest version before the place was opened, which an evaluation knows.
// That costs parses which are not counted into the milliseconds.
//
// Thread rule: run() from any thread; several at a time.
// Errors: whatever the engine answers; cancelled.
#pragma once

#include <optional>
#include <stop_token>

#include "engine/engine.h"
#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_result.h"

namespace inpaint::lsp {

struct RunnerOptions {
  engine::Mode mode = engine::Mode::lossless;
  bool gate = false;  // what is not probable enough is not shown, also of copies
  float threshold = 0.9F;
  std::optional<int> max_tokens;  // else by the kind
};

/// How long a fill of this kind may get, where the user does not say it.
int default_max_tokens(std::optional<grammar::HoleKind> kind);

class CaseRunner {
 public:
  /// Without an engine the cases are answered by copying.
  CaseRunner(engine::Engine* engine, const RunnerOptions& options)
      : engine_(engine), options_(options) {}

  engine::Result<EvalResult> run(const EvalCase& asked, std::stop_token stop) const;

 private:
  engine::Engine* engine_;  // may be null
  RunnerOptions options_;
};

}  // namespace inpaint::lsp
