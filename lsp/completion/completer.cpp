#include "lsp/completion/completer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/base/elapsed.h"
#include "grammar/check/promise.h"
#include "lsp/completion/fill_pipeline.h"
#include "lsp/completion/parse_for_request.h"

namespace inpaint::lsp {
namespace {

using engine::Clock;
using engine::milliseconds_since;

/// Rounded down, so that what is too little never reads as if it were enough.
Silence improbable(std::string_view at_most, float probability, float needed) {
  return {SilenceReason::improbable,
          fmt::format("{}{:.2f} of {:.2f} needed", at_most,
                      std::floor(probability * 100.0F) / 100.0F, needed)};
}

/// Leaves out what is not to be shown, and says why where nothing is left. `furthest`: what other fills have
/// come to.
void withhold(Completion& completion, const CompletionRequest& request, grammar::Promise* promise,
              SilenceReason furthest) {
  std::vector<Candidate>& candidates = completion.candidates;
  std::erase_if(candidates, [](const Candidate& c) { return c.text.empty(); });
  // A later candidate may have shown that the place can parse better than it was thought to.
  if (promise != nullptr &&
      std::erase_if(candidates, [&](const Candidate& c) { return !promise->still_holds(c.text); }))
    furthest = std::max(furthest, SilenceReason::unparsable);
  if (request.decoding.gate && !candidates.empty()) {
    const auto is_improbable = [](const Candidate& c) {
      return c.probability < shown_from(c.evidence.writer);
    };
    if (std::ranges::all_of(candidates, is_improbable))
      completion.silence = improbable("", candidates.front().probability,
                                      shown_from(candidates.front().evidence.writer));
    std::erase_if(candidates, is_improbable);
  }
  if (candidates.empty() && !completion.silence) {
    completion.silence = Silence{furthest};
    // What was cut off by the clock might have become something else.
    if (completion.deadline_reached)
      completion.silence = Silence{
          SilenceReason::deadline,
          fmt::format("{} ms",
                      request.decoding.deadline.value_or(std::chrono::milliseconds(0)).count())};
  }
  const auto wanted = static_cast<std::size_t>(
      request.max_candidates > 0 ? request.max_candidates : request.decoding.alternatives);
  if (candidates.size() > wanted) candidates.resize(wanted);
}

void count_errors(Completion& completion, grammar::Promise& promise) {
  const auto nodes = [](grammar::ErrorCount count) { return static_cast<int>(count.nodes); };
  const std::string_view best =
      completion.candidates.empty() ? "" : std::string_view(completion.candidates.front().text);
  completion.errors_before = nodes(promise.before());
  completion.errors_baseline = nodes(promise.baseline());
  completion.errors_after = nodes(promise.after(best));
}

/// Ranks what was written and found, and leaves what may be shown.
void choose(Completion& completion, Filled filled, const CompletionRequest& request) {
  SilenceReason furthest = SilenceReason::nothing_written;
  std::vector<Candidate> written;
  for (std::vector<FilledHole>& alternative : filled.alternatives) {
    FilledHole& only = alternative.front();
    if (!completion.written) completion.written = only.written;
    if (!only.candidate) {
      furthest = std::max(furthest, only.candidate.error());
      continue;
    }
    if (only.candidate->text.empty() && only.written == Written::withheld)
      furthest = std::max(furthest, SilenceReason::repeats);
    written.push_back(std::move(*only.candidate));
  }
  completion.candidates = rank(std::move(written), std::move(filled.drafts.front()));
  withhold(completion, request, filled.constraints.front()->promise(), furthest);
}

/// What `filled` has for its one hole, as a completion.
Completion completion_of(const HolePlan& hole, Filled filled, const CompletionRequest& request) {
  Completion completion;
  completion.hole = hole;
  completion.deadline_reached = filled.deadline_reached;
  completion.forwards = filled.forwards;
  completion.milliseconds.context = filled.context_ms;
  completion.milliseconds.denoise = filled.denoise_ms;
  const std::shared_ptr<grammar::HoleConstraint> constraint = filled.constraints.front();
  if (filled.hopeless)
    completion.silence = improbable("at most ", filled.hopeless->most, filled.hopeless->needed);
  else choose(completion, std::move(filled), request);
  if (constraint->promise() != nullptr && request.count_errors)
    count_errors(completion, *constraint->promise());
  return completion;
}

}  // namespace

engine::Result<Completion> Completer::complete(CompletionRequest request) const {
  const Clock::time_point start = Clock::now();
  Place& place = request.place;
  if (const std::size_t size = place.text->size(); place.cursor > size) {
    return engine::failure(engine::ErrorCode::bad_argument, "cursor",
                           "byte " + std::to_string(place.cursor) + " of a text of " +
                               std::to_string(size) + " bytes");
  }
  place.tree = parse_for_request(place);
  const HolePlan hole = grammar::plan_hole({.text = *place.text,
                                            .cursor = place.cursor,
                                            .language = place.language,
                                            .tree = place.tree.get(),
                                            .kind = request.kind,
                                            .insertion_only = request.insertion_only});
  const double planned = milliseconds_since(start);
  auto filled = fill_holes(engine_, request, {&hole, 1}, DraftUse::compete, start);
  if (!filled) return std::unexpected(filled.error());

  const double prepared = filled->prepare_ms;
  Completion completion = completion_of(hole, std::move(*filled), request);
  completion.milliseconds.parse = planned + prepared;
  completion.milliseconds.total = milliseconds_since(start);
  return completion;
}

}  // namespace inpaint::lsp
