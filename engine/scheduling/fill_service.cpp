#include "engine/scheduling/fill_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/context/echo.h"
#include "engine/context/prompt.h"
#include "engine/tokenizer/utf8_runs.h"

namespace inpaint::engine {
namespace {

constexpr float kTemperature = 0.7F;     // of the alternatives after the first
constexpr std::size_t kMaxAnchors = 64;  // files whose anchors are remembered

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

SpanToken::State shown_state(Cell::State state) {
  switch (state) {
    case Cell::State::masked: return SpanToken::State::mask;
    case Cell::State::set: return SpanToken::State::set;
    case Cell::State::committed: return SpanToken::State::committed;
  }
  return SpanToken::State::mask;
}

std::vector<SpanToken> shown_tokens(const Canvas& canvas, const Tokenizer& tokenizer) {
  std::vector<SpanToken> tokens;
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

Fill to_fill(const SpanResult& span, const Tokenizer& tokenizer) {
  Fill fill;
  fill.tokens = shown_tokens(span.canvas, tokenizer);
  fill.ended = span.end == SpanEnd::ended;
  fill.repaired = span.remasked > 0;
  fill.cut = span.cut;
  fill.probability = span.end_probability;
  for (const Cell& cell : span.canvas.cells()) fill.probability *= cell.confidence;
  for (const SpanToken& token : fill.tokens) fill.text += token.text;
  // A token may reach over the right edge, or end inside of a character.
  const std::string_view text = std::string_view(fill.text).substr(0, span.text_size);
  cut_to(fill, valid_utf8_prefix(text));
  return fill;
}

double joint_probability(const Alternative& alternative) {
  double joint = 1.0;
  for (const Fill& fill : alternative.fills) joint *= fill.probability;
  return joint;
}

bool is_cut_away(const Alternative& alternative) {
  return std::ranges::all_of(alternative.fills,
                             [](const Fill& fill) { return fill.cut && fill.text.empty(); });
}

bool same_text(const Alternative& a, const Alternative& b) {
  return std::ranges::equal(a.fills, b.fills, {}, &Fill::text, &Fill::text);
}

}  // namespace

Result<void> check_request(const FillRequest& request, int max_positions, int context_tokens) {
  const auto refuse = [](std::string why, std::string remedy) {
    return failure(ErrorCode::bad_argument, "fill", std::move(why), std::move(remedy));
  };
  if (request.holes.empty() || request.holes.size() > SpecialTokens::kMaxHoles)
    return refuse(fmt::format("{} holes", request.holes.size()), "ask for 1 to 8 holes");
  if (request.alternatives < 1 || request.alternatives > 8)
    return refuse(fmt::format("{} alternatives", request.alternatives), "ask for 1 to 8");
  if (!(request.threshold >= 0.0F && request.threshold <= 1.0F))
    return refuse(fmt::format("a threshold of {}", request.threshold), "use a value from 0 to 1");
  if (valid_utf8_prefix(request.text) != request.text.size())
    return refuse(
        fmt::format("the text is not valid UTF-8 at byte {}", valid_utf8_prefix(request.text)),
        "convert it to UTF-8");
  std::size_t behind = 0;
  for (const Hole& hole : request.holes) {
    if (hole.range.begin < behind || hole.range.end < hole.range.begin ||
        hole.range.end > request.text.size())
      return refuse(
          fmt::format("hole {}..{} of a text of {} bytes is unordered, overlaps or lies outside",
                      hole.range.begin, hole.range.end, request.text.size()),
          "give ordered, disjoint holes inside of the text");
    for (const std::size_t edge : {hole.range.begin, hole.range.end})
      if (edge < request.text.size() &&
          (static_cast<unsigned char>(request.text[edge]) & 0xC0U) == 0x80U)
        return refuse(fmt::format("hole {}..{} cuts a character", hole.range.begin, hole.range.end),
                      "give edges between characters");
    behind = hole.range.end;
    const int limit = max_positions - context_tokens - 64;
    if (hole.max_tokens < 1 || hole.max_tokens > limit)
      return refuse(fmt::format("a fill of up to {} tokens", hole.max_tokens),
                    fmt::format("ask for 1 to {}", limit));
  }
  return {};
}

SpanTask FillService::task_for(const FillRequest& request, int hole, int alternative,
                               int context_length) const {
  const Hole& wanted = request.holes[static_cast<std::size_t>(hole)];
  SpanTask task;
  task.hole = hole;
  task.context_length = context_length;
  task.max_tokens = wanted.max_tokens;
  task.constraint = wanted.constraint.get();
  if (!wanted.drafts.empty()) task.draft = draft_tokens(wanted, wanted.drafts.front());
  task.stops_at_newline = wanted.stops_at_newline;
  task.mode = request.mode;
  task.threshold = request.threshold;
  task.temperature = alternative == 0 ? 0.0F : kTemperature;
  task.seed = request.seed * 1000003U + static_cast<std::uint64_t>(alternative) * 8U +
              static_cast<std::uint64_t>(hole);
  // Eight rows cost little more than one, and more are seldom right in one forward yet.
  task.block_width = limits_.block_widths.front();
  for (const int width : limits_.block_widths)
    if (width <= 8) task.block_width = width;
  return task;
}

Result<Alternative> FillService::write_alternative(const SpanDecoder& decoder,
                                                   const FillRequest& request, int alternative,
                                                   int context_length, KeyValueCache& cache,
                                                   FillReply& reply) {
  cache.truncate(context_length);
  std::vector<Row> pending;
  Alternative written;
  for (int hole = 0; hole < static_cast<int>(request.holes.size()); ++hole) {
    SpanHooks hooks;
    hooks.cancelled = [&] { return request.stop.stop_requested(); };
    hooks.out_of_time = [&] { return Clock::now() >= request.deadline; };
    if (request.on_step)
      hooks.after_forward = [&](const Canvas& canvas, int forward) {
        request.on_step({alternative, hole, forward, shown_tokens(canvas, tokenizer_)});
      };
    Result<SpanResult> span =
        decoder.decode(task_for(request, hole, alternative, context_length), cache, pending, hooks);
    if (!span) return std::unexpected(span.error());
    // The spans behind this one see it closed, as in training.
    pending.push_back({special_.end, context_length + 1 + span->canvas.size()});
    reply.forwards += span->forwards;
    reply.deadline_reached |= span->end == SpanEnd::deadline;
    written.fills.push_back(to_fill(*span, tokenizer_));
  }
  return written;
}

std::vector<TokenId> FillService::draft_tokens(const Hole& hole, std::string_view draft) const {
  std::vector<TokenId> tokens = token_ids(tokenizer_, draft);
  shorten(tokens, hole.max_tokens);
  return tokens;
}

Result<std::vector<std::vector<Fill>>> FillService::score_drafts(const SpanDecoder& decoder,
                                                                 const FillRequest& request,
                                                                 int context_length,
                                                                 KeyValueCache& cache) {
  std::vector<std::vector<Fill>> scored(request.holes.size());
  for (std::size_t hole = 0; hole < request.holes.size(); ++hole)
    for (const std::string& draft : request.holes[hole].drafts) {
      if (request.stop.stop_requested())
        return failure(ErrorCode::cancelled, "fill", "cancelled by the caller");
      Fill& fill = scored[hole].emplace_back();
      const std::vector<TokenId> tokens = draft_tokens(request.holes[hole], draft);
      if (Clock::now() >= request.deadline) continue;  // unscored: of no probability
      const Result<DraftScore> score =
          decoder.score(static_cast<int>(hole), context_length, tokens, cache, {});
      if (!score) return std::unexpected(score.error());
      fill.ended = true;
      fill.probability = score->end_probability;
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        fill.tokens.push_back({SpanToken::State::committed,
                               std::string(tokenizer_.bytes(tokens[i])), score->probabilities[i]});
        fill.text += fill.tokens.back().text;
        fill.probability *= score->probabilities[i];
      }
    }
  return scored;
}

Result<FillReply> FillService::fill(const FillRequest& request) {
  const Clock::time_point start = Clock::now();
  if (Result<void> sane = check_request(request, limits_.max_positions, limits_.context_tokens);
      !sane)
    return std::unexpected(sane.error());

  FillReply reply;
  const auto known = anchors_.find(request.path);
  const Prompt prompt =
      lay_out(tokenizer_, special_, request, limits_.context_tokens,
              known == anchors_.end() ? std::nullopt : std::optional(known->second));
  if (anchors_.size() >= kMaxAnchors) anchors_.clear();
  anchors_[request.path] = prompt.anchor_from_end;
  const auto context =
      contexts_.encode(prompt.tokens, [&] { return request.stop.stop_requested(); });
  if (!context) return std::unexpected(context.error());
  reply.context_tokens = static_cast<int>(prompt.tokens.size());
  reply.reused_tokens = context->reused;
  reply.context_ms = milliseconds_since(start);

  const Clock::time_point denoise_start = Clock::now();
  std::vector<grammar::ByteRange> holes;
  holes.reserve(request.holes.size());
  for (const Hole& hole : request.holes) holes.push_back(hole.range);
  const std::string memory = echo_memory(request.text, holes, request.neighbours);
  const SpanDecoder decoder(model_, tokenizer_, special_, memory);
  context->cache->truncate(reply.context_tokens);
  Result<std::vector<std::vector<Fill>>> drafts =
      score_drafts(decoder, request, reply.context_tokens, *context->cache);
  if (!drafts) return std::unexpected(drafts.error());
  reply.drafts = std::move(*drafts);
  // Where nothing of the greedy text fits, a sampled one gets a chance.
  const auto wanted = [&] {
    const bool in_vain = request.insists && reply.alternatives.size() == 1 &&
                         is_cut_away(reply.alternatives.front());
    return std::max(request.alternatives, in_vain ? 2 : 1);
  };
  for (int i = 0; i < wanted(); ++i) {
    // A deadline cuts the number of alternatives short, never the first one away.
    if (i > 0 && Clock::now() >= request.deadline) {
      reply.deadline_reached = true;
      break;
    }
    Result<Alternative> written =
        write_alternative(decoder, request, i, reply.context_tokens, *context->cache, reply);
    if (!written) return std::unexpected(written.error());
    const bool known_text = std::ranges::any_of(
        reply.alternatives, [&](const Alternative& a) { return same_text(a, *written); });
    if (known_text) continue;
    // Best first; of equals the earlier one.
    const auto place = std::ranges::upper_bound(reply.alternatives, joint_probability(*written),
                                                std::ranges::greater{}, joint_probability);
    reply.alternatives.insert(place, std::move(*written));
  }
  context->cache->truncate(reply.context_tokens);
  reply.denoise_ms = milliseconds_since(denoise_start);
  return reply;
}

}  // namespace inpaint::engine
