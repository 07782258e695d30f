#include "lsp/evaluation/case_runner.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "grammar/syntax_tree.h"
#include "lsp/completion/completer.h"
#include "lsp/completion/draft_finder.h"

namespace inpaint::lsp {
namespace {

using engine::Result;
using grammar::ErrorCount;

std::optional<ErrorCount> errors_of(const grammar::Language* language, const std::string& text) {
  if (language == nullptr) return std::nullopt;
  const auto tree = grammar::SyntaxTree::parse(*language, text);
  return tree ? std::optional(tree->errors()) : std::nullopt;
}

int nodes(const ErrorCount& errors) { return static_cast<int>(errors.nodes); }

/// Fills in what the answer does not say yet. `whole`: the errors of the file before the cut.
void count_errors(const EvalCase& asked, const grammar::Language* language,
                  const std::optional<ErrorCount>& whole, EvalResult& result) {
  if (result.errors_before && result.errors_baseline && result.errors_after) return;
  const auto before = errors_of(language, asked.prefix + asked.suffix);
  const auto after = errors_of(language, asked.prefix + result.text + asked.suffix);
  if (!before || !whole || !after) return;
  result.errors_before = nodes(*before);
  result.errors_baseline = nodes(std::min(*before, *whole));
  result.errors_after = nodes(*after);
}

/// The fill becomes the answer: what is inserted at the cursor.
void take(const Completion& completion, EvalResult& result) {
  result.kind = to_string(completion.hole.kind);
  result.forwards = completion.forwards;
  result.milliseconds = completion.milliseconds.total;
  if (completion.candidates.empty()) return;
  const Candidate& best = completion.candidates.front();
  result.text = best.text;
  result.tokens = static_cast<int>(best.tokens.size());
  result.probability = best.probability;
  result.errors_before = completion.errors_before;
  result.errors_baseline = completion.errors_baseline;
  result.errors_after = completion.errors_after;
}

/// With the gate on, copies below this are not shown: half of what is shown at it is right.
constexpr double kShownCopy = 0.5;

EvalResult copy(const EvalCase& asked, const grammar::Language* language, bool gate) {
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
  const std::vector<Draft> drafts =
      find_drafts({.text = text, .hole = plan.range, .kind = plan.kind, .max_drafts = 1});
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  EvalResult result;
  result.kind = to_string(plan.kind);
  if (!drafts.empty()) {
    const Draft& best = drafts.front();
    result.probability = best.probability;
    if (!gate || best.probability >= kShownCopy) result.text = best.text;
  }
  result.milliseconds = taken.count();
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
  const auto whole = errors_of(language, asked.prefix + asked.target + asked.suffix);
  EvalResult result;
  if (engine_ == nullptr) {
    result = copy(asked, language, options_.gate);
  } else {
    CompletionRequest request;
    request.path = asked.path;
    request.text = asked.prefix + asked.suffix;
    request.cursor = asked.prefix.size();
    request.language = language;
    request.errors_before_opening = whole;
    request.kind = asked.kind;
    request.insertion_only = true;
    request.gate = options_.gate;
    request.mode = options_.mode;
    request.threshold = options_.threshold;
    request.max_tokens = options_.max_tokens.value_or(default_max_tokens(asked.kind));
    request.stop = std::move(stop);
    const Result<Completion> completion = Completer(*engine_).complete(request);
    if (!completion) return std::unexpected(completion.error());
    take(*completion, result);
  }
  result.id = asked.id;
  count_errors(asked, language, whole, result);
  return result;
}

}  // namespace inpaint::lsp
