#include "engine/decoding/request_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/base/utf8.h"
#include "engine/decoding/given_name.h"
#include "engine/prompt/prompt.h"

namespace inpaint::engine {
namespace {

constexpr float kTemperature = 0.7F;  // of the alternatives after the first

SpanToken::State shown_state(Cell::State state) {
  switch (state) {
    case Cell::State::masked: return SpanToken::State::mask;
    case Cell::State::set: return SpanToken::State::set;
    case Cell::State::committed: return SpanToken::State::committed;
  }
  return SpanToken::State::mask;
}

std::vector<SpanToken> shown_tokens(const Canvas& canvas, const SpanOpening& opening,
                                    const Tokenizer& tokenizer) {
  std::vector<SpanToken> tokens;
  if (!opening.given.empty())
    tokens.push_back({SpanToken::State::committed, opening.given, opening.probability});
  for (const Cell& cell : canvas.cells()) {
    const bool masked = cell.state == Cell::State::masked;
    tokens.push_back({shown_state(cell.state),
                      masked ? std::string() : std::string(tokenizer.bytes(cell.token)),
                      cell.confidence});
  }
  return tokens;
}

/// Keeps the first `bytes` of the fill; the last token that is left is shortened with it.
void cut_to(Fill& fill, std::size_t bytes) {
  fill.text.resize(bytes);
  std::size_t at = 0;
  for (std::size_t i = 0; i < fill.tokens.size(); ++i) {
    const std::size_t size = fill.tokens[i].text.size();
    if (at + size >= bytes) {
      fill.tokens[i].text.resize(bytes - at);
      fill.tokens.resize(fill.tokens[i].text.empty() ? i : i + 1);
      return;
    }
    at += size;
  }
}

Fill to_fill(const SpanResult& span, const SpanOpening& opening, const Tokenizer& tokenizer) {
  Fill fill;
  fill.tokens = shown_tokens(span.canvas, opening, tokenizer);
  fill.ended = span.end == SpanEnd::ended;
  fill.repaired = span.remasked > 0;
  fill.cut = span.cut;
  fill.probability = span.end_probability * opening.probability;
  for (const Cell& cell : span.canvas.cells()) fill.probability *= cell.confidence;
  for (const SpanToken& token : fill.tokens) fill.text += token.text;
  // A token may reach over the right edge, or end inside of a character.
  const std::string_view text = std::string_view(fill.text).substr(0, span.text_size);
  cut_to(fill, valid_utf8_prefix(text));
  return fill;
}

/// How many of the drafts, one at least, go into a forward that costs little more than one row does.
std::size_t n_together(std::span<const std::vector<TokenId>> drafts) {
  constexpr std::size_t kMostRows = 32;
  std::size_t n = 0;
  for (std::size_t rows = 0; n < drafts.size(); ++n) {
    rows += drafts[n].size() + 1;
    if (n > 0 && rows > kMostRows) break;
  }
  return n;
}

}  // namespace

Result<void> RequestWriter::score_drafts() {
  parts_.cache.truncate(parts_.context_length);
  const auto& holes = parts_.request.holes;
  drafts_.resize(holes.size());
  for (std::size_t hole = 0; hole < holes.size(); ++hole) {
    const int number = static_cast<int>(hole);
    std::vector<std::vector<TokenId>> drafts;
    for (const std::string& draft : holes[hole].drafts)
      drafts.push_back(draft_tokens(number, draft));
    drafts_[hole].resize(drafts.size());
    const bool first_by_writing = hole == 0 && parts_.held.empty();
    std::size_t begin = first_by_writing && !drafts.empty() ? 1 : 0;
    while (begin < drafts.size() && Clock::now() < parts_.request.deadline()) {
      if (parts_.request.stop.stop_requested())
        return failure(ErrorCode::cancelled, "fill", "cancelled by the caller");
      const std::size_t n = n_together(std::span(drafts).subspan(begin));
      const auto together = std::span(drafts).subspan(begin, n);
      Result<std::vector<Fill>> fills = scored(number, together, {});
      if (!fills) return std::unexpected(fills.error());
      std::ranges::move(*fills, drafts_[hole].begin() + static_cast<std::ptrdiff_t>(begin));
      begin += n;
    }
  }
  return {};
}

Result<std::vector<Fill>> RequestWriter::scored(int hole,
                                                std::span<const std::vector<TokenId>> drafts,
                                                std::span<const Row> pending) {
  const std::string_view held = held_before(hole);
  const auto scores =
      parts_.decoder.score(hole, parts_.context_length, drafts, parts_.cache, pending, held);
  if (!scores) return std::unexpected(scores.error());
  std::vector<Fill> fills;
  fills.reserve(drafts.size());
  for (std::size_t i = 0; i < drafts.size(); ++i)
    fills.push_back(scored_as(drafts[i], (*scores)[i], held.size()));
  return fills;
}

Fill RequestWriter::scored_as(std::span<const TokenId> tokens, const DraftScore& score,
                              std::size_t held) const {
  Fill fill;
  fill.ended = true;
  fill.probability = score.end_probability;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    fill.probability *= score.probabilities[i];
    std::string_view bytes = parts_.tokenizer.bytes(tokens[i]);
    const std::size_t in_front = std::min(held, bytes.size());
    held -= in_front;
    bytes.remove_prefix(in_front);
    if (bytes.empty()) continue;
    fill.tokens.push_back(
        {SpanToken::State::committed, std::string(bytes), score.probabilities[i]});
    fill.text += bytes;
  }
  return fill;
}

