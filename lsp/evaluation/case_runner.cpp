#include "lsp/evaluation/case_runner.h"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "grammar/check/promise.h"
#include "lsp/completion/completer.h"
#include "lsp/retrieval/analogy_finder.h"
#include "lsp/retrieval/copy_finder.h"
#include "lsp/retrieval/draft_finder.h"
#include "lsp/retrieval/draft_probability.h"

namespace inpaint::lsp {
namespace {

using engine::Result;

int nodes(const grammar::ErrorCount& errors) { return static_cast<int>(errors.nodes); }

/// The fill becomes the answer: what is inserted at the cursor.
void take(const Completion& completion, bool with_candidates, EvalResult& result) {
  result.kind = to_string(completion.hole.kind);
  result.forwards = completion.forwards;
  if (completion.written) result.written = to_string(*completion.written);
  result.milliseconds = completion.milliseconds.total;
  result.denoise_milliseconds = completion.milliseconds.denoise;
  result.prefix_milliseconds = completion.milliseconds.prefix;
  result.errors_before = completion.errors_before;
  result.errors_baseline = completion.errors_baseline;
  result.errors_after = completion.errors_after;
  for (const Candidate& candidate : completion.candidates) {
    if (!with_candidates) break;
    const auto seen = observations(candidate.evidence);
    result.candidates.push_back({candidate.text,
                                 std::string(to_string(candidate.evidence.origin)),
                                 candidate.probability,
                                 {seen.begin(), seen.end()}});
  }
  if (completion.candidates.empty()) return;
  const Candidate& best = completion.candidates.front();
  result.text = best.text;
  for (std::size_t i = 1; i < std::min(kOffered, completion.candidates.size()); ++i)
    result.others.push_back(completion.candidates[i].text);
  result.tokens = static_cast<int>(best.tokens.size());
  result.probability = best.probability;
}

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

EvalResult best_draft(const EvalCase& asked, const grammar::Language* language,
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
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
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
  result.milliseconds = taken.count();
  if (language != nullptr) {
    grammar::Promise promise(*language, text, plan.range, plan.kind);
    result.errors_before = nodes(promise.before());
    result.errors_baseline = nodes(promise.baseline());
    result.errors_after = nodes(promise.after(result.text));
  }
  return result;
}

}  // namespace

int default_max_tokens(std::optional<grammar::HoleKind> kind) {
  using grammar::HoleKind;
  const bool long_fill =
      kind == HoleKind::block || kind == HoleKind::span || kind == HoleKind::statement;
  return long_fill ? 256 : 64;
}

Result<EvalResult> CaseRunner::run(const EvalCase& asked, std::stop_token stop) const {
  if (stop.stop_requested())
    return engine::failure(engine::ErrorCode::cancelled, asked.id, "stopped");
  const grammar::Language* language = language_of(asked);
  EvalResult result;
  if (engine_ == nullptr) {
    result = best_draft(asked, language, options_);
  } else {
    CompletionRequest request;
    request.place.path = asked.path;
    request.place.text = std::make_shared<const std::string>(asked.prefix + asked.suffix);
    request.place.cursor = asked.prefix.size();
    request.place.language = language;
    if (options_.neighbours)
      request.place.neighbours =
          std::make_shared<const std::vector<std::string>>(asked.neighbours);
    request.decoding = options_.decoding;
    if (options_.length_by_kind) request.decoding.max_tokens = default_max_tokens(asked.kind);
    request.kind = asked.kind;
    request.insertion_only = true;
    request.drafts = options_.drafts;
    request.viable_prefix = options_.viable_prefix;
    request.count_errors = true;
    request.max_candidates = 8;
    request.stop = std::move(stop);
    const Result<Completion> completion = Completer(*engine_).complete(request);
    if (!completion) return std::unexpected(completion.error());
    take(*completion, options_.candidates, result);
  }
  result.id = asked.id;
  return result;
}

}  // namespace inpaint::lsp
