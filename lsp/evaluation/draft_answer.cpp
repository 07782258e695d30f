#include "lsp/evaluation/draft_answer.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/base/elapsed.h"
#include "grammar/check/promise.h"
#include "grammar/hole/hole_planner.h"
#include "lsp/retrieval/analogy_finder.h"
#include "lsp/retrieval/copy_finder.h"
#include "lsp/retrieval/draft_finder.h"
#include "lsp/retrieval/draft_probability.h"

namespace inpaint::lsp {
namespace {

int nodes(const grammar::ErrorCount& errors) { return static_cast<int>(errors.nodes); }

std::span<const std::string> seen_neighbours(const EvalCase& asked, const RunnerOptions& options) {
  if (!options.neighbours) return {};
  return asked.neighbours;
}

std::vector<Draft> find(const DraftRequest& wanted, Drafts which) {
  switch (which) {
    case Drafts::copies: return find_copies(wanted);
    case Drafts::analogies: return find_analogies(wanted);
    case Drafts::both: return find_drafts(wanted);
  }
  return {};
}

EvalCandidate candidate_of(const Draft& draft) {
  const auto seen = draft_observations(draft);
  const bool both = draft.copy && draft.analogy;
  return {draft.text,
          both         ? "both"
          : draft.copy ? "copy"
                       : "analogy",
          draft.probability,
          {seen.begin(), seen.end()}};
}

/// With the gate on, drafts below this are not shown: half of what is shown at it is right.
constexpr double kShownDraft = 0.5;
constexpr std::size_t kAllDrafts = 64;

}  // namespace

EvalResult answer_by_draft(const EvalCase& asked, const grammar::Language* language,
                           const RunnerOptions& options) {
  const std::string text = asked.prefix + asked.suffix;
  const auto start = std::chrono::steady_clock::now();
  const std::size_t cursor = asked.prefix.size();
  // A kind that is named needs no tree.
  const auto plan = grammar::plan_hole({.text = text,
                                        .cursor = cursor,
                                        .language = language,
                                        .tree = nullptr,
                                        .kind = asked.kind,
                                        .insertion_only = true});
  DraftRequest wanted{.text = text,
                      .hole = plan.range,
                      .kind = plan.kind,
                      .language = language,
                      .max_drafts = options.candidates ? kAllDrafts : kOffered,
                      .neighbours = seen_neighbours(asked, options)};
  if (options.candidates) wanted.least_probability = 0.0;
  const std::vector<Draft> drafts = find(wanted, options.without_engine.value_or(Drafts::copies));
  const double milliseconds = engine::milliseconds_since(start);
  EvalResult result;
  result.kind = to_string(plan.kind);
  if (options.candidates)
    for (const Draft& draft : drafts) result.candidates.push_back(candidate_of(draft));
  if (!drafts.empty()) {
    const Draft& best = drafts.front();
    result.probability = best.probability;
    if (!options.decoding.gate || best.probability >= kShownDraft) {
      result.text = best.text;
      for (std::size_t i = 1; i < std::min(kOffered, drafts.size()); ++i)
        result.others.push_back(drafts[i].text);
    }
  }
  result.milliseconds = milliseconds;
  if (language != nullptr) {
    grammar::Promise promise(*language, text, plan.range, plan.kind);
    result.errors_before = nodes(promise.before());
    result.errors_baseline = nodes(promise.baseline());
    result.errors_after = nodes(promise.after(result.text));
  }
  return result;
}

}  // namespace inpaint::lsp
