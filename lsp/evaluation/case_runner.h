// Answers one case, with a model or by a draft alone.
//
// The request is the one that an editor would make with the cursor at the cut: nothing of the text
// is replaced, and what was cut out is not looked at. With a model the answer comes from the
// Completer, without one it is the best draft (draft_answer.h). How badly the file then parses is
// said by the promise (grammar/check/promise.h). The case's target is looked at by nobody but the
// scores.
//
// Thread rule: run() from any thread; several at a time.
// Errors: whatever the engine answers; cancelled.
#pragma once

#include <optional>
#include <stop_token>

#include "engine/engine.h"
#include "lsp/evaluation/eval_case.h"
#include "lsp/evaluation/eval_result.h"
#include "lsp/evaluation/runner_options.h"

namespace inpaint::lsp {

/// How long a fill of this kind may get, where the user does not say it.
int default_max_tokens(std::optional<grammar::HoleKind> kind);

class CaseRunner {
 public:
  /// Without an engine the cases are answered by the best draft; by a copy where it is not said.
  CaseRunner(engine::Engine* engine, const RunnerOptions& options)
      : engine_(engine), options_(options) {}

  engine::Result<EvalResult> run(const EvalCase& asked, std::stop_token stop) const;

 private:
  engine::Engine* engine_;  // may be null
  RunnerOptions options_;
};

}  // namespace inpaint::lsp
