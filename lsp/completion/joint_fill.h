// Several holes of one text, filled in one request to the engine.
//
// Units:  bytes of the request's text.
// Errors: bad_argument (no hole, or more than the engine takes), and whatever the engine answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "grammar/hole/hole_planner.h"
#include "lsp/completion/completer.h"

namespace inpaint::lsp {

struct JointFill {
  /// Best first, no two alike: those that fill most holes, of equals the more probable. One text for
  /// each hole, nothing where none fits; at least one hole is filled.
  std::vector<std::vector<std::optional<std::string>>> alternatives;
  int forwards = 0;
  bool deadline_reached = false;
};

/// `holes` of `request.text`: ordered, disjoint. `request.errors_before_opening`: of the text as it is,
/// where it is whole.
engine::Result<JointFill> fill_jointly(engine::Engine& engine, const CompletionRequest& request,
                                       const std::vector<grammar::HolePlan>& holes);

}  // namespace inpaint::lsp
