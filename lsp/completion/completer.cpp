#include "lsp/completion/completer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "grammar/text_lines.h"
#include "lsp/completion/utf8.h"
#include "lsp/completion/window.h"

namespace inpaint::lsp {
namespace {

using engine::Clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The window around the hole. What stands in the hole is not shown, so it does not go along.
engine::FillRequest to_fill_request(const CompletionRequest& request, const HolePlan& hole) {
  const std::string_view text = request.text;
  const ByteRange window = cut_window(text, hole.range);
  const std::string_view before = text.substr(window.begin, hole.range.begin - window.begin);
  const std::string_view after = text.substr(hole.range.end, window.end - hole.range.end);

  engine::FillRequest fill;
  fill.path = request.path;
  fill.text.reserve(before.size() + after.size());
  fill.text.append(before).append(after);
  fill.holes.push_back({.range = {before.size(), before.size()},
                        .max_tokens = request.max_tokens,
                        .stops_at_newline = hole.stops_at_newline,
                        .constraint = nullptr});
  fill.snippets = request.snippets;
  fill.mode = request.mode;
  fill.threshold = request.threshold;
  fill.alternatives = request.alternatives;
  fill.seed = request.seed;
  fill.stop = request.stop;
  if (request.on_step) {
    fill.on_step = [&request, hole](const engine::Step& step) { request.on_step(hole, step); };
  }
  return fill;
}

}  // namespace

Candidate to_candidate(const engine::Fill& fill, const HolePlan& hole) {
  std::string_view text = std::string_view(fill.text).substr(0, valid_utf8_prefix(fill.text));
  if (hole.stops_at_newline) text = text.substr(0, text.find_first_of("\r\n"));
  if (hole.kind == HoleKind::line) {
    while (!text.empty() && grammar::is_blank(text.back())) text.remove_suffix(1);
  }
  Candidate candidate{std::string(text), {}, fill.probability};
  std::size_t spelled = 0;
  for (const engine::SpanToken& token : fill.tokens) {
    if (spelled >= text.size()) break;
    candidate.tokens.push_back(token);
    spelled += token.text.size();
  }
  return candidate;
}

engine::Result<Completion> Completer::complete(const CompletionRequest& request) const {
  const Clock::time_point start = Clock::now();
  if (request.cursor > request.text.size()) {
    return engine::failure(engine::ErrorCode::bad_argument, "cursor",
                           "byte " + std::to_string(request.cursor) + " of a text of " +
                               std::to_string(request.text.size()) + " bytes");
  }
  Completion completion;
  completion.hole = grammar::plan_hole({.text = request.text,
                                        .cursor = request.cursor,
                                        .language = request.language,
                                        .tree = request.tree.get(),
                                        .kind = request.kind,
                                        .insertion_only = request.insertion_only});
  completion.milliseconds.parse = milliseconds_since(start);

  engine::FillRequest fill = to_fill_request(request, completion.hole);
  if (request.deadline) fill.deadline = start + *request.deadline;
  const engine::Result<engine::FillReply> reply = engine_.fill(std::move(fill));
  if (!reply) return std::unexpected(reply.error());

  for (const engine::Alternative& alternative : reply->alternatives) {
    Candidate candidate = to_candidate(alternative.fills.front(), completion.hole);
    // Two fills may differ in what was trimmed only.
    const bool known = std::ranges::any_of(
        completion.candidates, [&](const Candidate& c) { return c.text == candidate.text; });
    if (!known) completion.candidates.push_back(std::move(candidate));
  }
  completion.forwards = reply->forwards;
  completion.deadline_reached = reply->deadline_reached;
  completion.milliseconds.context = reply->context_ms;
  completion.milliseconds.denoise = reply->denoise_ms;
  completion.milliseconds.total = milliseconds_since(start);
  return completion;
}

}  // namespace inpaint::lsp