std::vector<TokenId> RequestWriter::draft_tokens(int hole, const std::string& draft) const {
  const std::string_view held = held_before(hole);
  std::vector<TokenId> tokens =
      token_ids(parts_.tokenizer, held.empty() ? draft : std::string(held) + draft);
  shorten(tokens, parts_.request.decoding.max_tokens);
  return tokens;
}

SpanTask RequestWriter::task_for(int hole, int number) const {
  const FillRequest& request = parts_.request;
  const Hole& wanted = hole_at(hole);
  SpanTask task;
  task.hole = hole;
  task.context_length = parts_.context_length;
  task.max_tokens = request.decoding.max_tokens;
  task.block_width = parts_.block_width;
  task.constraint = wanted.constraint.get();
  if (hole == 0 && opening_) task.opening = *opening_;
  if (!wanted.drafts.empty()) task.draft = draft_tokens(hole, wanted.drafts.front());
  // A draft that begins with other tokens than the span does is scored, and not written on.
  const auto [shown, drafted] = std::ranges::mismatch(task.opening.tokens, task.draft);
  if (shown == task.opening.tokens.end()) task.draft.erase(task.draft.begin(), drafted);
  else task.draft.clear();
  task.stops_at_newline = wanted.stops_at_newline;
  task.mode = request.decoding.mode;
  if (!parts_.diffuses && task.mode == Mode::diffusion) task.mode = Mode::lossless;
  task.sampler.threshold = request.decoding.threshold;
  task.temperature = number == 0 ? 0.0F : kTemperature;
  task.seed = request.decoding.seed * 1000003U + static_cast<std::uint64_t>(number) * 8U +
              static_cast<std::uint64_t>(hole);
  return task;
}

Result<void> RequestWriter::open_first() {
  if (opening_ || parts_.held.empty()) return {};
  const Hole& first = hole_at(0);
  const SpanRules rules(parts_.tokenizer, parts_.special.end, first.stops_at_newline,
                        first.constraint.get());
  Result<SpanOpening> opening =
      parts_.decoder.open(0, parts_.context_length, parts_.held, parts_.cache, {}, rules);
  if (!opening) return std::unexpected(opening.error());
  forwards_ += static_cast<int>(opening->tokens.size());
  opening_ = std::move(*opening);
  return {};
}

