#include "engine/service/fill_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/elapsed.h"
#include "engine/base/guarded.h"
#include "engine/base/utf8.h"
#include "engine/decoding/draft_planner.h"
#include "engine/decoding/request_writer.h"
#include "engine/decoding/trailing_block.h"
#include "engine/prompt/copy_hint.h"
#include "engine/prompt/fill_prompt.h"

namespace inpaint::engine {
namespace {

constexpr std::size_t kMaxAnchors = 64;  // files whose anchors are remembered

/// Eight rows cost little more than one, and more are seldom right in one forward yet. 0 without
/// masks.
int block_width(const FillLimits& limits) {
  int best = limits.block_widths.empty() ? 0 : limits.block_widths.front();
  for (const int width : limits.block_widths)
    if (width <= 8) best = width;
  return best;
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

std::unique_ptr<DraftPolicy> draft_policy_of(const ModelTraits& traits, double row_cost) {
  if (traits.masks > 0)
    return std::make_unique<DraftPlanner>(row_cost > 0.0 ? ForwardCost::fixed(row_cost)
                                                         : ForwardCost());
  return std::make_unique<TrailingBlock>();
}

Result<void> check_request(const FillRequest& request, int max_positions, int context_tokens) {
  const auto refuse = [](std::string why, std::string remedy) {
    return failure(ErrorCode::bad_argument, "fill", std::move(why), std::move(remedy));
  };
  if (request.holes.empty() || request.holes.size() > SpecialTokens::kMaxHoles)
    return refuse(fmt::format("{} holes", request.holes.size()), "ask for 1 to 8 holes");
  const DecodingOptions& decoding = request.decoding;
  if (decoding.alternatives < 1 || decoding.alternatives > 8)
    return refuse(fmt::format("{} alternatives", decoding.alternatives), "ask for 1 to 8");
  if (!(decoding.threshold >= 0.0F && decoding.threshold <= 1.0F))
    return refuse(fmt::format("a threshold of {}", decoding.threshold), "use a value from 0 to 1");
  const int most_tokens = max_positions - context_tokens - 64;
  if (decoding.max_tokens < 1 || decoding.max_tokens > most_tokens)
    return refuse(fmt::format("a fill of up to {} tokens", decoding.max_tokens),
                  fmt::format("ask for 1 to {}", most_tokens));
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
  }
  return {};
}

Result<FillReply> FillService::fill(const FillRequest& request) {
  if (request.stop.stop_requested())
    return failure(ErrorCode::cancelled, "fill", "cancelled by the caller");
  if (Result<void> sane = check_request(request, limits_.max_positions, limits_.context_tokens);
      !sane)
    return std::unexpected(sane.error());
  const bool in_turn = request.holes.size() > 1 && !limits_.format->has_stand_ins;
  Result<FillReply> reply =
      guarded("fill", [&] { return in_turn ? answer_in_turn(request) : answer(request); });
  if (!reply && reply.error().code != ErrorCode::cancelled) contexts_.clear();
  return reply;
}

Result<FillReply> FillService::answer(const FillRequest& request) {
  const Clock::time_point start = Clock::now();
  FillReply reply;
  const auto known = anchors_.find(request.path);
  const std::size_t cursor = request.holes.front().range.begin;
  const std::size_t n_held = held_bytes(tokenizer_, *limits_.format, request.text, cursor);
  const std::string_view held = std::string_view(request.text).substr(cursor - n_held, n_held);
  Prompt prompt = fill_prompt(
      {tokenizer_, special_, *limits_.format}, request, limits_.context_tokens,
      known == anchors_.end() ? std::nullopt : std::optional(known->second), held.size());
  SpecialTokens special = special_;
  const bool has_marker = special.fill[0] != kNoToken;
  if (!has_marker) {  // the span goes on behind the last token of the text
    special.fill[0] = prompt.tokens.empty() ? special.end : prompt.tokens.back();
    if (!prompt.tokens.empty()) prompt.tokens.pop_back();
  }
  if (anchors_.size() >= kMaxAnchors) anchors_.clear();
  anchors_[request.path] = prompt.anchor_from_end;
  const auto context = contexts_.encode(
      {prompt.tokens, std::min(prompt.suffix, prompt.tokens.size())},
      [&] { return request.stop.stop_requested(); },
      request.decoding.exact_context ? ContextCache::Suffix::exact
                                     : ContextCache::Suffix::may_be_stale);
  if (!context) return std::unexpected(context.error());
  reply.context_tokens = static_cast<int>(prompt.tokens.size());
  reply.reused_tokens = context->reused;
  reply.context_ms = milliseconds_since(start);

  const Clock::time_point denoise_start = Clock::now();
  std::vector<grammar::ByteRange> holes;
  holes.reserve(request.holes.size());
  for (const Hole& hole : request.holes) holes.push_back(hole.range);
  std::optional<CopyHintLookup> copies;
  const bool drafts_by_copies =
      model_.traits().copy_hints > 0 || (limits_.block_widths.empty() && request.decoding.copies);
  if (has_marker && drafts_by_copies) {
    copies.emplace(tokenizer_, special,
                   copy_hint_memory(request.text, holes, view(request.neighbours)));
    copies->append(prompt.tokens);
  }
  const SpanDecoder decoder(model_, tokenizer_, special, *drafts_, copies ? &*copies : nullptr);
  const int width = block_width(limits_);
  RequestWriter writer({decoder, tokenizer_, special, width,
                        width > 0 || model_.traits().masks_decide, request, reply.context_tokens,
                        *context->cache, held});
  if (Result<void> scored = writer.score_drafts(); !scored) return std::unexpected(scored.error());
  // Where nothing of the greedy text fits, a sampled one gets a chance.
  const auto wanted = [&] {
    const bool in_vain = !request.decoding.gate && reply.alternatives.size() == 1 &&
                         is_cut_away(reply.alternatives.front());
    return std::max(request.decoding.alternatives, in_vain ? 2 : 1);
  };
  for (int i = 0; i < wanted(); ++i) {
    // A deadline cuts the number of alternatives short, never the first one away.
    if (i > 0 && Clock::now() >= request.deadline()) {
      reply.deadline_reached = true;
      break;
    }
    Result<Alternative> written = writer.write(i);
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
  reply.drafts = writer.take_drafts();
  reply.forwards = writer.forwards();
  reply.deadline_reached |= writer.deadline_reached();
  reply.denoise_ms = milliseconds_since(denoise_start);
  return reply;
}

Result<void> FillService::refresh(const std::stop_token& stop) {
  Result<void> done =
      guarded("refresh", [&] { return contexts_.refresh([&] { return stop.stop_requested(); }); });
  if (!done && done.error().code != ErrorCode::cancelled) contexts_.clear();
  return done;
}

Result<FillReply> FillService::answer_in_turn(const FillRequest& request) {
  FillReply all;
  all.alternatives.resize(1);
  FillRequest turn = request;
  std::ptrdiff_t moved = 0;  // by the fills so far
  for (std::size_t i = 0; i < request.holes.size(); ++i) {
    const grammar::ByteRange range = request.holes[i].range;
    turn.holes = {request.holes[i]};
    const auto begin = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(range.begin) + moved);
    turn.holes.front().range = {begin, begin + (range.end - range.begin)};
    if (request.on_step)
      turn.on_step = [&, i](const Step& step) {
        Step named = step;
        named.hole = static_cast<int>(i);
        return request.on_step(named);
      };
    turn.decoding.alternatives = i == 0 ? request.decoding.alternatives : 1;
    Result<FillReply> one = answer(turn);
    if (!one) return std::unexpected(one.error());
    if (i == 0) all.alternatives.resize(one->alternatives.size());
    // Alternatives of the first hole share what stands in the others.
    const std::string& text = one->alternatives.front().fills.front().text;
    for (std::size_t a = 0; a < all.alternatives.size(); ++a)
      all.alternatives[a].fills.push_back(
          one->alternatives[std::min(a, one->alternatives.size() - 1)].fills.front());
    all.drafts.push_back(std::move(one->drafts.front()));
    turn.text.replace(begin, range.end - range.begin, text);
    moved += static_cast<std::ptrdiff_t>(text.size()) -
             static_cast<std::ptrdiff_t>(range.end - range.begin);
    all.context_tokens = std::max(all.context_tokens, one->context_tokens);
    all.reused_tokens += one->reused_tokens;
    all.forwards += one->forwards;
    all.context_ms += one->context_ms;
    all.denoise_ms += one->denoise_ms;
    all.deadline_reached |= one->deadline_reached;
  }
  return all;
}

}  // namespace inpaint::engine
