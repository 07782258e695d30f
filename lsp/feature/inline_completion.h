// `textDocument/inlineCompletion`: a fill as ghost text.
//
// A superseded question gets null, "nothing to show" a list without items; errors are left to wrong
// questions, to those that the client took back, and to fills that could not be made.
//
// Thread rule: session strand only.
// Errors: invalid_params (no position, or a document that is not open); of FillQuestions.
// Source: Language Server Protocol 3.18, "Inline Completion Request".
#pragma once

#include "lsp/feature/fill_params.h"
#include "lsp/feature/fill_questions.h"

namespace inpaint::lsp {

class InlineCompletion {
 public:
  using Params = FillParams;
  static constexpr const char* kMethod = "textDocument/inlineCompletion";

  /// All are the session's, and outlive this.
  InlineCompletion(const Documents& documents, const Settings& settings, FillQuestions& questions)
      : documents_(documents), settings_(settings), questions_(questions) {}

  void operator()(const Params& params, Reply reply);

 private:
  const Documents& documents_;
  const Settings& settings_;
  FillQuestions& questions_;
};

}  // namespace inpaint::lsp