Result<Alternative> RequestWriter::write(int number) {
  parts_.cache.truncate(parts_.context_length);
  if (Result<void> opened = open_first(); !opened) return std::unexpected(opened.error());
  Progress progress;
  Alternative written;
  for (int hole = 0; hole < static_cast<int>(parts_.request.holes.size()); ++hole) {
    Result<Fill> fill = write_hole(hole, number, progress);
    if (!fill) return std::unexpected(fill.error());
    const std::string_view name =
        given_name(fill->text, parts_.request.text, hole_at(hole).range.end);
    if (!name.empty() && !std::ranges::count(progress.names, name))
      progress.names.emplace_back(name);
    written.fills.push_back(std::move(*fill));
  }
  return written;
}

Result<Fill> RequestWriter::write_hole(int hole, int number, Progress& progress) {
  const FillRequest& request = parts_.request;
  SpanHooks hooks;
  hooks.cancelled = [&] { return request.stop.stop_requested(); };
  hooks.out_of_time = [&] { return Clock::now() >= request.deadline(); };
  Result<std::optional<Fill>> name = best_name(hole, progress);
  if (!name) return std::unexpected(name.error());
  const int cached = parts_.cache.length();
  std::vector<Row> before = progress.pending;
  const SpanTask task = task_for(hole, number);
  std::vector<Fill>& drafts = drafts_[static_cast<std::size_t>(hole)];
  const bool scores_draft = hole == 0 && number == 0 && parts_.held.empty();
  hooks.after_forward = [&](const SpanResult& span) {
    if (scores_draft && span.draft && span.forwards == 1)
      drafts[0] = scored_as(task.draft, *span.draft, 0);
    if (!request.on_step) return true;
    const bool is_scored = !drafts.empty() && !drafts[0].tokens.empty();
    return request.on_step({number, hole, span.forwards,
                            shown_tokens(span.canvas, task.opening, parts_.tokenizer),
                            is_scored ? &drafts[0] : nullptr});
  };
  Result<SpanResult> span = parts_.decoder.decode(task, parts_.cache, progress.pending, hooks);
  if (!span) return std::unexpected(span.error());
  forwards_ += span->forwards;
  deadline_reached_ |= span->end == SpanEnd::deadline;

  Fill fill = to_fill(*span, task.opening, parts_.tokenizer);
  int position = parts_.context_length;
  if (*name && takes_name((*name)->probability, fill.probability)) {
    // Back to where the span began; the rows of the name go along with the next forward.
    parts_.cache.truncate(cached);
    progress.pending = std::move(before);
    progress.pending.push_back({parts_.special.fill[static_cast<std::size_t>(hole)], position});
    for (const TokenId token : token_ids(parts_.tokenizer, (*name)->text))
      progress.pending.push_back({token, ++position});
    fill = std::move(**name);
  } else {
    position += static_cast<int>(task.opening.tokens.size()) + span->canvas.size();
  }
  // The spans behind this one see it closed.
  progress.pending.push_back({parts_.special.end, position + 1});
  return fill;
}

Result<std::optional<Fill>> RequestWriter::best_name(int hole, const Progress& progress) {
  const Hole& wanted = hole_at(hole);
  std::optional<Fill> best;
  for (const std::string& name : progress.names) {
    const std::vector<TokenId> tokens = token_ids(parts_.tokenizer, name);
    if (static_cast<int>(tokens.size()) > parts_.request.decoding.max_tokens ||
        Clock::now() >= parts_.request.deadline())
      continue;
    Result<std::vector<Fill>> fills = scored(hole, {&tokens, 1}, progress.pending);
    if (!fills) return std::unexpected(fills.error());
    Fill& fill = fills->front();
    if (best && best->probability >= fill.probability) continue;
    if (wanted.constraint) {
      wanted.constraint->begin();
      if (wanted.constraint->review(name).verdict != grammar::Review::Verdict::accept) continue;
    }
    best = std::move(fill);
  }
  return best;
}

}  // namespace inpaint::engine
