// From planned holes to what may stand in them. One hole or several: n = 1 is no other way.
//
//   drafts      for each hole, what this file and its neighbours suggest (lsp/retrieval)
//   request     a window of the text with the holes in it, and a constraint for each
//   the engine  answers with alternatives: a text for every hole
//   candidates  each text, written in the buffer's style (candidate.h)
//   checks      and held against its hole's promise, in the order of the text: a later one is judged
//               with the earlier ones filled
//
// Who calls it plans the holes and orders what comes back: Completer (one hole at a cursor, by how
// probable a candidate is) and Rewriter (a selection or marks, by how many holes are filled).
// Nobody else asks the engine for a fill, but for the rows of `inpaint bench` that measure the
// engine's own interface: a test of the house (tests/house/placement_rules.h) knows all callers by
// name.
//
// A hole has one promise. The constraint that goes along with the request owns it, and lends it for
// the last word once the engine is done: what was parsed is not parsed again, and the place's
// baseline is looked for once. What texts that were thrown away have shown of the place is
// forgotten before, so that the last word depends on what is shown alone. Only a hole behind others
// that were filled is a hole of another text, and gets a promise of that.
//
// Units:  bytes of the request's text.
// Errors: bad_argument (no hole, or one outside of the text), and whatever the engine answers.
// Thread rule: any thread; the engine is asked on the caller's.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "grammar/check/hole_constraint.h"
#include "lsp/completion/candidate.h"
#include "lsp/completion/completion_request.h"

namespace inpaint::lsp {

/// What to make of drafts, where the request wants any.
enum class DraftUse : std::uint8_t {
  start,    // the best one of each hole is where writing starts
  compete,  // a few, and each is a candidate beside what the model writes
};

/// One hole in one alternative.
struct FilledHole {
  std::expected<Candidate, SilenceReason> candidate;  // or why what was written cannot be shown
  Written written = Written::nothing;
};

/// Writing was given up, because nothing of it would have been shown.
struct Hopeless {
  float most = 0.0F;    // that a candidate could have come to
  float needed = 0.0F;  // shown_from()
};

/// All holes of a request, filled.
struct Filled {
  /// In the engine's order; of each one, the holes in theirs.
  std::vector<std::vector<FilledHole>> alternatives;
  /// Of each hole those that compete and may be shown.
  std::vector<std::vector<DraftCandidate>> drafts;
  /// Of each hole, as the engine left it: promise() for what else is to be known of the place.
  std::vector<std::shared_ptr<grammar::HoleConstraint>> constraints;
  std::optional<Hopeless> hopeless;
  int forwards = 0;
  bool deadline_reached = false;
  double prepare_ms = 0.0;  // before the engine was asked
  double context_ms = 0.0;
  double denoise_ms = 0.0;
};

/// `holes` of the request's text: ordered, disjoint. Without a tree in the request nothing is
/// checked. `since`: what the deadline counts from.
engine::Result<Filled> fill_holes(engine::Engine& engine, const CompletionRequest& request,
                                  std::span<const HolePlan> holes, DraftUse drafts,
                                  engine::Clock::time_point since = engine::Clock::now());

}  // namespace inpaint::lsp
