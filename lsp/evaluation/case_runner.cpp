#include "lsp/evaluation/case_runner.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"
#include "lsp/completion/completer.h"
#include "lsp/evaluation/draft_answer.h"

namespace inpaint::lsp {
namespace {

using engine::Result;

/// Asks at each of the last keys but the last one, which is left to ask at. Answers are thrown away, so
/// they are short.
Result<void> type(engine::Engine& engine, const CompletionRequest& request, int keys) {
  const std::string& text = *request.place.text;
  const std::size_t cursor = request.place.cursor;
  CompletionRequest earlier = request;
  earlier.decoding.max_tokens = 1;
  earlier.drafts = false;
  for (int left = keys; left > 0; --left) {
    std::size_t end = cursor - std::min(cursor, static_cast<std::size_t>(left));
    while (end > 0 && end < cursor && engine::is_continuation(text[end])) --end;
    earlier.place.text =
        std::make_shared<const std::string>(text.substr(0, end) + text.substr(cursor));
    earlier.place.cursor = end;
    if (const auto asked = Completer(engine).complete(earlier); !asked)
      return std::unexpected(asked.error());
  }
  return {};
}

/// A case does not say what its other files are called.
std::vector<engine::Snippet> snippets_of(const EvalCase& asked) {
  std::vector<engine::Snippet> snippets;
  snippets.reserve(asked.neighbours.size());
  for (const std::string& text : asked.neighbours)
    snippets.push_back({"other" + std::to_string(snippets.size() + 1) +
                            std::filesystem::path(asked.path).extension().string(),
                        text});
  return snippets;
}

/// The fill becomes the answer: what is inserted at the cursor.
void take(const Completion& completion, bool with_candidates, EvalResult& result) {
  result.kind = to_string(completion.hole.kind);
  result.forwards = completion.forwards;
  if (completion.written) result.written = to_string(*completion.written);
  result.milliseconds = completion.milliseconds.total;
  result.denoise_milliseconds = completion.milliseconds.denoise;
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
    result = answer_by_draft(asked, language, options_);
  } else {
    CompletionRequest request;
    request.place.path = asked.path;
    request.place.text = std::make_shared<const std::string>(asked.prefix + asked.suffix);
    request.place.cursor = asked.prefix.size();
    request.place.language = language;
    if (options_.neighbours)
      request.place.neighbours = std::make_shared<const std::vector<std::string>>(asked.neighbours);
    if (options_.snippets) request.place.snippets = snippets_of(asked);
    request.decoding = options_.decoding;
    if (options_.length_by_kind) request.decoding.max_tokens = default_max_tokens(asked.kind);
    request.kind = asked.kind;
    request.insertion_only = true;
    request.drafts = options_.drafts;
    const auto trial = std::make_shared<grammar::PrefixTrial>();
    trial->asked = options_.viable_prefix;
    request.prefix_trial = trial;
    request.count_errors = true;
    if (!options_.decoding.gate) request.max_candidates = 8;  // else as many as a person is shown
    request.stop = std::move(stop);
    request.decoding.exact_context = options_.typed == 0;
    if (Result<void> typed = type(*engine_, request, options_.typed); !typed)
      return std::unexpected(typed.error());
    const Result<Completion> completion = Completer(*engine_).complete(std::move(request));
    if (!completion) return std::unexpected(completion.error());
    take(*completion, options_.candidates, result);
    result.prefix_milliseconds = std::chrono::duration<double, std::milli>(trial->taken).count();
  }
  result.id = asked.id;
  return result;
}

}  // namespace inpaint::lsp
