// What a completion is made from: a place, how to decode, and what is wanted of the answer.
//
// Units: bytes of the place's text.   Thread rule: a value; what it shares is immutable.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "engine/engine.h"
#include "grammar/check/hole_constraint.h"
#include "grammar/hole/hole_planner.h"
#include "lsp/completion/place.h"

namespace inpaint::lsp {

using grammar::HoleKind;
using grammar::HolePlan;

struct CompletionRequest {
  Place place;
  engine::DecodingOptions decoding;  // the deadline counts from when the pipeline is entered
  std::optional<HoleKind> kind;      // else the planner decides
  bool insertion_only = false;       // nothing of the text is replaced, not even white space
  bool drafts = true;                // spans of this and other files that match go to the model
  bool count_errors = false;         // fill in Completion::errors_baseline: up to 15 ms
  int max_candidates = 0;            // how many come back; 0: as many as alternatives
  /// For an evaluation that measures the viable prefix; null: it is asked, and nobody counts.
  std::shared_ptr<grammar::PrefixTrial> prefix_trial;
  std::stop_token stop;
  /// Called on the thread that asked after each forward, with the hole that it was for.
  std::function<void(const HolePlan&, const engine::Step&)> on_step;
};

}  // namespace inpaint::lsp
